import type pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runCli, spawnCli, type CliResult } from '../support/cli.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { blockBuild, indexStates } from '../support/index-trouble.js';
import { poll } from '../support/poll.js';

async function withTable(): Promise<{
  database: TestDatabase;
  client: pg.Client;
  environment: Record<string, string>;
}> {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  const client = await database.connect();
  await client.query(`
    create schema shop;
    create table shop.t as select i as a from generate_series(1, 1000) i;
    create index t_a on shop.t (a)`);
  return { database, client, environment: { DATABASE_URL: database.url } };
}

const json = ({ stdout }: CliResult): Record<string, unknown> =>
  JSON.parse(stdout) as Record<string, unknown>;
const reindex = ['index', 'reindex', '--schema', 'shop', '--index', 't_a'];

async function holdSnapshot(database: TestDatabase): Promise<pg.Client> {
  const holder = await database.connect();
  await holder.query('begin isolation level repeatable read; select 1');
  return holder;
}

describe('studymate-db index reindex', () => {
  test('rebuilds what is named, and tells sizes before and after', async () => {
    const { environment } = await withTable();
    const result = await runCli([...reindex, '--format', 'json'], environment);
    expect(result.code).toBe(0);
    expect(json(result)).toMatchObject({
      failed: 0,
      steps: [{ result: 'done', candidate: { name: 't_a' } }],
    });
    const plan = await runCli([...reindex, '--dry-run'], environment);
    expect(plan.stdout).toContain('free space: not known');
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s cancels on the server, drops the copy, reports, and exits %i', async (signal, code) => {
    const { database, client, environment } = await withTable();
    await holdSnapshot(database);
    const victim = spawnCli([...reindex, '--format', 'json'], environment);
    await victim.stderrShows('waiting for old snapshots');
    expect(Object.keys(await indexStates(client, 'shop.t'))).toContain('t_a_ccnew');
    victim.process.kill(signal);
    const result = await victim.result;
    expect(result.code).toBe(code);
    expect(json(result)).toMatchObject({
      stopped: { reason: 'interrupted' },
      steps: [{ result: 'interrupted' }],
    });
    expect(await indexStates(client, 'shop.t')).toEqual({ t_a: 'vrl' });
    const { rows } = await client.query(
      `select 1 from pg_stat_activity where query ilike 'reindex%' and state = 'active'`,
    );
    expect(rows).toEqual([]);
  });

  test('killed with -9 leaves a copy, which heal finds and drops', async () => {
    const { database, client, environment } = await withTable();
    const holder = await holdSnapshot(database);
    const victim = spawnCli(reindex, environment);
    await victim.stderrShows('waiting for old snapshots');
    victim.process.kill('SIGKILL');
    await victim.result;
    await poll(async () => {
      const { rows } = await client.query('select 1 from pg_stat_progress_create_index');
      return rows.length === 0;
    }, 'the server notices');
    const plan = await runCli(['index', 'heal', '--dry-run', '--exit-code', '--format', 'json'], environment);
    expect(plan.code).toBe(3);
    expect(json(plan)).toMatchObject({ steps: [{ action: 'drop leftover', object: 'shop.t_a_ccnew' }] });
    await holder.query('rollback');
    expect((await runCli(['index', 'heal'], environment)).code).toBe(0);
    expect(await indexStates(client, 'shop.t')).toEqual({ t_a: 'vrl' });
  });

  test('75 when the window is closed, when another run works, and when a transaction is too old', async () => {
    const { database, environment } = await withTable();
    const day = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][(new Date().getUTCDay() + 3) % 7] ?? '';
    const closed = await runCli([...reindex, '--window', `${day} 01:00-02:00 UTC`], environment);
    expect(closed.code).toBe(75);
    expect(closed.stderr).toContain('BUSY_WINDOW_CLOSED');

    const holder = await holdSnapshot(database);
    const waiting = spawnCli(reindex, environment);
    await waiting.stderrShows('waiting for old snapshots');
    const second = await runCli(reindex, environment);
    expect([second.code, second.stderr]).toEqual([75, expect.stringContaining('BUSY_MAINTENANCE_RUNNING')]);
    await holder.query('rollback');
    expect((await waiting.result).code).toBe(0);

    await holder.query('begin; select 1');
    const old = await runCli([...reindex, '--max-transaction-age', '1ms', '--max-wait', '0'], environment);
    expect(old.code).toBe(75);
    expect(old.stdout).toContain('stopped: long transaction');
  });

  test.each([
    ['--window', 'Sat 1-5'],
    ['--minimum-size', 'big'],
    ['--minimum-bloat', '101'],
    ['--cooldown-days', '-1'],
    ['--lock-timeout', '0'],
  ])('refuses %s %s with 2', async (option, value) => {
    const result = await runCli(['index', 'reindex', `${option}=${value}`], {
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    });
    expect([result.code, result.stderr]).toEqual([2, expect.stringContaining('USAGE_INVALID_OPTION')]);
  });
});

describe('studymate-db index heal', () => {
  test('leaves alone what is being built, and says by whom', async () => {
    const { database, environment } = await withTable();
    const build = await blockBuild(
      database,
      'shop.t',
      'old snapshots',
      'reindex index concurrently shop.t_a',
    );
    const result = await runCli(['index', 'heal'], environment);
    expect(result.code).toBe(0);
    expect(result.stdout).toMatch(/t_a_ccnew .*left alone .*in use by pid \d+/);
    await build.release();
    await build.done;
  });

  test('1 when something could not be healed', async () => {
    const { client, environment } = await withTable();
    await client.query('insert into shop.t values (1)');
    await client.query('create unique index concurrently t_key on shop.t (a)').catch(() => undefined);
    const result = await runCli(['index', 'heal'], environment);
    expect(result.code).toBe(1);
    expect(result.stdout).toContain('Key (a)=(1) is duplicated');
  });
});

describe('studymate-db index create', () => {
  const create = ['index', 'create', '--table', 'chat_messages', '--name', 'idx_edited'];
  test('says what it would run, runs it, and then has nothing to do', async () => {
    const { client, environment } = await withTable();
    const definition = ['--columns', 'is_edited,created_at:desc:nulls-last', '--where', 'is_edited'];
    const plan = await runCli([...create, ...definition, '--dry-run'], environment);
    expect(plan.stdout).toContain(
      'create index "idx_edited" on only "public"."chat_messages" USING btree (is_edited, created_at DESC NULLS LAST)',
    );
    expect((await client.query(`select to_regclass('idx_edited') as found`)).rows).toEqual([{ found: null }]);
    const made = await runCli([...create, ...definition], environment);
    expect(made.code).toBe(0);
    expect(made.stdout).toMatch(/public\.idx_edited is valid: \d+ leaves/);
    expect((await runCli([...create, ...definition], environment)).stdout).toContain(
      'is there already, and valid',
    );
  });

  test.each([
    ['--columns', 'nope'],
    ['--columns', 'is_edited:sideways'],
    ['--definition', '(is_edited'],
  ])('refuses %s %s with 2', async (option, value) => {
    const { environment } = await withTable();
    const result = await runCli([...create, option, value], environment);
    expect([result.code, result.stderr]).toEqual([2, expect.stringContaining('USAGE_INVALID_OPTION')]);
  });
});
