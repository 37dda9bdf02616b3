import type pg from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';
import { expireRows, type ExpiredTable, type ExpiryResult } from '../../src/expiry/expire.js';
import type { ExpiryOptions } from '../../src/expiry/options.js';
import { expiryPolicies } from '../../src/expiry/policy.js';
import { expireRequests } from '../../src/queries/matching-requests.js';
import { createDatabase, useDatabase } from '../support/database.js';
import { openDatabase } from '../support/open-database.js';
import { insertParents, insertRow, validRows, type Parents, type TableName } from '../support/rows.js';

const database = useDatabase();
let client: pg.Client;
let parents: Parents;

beforeEach(async () => {
  client = await database.connect();
  await client.query('truncate users, learning_sessions, studymate.runs cascade');
  parents = await insertParents(client);
});

const expire = (options: ExpiryOptions = {}): Promise<ExpiryResult> =>
  expireRows({ connection: database.url, ...options });

const tableOf = (result: ExpiryResult, name: string): ExpiredTable => {
  const found = result.tables.find(({ table }) => table === name);
  if (found === undefined) throw new Error(`no line for ${name}`);
  return found;
};

/** A row that expired, or will, by the server's clock; returns its id. */
async function insertExpiring(table: TableName, ago: string, values: object = {}): Promise<string> {
  const { rows } = await client.query<{ at: string }>('select (now() - $1::interval)::text as at', [ago]);
  const row = { ...validRows[table](parents), ...values, expires_at: rows[0]?.at };
  return (await insertRow(client, table, row)).id;
}

async function ids(table: TableName, condition = 'true'): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `select id from ${table} where ${condition} order by id`,
  );
  return rows.map(({ id }) => id);
}

describe('what expires', () => {
  it('knows every table that has an expires_at', async () => {
    const { rows } = await client.query<{ table: string }>(
      `select c.relname as table from pg_attribute a join pg_class c on c.oid = a.attrelid
       where a.attname = 'expires_at' and c.relkind in ('r', 'p') and not c.relispartition
         and c.relnamespace = 'public'::regnamespace
       order by 1`,
    );
    expect(rows.map(({ table }) => table)).toEqual(expiryPolicies.map(({ table }) => table).sort());
  });

  it.each(['refresh_tokens', 'user_sessions', 'notifications'] as const)(
    'deletes %s a day after they expired, and no sooner',
    async (table) => {
      await insertExpiring(table, '25 hours');
      const kept = [await insertExpiring(table, '23 hours'), await insertExpiring(table, '-1 hour')];
      const result = await expire();
      expect(await ids(table)).toEqual(kept);
      expect(tableOf(result, table)).toMatchObject({ state: 'done', action: 'delete', rowCount: 1 });
    },
  );

  it('deletes them at once with a grace of 0', async () => {
    await insertExpiring('user_sessions', '1 second');
    const kept = await insertExpiring('user_sessions', '-1 minute');
    await expire({ graceMs: 0 });
    expect(await ids('user_sessions')).toEqual([kept]);
  });

  it('keeps spent tokens as long as others: until then they tell of a thief', async () => {
    const spent = await insertExpiring('refresh_tokens', '-1 minute', { is_used: true });
    await insertExpiring('refresh_tokens', '1 minute', { is_used: true });
    await expire({ graceMs: 0 });
    expect(await ids('refresh_tokens')).toEqual([spent]);
  });

  it('keeps notifications that never expire', async () => {
    const endless = (
      await insertRow(client, 'notifications', {
        ...validRows.notifications(parents),
        expires_at: 'infinity',
      })
    ).id;
    const without = (await insertRow(client, 'notifications', validRows.notifications(parents))).id;
    await insertRow(client, 'notifications', {
      ...validRows.notifications(parents),
      expires_at: '-infinity',
    });
    await expire({ graceMs: 0 });
    expect(await ids('notifications')).toEqual([endless, without]);
  });

  it('marks recordings as not available at once and keeps the row, which tells where the file is', async () => {
    const over = await insertExpiring('session_recordings', '1 second');
    const good = await insertExpiring('session_recordings', '-1 hour');
    expect(tableOf(await expire(), 'session_recordings')).toMatchObject({ action: 'mark', rowCount: 1 });
    expect(await ids('session_recordings', 'not is_available')).toEqual([over]);
    expect(await ids('session_recordings', 'is_available')).toEqual([good]);
    expect(tableOf(await expire(), 'session_recordings').rowCount).toBe(0);
  });

  it('turns requests into the very rows that expireRequests makes of them', async () => {
    for (const status of ['PENDING', 'ACCEPTED', 'REJECTED', 'EXPIRED']) {
      await insertExpiring('matching_requests', '1 second', { status });
      await insertExpiring('matching_requests', '-1 hour', { status });
    }
    await insertExpiring('matching_requests', '2 days', { responded_at: null, message: 'hello' });
    const { rows: before } = await client.query<{ row: string }>(
      'select to_json(r)::text as row from matching_requests r order by id',
    );
    const twin = await createDatabase();
    try {
      const other = await twin.connect();
      await other.query(`set session_replication_role = replica`);
      await other.query(
        `insert into matching_requests select r.* from unnest($1::json[]) j, json_populate_record(null::matching_requests, j) r`,
        [before.map(({ row }) => row)],
      );
      await expireRequests(openDatabase(twin.url).primary);
      const result = await expire();
      const all = 'select to_json(r)::text as row from matching_requests r order by id';
      expect((await client.query(all)).rows).toEqual((await other.query(all)).rows);
      expect((await client.query(all)).rows).not.toEqual(before);
      expect(tableOf(result, 'matching_requests').rowCount).toBe(2);
    } finally {
      await twin.drop();
    }
  });
});

describe('a run', () => {
  it('writes nothing with dryRun and counts what is due', async () => {
    for (const table of ['refresh_tokens', 'notifications', 'matching_requests'] as const)
      await insertExpiring(table, '2 days');
    const result = await expire({ dryRun: true });
    expect(result.tables.map(({ table, rowCount }) => [table, rowCount])).toEqual([
      ['matching_requests', 1],
      ['session_recordings', 0],
      ['refresh_tokens', 1],
      ['user_sessions', 0],
      ['notifications', 1],
    ]);
    expect(tableOf(result, 'notifications').oldestDue).toBeInstanceOf(Date);
    expect(await ids('notifications')).toHaveLength(1);
    expect((await client.query('select from studymate.runs')).rowCount).toBe(0);
    expect((await expire()).tables.map(({ rowCount }) => rowCount)).toEqual([1, 0, 1, 0, 1]);
    expect((await expire()).tables.map(({ rowCount }) => rowCount)).toEqual([0, 0, 0, 0, 0]);
  });

  it('keeps a row a table in the ledger', async () => {
    await insertExpiring('user_sessions', '2 days');
    await expire();
    const { rows } = await client.query(
      `select r.command, r.result, s.action, s.object, s.result as step, s.row_count
       from studymate.runs r join studymate.run_steps s on s.run_id = r.id where s.row_count > 0`,
    );
    expect(rows).toEqual([
      {
        command: 'expiry run',
        result: 'done',
        action: 'delete',
        object: 'public.user_sessions',
        step: 'done',
        row_count: '1',
      },
    ]);
  });

  it.each(['graceMs', 'maxDurationMs', 'maxReplicationLagMs', 'maxWaitMs'] as const)(
    'refuses a %s that is no number of 0 or more',
    async (name) => {
      for (const value of [-1, Number.NaN, Infinity])
        await expect(expire({ [name]: value })).rejects.toMatchObject({ code: 'USAGE_INVALID_OPTION' });
    },
  );
});
