import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportMonth, type ExportMonthOptions } from '../../src/archive/cold/export-month.js';
import { importMonth } from '../../src/archive/cold/import-month.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { insertMessage, insertRow } from '../support/rows.js';
import { poll } from '../support/poll.js';
import {
  ACTIVITY,
  archiveJanuary,
  countRows,
  differingRows,
  keepRows,
  MESSAGES,
  shapeOf,
  tableExists,
  temporaryFolder,
  type ColdSample,
} from './archive-cold-sample.js';

let database: TestDatabase;
let client: pg.Client;
let sample: ColdSample;
let directory: string;

beforeEach(async () => {
  database = await createDatabase();
  client = await database.connect();
  sample = await archiveJanuary(client);
  directory = await temporaryFolder();
});
afterEach(() => database.drop());

const options = (): { connection: string; month: string; directory: string } => ({
  connection: database.url,
  month: '2025-01',
  directory,
});
const messagesOnly = (): ReturnType<typeof options> & { tables: string[] } => ({
  ...options(),
  tables: ['chat_messages'],
});

describe('dropping a month', () => {
  /** Runs `change` in another session once the copy was verified, before the drop takes its locks. */
  const changeBeforeDrop = (change: string): Promise<unknown> => {
    let changed: Promise<unknown> | undefined;
    const other: ExportMonthOptions = {
      ...messagesOnly(),
      drop: true,
      onEvent: (event) => {
        if (event.type === 'phase' && event.phase === 'drop') changed = client.query(change);
      },
    };
    return exportMonth(other).finally(() => changed);
  };

  it.each([
    [
      'inserted',
      `insert into chat_messages_archive select 9999, room_id, sender_id, message_type, 'late', null, null, null, false, null, created_at from chat_messages_archive limit 1`,
    ],
    ['deleted', `delete from chat_messages_archive where content = 'message 3'`],
    ['updated', `update chat_messages_archive set content = content where content = 'message 3'`],
  ])('is refused when a row is %s between the proof and the lock', async (_, change) => {
    // Before the drop: a lock that it waits for, so that the change comes first for certain.
    const blocker = await database.connect();
    await blocker.query(`begin; lock table only ${MESSAGES} in row exclusive mode`);
    const dropping = changeBeforeDrop(change);
    const outcome = expect(dropping).rejects.toMatchObject({ code: 'COLD_DATABASE_DIFFERS' });
    await poll(async () => (await countChanges()) > 0, 'the change');
    await blocker.query('rollback');
    await outcome;
    expect(await tableExists(client, MESSAGES)).toBe(true);
    const { rows } = await client.query(`select action from studymate.run_steps`);
    expect(rows).toEqual([{ action: 'export' }]);
  });

  /** What the change wrote: row versions newer than all others. */
  async function countChanges(): Promise<number> {
    const probe = await database.connect();
    const { rows } = await probe.query<{ count: string }>(
      `select count(*) from (select count(*) as rows, count(distinct xmin::text) as writers from ${MESSAGES}) c
       where rows <> 54 or writers > $1`,
      [await initialWriters],
    );
    await probe.end();
    return Number(rows[0]?.count);
  }
  let initialWriters: Promise<number>;
  beforeEach(() => {
    initialWriters = client
      .query<{ writers: string }>(`select count(distinct xmin::text) as writers from ${MESSAGES}`)
      .then(({ rows }) => Number(rows[0]?.writers));
  });

  it('is refused while something depends on the partition', async () => {
    await client.query(`create view public.watching as select id from ${MESSAGES}`);
    await expect(exportMonth({ ...messagesOnly(), drop: true })).rejects.toMatchObject({
      code: 'COLD_DROP_REFUSED',
      detail: expect.stringContaining('watching') as unknown,
    });
    expect(await countRows(client, MESSAGES)).toBe(54);
  });

  it('is refused while the live table has rows of the month', async () => {
    const { alice: sender_id, room: room_id } = sample;
    await insertMessage(client, { room_id, sender_id, created_at: '2025-01-10 00:00:00+00' });
    await expect(exportMonth({ ...messagesOnly(), drop: true })).rejects.toMatchObject({
      code: 'COLD_MONTH_LIVE',
    });
    expect(await countRows(client, MESSAGES)).toBe(54);
  });

  it('gives up when a lock is not to be had, and the month stays', async () => {
    await client.query('begin; select from chat_messages_archive');
    const blocked = exportMonth({ ...messagesOnly(), drop: true, retries: 1 });
    await expect(blocked).rejects.toMatchObject({
      code: 'ARCHIVE_LOCK_TIMEOUT',
      detail: expect.stringContaining('select from chat_messages_archive') as unknown,
    });
    await client.query('rollback');
    expect(await countRows(client, MESSAGES)).toBe(54);
  });

  describe('with somebody who waits for the proof to end', () => {
    let others: pg.Client;
    beforeEach(async () => {
      others = await database.connect();
      // Looks for a deadlock while the drop would wait for its next lock.
      await others.query(`set deadlock_timeout = '200ms'`);
      await client.query(
        `insert into users (id, email, english_name, birth_date) values (900, 'gone@example.com', 'Gone', '2000-01-01')`,
      );
    });

    /** Lets `statement` wait for the partition behind the drop, which waits for a lock there itself. */
    async function dropBefore(statement: string): Promise<{ readonly retries: number }> {
      const blocker = await database.connect();
      await blocker.query(`begin; lock table only ${MESSAGES} in row exclusive mode`);
      let retries = 0;
      const dropping = exportMonth({
        ...messagesOnly(),
        drop: true,
        lockTimeoutMs: 900,
        onEvent: (event) => {
          if (event.type === 'lock-retry') retries += 1;
        },
      });
      await waiters(1);
      const waiting = others.query(statement);
      await waiters(2);
      await blocker.query('rollback');
      await waiting;
      await expect(dropping).resolves.toMatchObject({ tables: [{ dropped: true }] });
      return { retries };
    }

    const waiters = (count: number): Promise<unknown> =>
      poll(async () => {
        const { rows } = await client.query<{ count: string }>(
          `select count(*) from pg_locks where relation = '${MESSAGES}'::regclass and not granted`,
        );
        return rows[0]?.count === String(count);
      }, `${count} waiting`);

    it('drops before a user is deleted, without a deadlock', async () => {
      await dropBefore('delete from users where id = 900');
      expect(await tableExists(client, `${MESSAGES}_dropped`)).toBe(false);
    });

    it('lets a writer of the archive go first, instead of a deadlock', async () => {
      const { retries } = await dropBefore(
        'update chat_messages_archive set reply_to_id = null where reply_to_id = -1',
      );
      expect(retries).toBeGreaterThan(0);
    });
  });

  it('and everything else waits for the lease of other maintenance', async () => {
    await client.query('select pg_advisory_lock(1398031449, 2)');
    await expect(exportMonth(options())).rejects.toMatchObject({ code: 'BUSY_MAINTENANCE_RUNNING' });
    await expect(importMonth(options())).rejects.toMatchObject({ code: 'BUSY_MAINTENANCE_RUNNING' });
  });
});

describe('an export', () => {
  it('is refused for a month that the archive does not have', async () => {
    const missing = { ...options(), month: '2024-12' };
    await expect(exportMonth(missing)).rejects.toMatchObject({ code: 'COLD_MONTH_MISSING' });
    await expect(importMonth(missing)).rejects.toMatchObject({ code: 'COLD_COPY_MISSING' });
  });

  it('to Parquet is refused for an instant that Parquet does not have, and keeps nothing', async () => {
    await client.query(`update ${MESSAGES} set edited_at = 'infinity' where content = 'message 3'`);
    await expect(exportMonth({ ...messagesOnly(), fileFormat: 'parquet' })).rejects.toMatchObject({
      code: 'COLD_VALUE_UNSUPPORTED',
    });
    await keepRows(client, MESSAGES, 'kept');
    await exportMonth({ ...messagesOnly(), drop: true });
    await importMonth(messagesOnly());
    expect(await differingRows(client, MESSAGES, 'kept')).toBe(0);
  });

  it('is refused a policy that would hide rows from it', async () => {
    await client.query(`create role limited login password 'x'; grant select on all tables in schema public to limited;
      alter table ${MESSAGES} enable row level security`);
    const url = new URL(database.url);
    [url.username, url.password] = ['limited', 'x'];
    const { verifyExport } = await import('../../src/archive/cold/verify-export.js');
    await exportMonth(messagesOnly());
    const hidden = verifyExport({ ...messagesOnly(), connection: url.href });
    await expect(hidden).rejects.toMatchObject({ code: 'DATABASE_PERMISSION_DENIED' });
    await client.query('drop owned by limited; drop role limited');
  });
});

describe('an import', () => {
  beforeEach(() => exportMonth({ ...options(), drop: true }));

  it('is refused while another table has the name', async () => {
    await client.query(`create table public.${MESSAGES} (id int)`);
    await expect(importMonth(messagesOnly())).rejects.toMatchObject({ code: 'PARTITION_NAME_TAKEN' });
  });

  it('is refused while the live table has the month', async () => {
    await client.query(`create table public.january partition of chat_messages
      for values from ('2025-01-01 00:00:00+00') to ('2025-02-01 00:00:00+00')`);
    await importMonth({ ...messagesOnly(), dryRun: true });
    const { alice: sender_id, room: room_id } = sample;
    await insertMessage(client, { room_id, sender_id, created_at: '2025-01-10 00:00:00+00' });
    await expect(importMonth(messagesOnly())).rejects.toMatchObject({ code: 'COLD_MONTH_PRESENT' });
    expect(await tableExists(client, MESSAGES)).toBe(false);
  });

  it('gives columns that were added since their defaults', async () => {
    await client.query(`alter table chat_messages_archive add column mood text not null default 'good'`);
    await importMonth(messagesOnly());
    const { rows } = await client.query(`select mood, count(*)::int as rows from ${MESSAGES} group by 1`);
    expect(rows).toEqual([{ mood: 'good', rows: 54 }]);
    await expect(importMonth(messagesOnly())).resolves.toMatchObject({ tables: [{ action: 'unchanged' }] });
  });

  it.each([
    ['removed', 'drop column file_url', 'file_url'],
    ['given another type', 'alter column message_type type text', 'message_type'],
    ['added without a default', 'add column mood text not null', 'mood'],
  ])('is refused when a column was %s', async (_, change, column) => {
    await client.query(`alter table chat_messages_archive ${change}`);
    const refusal = { code: 'COLD_COLUMNS_CHANGED', detail: expect.stringContaining(column) as unknown };
    await expect(importMonth({ ...messagesOnly(), dryRun: true })).rejects.toMatchObject(refusal);
    await expect(importMonth(messagesOnly())).rejects.toMatchObject(refusal);
    expect(await tableExists(client, MESSAGES)).toBe(false);
  });

  it('is refused when a rule of the table is stricter now, without showing the message', async () => {
    await client.query(
      `alter table chat_messages_archive add constraint short check (length(content) < 1000)`,
    );
    const error: unknown = await importMonth(messagesOnly()).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'COLD_ROWS_REFUSED', detail: 'By the constraint short.' });
    expect(await tableExists(client, MESSAGES)).toBe(false);
  });

  it('raises a sequence that is behind, so that no new message gets the number of an old one', async () => {
    await client.query(`select setval('chat_messages_id_seq', 3)`);
    await importMonth(messagesOnly());
    const { rows } = await client.query<{ next: string; max: string }>(
      `select nextval('chat_messages_id_seq') as next, (select max(id) from chat_messages_archive) as max`,
    );
    expect(Number(rows[0]?.next)).toBe(Number(rows[0]?.max) + 1);
  });
});

describe('users and rooms that were deleted while the month was cold', () => {
  let reply: string;
  let shape: unknown;
  beforeEach(async () => {
    shape = await shapeOf(client, MESSAGES);
    // Bob answers a message of Alice and has read it.
    reply = (
      await insertRow(client, 'chat_messages', {
        room_id: sample.room,
        sender_id: sample.bob,
        reply_to_id: sample.messages[0],
      })
    ).id;
    await exportMonth({ ...options(), drop: true });
    await client.query('delete from users where id = $1', [sample.alice]);
  });

  it('are named with their rows, and nothing is imported', async () => {
    await expect(importMonth(options())).rejects.toMatchObject({
      code: 'COLD_PARENTS_GONE',
      detail: `47 rows by sender_id: 1 of public.users are gone (${sample.alice})`,
    });
    await expect(importMonth({ ...options(), tables: ['user_activity_logs'] })).rejects.toMatchObject({
      code: 'COLD_PARENTS_GONE',
      detail: `14 rows by user_id: 1 of public.users are gone (${sample.alice})`,
    });
    expect(await tableExists(client, MESSAGES)).toBe(false);
    expect(await tableExists(client, ACTIVITY)).toBe(false);
  });

  it('are left out with --skip-erased, as if they had been deleted from the archive', async () => {
    const imported = await importMonth({ ...options(), skipErased: true });
    expect(imported.tables).toMatchObject([
      { table: 'chat_messages', action: 'imported', rows: 54, erasedRows: 47, clearedRows: 0 },
      { table: 'user_activity_logs', action: 'imported', rows: 20, erasedRows: 0, clearedRows: 14 },
    ]);
    expect(await countRows(client, MESSAGES)).toBe(7);
    expect(await shapeOf(client, MESSAGES)).toEqual(shape);
    const { rows } = await client.query(
      `select (select reply_to_id from chat_messages where id = $1) as reply,
         (select count(*)::int from ${MESSAGES} where reply_to_id is not null) as replies,
         (select count(*)::int from ${ACTIVITY} where user_id is not null) as known`,
      [reply],
    );
    // Every third message answers the one before, which in this sample is never Bob's own.
    expect(rows).toEqual([{ reply: null, replies: 0, known: 0 }]);
  });
});
