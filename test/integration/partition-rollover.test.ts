import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrateUp } from '../../src/migrate/migrate.js';
import { createPartition } from '../../src/partitioning/create-partition.js';
import { readPartitionSet } from '../../src/partitioning/partition-set.js';
import { listPartitions } from '../../src/partitions/list-partitions.js';
import { planPartitions } from '../../src/partitions/plan-partitions.js';
import { rolloverPartitions } from '../../src/partitions/rollover.js';
import type { RolloverPartitionsOptions } from '../../src/partitions/rollover-options.js';
import { catalogFingerprint } from '../support/catalog-fingerprint.js';
import { createDatabase, emptyDatabaseForTest, type TestDatabase } from '../support/database.js';
import { insertConversation } from '../support/rows.js';
import { boundsOf, describeTable, fillMonth, rowsByPartition } from './partition-support.js';

let database: TestDatabase;
let client: pg.Client;

beforeEach(async () => {
  database = await createDatabase();
  client = await database.connect();
});
afterEach(async () => database.drop());

const rollover = (now: string, options: Partial<RolloverPartitionsOptions> = {}) =>
  rolloverPartitions({ connection: database.url, now: new Date(now), ...options });

describe('createPartition', () => {
  it('gives a month of the archive the foreign keys of the live table, as archived months have them', async () => {
    const live = await readPartitionSet(client, { schema: 'public', table: 'chat_messages' });
    await client.query(`
      alter table chat_messages detach partition chat_messages_y2025m01;
      alter table chat_messages_y2025m01 rename to chat_messages_archive_y2025m01;
      alter table chat_messages_archive attach partition chat_messages_archive_y2025m01
        for values from ('2025-01-01Z') to ('2025-02-01Z')`);
    const keys = async (name: string): Promise<unknown> => {
      const { rows } = await client.query<{ keys: unknown }>(
        `select json_agg(json_build_array(conname, pg_get_constraintdef(oid), convalidated) order by conname) as keys
         from pg_constraint where conrelid = $1::regclass and contype = 'f'`,
        [name],
      );
      return rows[0]?.keys;
    };
    const swapped = await keys('chat_messages_archive_y2025m01');
    expect(swapped).toHaveLength(2);
    // By its sibling alone, and by the live table where it has none.
    await client.query('begin');
    const archive = { schema: 'public', table: 'chat_messages_archive' };
    await createPartition(
      { client },
      await readPartitionSet(client, archive),
      new Date('2025-02-01T00:00:00Z'),
    );
    expect(await keys('chat_messages_archive_y2025m02')).toEqual(swapped);
    await client.query('drop table chat_messages_archive_y2025m01, chat_messages_archive_y2025m02');
    await createPartition(
      { client },
      await readPartitionSet(client, archive),
      new Date('2025-03-01T00:00:00Z'),
      {
        foreignKeysOf: live.oid,
      },
    );
    expect(await keys('chat_messages_archive_y2025m03')).toEqual(swapped);
    await client.query('rollback');
  });
});

describe('a rollover', () => {
  it('closes the gaps from the retention on and makes the months ahead, through a year’s end and a leap February', async () => {
    const result = await rollover('2023-12-31T23:59:59.999Z');
    expect(result.failed).toBe(0);
    for (const table of ['chat_messages', 'user_activity_logs']) {
      expect(await boundsOf(client, table)).toEqual([
        `2023-06-01 2023-07-01 ${table}_y2023m06`,
        `2023-07-01 2023-08-01 ${table}_y2023m07`,
        `2023-08-01 2023-09-01 ${table}_y2023m08`,
        `2023-09-01 2023-10-01 ${table}_y2023m09`,
        `2023-10-01 2023-11-01 ${table}_y2023m10`,
        `2023-11-01 2023-12-01 ${table}_y2023m11`,
        `2023-12-01 2024-01-01 ${table}_y2023m12`,
        `2024-01-01 2024-02-01 ${table}_y2024m01`,
        `2024-02-01 2024-03-01 ${table}_y2024m02`,
        `2024-03-01 2024-04-01 ${table}_y2024m03`,
        `2025-01-01 2025-02-01 ${table}_y2025m01`,
      ]);
    }
  });

  it.each([
    ['America/New_York', '2025-03-09T07:00:00Z'],
    ['Europe/London', '2025-10-26T01:00:00Z'],
    ['Asia/Seoul', '2025-01-31T15:00:00Z'],
    ['Pacific/Kiritimati', '2025-02-28T23:59:59Z'],
    ['Asia/Kathmandu', '2025-11-01T00:00:00Z'],
  ])('makes the same months for a role and a database in %s', async (zone, now) => {
    await client.query(`alter database ${database.name} set timezone = '${zone}'`);
    await client.query(`alter database ${database.name} set datestyle = 'German, DMY'`);
    await client.query(`alter role current_user in database ${database.name} set timezone = '${zone}'`);
    await rollover(now, { premakeMonths: 2, retentionMonths: 1, tables: ['chat_messages'] });
    const month = new Date(now).getUTCMonth();
    const day = (offset: number): string =>
      new Date(Date.UTC(2025, month + offset, 1)).toISOString().slice(0, 10);
    const name = (offset: number): string => `y${day(offset).slice(0, 7).replace('-', 'm')}`;
    const expected = [-1, 0, 1, 2].map(
      (offset) => `${day(offset)} ${day(offset + 1)} chat_messages_${name(offset)}`,
    );
    expect(await boundsOf(client, 'chat_messages')).toEqual(expect.arrayContaining(expected));
  });

  it('makes months that are in every way like their siblings, whatever was added to the table since', async () => {
    const other = `reader_${database.name}`;
    await client.query(`create role ${other}`);
    try {
      await client.query(`
        set search_path = public;
        alter table chat_messages drop column file_url;
        alter table chat_messages add column mood text not null default 'fine' constraint mood_check check (mood <> '');
        alter table chat_messages add column words int generated always as (length(content)) stored;
        alter table chat_messages add column editor_id bigint constraint chat_messages_editor_fkey references users;
        create index idx_mood on chat_messages (mood) where mood <> 'fine';
        create unique index idx_unique_mood on chat_messages (mood, id, created_at) include (room_id) with (fillfactor = 70);
        create statistics mood_statistics on mood, room_id from chat_messages;
        create function noop() returns trigger language plpgsql as 'begin return null; end';
        create trigger noop after insert on chat_messages for each row execute function noop();
        alter table chat_messages alter column content set compression pglz;
        alter table chat_messages_y2025m01 alter column content set compression pglz;
        alter table chat_messages alter column content set statistics 333;
        alter table chat_messages alter column mood set storage external;
        alter table chat_messages_y2025m01 alter column room_id set (n_distinct = -0.5);
        alter table chat_messages_y2025m01 set (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.01,
          toast.autovacuum_enabled = off);
        alter table chat_messages_y2025m01 replica identity using index chat_messages_y2025m01_pkey;
        alter table chat_messages_y2025m01 enable row level security;
        create policy own on chat_messages_y2025m01 for select to ${other} using (sender_id = 1);
        grant select, update on chat_messages_y2025m01 to ${other} with grant option;
        grant insert (content, room_id) on chat_messages_y2025m01 to ${other};
        revoke delete on chat_messages_y2025m01 from current_user;
        alter default privileges in schema public grant all on tables to ${other};
        comment on column chat_messages_y2025m01.mood is 'How it felt, in January 2025.';
        alter table chat_messages add constraint archive_like check (created_at < '2100-01-01Z') not valid;
        alter table chat_messages_y2025m01 add constraint own_check check (created_at < '2025-02-01Z');`);
      const result = await rollover('2025-01-15T00:00:00Z', { premakeMonths: 2, retentionMonths: 0 });
      expect(result.failed).toBe(0);
      await client.query(`alter table chat_messages_y2025m01 drop constraint own_check;
        alter table chat_messages validate constraint archive_like`);
      const sibling = await describeTable(client, 'chat_messages_y2025m01', 'January 2025');
      expect(sibling).toMatchObject({
        relrowsecurity: true,
        relreplident: 'i',
        policies: [{}],
        statistics: 0,
      });
      expect(sibling['policies']).toHaveLength(1);
      for (const [name, month] of [
        ['chat_messages_y2025m02', 'February 2025'],
        ['chat_messages_y2025m03', 'March 2025'],
      ] as const) {
        const made = await describeTable(client, name, month);
        // A column's own comment does not name the month; a check of the sibling's bounds must not come along.
        expect(made).toEqual(JSON.parse(JSON.stringify(sibling).replace('in «month»', 'in January 2025')));
      }
    } finally {
      await client.query(`drop owned by ${other}; drop role ${other}`);
    }
  });

  it('gives the months of a table of another role to that role', async () => {
    const owner = `owner_${database.name}`;
    await client.query(`create role ${owner}; grant all on schema public to ${owner}`);
    try {
      for (const table of [
        'chat_messages',
        'chat_messages_default',
        'chat_messages_y2025m01',
        'users',
        'chat_rooms',
      ])
        await client.query(`alter table ${table} owner to ${owner}`);
      await rollover('2025-01-15T00:00:00Z', { tables: ['chat_messages'], retentionMonths: 0 });
      const { rows } = await client.query(
        `select distinct tableowner from pg_tables where tablename like 'chat_messages_y%'`,
      );
      expect(rows).toEqual([{ tableowner: owner }]);
    } finally {
      await client.query(
        `reassign owned by ${owner} to current_user; drop owned by ${owner}; drop role ${owner}`,
      );
    }
  });

  it('needs a role that owns the tables, and no superuser', async () => {
    const owner = `owner_${database.name}`;
    const mine = await emptyDatabaseForTest();
    const admin = await mine.connect();
    await admin.query(`create role ${owner} login password 'secret'`);
    try {
      await admin.query(
        `grant create on database ${mine.name} to ${owner}; alter schema public owner to ${owner}`,
      );
      const url = new URL(mine.url);
      url.username = owner;
      url.password = 'secret';
      await migrateUp({ connection: url.href });
      const { room, alice } = await insertConversation(admin);
      await fillMonth(admin, { room, sender: alice, month: '2025-03', count: 30 });
      await fillMonth(admin, { room, sender: alice, month: '2025-04', count: 60 });
      const now = new Date('2025-06-15T00:00:00Z');
      const result = await rolloverPartitions({ connection: url.href, now, rowsPerStep: 20 });
      expect(result.failed).toBe(0);
      expect(await rowsByPartition(admin)).toEqual({
        chat_messages_y2025m03: 30,
        chat_messages_y2025m04: 60,
      });
      expect((await listPartitions({ connection: url.href, now })).findings).toBe(0);
    } finally {
      await admin.query(`drop owned by ${owner}; drop role ${owner}`);
    }
  });

  it('has nothing to do the second time, and changes nothing in the catalog', async () => {
    await rollover('2025-06-15T00:00:00Z');
    const before = await catalogFingerprint(client);
    const again = await rollover('2025-06-15T00:00:00Z');
    expect(again.tables.flatMap(({ steps }) => steps)).toEqual([]);
    expect(await catalogFingerprint(client)).toBe(before);
  });

  it('is planned without writing anything', async () => {
    const before = await catalogFingerprint(client);
    const { plans } = await planPartitions({
      connection: database.url,
      now: new Date('2025-06-15T00:00:00Z'),
    });
    expect(plans.map(({ steps }) => steps.length)).toEqual([9, 9]);
    expect(await catalogFingerprint(client)).toBe(before);
    expect((await client.query('select from studymate.runs')).rowCount).toBe(0);
  });

  it('goes by the clock of the server where no time is given', async () => {
    await rolloverPartitions({ connection: database.url, premakeMonths: 0, retentionMonths: 0 });
    const { rows } = await client.query<{ name: string }>(
      `select 'chat_messages_' || to_char(now() at time zone 'UTC', '"y"YYYY"m"MM') as name`,
    );
    expect((await boundsOf(client, 'chat_messages')).at(-1)).toContain(rows[0]?.name);
  });

  it('does what it can: a taken name, a part of a month and a table in trouble stop nothing else', async () => {
    await client.query(`
      create table public.chat_messages_y2025m03 (id int);
      create table public.somebody (like public.chat_messages including all excluding identity);
      alter table public.chat_messages attach partition public.somebody
        for values from ('2025-04-10Z') to ('2025-04-20Z')`);
    const result = await rollover('2025-02-15T00:00:00Z', { retentionMonths: 0 });
    const [messages, logs] = result.tables;
    expect(messages?.steps.map(({ partition, result: outcome }) => [partition, outcome])).toEqual([
      ['public.chat_messages_y2025m02', 'done'],
      ['public.chat_messages_y2025m03', 'failed'],
      ['public.chat_messages_y2025m05', 'done'],
    ]);
    expect(messages?.steps[1]?.error?.code).toBe('PARTITION_NAME_TAKEN');
    expect(messages?.obstacles).toMatchObject([{ partition: 'public.somebody', reason: 'part of month' }]);
    expect(logs?.steps.map(({ result: outcome }) => outcome)).toEqual(['done', 'done', 'done', 'done']);
    expect(result.failed).toBe(2);
    await client
      .query('alter table chat_messages_default rename column created_at to at')
      .catch(() => undefined);
    await client.query('drop table chat_messages_archive');
    const second = await rollover('2025-07-15T00:00:00Z', { retentionMonths: 0, premakeMonths: 0 });
    expect(second.tables[0]?.error?.code).toBe('PARTITION_TABLE_MISSING');
    expect(second.tables[1]?.steps).toHaveLength(1);
  });

  it('leaves what it did in the run ledger, in the transaction that did it', async () => {
    await client.query('create table public.chat_messages_y2025m03 (id int)');
    await rollover('2025-02-15T00:00:00Z', {
      retentionMonths: 0,
      premakeMonths: 1,
      tables: ['chat_messages'],
    });
    const { rows: runs } = await client.query('select command, result, options from studymate.runs');
    expect(runs).toMatchObject([
      { command: 'partition rollover', result: 'done', options: { premakeMonths: 1, retentionMonths: 0 } },
    ]);
    const { rows } = await client.query(
      `select s.action, s.object, s.result, s.error_code, c.oid is not null as exists,
         s.held_ms is not null and s.attempts = 1 as told
       from studymate.run_steps s
       left join pg_class c on c.oid = to_regclass(s.object) and c.relispartition and c.xmin = s.xmin
       order by s.id`,
    );
    expect(rows).toEqual([
      {
        action: 'create',
        object: 'public.chat_messages_y2025m02',
        result: 'done',
        error_code: null,
        exists: true,
        told: true,
      },
      {
        action: 'create',
        object: 'public.chat_messages_y2025m03',
        result: 'failed',
        error_code: 'PARTITION_NAME_TAKEN',
        exists: false,
        told: false,
      },
    ]);
  });
});
