import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { attachPartition, insertConversation, insertMessage, insertRow } from '../support/rows.js';

const DAY_MS = 86_400_000;
const MICROSECOND = `interval '1 microsecond'`;
let database: TestDatabase;
let client: pg.Client;
let alice: string;
let room: string;

/** Each test changes the partitions, so each has a database. */
beforeEach(async () => {
  database = await createDatabase();
  client = await database.connect();
  ({ alice, room } = await insertConversation(client));
});
afterEach(async () => database.drop());

const archiveOldData = (): Promise<unknown> => client.query('select archive_old_data()');

const messageAt = (created_at: Date | string): Promise<string> =>
  insertMessage(client, { room_id: room, sender_id: alice, created_at });

/** Six months before the UTC day of `now`, at its start; the last day of a shorter month. */
function cutoffOf(now: Date): Date {
  const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 6, 1));
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(now.getUTCDate(), lastDay));
  return first;
}

async function serverCutoff(): Promise<Date> {
  // Not as a timestamp, which the driver reads only in some of the styles that a session may have.
  const { rows } = await client.query<{ ms: number }>(
    'select extract(epoch from now())::float8 * 1000 as ms',
  );
  if (rows[0] === undefined) throw new Error('the server did not tell the time');
  return cutoffOf(new Date(rows[0].ms));
}

const daysFrom = (instant: Date, days: number): Date => new Date(instant.getTime() + days * DAY_MS);

/** Where each message is: its content by table and partition. */
async function placeOf(id: string): Promise<string | undefined> {
  const { rows } = await client.query<{ place: string }>(
    `select tableoid::regclass::text as place from chat_messages where id = $1
     union all select tableoid::regclass::text from chat_messages_archive where id = $1`,
    [id],
  );
  expect(rows.length).toBeLessThanOrEqual(1);
  return rows[0]?.place;
}

async function partitionsOf(table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent = $1::regclass order by 1`,
    [table],
  );
  return rows.map((row) => row.name);
}

async function relfilenode(table: string): Promise<unknown> {
  const { rows } = await client.query<{ node: unknown }>(
    'select pg_relation_filenode($1::regclass) as node',
    [table],
  );
  return rows[0]?.node;
}

describe('archive_old_data()', () => {
  it('moves whole months of both tables by changing their parent, without writing a row', async () => {
    const id = await messageAt('2025-01-15T12:00:00Z');
    await insertRow(client, 'user_activity_logs', {
      user_id: alice,
      activity: 'LOGIN',
      created_at: '2025-01-15',
    });
    const nodes = [
      await relfilenode('chat_messages_y2025m01'),
      await relfilenode('user_activity_logs_y2025m01'),
    ];
    await archiveOldData();
    expect(await placeOf(id)).toBe('chat_messages_archive_y2025m01');
    expect([
      await relfilenode('chat_messages_archive_y2025m01'),
      await relfilenode('user_activity_logs_archive_y2025m01'),
    ]).toEqual(nodes);
    expect(await partitionsOf('chat_messages')).toEqual(['chat_messages_default']);
    expect((await client.query('select from user_activity_logs_archive')).rowCount).toBe(1);
  });

  it('does nothing when run again', async () => {
    await messageAt('2025-01-15T12:00:00Z');
    await messageAt('2025-02-15T12:00:00Z');
    await archiveOldData();
    const catalog = (): Promise<{ rows: unknown[] }> =>
      client.query('select oid, relname, relfilenode from pg_class order by oid');
    const before = (await catalog()).rows;
    await archiveOldData();
    expect((await catalog()).rows).toEqual(before);
  });

  it.each(['UTC', 'Asia/Seoul', 'America/Los_Angeles'])(
    'cuts at the start of the UTC day, to the microsecond, in a session in %s',
    async (timeZone) => {
      // Both in one transaction, so that both have the same now().
      await client.query(`begin; set local timezone = '${timeZone}'; set local datestyle = 'SQL, DMY'`);
      const cutoff = await serverCutoff();
      await attachPartition(client, 'chat_messages', 'around_cutoff', [
        daysFrom(cutoff, -10),
        daysFrom(cutoff, 10),
      ]);
      const at = await messageAt(cutoff);
      const before = await messageAt(daysFrom(cutoff, -1));
      await client.query(
        `update chat_messages set created_at = $1::timestamptz - ${MICROSECOND} where id = $2`,
        [cutoff, before],
      );
      await archiveOldData();
      expect(await placeOf(at)).toBe('around_cutoff');
      expect(await placeOf(before)).toMatch(/^chat_messages_archive_y/);
      await client.query('commit');
    },
  );

  it('leaves a row in the run ledger', async () => {
    await archiveOldData();
    const { rows } = await client.query(
      `select command, result, run_by = session_user as by_me, started_at <= finished_at as ordered,
              options ? 'cutoff' as cutoff from studymate.runs`,
    );
    expect(rows).toEqual([
      { command: 'archive_old_data()', result: 'done', by_me: true, ordered: true, cutoff: true },
    ]);
  });

  it('takes old rows out of the default partition into the month they belong to', async () => {
    const old = await messageAt('2025-03-31T23:59:59.999Z');
    const next = await messageAt('2025-04-01T00:00:00Z');
    const recent = await messageAt(new Date());
    const timeless = await messageAt('-infinity');
    await archiveOldData();
    expect(await placeOf(old)).toBe('chat_messages_archive_y2025m03');
    expect(await placeOf(next)).toBe('chat_messages_archive_y2025m04');
    expect([await placeOf(recent), await placeOf(timeless)]).toEqual([
      'chat_messages_default',
      'chat_messages_default',
    ]);
    const late = await messageAt('2025-03-01T00:00:00Z');
    await archiveOldData();
    expect(await placeOf(late)).toBe('chat_messages_archive_y2025m03');
  });

  it('finishes a month that is partly archived by moving the rest, and drops its partition once vacuum has emptied it', async () => {
    const cutoff = await serverCutoff();
    const bounds = [daysFrom(cutoff, -40), daysFrom(cutoff, -10)] as const;
    const archived = await messageAt(daysFrom(cutoff, -39));
    await archiveOldData();
    const archive = await placeOf(archived);
    // The archive has the calendar month of that day; the live partition comes to overlap it.
    await client.query('alter table chat_messages_archive detach partition ' + String(archive));
    await client.query(
      `alter table chat_messages_archive attach partition ${String(archive)}
       for values from ('${bounds[0].toISOString()}') to ('${bounds[1].toISOString()}')`,
    );
    await attachPartition(client, 'chat_messages', 'rest_of_month', bounds);
    const rest = await messageAt(daysFrom(cutoff, -11));
    expect(await placeOf(rest)).toBe('rest_of_month');
    await archiveOldData();
    expect([await placeOf(archived), await placeOf(rest)]).toEqual([archive, archive]);
    // An older transaction may still have to find the row there.
    expect(await partitionsOf('chat_messages')).toContain('rest_of_month');
    await client.query('vacuum rest_of_month');
    await archiveOldData();
    expect(await partitionsOf('chat_messages')).toEqual(['chat_messages_default']);
    expect((await client.query(`select to_regclass('rest_of_month') as gone`)).rows).toEqual([
      { gone: null },
    ]);
  });

  it('reads bounds from the catalog, whatever a partition is called', async () => {
    const cutoff = await serverCutoff();
    await attachPartition(client, 'chat_messages', 'chat_messages_y2999m12', [
      daysFrom(cutoff, -60),
      daysFrom(cutoff, -30),
    ]);
    const id = await messageAt(daysFrom(cutoff, -31));
    await archiveOldData();
    expect(await placeOf(id)).toMatch(/^chat_messages_archive_y20/);
  });

  it('moves a partition that is in another schema, and leaves it there', async () => {
    const cutoff = await serverCutoff();
    await attachPartition(client, 'chat_messages', 'elsewhere', [
      daysFrom(cutoff, -60),
      daysFrom(cutoff, -30),
    ]);
    await client.query('create schema other; alter table public.elsewhere set schema other');
    const id = await messageAt(daysFrom(cutoff, -31));
    await archiveOldData();
    expect(await placeOf(id)).toMatch(/^other\.chat_messages_archive_y20/);
  });

  it('keeps the month that ends after the cutoff, and leaves its newer rows there', async () => {
    const cutoff = await serverCutoff();
    await attachPartition(client, 'chat_messages', 'around_cutoff', [
      daysFrom(cutoff, -3),
      daysFrom(cutoff, 3),
    ]);
    const kept = await messageAt(daysFrom(cutoff, 1));
    await archiveOldData();
    expect(await partitionsOf('chat_messages')).toContain('around_cutoff');
    expect(await partitionsOf('chat_messages_archive')).toEqual(['chat_messages_archive_y2025m01']);
    expect(await placeOf(kept)).toBe('around_cutoff');
  });

  it('copies every column by name, when the order of the columns is not the same', async () => {
    await client.query(`create table reordered (reply_to_id bigint, sender_id bigint not null, room_id bigint not null,
      created_at timestamptz not null, id bigint not null, content text, file_url text, file_metadata jsonb,
      message_type varchar(20) not null, is_edited boolean not null, edited_at timestamptz)`);
    await client.query(`alter table reordered add constraint chat_messages_message_type_check
      check (message_type in ('TEXT', 'IMAGE', 'VOICE', 'FILE', 'SYSTEM'))`);
    await client.query('alter table chat_messages detach partition chat_messages_default');
    await client.query('alter table chat_messages attach partition reordered default');
    const values = {
      room_id: room,
      sender_id: alice,
      content: 'text',
      file_url: 'url',
      file_metadata: { size: 1 },
    };
    const row = await insertRow(client, 'chat_messages', { ...values, created_at: '2025-03-01T00:00:00Z' });
    await archiveOldData();
    const { rows } = await client.query('select * from chat_messages_archive where id = $1', [row.id]);
    expect(rows).toEqual([row]);
  });

  it.each([
    ['by whole months', '2025-01-15'],
    ['row by row', '2025-03-15'],
  ])(
    'what is archived %s is erased with its user or room, and keeps what only points at one',
    async (_, day) => {
      const message = await messageAt(`${day}T00:00:00Z`);
      await insertRow(client, 'user_activity_logs', { user_id: alice, activity: 'LOGIN', created_at: day });
      await archiveOldData();
      await client.query('delete from users where id = $1', [alice]);
      expect(await placeOf(message)).toBeUndefined();
      expect((await client.query('select user_id from user_activity_logs_archive')).rows).toEqual([
        { user_id: null },
      ]);
    },
  );

  it('leaves no partition of the archive without the indexes and foreign keys of the others', async () => {
    for (const day of ['2025-01-15', '2025-03-15']) {
      await messageAt(`${day}T00:00:00Z`);
      await insertRow(client, 'user_activity_logs', { user_id: alice, activity: 'LOGIN', created_at: day });
    }
    await archiveOldData();
    const { rows } = await client.query<{ indexes: string; keys: string; leftovers: string }>(
      `select count(*)::text as partitions,
         string_agg(distinct (select count(*) from pg_index where indrelid = inhrelid and indisvalid)::text, ',') as indexes,
         string_agg(distinct (select count(*) from pg_constraint where conrelid = inhrelid and contype = 'f')::text, ',') as keys,
         sum((select count(*) from pg_constraint where conrelid = inhrelid and conname = 'archive_bounds'))::text as leftovers
       from pg_inherits join pg_class on pg_class.oid = inhrelid and relkind = 'r'
       where inhparent in ('chat_messages_archive'::regclass, 'user_activity_logs_archive'::regclass)
       group by inhparent order by inhparent::regclass::text`,
    );
    expect(rows).toEqual([
      { partitions: '2', indexes: '4', keys: '2', leftovers: '0' },
      { partitions: '2', indexes: '3', keys: '1', leftovers: '0' },
    ]);
  });

  it.each(['repeatable read', 'serializable'])(
    'refuses to run under %s, where it could not see all rows',
    async (level) => {
      await client.query(`begin isolation level ${level}`);
      await expect(archiveOldData()).rejects.toMatchObject({
        code: '0A000',
        message: `cannot archive under ${level}`,
      });
    },
  );

  it('works for the owner of the tables, who is no superuser', async () => {
    const id = await messageAt('2025-03-15T00:00:00Z');
    const owner = `owner_${database.name}`;
    try {
      await client.query(`create role ${owner}; grant create on schema public to ${owner}`);
      const { rows } = await client.query<{ command: string }>(
        `select format('alter table %s owner to $1', oid::regclass) as command
         from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
         union all
         select format('alter function %s owner to $1', oid::regprocedure)
         from pg_proc where pronamespace = 'public'::regnamespace`,
      );
      for (const { command } of rows) await client.query(command.replace('$1', owner));
      await client.query(`set role ${owner}`);
      await archiveOldData();
      expect(await placeOf(id)).toBe('chat_messages_archive_y2025m03');
    } finally {
      await client.query(`reset role; drop owned by ${owner} cascade; drop role ${owner}`);
    }
  });
});
