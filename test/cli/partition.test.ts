import type pg from 'pg';
import { beforeEach, afterEach, describe, expect, it } from 'vitest';
import { rolloverPartitions } from '../../src/partitions/rollover.js';
import { runCli, spawnCli, type CliResult } from '../support/cli.js';
import { catalogFingerprint } from '../support/catalog-fingerprint.js';
import { createDatabase, emptyDatabaseForTest, type TestDatabase } from '../support/database.js';
import { poll } from '../support/poll.js';
import { insertConversation } from '../support/rows.js';
import { withServer } from '../support/server.js';
import { migrateUp } from '../../src/migrate/migrate.js';
import { boundsOf, fillMonth, rowsByPartition } from '../integration/partition-support.js';

let database: TestDatabase;
let client: pg.Client;

beforeEach(async () => {
  database = await createDatabase();
  client = await database.connect();
});
afterEach(async () => database.drop());

const cli = (
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CliResult> => runCli(['partition', ...args], { DATABASE_URL: database.url, ...environment });

/** Two large months that are over, far from today, so that they are moved in many batches. */
async function fillDefault(): Promise<number> {
  const { room, alice } = await insertConversation(client);
  await fillMonth(client, { room, sender: alice, month: '2024-02', count: 400 });
  await fillMonth(client, { room, sender: alice, month: '2024-03', count: 600 });
  return 1_000;
}

describe('studymate-db partition', () => {
  it('lists, plans and makes the months; data is on stdout, progress on stderr; all is well then', async () => {
    const before = await cli(['list', '--exit-code', '--format', 'json']);
    expect(before.code).toBe(3);
    const listed = JSON.parse(before.stdout) as {
      tables: { findings: { finding: string; hint: string }[] }[];
    };
    expect(listed.tables[0]?.findings.map(({ finding }) => finding)).toEqual(['premake short', 'gap']);
    const print = await catalogFingerprint(client);
    const plan = await cli(['plan', '--exit-code']);
    expect(plan.code).toBe(3);
    expect(plan.stdout).toMatch(
      /chat_messages +\d{4}-\d\d +create +current +0 +default partition ACCESS EXCLUSIVE/,
    );
    expect(plan.stdout).toContain('20 to do; nothing was written');
    expect((await cli(['rollover', '--dry-run'])).stdout).toBe(plan.stdout);
    expect(await catalogFingerprint(client)).toBe(print);
    const run = await cli(['rollover', '--format', 'json']);
    expect(run.code).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({
      failed: 0,
      tables: [{ table: 'public.chat_messages' }, {}],
    });
    const events = run.stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    expect(events.filter(({ type }) => type === 'step-ended')).toHaveLength(20);
    expect(await cli(['rollover'])).toEqual({ code: 0, stdout: 'nothing to do\n', stderr: '' });
    const after = await cli(['list', '--exit-code']);
    expect(after.code).toBe(0);
    expect(after.stdout).toContain('nothing is off');
    expect((await cli(['plan', '--exit-code'])).code).toBe(0);
  });

  it.each(['America/New_York', 'Asia/Seoul', 'Pacific/Kiritimati'])(
    'makes the months of UTC in %s, whether the zone is the process’s, libpq’s or the role’s',
    async (zone) => {
      await client.query(`alter role current_user in database ${database.name} set timezone = '${zone}'`);
      const result = await cli(
        ['rollover', '--premake', '1', '--retention', '0', '--table', 'chat_messages'],
        {
          TZ: zone,
          PGTZ: zone,
          PGDATESTYLE: 'German',
        },
      );
      expect(result.code).toBe(0);
      for (const bound of await boundsOf(client, 'chat_messages'))
        expect(bound).toMatch(/^\d{4}-\d\d-01 \d{4}-\d\d-01 chat_messages_y\d{4}m\d\d$/);
      expect(await boundsOf(client, 'chat_messages')).toHaveLength(3);
    },
  );

  it('ends with 1 when a month cannot be made, after everything else was done', async () => {
    await client.query('create table public.chat_messages_y2024m03 (id int)');
    const rows = await fillDefault();
    const result = await cli(['drain', '--batch', '100']);
    expect(result.code).toBe(1);
    expect(result.stdout).toMatch(
      /2024-03 .* failed .*there is another table public\.chat_messages_y2024m03/,
    );
    expect(result.stdout).toContain('1 done, 1 failed');
    expect(await rowsByPartition(client)).toEqual({
      chat_messages_default: 600,
      chat_messages_y2024m02: 400,
    });
    await client.query('drop table public.chat_messages_y2024m03');
    expect((await cli(['drain', '--quiet'])).code).toBe(0);
    expect(await rowsByPartition(client)).toEqual({
      chat_messages_y2024m02: 400,
      chat_messages_y2024m03: rows - 400,
    });
  });

  it('ends with 75 while another run holds the lease, and waits for it with --wait', async () => {
    await client.query('select pg_advisory_lock(1398031449, 2)');
    const result = await cli(['rollover']);
    expect(result).toMatchObject({ code: 75, stdout: '' });
    expect(result.stderr).toContain('[BUSY_MAINTENANCE_RUNNING]');
    // Looking needs no lease.
    expect((await cli(['list'])).code).toBe(0);
    const waiting = spawnCli(['partition', 'rollover', '--wait', '60s'], { DATABASE_URL: database.url });
    await waiting.stderrShows('"waiting"');
    await client.query('select pg_advisory_unlock(1398031449, 2)');
    expect((await waiting.result).code).toBe(0);
  });

  it.each([
    [['rollover', '--premake', '-1'], '--premake'],
    [['plan', '--retention', 'six'], '--retention'],
    [['rollover', '--lock-timeout', '0'], '--lock-timeout'],
    [['rollover', '--retries', '1.5'], '--retries'],
    [['drain', '--batch', '0'], '--batch'],
    [['rollover', '--premake', '121'], '--premake'],
    [['list', '--table', 'users'], '--table'],
  ])('refuses %j before it connects to anything', async (args, option) => {
    const result = await cli(args, { DATABASE_URL: 'postgres://nobody:s3cret@127.0.0.1:1/none' });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain('[USAGE_INVALID_OPTION]');
    expect(result.stderr).toContain(option);
    expect(result.stderr).not.toContain('s3cret');
  });

  it('says what is missing in a database that was not migrated', async () => {
    const empty = await emptyDatabaseForTest();
    for (const args of [['list'], ['plan'], ['rollover'], ['drain']]) {
      const result = await cli(args, { DATABASE_URL: empty.url });
      expect(result).toMatchObject({ code: 1, stdout: '' });
      expect(result.stderr).toContain('[PARTITION_TABLE_MISSING]');
      expect(result.stderr).toMatch(/^hint: Apply the migrations/m);
    }
  });

  it('says what a role lacks, and changes nothing', async () => {
    const role = `nobody_${database.name}`;
    await client.query(`create role ${role} login password 's3cret'`);
    try {
      const url = new URL(database.url);
      url.username = role;
      url.password = 's3cret';
      const print = await catalogFingerprint(client);
      for (const args of [['list'], ['plan'], ['rollover']]) {
        const result = await cli(args, { DATABASE_URL: url.href });
        expect(result).toMatchObject({ code: 1, stdout: '' });
        expect(result.stderr).toContain('[DATABASE_PERMISSION_DENIED]');
        expect(result.stderr).not.toContain('s3cret');
      }
      // One that may write the rows, but not the tables.
      await client.query(`
        grant usage on schema studymate to ${role};
        grant all on all tables in schema studymate, public to ${role};
        grant all on all sequences in schema studymate, public to ${role}`);
      const result = await cli(['rollover', '--retention', '0', '--premake', '0'], {
        DATABASE_URL: url.href,
      });
      expect(result.code).toBe(1);
      expect(result.stdout).toMatch(
        /failed .*permission denied|failed .*must be owner|the role may not change/,
      );
      expect(print).not.toBe('');
      expect(await boundsOf(client, 'chat_messages')).toHaveLength(1);
    } finally {
      await client.query(`drop owned by ${role}; drop role ${role}`);
    }
  });
});

describe('a rollover that is killed', () => {
  /** Returns once the server has noticed that nobody is there any more. */
  const untilGone = (): Promise<boolean> =>
    poll(async () => {
      const { rows } = await client.query(
        `select from pg_stat_activity where application_name like 'studymate-db partition%' and datname = current_database()`,
      );
      return rows.length === 0;
    }, 'the end of the killed session');

  it.each([
    ['between two batches', '"rows-moved"'],
    ['between two months', '"step-ended"'],
    ['as soon as it begins a step', '"step-started"'],
  ])('%s is finished by the next one, and no row is missing at any time', async (_, moment) => {
    const rows = await fillDefault();
    const run = spawnCli(['partition', 'rollover', '--batch', '50'], { DATABASE_URL: database.url });
    await run.stderrShows(moment);
    run.process.kill('SIGKILL');
    await run.result;
    await untilGone();
    const left = await rowsByPartition(client);
    expect(Object.values(left).reduce((sum, count) => sum + count, 0)).toBe(rows);
    expect((await cli(['rollover', '--batch', '50'])).code).toBe(0);
    expect(await rowsByPartition(client)).toEqual({
      chat_messages_y2024m02: 400,
      chat_messages_y2024m03: 600,
    });
    expect((await cli(['list', '--exit-code'])).code).toBe(0);
    const { rows: runs } = await client.query('select result from studymate.runs order by id');
    expect(runs).toEqual([{ result: null }, { result: 'done' }]);
  });

  it('while it waits for a lock in the middle of a month is finished by the next one', async () => {
    await fillDefault();
    const reader = await database.connect();
    const run = spawnCli(['partition', 'rollover', '--batch', '50'], { DATABASE_URL: database.url });
    await run.stderrShows('"rows-moved"');
    await reader.query('begin; select count(*) from chat_messages');
    await run.stderrShows('"lock-retry"');
    run.process.kill('SIGKILL');
    await run.result;
    await reader.query('commit');
    await untilGone();
    const listed = await cli(['list', '--exit-code', '--format', 'json', '--table', 'chat_messages']);
    expect(listed.code).toBe(3);
    expect(listed.stdout).toContain('"bound not a month"');
    const next = await cli(['rollover', '--batch', '50', '--format', 'json']);
    expect(next.code).toBe(0);
    expect(next.stdout).toContain('"extend"');
    expect((await cli(['list', '--exit-code'])).code).toBe(0);
    expect(await rowsByPartition(client)).toEqual({
      chat_messages_y2024m02: 400,
      chat_messages_y2024m03: 600,
    });
  });

  it('with Ctrl-C ends with 130, cancels on the server, and is finished by the next one', async () => {
    await fillDefault();
    const run = spawnCli(['partition', 'rollover', '--batch', '50'], { DATABASE_URL: database.url });
    await run.stderrShows('"rows-moved"');
    run.process.kill('SIGINT');
    expect((await run.result).code).toBe(130);
    await untilGone();
    expect((await cli(['drain'])).code).toBe(0);
    expect(await rowsByPartition(client)).toEqual({
      chat_messages_y2024m02: 400,
      chat_messages_y2024m03: 600,
    });
  });

  it('with the server, by a crash in the middle of a month, is finished after the restart', async () => {
    await withServer(17, async (server) => {
      await migrateUp({ connection: server.connectionString });
      const { default: driver } = await import('pg');
      const connect = async (): Promise<pg.Client> => {
        const session = new driver.Client({ connectionString: server.connectionString });
        session.on('error', () => undefined);
        await session.connect();
        return session;
      };
      const first = await connect();
      const { room, alice } = await insertConversation(first);
      await fillMonth(first, { room, sender: alice, month: '2024-02', count: 300 });
      await fillMonth(first, { room, sender: alice, month: '2024-03', count: 500 });
      await first.query('checkpoint');
      const run = spawnCli(['partition', 'rollover', '--batch', '20'], {
        DATABASE_URL: server.connectionString,
      });
      await run.stderrShows('"rows-moved"');
      process.kill(server.pid, 'SIGQUIT');
      const result = await run.result;
      expect(result.code).toBe(1);
      expect(result.stderr).toContain('[CONNECTION_LOST]');
      await server.start();
      const session = await connect();
      const rows = Object.values(await rowsByPartition(session));
      expect(rows.reduce((sum, count) => sum + count, 0)).toBe(800);
      await rolloverPartitions({ connection: server.connectionString, rowsPerStep: 20 });
      expect(await rowsByPartition(session)).toEqual({
        chat_messages_y2024m02: 300,
        chat_messages_y2024m03: 500,
      });
      await Promise.all([first.end().catch(() => undefined), session.end()]);
    });
  });
});
