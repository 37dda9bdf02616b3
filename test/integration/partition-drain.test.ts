import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { drainPartitions, rolloverPartitions } from '../../src/partitions/rollover.js';
import type { RolloverPartitionsOptions } from '../../src/partitions/rollover-options.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { insertConversation, insertMessage } from '../support/rows.js';
import { describeTable, fillMonth, rowsByPartition } from './partition-support.js';

let database: TestDatabase;
let client: pg.Client;
let room: string;
let sender: string;

beforeEach(async () => {
  database = await createDatabase();
  client = await database.connect();
  ({ room, alice: sender } = await insertConversation(client));
});
afterEach(async () => database.drop());

const options = (more: Partial<RolloverPartitionsOptions> = {}): RolloverPartitionsOptions => ({
  connection: database.url,
  now: new Date('2025-06-15T00:00:00Z'),
  ...more,
});
const fill = (month: string, count: number): Promise<void> =>
  fillMonth(client, { room, sender, month, count });

describe('rows in the default partition', () => {
  it('move to their months, which are made, however old; those without a month stay', async () => {
    await fill('2025-05', 40);
    await fill('1999-12', 3);
    await fill('2031-02', 2);
    await client.query(`insert into chat_messages (room_id, sender_id, created_at)
      select ${room}, ${sender}, unnest(array['-infinity', 'infinity', '0044-03-15 BC', '12000-01-01Z', '0001-01-01Z']::timestamptz[])`);
    const result = await drainPartitions(options());
    expect(result).toMatchObject({ failed: 0, tables: [{ rowsWithoutMonth: 4 }, {}] });
    expect(await rowsByPartition(client)).toEqual({
      chat_messages_default: 4,
      chat_messages_y0001m01: 1,
      chat_messages_y1999m12: 3,
      chat_messages_y2025m05: 40,
      chat_messages_y2031m02: 2,
    });
    // A drain makes no other month.
    expect(result.tables.flatMap(({ steps }) => steps)).toHaveLength(4);
  });

  it('keep their replies and read marks', async () => {
    const first = await insertMessage(client, {
      room_id: room,
      sender_id: sender,
      created_at: '2025-05-01T00:00:00Z',
    });
    const answer = await insertMessage(client, {
      room_id: room,
      sender_id: sender,
      created_at: '2025-04-02T00:00:00Z',
      reply_to_id: first,
    });
    await client.query('update chat_participants set last_read_message_id = $1', [first]);
    await drainPartitions(options());
    const { rows } = await client.query('select reply_to_id from chat_messages where id = $1', [answer]);
    expect(rows).toEqual([{ reply_to_id: first }]);
    expect(
      (await client.query('select from chat_participants where last_read_message_id = $1', [first])).rowCount,
    ).toBe(2);
    // And they are still cleared by a real deletion in the new partition.
    await client.query('delete from chat_messages where id = $1', [first]);
    const after = await client.query('select reply_to_id from chat_messages where id = $1', [answer]);
    expect(after.rows).toEqual([{ reply_to_id: null }]);
  });

  it('of an archived month go to the archive, in batches, and keep their replies', async () => {
    await fill('2024-05', 25);
    await drainPartitions(options());
    await client.query('select archive_old_data()');
    expect(await rowsByPartition(client)).toEqual({});
    const { rows } = await client.query<{ id: string }>('select id from chat_messages_archive limit 1');
    const archived = rows[0]?.id;
    await fill('2024-05', 30);
    await insertMessage(client, {
      room_id: room,
      sender_id: sender,
      created_at: '2024-05-09T00:00:00Z',
      reply_to_id: archived,
    });
    const result = await drainPartitions(options({ rowsPerStep: 10 }));
    expect(result.tables[0]?.steps).toMatchObject([
      {
        action: 'archive',
        result: 'done',
        rows: 31,
        transactions: 4,
        partition: 'public.chat_messages_archive_y2024m05',
      },
    ]);
    expect(await rowsByPartition(client, 'chat_messages_archive')).toEqual({
      chat_messages_archive_y2024m05: 56,
    });
    const { rows: replies } = await client.query(
      'select reply_to_id from chat_messages_archive where reply_to_id is not null',
    );
    expect(replies).toEqual([{ reply_to_id: archived }]);
  });

  it('make the partition itself their month where they fill it: no row is written, and the rest moves on', async () => {
    await client.query(
      `comment on table chat_messages_default is 'the safety net'; grant select on chat_messages_default to public`,
    );
    await fill('2025-05', 100);
    await fill('2025-04', 3);
    await client.query(
      `insert into chat_messages (room_id, sender_id, created_at) values (${room}, ${sender}, 'infinity')`,
    );
    const { rows: before } = await client.query(
      `select id, xmin::text, ctid::text from chat_messages where created_at between '2025-05-01Z' and '2025-06-01Z' order by id`,
    );
    const result = await rolloverPartitions(options({ rowsPerStep: 20 }));
    expect(result.failed).toBe(0);
    expect(result.tables[0]?.steps.slice(0, 2)).toMatchObject([
      { action: 'drain', partition: 'public.chat_messages_y2025m04', rows: 3 },
      { action: 'adopt', partition: 'public.chat_messages_y2025m05', rows: 100, transactions: 1 },
    ]);
    const { rows: after } = await client.query(
      `select id, xmin::text, ctid::text from only chat_messages_y2025m05 order by id`,
    );
    expect(after).toEqual(before);
    expect(await rowsByPartition(client)).toEqual({
      chat_messages_default: 1,
      chat_messages_y2025m04: 3,
      chat_messages_y2025m05: 100,
    });
    const sibling = await describeTable(client, 'chat_messages_y2025m04', 'April 2025');
    expect(await describeTable(client, 'chat_messages_y2025m05', 'May 2025')).toEqual(sibling);
    const fresh = await describeTable(client, 'chat_messages_default', 'never');
    expect(fresh).toMatchObject({ comment: 'the safety net' });
    expect(fresh['privileges']).toContainEqual(expect.stringContaining('"grantee":"-"'));
    expect({ ...fresh, comment: sibling['comment'], privileges: sibling['privileges'] }).toEqual(sibling);
  });

  it('of several large months leave in batches, each month grows, and ends in every way like its siblings', async () => {
    await fill('2025-03', 95);
    await fill('2025-04', 60);
    const { rows: sum } = await client.query<{ sum: string }>('select sum(id) from chat_messages');
    const result = await rolloverPartitions(options({ rowsPerStep: 20 }));
    expect(result.failed).toBe(0);
    expect(result.tables[0]?.steps.slice(0, 2)).toMatchObject([
      { action: 'drain', partition: 'public.chat_messages_y2025m04', rows: 60, transactions: 3 },
      { action: 'adopt', partition: 'public.chat_messages_y2025m03', rows: 95 },
    ]);
    expect(await rowsByPartition(client)).toEqual({ chat_messages_y2025m03: 95, chat_messages_y2025m04: 60 });
    expect((await client.query('select sum(id) from chat_messages')).rows).toEqual(sum);
    expect(await describeTable(client, 'chat_messages_y2025m04', 'April 2025')).toEqual(
      await describeTable(client, 'chat_messages_y2025m06', 'June 2025'),
    );
  });

  it('of one and the same instant stay together, whatever the size of a batch', async () => {
    await client.query(`insert into chat_messages (room_id, sender_id, created_at)
      select ${room}, ${sender}, timestamptz '2025-05-05 12:00:00.123456Z' + interval '1 microsecond' * (i / 30) from generate_series(0, 89) i`);
    await client.query(`insert into chat_messages (room_id, sender_id, created_at)
      select ${room}, ${sender}, 'infinity' from generate_series(1, 20)`);
    const result = await drainPartitions(options({ rowsPerStep: 10 }));
    expect(result.tables[0]?.steps).toMatchObject([{ action: 'drain', rows: 90, transactions: 3 }]);
    expect(await rowsByPartition(client)).toEqual({ chat_messages_default: 20, chat_messages_y2025m05: 90 });
  });

  it('of a table with identity, generated columns and its columns in another order move too', async () => {
    await client.query(`
      create schema "Odd schema";
      create table "Odd schema"."it's" (id bigint generated always as identity, "when" timestamptz not null, "a""b" text,
        twice text generated always as ("a""b" || "a""b") stored, primary key (id, "when")) partition by range ("when");
      create table "Odd schema".kept (dropped int, twice text generated always as ("a""b" || "a""b") stored, "a""b" text,
        "when" timestamptz not null, id bigint not null, primary key (id, "when"));
      alter table "Odd schema".kept drop column dropped;
      alter table "Odd schema"."it's" attach partition "Odd schema".kept default;
      create table "Odd schema"."it's_archive" (like "Odd schema"."it's") partition by range ("when");
      insert into "Odd schema"."it's" ("when", "a""b") select timestamptz '2025-05-01Z' + interval '1 hour' * i, i from generate_series(1, 50) i;
      insert into "Odd schema"."it's" ("when", "a""b") select timestamptz '2025-04-01Z' + interval '1 hour' * i, i from generate_series(1, 30) i`);
    const policy = {
      schema: 'Odd schema',
      table: "it's",
      archiveTable: "it's_archive",
      controlColumn: 'when',
      premakeMonths: 0,
      retentionMonths: 0,
    };
    const result = await rolloverPartitions(options({ policies: [policy], rowsPerStep: 20 }));
    expect(result.tables[0]?.steps.map(({ action, error }) => error ?? action)).toEqual([
      'drain',
      'adopt',
      'create',
    ]);
    const { rows } = await client.query(
      `select tableoid::regclass::text as place, count(*)::int, bool_and(twice = "a""b" || "a""b") as right, min(id)::int from "Odd schema"."it's" group by 1 order by 1`,
    );
    expect(rows).toEqual([
      { place: `"Odd schema"."it's_y2025m04"`, count: 30, right: true, min: 51 },
      { place: `"Odd schema"."it's_y2025m05"`, count: 50, right: true, min: 1 },
    ]);
  });
});
