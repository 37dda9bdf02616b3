import { describe, expect, it } from 'vitest';
import type { MigrateEvent } from '../../src/migrate/events.js';
import { migrateUp } from '../../src/migrate/migrate.js';
import { spawnCli, runCli } from '../support/cli.js';
import { emptyDatabaseForTest } from '../support/database.js';
import { migrationFolder } from '../support/migrations.js';
import { poll } from '../support/poll.js';

const alter = {
  '0001_alter': { up: 'alter table busy add column note text;', down: 'alter table busy drop column note;' },
};

describe('a migration that waits for a lock', () => {
  it('gives way, tries again, and is applied once the lock is free', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder(alter);
    const reader = await database.connect();
    await reader.query('create table busy (id int)');
    await reader.query('begin; select * from busy');
    const events: MigrateEvent[] = [];
    const run = migrateUp({
      connection: database.url,
      directory,
      lockTimeoutMs: 50,
      onEvent: (event) => {
        events.push(event);
        // Freed by what is observed, not by the clock.
        if (event.type === 'lock-retry' && event.attempt === 2) void reader.query('commit');
      },
    });
    await expect(run).resolves.toMatchObject({ pending: 0 });
    const retries = events.filter((event) => event.type === 'lock-retry');
    expect(retries.length).toBeGreaterThanOrEqual(2);
    expect(retries.at(-1)).toMatchObject({ name: '0001_alter', line: 3, retries: 20 });
  });

  it('never makes a reader behind it wait longer than its lock timeout', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder(alter);
    const [holder, reader] = [await database.connect(), await database.connect()];
    await holder.query('create table busy (id int)');
    await holder.query('begin; select * from busy');
    const reads = { stop: false };
    const waits: number[] = [];
    const reading = (async () => {
      while (!reads.stop) {
        const start = performance.now();
        await reader.query('select * from busy');
        waits.push(performance.now() - start);
      }
    })();
    const blockedAttempts: number[] = [];
    await migrateUp({
      connection: database.url,
      directory,
      lockTimeoutMs: 150,
      onEvent: (event) => {
        if (event.type !== 'lock-retry') return;
        blockedAttempts.push(event.attempt);
        if (event.attempt === 5) void holder.query('commit');
      },
    });
    reads.stop = true;
    await reading;
    const longest = Math.max(...waits);
    expect(blockedAttempts.length).toBeGreaterThanOrEqual(5);
    // It did stand in the way (else this proves nothing), and for no longer than it may, with room for a slow machine:
    // five attempts and the pauses between them take two seconds.
    expect(longest).toBeGreaterThan(75);
    expect(longest).toBeLessThan(150 + 850);
  });

  it('fails in the end and names who blocks it, without their password', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder(alter);
    const holder = await database.connect();
    await holder.query('create table busy (id int)');
    await holder.query(`set application_name = 'nightly report'`);
    await holder.query('begin; lock table busy in access share mode');
    await holder.query(`/* password 's3cret' */ select 1`);
    const pid = (
      await holder.query<{ pid: number }>(`/* password 's3cret' */ select pg_backend_pid() as pid`)
    ).rows[0]?.pid;
    const failure: unknown = await migrateUp({
      connection: database.url,
      directory,
      lockTimeoutMs: 100,
      lockRetries: 1,
    }).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'MIGRATION_LOCK_TIMEOUT',
      message: '0001_alter.sql:3:1: no lock was to be had in 2 attempts',
      detail: expect.stringMatching(
        new RegExp(
          `Blocked by pid ${pid} \\(nightly report, user \\w+, idle in transaction for .*\\): /\\* password '\\*\\*\\*'`,
        ),
      ) as string,
    });
    const columns = await holder.query(
      `select 1 from pg_attribute where attrelid = 'busy'::regclass and attname = 'note'`,
    );
    expect(columns.rowCount).toBe(0);
  });

  it('retries a deadlock like a lock timeout', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder({
      '0001_two-tables': { up: 'lock table one;\nalter table two add column note text;' },
    });
    const other = await database.connect();
    await other.query('create table one (id int); create table two (id int); set deadlock_timeout = 20000');
    await other.query('begin; lock table two in access share mode');
    let blocked: Promise<unknown> | undefined;
    const events: string[] = [];
    await migrateUp({
      connection: database.url,
      directory,
      // Longer than deadlock_timeout, so that the deadlock is found and not the timeout.
      lockTimeoutMs: 10_000,
      onEvent: (event) => {
        events.push(event.type);
        if (event.type === 'statement' && event.line === 3) blocked ??= other.query('select * from one');
        if (event.type === 'lock-retry') void other.query('commit');
      },
    });
    await blocked;
    expect(events).toContain('lock-retry');
  });
});

describe('runs that meet', () => {
  it('twenty at once: one works, the others wait and find nothing to do', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder({
      '0001_create-a': { up: 'create table a (id int);' },
      '0002_slow': { up: 'select pg_sleep(0.5);\ncreate table b (id int);' },
    });
    const runs = await Promise.all(
      Array.from({ length: 20 }, () => migrateUp({ connection: database.url, directory })),
    );
    const worked = runs.filter(({ migrations }) => migrations.length > 0);
    expect(worked).toHaveLength(1);
    expect(worked[0]?.migrations).toHaveLength(2);
    expect(runs.every(({ pending }) => pending === 0)).toBe(true);
    const client = await database.connect();
    const { rows } = await client.query(
      `select name, state, count(*)::int from studymate.migration_runs group by 1, 2 order by 1`,
    );
    expect(rows).toEqual([
      { name: '0001_create-a', state: 'done', count: 1 },
      { name: '0002_slow', state: 'done', count: 1 },
    ]);
  });

  it('does not deadlock with another run’s CREATE INDEX CONCURRENTLY', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder({
      '0001_table': { up: 'create table t as select generate_series(1, 200000) as id;' },
      '0002_index': {
        up: 'create index concurrently t_id_idx on t (id);',
        header: '-- studymate: no-transaction',
      },
    });
    await migrateUp({ connection: database.url, directory, to: '0001' });
    const runs = await Promise.all(
      Array.from({ length: 5 }, () => migrateUp({ connection: database.url, directory })),
    );
    expect(runs.filter(({ migrations }) => migrations.length > 0)).toHaveLength(1);
    const client = await database.connect();
    const { rows } = await client.query(
      `select indisvalid from pg_index where indexrelid = 't_id_idx'::regclass`,
    );
    expect(rows).toEqual([{ indisvalid: true }]);
  });

  it('gives up after its patience with exit code 75, naming the holder', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder({ '0001_slow': { up: 'select pg_sleep(60);' } });
    const first = spawnCli(['migrate', '--migrations', directory], { DATABASE_URL: database.url });
    await first.stderrShows('"file-started"');
    const second = await runCli(['migrate', '--migrations', directory, '--wait', '300ms'], {
      DATABASE_URL: database.url,
    });
    expect(second).toMatchObject({ code: 75, stdout: '' });
    expect(second.stderr).toMatch(
      /BUSY_MIGRATION_RUNNING[\s\S]*pid \d+ \(studymate-db migrate, user \w+, active for .*\): select pg_sleep/,
    );
    first.process.kill('SIGINT');
    expect((await first.result).code).toBe(130);
  });

  it('leaves no lock and no half migration when it is killed', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder({
      '0001_half': { up: 'create table half (id int);\nselect pg_sleep(60);' },
    });
    const victim = spawnCli(['migrate', '--migrations', directory], { DATABASE_URL: database.url });
    await victim.stderrShows('create table half');
    victim.process.kill('SIGKILL');
    await victim.result;
    const client = await database.connect();
    // The server notices by itself, within client_connection_check_interval.
    await poll(async () => {
      const { rows } = await client.query(
        `select 1 from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
      );
      return rows.length === 0;
    }, 'the release of the lock');
    expect((await client.query(`select to_regclass('half') as half`)).rows).toEqual([{ half: null }]);
    const repaired = await migrationFolder({ '0001_half': { up: 'create table half (id int);' } });
    await expect(migrateUp({ connection: database.url, directory: repaired })).resolves.toMatchObject({
      pending: 0,
    });
  });

  it('cancels on the server when it is interrupted, and rolls back', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder({
      '0001_long': { up: 'create table half (id int);\nselect pg_sleep(60);' },
    });
    const client = await database.connect();
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      const run = spawnCli(['migrate', '--migrations', directory], { DATABASE_URL: database.url });
      await run.stderrShows('create table half');
      run.process.kill(signal);
      expect((await run.result).code).toBe(code);
      await poll(async () => {
        const { rows } = await client.query(
          `select 1 from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid() and datname = current_database()`,
        );
        return rows.length === 0;
      }, 'the end of the statement');
      expect((await client.query(`select to_regclass('half') as half`)).rows).toEqual([{ half: null }]);
    }
  });
});
