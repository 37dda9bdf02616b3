import { describe, expect, it } from 'vitest';
import {
  restoreMonth,
  type RestoreMonthOptions,
  type RestoreResult,
} from '../../src/archive/restore-month.js';
import { runArchive } from '../../src/archive/run-archive.js';
import { catalogFingerprint } from '../support/catalog-fingerprint.js';
import { NOW, useArchiveDatabase } from '../support/archive-database.js';

const db = useArchiveDatabase();

const archive = (granularity: 'month' | 'day' = 'month'): Promise<unknown> =>
  runArchive({ connection: db.url, now: NOW, granularity });

const restore = (options: Partial<RestoreMonthOptions> = {}): Promise<RestoreResult> =>
  restoreMonth({ connection: db.url, month: '2025-01', ...options });

const briefly = ({ steps }: RestoreResult): unknown[] =>
  steps.map(({ action, partition, result, rows }) => [action, partition, result, rows]);

describe('archive restore', () => {
  it('undoes the swap of a month: name, keys, indexes and triggers are as before', async () => {
    const id = await db.messageAt('2025-01-10T00:00:00Z');
    const reply = await db.messageAt('2026-01-10T00:00:00Z', { reply_to_id: id });
    const describePartition = async (): Promise<unknown> =>
      (
        await db.client.query(
          `select c.relname, array(select pg_get_constraintdef(oid) from pg_constraint where conrelid = c.oid and contype <> 'n' order by 1) as constraints,
             array(select inhparent::regclass::text from pg_index join pg_inherits on inhrelid = indexrelid where indrelid = c.oid order by 1) as indexes,
             array(select tgname::text from pg_trigger where tgrelid = c.oid and not tgisinternal order by 1) as triggers
           from pg_class c where relname = 'chat_messages_y2025m01'`,
        )
      ).rows;
    const [partition, contents] = [await describePartition(), await db.contents()];
    await archive();
    expect(briefly(await restore())).toEqual([
      ['restore', 'public.chat_messages_archive_y2025m01', 'done', 1],
      ['restore', 'public.user_activity_logs_archive_y2025m01', 'done', 0],
    ]);
    expect(await describePartition()).toEqual(partition);
    expect(await db.contents()).toEqual(contents);
    await db.client.query('delete from chat_messages where id = $1', [id]);
    const { rows } = await db.client.query('select reply_to_id from chat_messages where id = $1', [reply]);
    expect(rows).toEqual([{ reply_to_id: null }]);
  });

  it('is undone by the next run, and does nothing to a month that is live', async () => {
    const id = await db.messageAt('2025-01-10T00:00:00Z');
    await archive();
    await restore();
    expect((await restore()).steps).toEqual([]);
    expect(await db.placeOf(id)).toBe('chat_messages_y2025m01');
    await archive();
    expect(await db.placeOf(id)).toBe('chat_messages_archive_y2025m01');
  });

  it('brings late rows of the month along from the default partition', async () => {
    const id = await db.messageAt('2025-01-10T00:00:00Z');
    await archive();
    const late = await db.messageAt('2025-01-11T00:00:00Z');
    const other = await db.messageAt('2024-12-31T00:00:00Z');
    await restore();
    expect([await db.placeOf(id), await db.placeOf(late), await db.placeOf(other)]).toEqual([
      'chat_messages_y2025m01',
      'chat_messages_y2025m01',
      'chat_messages_default',
    ]);
  });

  it('returns the rows of a month that was archived by day to its live partition', async () => {
    await db.addMonth('2025-09');
    const moved = await db.messageAt('2025-09-10T00:00:00Z');
    const kept = await db.messageAt('2025-09-25T00:00:00Z', { reply_to_id: moved });
    const before = await db.contents();
    await archive('day');
    const result = await restore({ month: '2025-09', tables: ['chat_messages'] });
    expect(briefly(result)).toEqual([
      ['return', 'public.chat_messages_archive_y2025m09', 'done', 1],
      ['drop', 'public.chat_messages_archive_y2025m09', 'done', undefined],
    ]);
    expect([await db.placeOf(moved), await db.placeOf(kept)]).toEqual([
      'chat_messages_y2025m09',
      'chat_messages_y2025m09',
    ]);
    expect(await db.contents()).toEqual(before);
  });

  it('restores a month that the archive made itself, with the keys and indexes of the live table', async () => {
    const id = await db.messageAt('2025-05-10T00:00:00Z');
    await archive();
    expect(await db.placeOf(id)).toBe('chat_messages_archive_y2025m05');
    await restore({ month: '2025-05', tables: ['chat_messages'] });
    expect(await db.placeOf(id)).toBe('chat_messages_y2025m05');
    const { rows } = await db.client.query(
      `select count(*)::int as keys from pg_constraint
       where conrelid = 'chat_messages_y2025m05'::regclass and contype = 'f' and conparentid <> 0`,
    );
    expect(rows).toEqual([{ keys: 2 }]);
  });

  it('says what it would do, and writes nothing', async () => {
    await archive();
    const before = await catalogFingerprint(db.client);
    const { steps, runId } = await restore({ dryRun: true });
    expect(steps.map(({ action, partition }) => [action, partition])).toEqual([
      ['restore', 'public.chat_messages_archive_y2025m01'],
      ['restore', 'public.user_activity_logs_archive_y2025m01'],
    ]);
    expect(runId).toBeUndefined();
    expect(await catalogFingerprint(db.client)).toEqual(before);
  });

  it('refuses a month that is nowhere, and what is no month', async () => {
    await expect(restore({ month: '2019-01' })).rejects.toMatchObject({ code: 'ARCHIVE_MONTH_MISSING' });
    await expect(restore({ month: 'January' })).rejects.toMatchObject({ code: 'USAGE_INVALID_OPTION' });
  });

  it('refuses when the default partition is too large to be read under the locks', async () => {
    await archive();
    await db.client.query(
      `insert into chat_messages (room_id, sender_id, content, created_at)
       select $1, $2, repeat('x', 1900), '2031-01-01' from generate_series(1, 17000)`,
      [db.room, db.alice],
    );
    const { steps } = await restore({ tables: ['chat_messages'] });
    expect(steps.map(({ result, error }) => [result, error?.code])).toEqual([
      ['failed', 'ARCHIVE_DEFAULT_TOO_LARGE'],
    ]);
  });
});
