import pg from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ExpiryEvent } from '../../src/expiry/events.js';
import {
  expireRows,
  type ExpiredTable,
  type ExpireRowsOptions,
  type ExpiryResult,
} from '../../src/expiry/expire.js';
import { expiryPolicies, type ExpiryPolicy } from '../../src/expiry/policy.js';
import { expiryStatements } from '../../src/expiry/statements.js';
import { InterruptedError } from '../../src/errors.js';
import { migrateUp } from '../../src/migrate/migrate.js';
import { useDatabase } from '../support/database.js';
import { poll } from '../support/poll.js';
import { startReplica } from '../support/replica.js';
import { insertUser } from '../support/rows.js';
import { withServer } from '../support/server.js';

const database = useDatabase();
let client: pg.Client;

beforeEach(async () => {
  client = await database.connect();
  await client.query('truncate users, studymate.runs cascade');
});

type Options = Partial<ExpireRowsOptions>;

const expire = (options: Options = {}): Promise<ExpiryResult> =>
  expireRows({ connection: database.url, graceMs: 0, ...options });

const tableOf = (result: ExpiryResult, name: string): ExpiredTable | undefined =>
  result.tables.find(({ table }) => table === name);

async function loadSessions(session: pg.Client, rows: number): Promise<void> {
  await session.query(
    `insert into user_sessions (user_id, session_token, expires_at)
     select $1, 'token ' || i, now() - interval '1 hour' - i * interval '1 second' from generate_series(1, $2) i`,
    [await insertUser(session), rows],
  );
}

async function loadNotifications(session: pg.Client, rows: number): Promise<void> {
  await session.query(
    `insert into notifications (user_id, type, title, message, expires_at)
     select $1, 'MATCH', 'title', 'text', now() - interval '1 hour' from generate_series(1, $2) i`,
    [await insertUser(session), rows],
  );
}

/** Until the query gives a row. */
function appears(sql: string): Promise<unknown> {
  return poll(async () => ((await client.query(sql)).rowCount ?? 0) > 0, sql);
}

async function count(table: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(`select count(*)::int from ${table}`);
  return rows[0]?.count ?? -1;
}

describe('rows and tables that others hold', () => {
  it('leaves a locked row and expires all others; the next run takes it', async () => {
    await loadSessions(client, 3_000);
    const holder = await database.connect();
    await holder.query('begin');
    await holder.query(`select from user_sessions where session_token = 'token 1500' for update`);
    const events: ExpiryEvent[] = [];
    const result = await expire({ onEvent: (event) => events.push(event) });
    expect(tableOf(result, 'user_sessions')).toMatchObject({ state: 'done', rowCount: 2_999, skipped: 1 });
    expect(events.map(({ type }) => type)).toContain('rows-locked');
    await holder.query('commit');
    expect(await count('user_sessions')).toBe(1);
    await expire();
    expect(await count('user_sessions')).toBe(0);
  });

  it('keeps a row that was given more time after its key was read, also while the batch waits for it', async () => {
    await loadSessions(client, 10);
    const policy = expiryPolicies.find(({ table }) => table === 'user_sessions');
    const statements = policy && expiryStatements(policy);
    if (statements === undefined) throw new Error('no policy');
    const { rows } = await client.query<{ id: string }>('select id from user_sessions order by id');
    const keys = rows.map(({ id }) => id);
    const { rows: clock } = await client.query<{ now: string }>('select now()::text as now');
    const parameters = [clock[0]?.now, keys];
    const prolong = `update user_sessions set expires_at = now() + interval '1 hour' where session_token = $1`;
    const [app, run] = [await database.connect(), await database.connect()];

    await app.query(prolong, ['token 1']);
    await app.query('begin');
    await app.query(prolong, ['token 2']);
    expect((await run.query(statements.changeUnlocked, parameters)).rowCount).toBe(8);
    await app.query('rollback');

    await app.query('begin');
    await app.query(prolong, ['token 2']);
    const waiting = run.query(statements.change, parameters);
    await appears(`select from pg_stat_activity where wait_event = 'transactionid'`);
    await app.query('commit');
    expect((await waiting).rowCount).toBe(0);
    expect(await count('user_sessions')).toBe(2);
  });

  it('fails a table that is locked whole, expires the others, and says so in the ledger', async () => {
    await loadSessions(client, 10);
    await loadNotifications(client, 10);
    await client.query('truncate studymate.runs cascade');
    // Only deletes are in its way: the keys can be read.
    const holder = await database.connect();
    await holder.query('begin; lock table notifications in share row exclusive mode');
    const events: ExpiryEvent[] = [];
    const running = expire({ onEvent: (event) => events.push(event), lockRetries: 1 });
    const result = await running;
    await holder.query('rollback');
    expect(tableOf(result, 'user_sessions')).toMatchObject({ state: 'done', rowCount: 10 });
    expect(tableOf(result, 'notifications')).toMatchObject({
      state: 'failed',
      rowCount: 0,
      error: { code: 'EXPIRY_LOCK_TIMEOUT' },
    });
    expect(tableOf(result, 'notifications')?.oldestDue).toBeInstanceOf(Date);
    expect(events.some((event) => event.type === 'lock-retry' && event.blockers.length > 0)).toBe(true);
    const { rows } = await client.query(
      `select r.result as run, s.result, s.error_code from studymate.runs r
       join studymate.run_steps s on s.run_id = r.id where s.object = 'public.notifications'`,
    );
    expect(rows).toEqual([{ run: 'failed', result: 'failed', error_code: 'EXPIRY_LOCK_TIMEOUT' }]);
  });
});

describe('between batches', () => {
  it('stops when its time is over, and the next run goes on', async () => {
    await loadSessions(client, 5_000);
    const result = await expire({ maxDurationMs: 1 });
    expect(result.stopped?.reason).toBe('time budget');
    expect(await count('user_sessions')).toBeGreaterThan(0);
    await expire();
    expect(await count('user_sessions')).toBe(0);
  });

  it('waits for an old transaction, then stops and names it', async () => {
    await loadSessions(client, 10);
    const reader = await database.connect();
    await reader.query('begin; select count(*) from users');
    const events: ExpiryEvent[] = [];
    const result = await expire({
      maxTransactionAgeMs: 1,
      maxWaitMs: 50,
      onEvent: (event) => events.push(event),
    });
    expect(result.stopped).toMatchObject({ reason: 'long transaction' });
    expect(result.stopped?.detail).toMatch(/^pid \d+ \(.*\) has been open for /);
    expect(events.map(({ type }) => type)).toEqual(['guard-waiting']);
    expect(tableOf(result, 'user_sessions')).toMatchObject({ state: 'stopped', rowCount: 0 });
    expect(tableOf(result, 'user_sessions')?.oldestDue).toBeInstanceOf(Date);
    expect(await count('user_sessions')).toBe(10);
    await reader.query('rollback');
    expect((await expire({ maxTransactionAgeMs: 1, maxWaitMs: 50 })).stopped).toBeUndefined();
  });

  it('goes on when the old transaction ends in time', async () => {
    await loadSessions(client, 10);
    const reader = await database.connect();
    await reader.query('begin; select count(*) from users');
    const events: ExpiryEvent[] = [];
    const result = await expire({
      maxTransactionAgeMs: 1,
      onEvent: (event) => {
        events.push(event);
        if (event.type === 'guard-waiting') void reader.query('rollback');
      },
    });
    expect(result.stopped).toBeUndefined();
    expect(events.map(({ type }) => type)).toContain('guard-passed');
    expect(await count('user_sessions')).toBe(0);
  });

  it('says what a role without pg_read_all_stats cannot see, and works', async () => {
    await loadSessions(client, 10);
    const role = `expiry_${database.name}`;
    await client.query(`create role ${role} login password 'secret'`);
    try {
      await client.query(`grant usage on schema studymate to ${role};
        grant select, update, delete on all tables in schema public to ${role};
        grant select, insert, update on all tables in schema studymate to ${role}`);
      const url = new URL(database.url);
      [url.username, url.password] = [role, 'secret'];
      const result = await expire({ connection: url.href });
      expect(result.warnings).toEqual([expect.stringContaining('grant it pg_read_all_stats')]);
      expect(await count('user_sessions')).toBe(0);
    } finally {
      await client.query(`drop owned by ${role}; drop role ${role}`);
    }
  });

  it('stops when a replica falls behind, and goes on when it has caught up', async () => {
    await withServer(17, async (primary) => {
      const replica = await startReplica(primary);
      const session = new pg.Client({ connectionString: primary.connectionString });
      await session.connect();
      try {
        await migrateUp({ connection: primary.connectionString });
        await loadSessions(session, 20_000);
        await replica.pauseReplay();
        // Else the change may be in no file yet, and nobody is behind.
        await session.query('set synchronous_commit = local');
        await session.query(`insert into system_metrics (metric_name, metric_value)
          select 'filler', i from generate_series(1, 2000) i`);
        const events: ExpiryEvent[] = [];
        const options = { connection: primary.connectionString, maxReplicationLagBytes: 1_000, maxWaitMs: 0 };
        const stopped = await expire({ ...options, onEvent: (event) => events.push(event) });
        expect(stopped.stopped).toMatchObject({ reason: 'replication lag' });
        expect(stopped.stopped?.detail).toMatch(/ kB behind$/);
        expect(tableOf(stopped, 'user_sessions')?.rowCount).toBe(0);
        await replica.query('select pg_wal_replay_resume()');
        const result = await expire({ ...options, maxReplicationLagBytes: 10e6, maxWaitMs: 20_000 });
        expect(result.stopped).toBeUndefined();
        expect(tableOf(result, 'user_sessions')?.rowCount).toBe(20_000);

        await session.query(`create role blind login password 'secret'`);
        await session.query(`grant usage on schema studymate to blind;
          grant select, update, delete on all tables in schema public to blind;
          grant select, insert, update on all tables in schema studymate to blind`);
        const url = new URL(primary.connectionString);
        [url.username, url.password] = ['blind', 'secret'];
        const blind = await expire({ connection: url.href });
        expect(blind.warnings).toContainEqual(expect.stringContaining('how far 1 replicas are behind'));
      } finally {
        await session.end();
        await replica.dispose();
      }
    });
  });
});

describe('when the run itself is ended', () => {
  it('aborted, it cancels its statement, returns what was done, and marks the run as interrupted', async () => {
    await loadSessions(client, 10);
    const holder = await database.connect();
    await holder.query('begin; lock table refresh_tokens in access exclusive mode');
    const controller = new AbortController();
    const running = expire({ signal: controller.signal });
    await appears(
      `select from pg_stat_activity where application_name = 'studymate-db expiry run' and wait_event_type = 'Lock'`,
    );
    controller.abort(new InterruptedError('SIGTERM'));
    const result = await running;
    await holder.query('rollback');
    expect(result.stopped?.reason).toBe('interrupted');
    expect(result.tables.map(({ state }) => state)).toEqual([
      'done',
      'done',
      'stopped',
      'stopped',
      'stopped',
    ]);
    await appears(`select from studymate.runs where result = 'interrupted'`);
  });

  it('when its server process is ended, it fails, and another run goes on', async () => {
    await loadSessions(client, 20_000);
    let killed = false;
    const ended = expire({
      onEvent: (event) => {
        if (killed || event.type !== 'batch') return;
        killed = true;
        void client.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'studymate-db expiry run'`,
        );
      },
    });
    await expect(ended).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect(await count('user_sessions')).toBeGreaterThan(0);
    expect((await expire()).stopped).toBeUndefined();
    expect(await count('user_sessions')).toBe(0);
  });
});

describe('how due rows are found', () => {
  const policyOf = (name: string): ExpiryPolicy | undefined =>
    expiryPolicies.find(({ table }) => table === name);

  /** The scans of the plan that finds the keys, by the index of each. */
  async function planOf(table: string): Promise<string> {
    const policy = policyOf(table);
    if (policy === undefined) throw new Error(`no policy for ${table}`);
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(
      `explain (costs off) ${expiryStatements(policy).listKeys}`,
      [new Date(), 100_000],
    );
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  }

  it('by the index on expires_at when few of many are due, by reading the table when most are', async () => {
    await loadNotifications(client, 20_000);
    await client.query(
      `update notifications set expires_at = now() + id * interval '1 hour'; analyze notifications`,
    );
    expect(await planOf('notifications')).toContain('idx_notification_expiry');
    await client.query(
      `update notifications set expires_at = now() - id * interval '1 hour'; analyze notifications`,
    );
    expect(await planOf('notifications')).toContain('Seq Scan on notifications');
  });

  it('of requests and recordings, by the indexes that hold what is pending', async () => {
    const user = await insertUser(client);
    const target = await insertUser(client);
    await client.query(
      `insert into matching_requests (requester_id, target_id, expires_at)
       select $1, $2, now() + i * interval '1 hour' from generate_series(1, 5000) i`,
      [user, target],
    );
    await client.query(`
      with session as (
        insert into learning_sessions (session_type, scheduled_start_time, scheduled_end_time)
        values ('AUDIO_1V1', now(), now() + interval '1 hour') returning id
      )
      insert into session_recordings (session_id, file_url, expires_at)
      select session.id, 'https://example.com/' || i, now() + i * interval '1 hour'
      from session, generate_series(1, 5000) i`);
    await client.query('analyze matching_requests, session_recordings');
    expect(await planOf('matching_requests')).toContain('idx_matching_expiry');
    expect(await planOf('session_recordings')).toContain('idx_recording_expiry');
  });

  it('takes turns: a table with more than a page does not keep the others from theirs', async () => {
    await client.query('truncate users cascade');
    // Without indexes it is loaded in a second.
    await loadSessions(client, 100_001);
    await loadNotifications(client, 10);
    const order: string[] = [];
    await expire({
      onEvent: (event) => {
        if (event.type === 'table-done') order.push(event.table);
      },
    });
    expect(order).toEqual([
      'matching_requests',
      'session_recordings',
      'refresh_tokens',
      'notifications',
      'user_sessions',
    ]);
    expect(await count('user_sessions')).toBe(0);
  });
});
