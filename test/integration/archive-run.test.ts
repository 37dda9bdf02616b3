import { describe, expect, it } from 'vitest';
import type { Granularity } from '../../src/archive/decide-actions.js';
import { planArchive } from '../../src/archive/plan-archive.js';
import { runArchive, type ArchiveResult, type RunArchiveOptions } from '../../src/archive/run-archive.js';
import { archiveStatus } from '../../src/archive/status.js';
import { catalogFingerprint } from '../support/catalog-fingerprint.js';
import { NOW, useArchiveDatabase } from '../support/archive-database.js';

const db = useArchiveDatabase();

const archive = (options: Partial<RunArchiveOptions> = {}): Promise<ArchiveResult> =>
  runArchive({ connection: db.url, now: NOW, ...options });

const briefly = ({ steps }: ArchiveResult): unknown[] =>
  steps.map(({ action, partition, result, rows }) => [action, partition, result, rows]);

describe('archive run', () => {
  it('moves the months older than six months of both tables, without writing a row', async () => {
    await db.addMonth('2025-08');
    await db.addMonth('2025-09');
    const [old, kept] = [
      await db.messageAt('2025-08-31T23:59:59Z'),
      await db.messageAt('2025-09-01T00:00:00Z'),
    ];
    const log = await db.logAt('2025-08-01T00:00:00Z');
    const before = await db.contents();
    const files = async (names: string[]): Promise<unknown[]> =>
      (
        await db.client.query<{ node: unknown }>(
          'select pg_relation_filenode(n::regclass) as node from unnest($1::text[]) n',
          [names],
        )
      ).rows;
    const filesBefore = await files(['chat_messages_y2025m08', 'user_activity_logs_y2025m08']);

    const result = await archive();

    expect(briefly(result)).toEqual([
      ['swap', 'public.chat_messages_y2025m01', 'done', 0],
      ['swap', 'public.chat_messages_y2025m08', 'done', 1],
      ['swap', 'public.user_activity_logs_y2025m01', 'done', 0],
      ['swap', 'public.user_activity_logs_y2025m08', 'done', 1],
    ]);
    expect(await db.placeOf(old)).toBe('chat_messages_archive_y2025m08');
    expect(await db.placeOf(kept)).toBe('chat_messages_y2025m09');
    expect(await db.placeOf(log, 'user_activity_logs')).toBe('user_activity_logs_archive_y2025m08');
    expect(await files(['chat_messages_archive_y2025m08', 'user_activity_logs_archive_y2025m08'])).toEqual(
      filesBefore,
    );
    expect(await db.contents()).toEqual(before);
    const { rows } = await db.client.query(
      `select conname from pg_constraint where conname = 'archive_bounds' or not convalidated`,
    );
    expect(rows).toEqual([]);
  });

  it('does nothing when run again, in either granularity', async () => {
    await db.addMonth('2025-08');
    await db.messageAt('2025-08-31T23:59:59Z');
    await archive({ granularity: 'day' });
    const before = await catalogFingerprint(db.client);
    expect((await archive()).steps).toEqual([]);
    expect((await archive({ granularity: 'day' })).steps).toEqual([]);
    expect(await catalogFingerprint(db.client)).toEqual(before);
  });

  it('moves the rows of the boundary month by day, exactly to the cutoff, into a month with foreign keys', async () => {
    await db.addMonth('2025-09');
    const last = await db.messageAt('2025-09-19T23:59:59.999999Z');
    const first = await db.messageAt('2025-09-20T00:00:00Z');
    await archive({ granularity: 'day' });
    expect(await db.placeOf(last)).toBe('chat_messages_archive_y2025m09');
    expect(await db.placeOf(first)).toBe('chat_messages_y2025m09');
    await db.client.query('delete from users where id = $1', [db.alice]);
    expect(await db.placeOf(last)).toBeUndefined();
  });

  it('finishes a month that was archived by day, and drops its partition', async () => {
    await db.addMonth('2025-09');
    const [last, first] = [
      await db.messageAt('2025-09-19T00:00:00Z'),
      await db.messageAt('2025-09-20T00:00:00Z'),
    ];
    await archive({ granularity: 'day' });
    const late = await db.messageAt('2025-09-01T00:00:00Z');
    const before = await db.contents();
    const result = await archive({ now: new Date('2026-04-20T00:00:00Z'), tables: ['chat_messages'] });
    expect(briefly(result)).toEqual([
      ['move', 'public.chat_messages_y2025m09', 'done', 2],
      ['drop', 'public.chat_messages_y2025m09', 'done', undefined],
    ]);
    for (const id of [last, first, late]) expect(await db.placeOf(id)).toBe('chat_messages_archive_y2025m09');
    expect(await db.partitionsOf('chat_messages')).not.toContain('chat_messages_y2025m09');
    expect(await db.contents()).toEqual(before);
  });

  it('keeps the emptied partition while an older snapshot may look for its rows there', async () => {
    await db.addMonth('2025-09');
    await db.messageAt('2025-09-01T00:00:00Z');
    await archive({ granularity: 'day', tables: ['chat_messages'] });
    await db.messageAt('2025-09-25T00:00:00Z');
    const reader = await db.connect();
    await reader.query('begin isolation level repeatable read; select from users');
    const later = { now: new Date('2026-04-20T00:00:00Z'), tables: ['chat_messages'] };
    expect(briefly(await archive(later))).toEqual([
      ['move', 'public.chat_messages_y2025m09', 'done', 1],
      ['drop', 'public.chat_messages_y2025m09', 'skipped', undefined],
    ]);
    const { rows } = await reader.query(
      'select (select count(*)::int from chat_messages) + (select count(*)::int from chat_messages_archive) as rows',
    );
    expect(rows).toEqual([{ rows: 2 }]);
    await reader.query('commit');
    expect(briefly(await archive(later))).toEqual([
      ['drop', 'public.chat_messages_y2025m09', 'done', undefined],
    ]);
  });

  it.each<Granularity>(['month', 'day'])(
    'takes late rows from the default partition, by %s',
    async (granularity) => {
      const archived = await db.messageAt('2025-01-10T00:00:00Z');
      await archive();
      const late = await db.messageAt('2025-01-11T00:00:00Z');
      const due = await db.messageAt('2025-07-11T00:00:00Z');
      const boundary = await db.messageAt('2025-09-01T00:00:00Z');
      const recent = await db.messageAt('2026-01-01T00:00:00Z');
      const timeless = await db.messageAt('-infinity');
      const before = await db.contents();
      await archive({ granularity });
      expect(await db.placeOf(archived)).toBe('chat_messages_archive_y2025m01');
      expect(await db.placeOf(late)).toBe('chat_messages_archive_y2025m01');
      expect(await db.placeOf(due)).toBe('chat_messages_archive_y2025m07');
      expect(await db.placeOf(boundary)).toBe(
        granularity === 'day' ? 'chat_messages_archive_y2025m09' : 'chat_messages_default',
      );
      for (const id of [recent, timeless]) expect(await db.placeOf(id)).toBe('chat_messages_default');
      expect(await db.contents()).toEqual(before);
    },
  );

  it('follows archive_old_data() and is followed by it, in any order, on the same rows', async () => {
    // The function goes by the server's clock, so everything is old to it.
    for (const month of ['2025-02', '2025-03', '2025-04', '2025-05']) await db.addMonth(month);
    for (const day of ['2025-01-31', '2025-02-10', '2025-03-10', '2025-04-10', '2025-05-10', '2025-06-10'])
      await db.messageAt(`${day}T12:00:00Z`);
    const before = await db.contents();
    await archive({ olderThan: '2025-03-20', granularity: 'day' });
    expect(await db.contents()).toEqual(before);
    await db.messageAt('2025-03-21T00:00:00Z');
    await archive({ olderThan: '2025-05-02' });
    await db.client.query('select archive_old_data()');
    await archive({ granularity: 'day' });
    await db.client.query('select archive_old_data()');
    const { rows } = await db.client.query('select from chat_messages');
    expect(rows).toEqual([]);
    expect((await db.contents()).length).toBe(before.length + 1);
    expect(await db.partitionsOf('chat_messages')).toEqual(['chat_messages_default']);
  });

  it('keeps replies and last-read pointers, and takes new replies to archived messages', async () => {
    await db.addMonth('2025-09');
    const whole = await db.messageAt('2025-01-10T00:00:00Z');
    const moved = await db.messageAt('2025-09-10T00:00:00Z');
    const replies = [
      await db.messageAt('2026-01-01T00:00:00Z', { reply_to_id: whole }),
      await db.messageAt('2026-01-01T00:00:00Z', { reply_to_id: moved }),
    ];
    await db.client.query('update chat_participants set last_read_message_id = $1', [moved]);
    await archive({ granularity: 'day' });
    const { rows } = await db.client.query(
      `select reply_to_id as target from chat_messages where id = any ($1)
       union all select distinct last_read_message_id from chat_participants order by 1`,
      [replies],
    );
    expect(rows).toEqual([{ target: whole }, { target: moved }, { target: moved }]);
    await db.messageAt('2026-01-02T00:00:00Z', { reply_to_id: whole });
    await db.messageAt('2026-01-02T00:00:00Z', { reply_to_id: moved });
    await db.client.query('delete from chat_messages_archive where id = $1', [whole]);
    expect(
      (await db.client.query('select from chat_messages where reply_to_id = $1', [whole])).rowCount,
    ).toBe(0);
  });

  it('reaches the archive when a user or a room is deleted', async () => {
    await db.addMonth('2025-09');
    await db.messageAt('2025-01-10T00:00:00Z', { sender_id: db.bob });
    await db.messageAt('2025-09-10T00:00:00Z', { sender_id: db.bob });
    await db.messageAt('2025-09-10T00:00:00Z');
    await archive({ granularity: 'day' });
    await db.client.query('delete from users where id = $1', [db.bob]);
    expect((await db.client.query('select from chat_messages_archive')).rowCount).toBe(1);
    await db.client.query('delete from chat_rooms where id = $1', [db.room]);
    expect((await db.client.query('select from chat_messages_archive')).rowCount).toBe(0);
  });

  it('builds an index that only the archive has before it takes any lock, and leaves nothing invalid', async () => {
    await db.client.query('create index only_archived on chat_messages_archive (edited_at) where is_edited');
    await archive({ tables: ['chat_messages'] });
    const { rows } = await db.client.query(
      `select i.indisvalid as valid, p.inhparent::regclass::text as parent
       from pg_index as i join pg_inherits as p on p.inhrelid = i.indexrelid
       where i.indrelid = 'chat_messages_archive_y2025m01'::regclass order by 2`,
    );
    expect(rows).toEqual(
      [
        'chat_messages_archive_pkey',
        'idx_archive_reply_chain',
        'idx_archive_room_time',
        'idx_archive_sender_messages',
        'only_archived',
      ].map((parent) => ({ valid: true, parent })),
    );
  });

  it('gives an archived month its foreign keys when it came in another way', async () => {
    await archive();
    await db.client.query(
      'alter table chat_messages_archive_y2025m01 drop constraint chat_messages_sender_id_fkey',
    );
    expect(briefly(await archive())).toEqual([
      ['keys', 'public.chat_messages_archive_y2025m01', 'done', undefined],
    ]);
    expect((await archive()).steps).toEqual([]);
  });

  it('writes who did what, how many rows and how long the locks were held to the ledger', async () => {
    await db.addMonth('2025-09');
    await db.messageAt('2025-01-10T00:00:00Z');
    await db.messageAt('2025-09-10T00:00:00Z');
    const { runId } = await archive({ granularity: 'day', tables: ['chat_messages'] });
    const { rows: runs } = await db.client.query(
      `select id, command, result, options ->> 'granularity' as granularity, run_by = current_user as me
       from studymate.runs`,
    );
    expect(runs).toEqual([
      { id: runId, command: 'archive run', result: 'done', granularity: 'day', me: true },
    ]);
    expect(await db.steps()).toEqual([
      { action: 'swap', object: 'public.chat_messages_y2025m01', result: 'done', row_count: '1' },
      { action: 'make', object: 'public.chat_messages_archive_y2025m09', result: 'done', row_count: null },
      { action: 'move', object: 'public.chat_messages_y2025m09', result: 'done', row_count: '1' },
    ]);
    const { rows: timed } = await db.client.query(
      `select from studymate.run_steps where held_ms > 0 and lock_wait_ms >= 0 and duration_ms >= held_ms and attempts = 1`,
    );
    expect(timed).toHaveLength(3);
  });
});

describe('archive plan and status', () => {
  it('a plan says rows and locks of what a run then does, and writes nothing', async () => {
    await db.addMonth('2025-09');
    await db.messageAt('2025-01-10T00:00:00Z');
    await db.messageAt('2025-09-10T00:00:00Z');
    await db.messageAt('2025-09-21T00:00:00Z');
    await db.messageAt('2025-03-10T00:00:00Z');
    const before = await catalogFingerprint(db.client);
    const options = { granularity: 'day', tables: ['chat_messages'] } as const;
    const plan = await planArchive({ connection: db.url, now: NOW, ...options });
    expect(await catalogFingerprint(db.client)).toEqual(before);
    expect(await db.steps()).toEqual([]);
    const run = await archive(options);
    expect(plan.steps.map(({ action, partition, rows }) => [action, partition, 'done', rows])).toEqual(
      briefly(run),
    );
    expect(plan.steps[0]?.locks.join('\n')).toMatch(
      /public\.users, public\.chat_rooms SHARE ROW EXCLUSIVE[^]*chat_messages, chat_messages_archive[^]*ACCESS EXCLUSIVE/,
    );
  });

  it('a status says where the rows are, what is due and how the last run ended', async () => {
    await db.addMonth('2025-09');
    await db.messageAt('2025-01-10T12:00:00Z');
    await db.messageAt('2025-09-10T00:00:00Z');
    await db.messageAt('2026-03-10T00:00:00Z');
    const ask = { connection: db.url, now: NOW, tables: ['chat_messages'] };
    expect((await archiveStatus(ask)).tables[0]).toMatchObject({
      liveRows: 2,
      archivedRows: 0,
      defaultRows: 1,
      oldestLive: new Date('2025-01-10T12:00:00Z'),
      cutoff: new Date('2025-09-20T00:00:00Z'),
      dueRows: 1,
      lastRun: undefined,
    });
    await archive();
    const after = await archiveStatus(ask);
    expect(after.due).toBe(false);
    expect(after.tables[0]).toMatchObject({
      liveRows: 1,
      archivedRows: 1,
      defaultRows: 1,
      oldestLive: new Date('2025-09-10T00:00:00Z'),
      archivedFrom: new Date('2025-01-01T00:00:00Z'),
      archivedTo: new Date('2025-02-01T00:00:00Z'),
      lastRun: { command: 'archive run', result: 'done', rows: 1 },
    });
  });
});
