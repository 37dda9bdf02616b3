import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Major } from '../../src/dev/server-directory.js';
import { migrateUp } from '../../src/migrate/migrate.js';
import { packageRoot } from '../../src/package-root.js';
import { runCli, spawnCli, type CliResult } from '../support/cli.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { startPingServer } from '../support/ping-server.js';
import { poll } from '../support/poll.js';
import { insertUser } from '../support/rows.js';
import { makeTemporaryFolder, withServer } from '../support/server.js';

interface Report {
  readonly runId: string;
  readonly exitCode: number;
  readonly steps: readonly { readonly step: string; readonly state: string }[];
}

async function databaseForTest(): Promise<{ database: TestDatabase; client: pg.Client }> {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  return { database, client: await database.connect() };
}

async function insertExpired(client: pg.Client, rows = 1): Promise<void> {
  await client.query(
    `insert into user_sessions (user_id, session_token, expires_at)
     select $1, 'token ' || i, now() - interval '2 days' from generate_series(1, $2) i`,
    [await insertUser(client), rows],
  );
}

const reportOf = ({ stdout }: CliResult): Report => JSON.parse(stdout) as Report;
const statesOf = (result: CliResult): unknown =>
  reportOf(result).steps.map(({ step, state }) => [step, state]);
const linesOf = ({ stderr }: CliResult): { run?: string; type?: string; step?: string }[] =>
  stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { run?: string });

let folder: string;
let textfile: string;
beforeEach(async () => {
  folder = await makeTemporaryFolder();
  textfile = join(folder, 'studymate.prom');
  return () => rm(folder, { recursive: true, force: true });
});

async function metric(name: string): Promise<number> {
  const line = new RegExp(`^${name}\\{.*\\} (\\S+)$`, 'm').exec(await readFile(textfile, 'utf8'));
  return Number(line?.[1]);
}

describe('studymate-db maintain', () => {
  it('does all steps, tells monitoring, and ties its lines together by the run id', async () => {
    const { database, client } = await databaseForTest();
    await insertExpired(client);
    await client.query(
      `insert into user_activity_logs (user_id, activity) select id, 'ROOM_OPENED' from users limit 1`,
    );
    const { url, pinged } = await startPingServer();
    const args = ['maintain', '--format', 'json', '--textfile', textfile, '--ping', url];
    const result = await runCli(args, { DATABASE_URL: database.url });
    expect(result.code).toBe(0);
    expect(statesOf(result)).toEqual([
      ['rollover', 'done'],
      ['archive', 'done'],
      ['activity', 'done'],
      ['expiry', 'done'],
    ]);
    const { runId } = reportOf(result);
    const lines = linesOf(result);
    expect(new Set(lines.map(({ run }) => run))).toEqual(new Set([runId]));
    expect(lines.filter(({ type }) => type === 'step-ended').map(({ step }) => step)).toContain('expiry');
    expect(pinged).toMatchObject([
      { method: 'GET', path: '/check/start', runId },
      { method: 'POST', path: '/check', runId },
    ]);
    expect(pinged[1]?.body).toMatch(
      /^rollover done in .*\narchive done .*\nactivity done .*: 1 days of users added, nothing covered yet\nexpiry done .*1 rows deleted/,
    );
    expect(await metric('studymate_db_maintain_last_exit_code')).toBe(0);
    expect(await metric('studymate_db_premade_months')).toBe(3);
    expect(await metric('studymate_db_maintain_active_days_added')).toBe(1);
    expect(await metric('studymate_db_maintain_last_success_timestamp_seconds')).toBeGreaterThan(1.7e9);
    expect(await readFile(textfile, 'utf8')).not.toContain('s3cret');
  });

  it('writes nothing with --dry-run, and pings nobody', async () => {
    const { database, client } = await databaseForTest();
    await insertExpired(client);
    await client.query(`insert into user_activity_logs (activity) values ('ROOM_OPENED')`);
    const { url, pinged } = await startPingServer();
    const args = ['maintain', '--dry-run', '--ping', url, '--textfile', textfile];
    const result = await runCli(args, { DATABASE_URL: database.url });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toMatch(/expiry +user_sessions +delete +1/);
    expect(result.stdout).toMatch(/activity +user_active_days +refresh +1/);
    expect(result.stdout).toMatch(/nothing was written\n$/);
    expect((await client.query('select from user_sessions')).rowCount).toBe(1);
    expect((await client.query('select from studymate.runs')).rowCount).toBe(0);
    expect(pinged).toEqual([]);
    await expect(readFile(textfile)).rejects.toThrow('ENOENT');
  });

  it('exits 1 with what failed, after the other steps; the ping learns of it', async () => {
    const { database, client } = await databaseForTest();
    await insertExpired(client);
    await client.query('alter table user_activity_logs_archive rename to elsewhere');
    const { url, pinged } = await startPingServer();
    const result = await runCli(['maintain', '--quiet', '--ping', url], { DATABASE_URL: database.url });
    expect(result).toMatchObject({ code: 1, stderr: '' });
    expect(result.stdout).toContain('there is no table public.user_activity_logs_archive');
    expect((await client.query('select from user_sessions')).rowCount).toBe(0);
    expect(pinged[1]).toMatchObject({ path: '/check/1' });
    expect(pinged[1]?.body).toContain('PARTITION_TABLE_MISSING');
  });

  it('exits 4 when there is no server, keeps the time of the last success, and pings', async () => {
    const { database } = await databaseForTest();
    const { url, pinged } = await startPingServer();
    const args = ['maintain', '--textfile', textfile, '--ping', url];
    await runCli(args, { DATABASE_URL: database.url });
    const success = await metric('studymate_db_maintain_last_success_timestamp_seconds');
    const stopped = new URL(database.url);
    stopped.searchParams.set('application_name', 'none');
    stopped.username = 'nobody_of_this_name';
    const result = await runCli(args, { DATABASE_URL: stopped.href });
    expect(result.code).toBe(4);
    expect(await metric('studymate_db_maintain_last_exit_code')).toBe(4);
    expect(await metric('studymate_db_maintain_last_success_timestamp_seconds')).toBe(success);
    expect(pinged.at(-1)).toMatchObject({ path: '/check/4' });
    expect(pinged.at(-1)?.body).toContain('CONNECT_AUTHENTICATION_FAILED');
  });

  it('exits 2 without a database, and the ping learns of that too', async () => {
    const { url, pinged } = await startPingServer();
    const result = await runCli(['maintain', '--ping', url]);
    expect(result.code).toBe(2);
    expect(pinged.at(-1)).toMatchObject({ path: '/check/2' });
  });

  it.each([
    ['--textfile', '/tmp/metrics.txt'],
    ['--ping', 'nonsense'],
    ['--skip', 'dinner'],
    ['--max-duration', 'soon'],
    ['--max-replication-lag-bytes', '1kB'],
  ])('refuses %s %s with exit 2 and a hint', async (option, value) => {
    const result = await runCli(['maintain', option, value], { DATABASE_URL: 'postgres://a@127.0.0.1:1/b' });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(/^hint: .+\.$/m);
  });

  it('exits 75 while another run holds the lease, and when a transaction holds expiry back', async () => {
    const { database, client } = await databaseForTest();
    await insertExpired(client);
    await client.query('select pg_advisory_lock(1398031449, 2)');
    const environment = { DATABASE_URL: database.url };
    const busy = await runCli(['maintain', '--textfile', textfile], environment);
    expect(busy.code).toBe(75);
    expect(busy.stderr).toContain('[BUSY_MAINTENANCE_RUNNING]');
    expect(await metric('studymate_db_maintain_last_exit_code')).toBe(75);
    await client.query('select pg_advisory_unlock(1398031449, 2)');

    await client.query('begin; select count(*) from users');
    const args = ['maintain', '--max-transaction-age', '1ms', '--max-wait', '0', '--textfile', textfile];
    const held = await runCli(
      [...args, '--format', 'json', '--skip', 'rollover,archive,activity'],
      environment,
    );
    expect(held.code).toBe(75);
    expect(statesOf(held)).toEqual([['expiry', 'stopped']]);
    expect(await metric('studymate_db_maintain_overdue_seconds')).toBeGreaterThanOrEqual(0);
    await client.query('rollback');
    const done = await runCli(['expiry', 'run', '--format', 'json'], environment);
    expect(done.code).toBe(0);
  });

  it('on SIGTERM cancels its statement, reports what was done, and exits 143', async () => {
    const { database, client } = await databaseForTest();
    await insertExpired(client);
    const { url, pinged } = await startPingServer();
    await client.query('begin; lock table refresh_tokens in access exclusive mode');
    const args = ['maintain', '--format', 'json', '--textfile', textfile, '--ping', url];
    const cli = spawnCli(args, { DATABASE_URL: database.url });
    await cli.stderrShows('"type":"lock-retry","table":"refresh_tokens"');
    cli.process.kill('SIGTERM');
    const result = await cli.result;
    expect(result.code).toBe(143);
    expect(statesOf(result)).toEqual([
      ['rollover', 'done'],
      ['archive', 'done'],
      ['activity', 'done'],
      ['expiry', 'interrupted'],
    ]);
    expect(await metric('studymate_db_maintain_last_exit_code')).toBe(143);
    expect(pinged.at(-1)).toMatchObject({ path: '/check/143' });
    await client.query('rollback');
    expect((await client.query('select from user_sessions')).rowCount).toBe(1);
  });

  it('killed in the middle of a batch, it leaves nothing half done, and the next run finishes', async () => {
    const { database, client } = await databaseForTest();
    await insertExpired(client, 50_000);
    // Slows each row down, so that there is a middle.
    await client.query(`
      create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.0002); return old; end $$;
      create trigger slow before delete on user_sessions for each row execute function slow()`);
    const cli = spawnCli(['maintain', '--skip', 'rollover,archive,activity'], { DATABASE_URL: database.url });
    await poll(
      async () => ((await client.query('select from user_sessions')).rowCount ?? 0) < 50_000,
      'the first batch',
    );
    cli.process.kill('SIGKILL');
    await cli.result;
    await client.query('drop trigger slow on user_sessions');
    expect((await client.query('select from user_sessions')).rowCount).toBeGreaterThan(0);
    // The server notices within a second that its client is gone, and gives the lease back.
    const result = await runCli(['maintain', '--wait', '30s', '--format', 'json'], {
      DATABASE_URL: database.url,
    });
    expect(result.code).toBe(0);
    expect((await client.query('select from user_sessions')).rowCount).toBe(0);
    const { rows } = await client.query(
      `select count(*)::int as unfinished from studymate.runs where result is null`,
    );
    expect(rows).toEqual([{ unfinished: 1 }]);
  });
});

it('killed while it fills the roll-up of active days, maintain leaves it right, and the next run finishes', async () => {
  const { database, client } = await databaseForTest();
  await client.query(
    `insert into user_activity_logs (user_id, activity, created_at)
     select $1, 'ROOM_OPENED', timestamptz '1900-01-01 00:00+00' + day * interval '1 day'
     from generate_series(1, 45000) as day`,
    [await insertUser(client)],
  );
  await client.query(`
    create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(1); return null; end $$;
    create trigger slow before insert on studymate.user_active_days execute function slow()`);
  const args = ['maintain', '--skip', 'rollover,archive,expiry', '--wait', '30s', '--format', 'json'];
  const cli = spawnCli(args, { DATABASE_URL: database.url });
  await cli.stderrShows('"type":"batch"');
  cli.process.kill('SIGKILL');
  await cli.result;
  await client.query('drop trigger slow on studymate.user_active_days');
  const days = async (sql: string): Promise<number | null> => (await client.query(sql)).rowCount;
  const listed = `select from studymate.list_user_active_days('1900-01-01', '2100-01-01', 'Asia/Seoul')`;
  expect(await days('select from studymate.user_active_days')).toBeLessThan(45_000);
  expect(await days(listed)).toBe(45_000);
  const result = await runCli(args, { DATABASE_URL: database.url });
  expect(statesOf(result)).toEqual([['activity', 'done']]);
  expect(await days('select from studymate.user_active_days')).toBe(45_000);
  expect(await days(listed)).toBe(45_000);
});

describe('the grants of docs/operations.md', () => {
  /** The blocks of SQL that say `-- runs` first, in their order. */
  async function grants(): Promise<string[]> {
    const text = await readFile(join(packageRoot(), 'docs', 'operations.md'), 'utf8');
    return [...text.matchAll(/^```sql\n(-- runs.*?)^```/gms)].map(([, sql]) => sql ?? '');
  }

  it.each<Major>([15, 18])(
    'let studymate_maint maintain, and be interrupted, on PostgreSQL %i',
    async (major) => {
      const [role = '', expiryRole = ''] = await grants();
      await withServer(major, async (server) => {
        const urlOf = (user: string, database = 'maintained'): string => {
          const url = new URL(server.connectionString);
          [url.username, url.password, url.pathname] = [user, 's3cret', `/${database}`];
          return url.href;
        };
        const admin = await connect(server.connectionString);
        await admin.query(`create role studymate_owner login password 's3cret'`);
        await admin.query('create database maintained owner studymate_owner');
        await migrateUp({ connection: urlOf('studymate_owner') });
        await admin.query(role);
        await admin.query(`alter role studymate_maint password 's3cret'`);
        const owner = await connect(urlOf('studymate_owner'));
        await insertExpired(owner);
        const environment = { DATABASE_URL: urlOf('studymate_maint') };

        const result = await runCli(['maintain', '--format', 'json'], environment);
        expect(result.code).toBe(0);
        expect(result.stdout).not.toContain('may not see');
        expect(result.stderr + result.stdout).not.toContain('s3cret');
        const { rows } = await owner.query<{ owner: string }>(
          `select distinct pg_get_userbyid(relowner) as owner from pg_class
         where relnamespace = 'public'::regnamespace`,
        );
        expect(rows).toEqual([{ owner: 'studymate_owner' }]);
        // What it made does not keep the owner from migrating.
        await owner.query(
          'alter table chat_messages add column note text; alter table chat_messages drop column note',
        );

        await owner.query('begin; lock table refresh_tokens in access exclusive mode');
        const cli = spawnCli(['maintain'], environment);
        await cli.stderrShows('"type":"lock-retry","table":"refresh_tokens"');
        expect(cli.process.kill('SIGTERM')).toBe(true);
        expect((await cli.result).code).toBe(143);
        await owner.query('rollback');

        await admin.query(`create role studymate_expiry login password 's3cret'`);
        await owner.query(expiryRole);
        await insertExpired(owner);
        const alone = { DATABASE_URL: urlOf('studymate_expiry') };
        const expiry = await runCli(['expiry', 'run', '--format', 'json'], alone);
        expect(expiry.code).toBe(0);
        expect(expiry.stdout).toContain('"rowCount": 1');

        // Without ownership the other steps fail, say why, and keep expiry from nothing.
        await owner.query(`do $$ begin execute format('drop table %s',
          (select max(inhrelid)::regclass from pg_inherits where inhparent = 'chat_messages'::regclass)); end $$`);
        const partly = await runCli(['maintain', '--format', 'json'], alone);
        expect(partly.code).toBe(1);
        expect(partly.stdout).toContain('DATABASE_PERMISSION_DENIED');
        expect(statesOf(partly)).toContainEqual(['rollover', 'failed']);
        expect(statesOf(partly)).toContainEqual(['expiry', 'done']);
        await Promise.all([admin.end(), owner.end()]);
      });
    },
  );
});

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
