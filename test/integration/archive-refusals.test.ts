import { describe, expect, it } from 'vitest';
import { planArchive } from '../../src/archive/plan-archive.js';
import { runArchive, type ArchiveResult, type RunArchiveOptions } from '../../src/archive/run-archive.js';
import { withMaintenanceSession } from '../../src/database/maintenance-session.js';
import { NOW, useArchiveDatabase } from '../support/archive-database.js';

const db = useArchiveDatabase();

const archive = (options: Partial<RunArchiveOptions> = {}): Promise<ArchiveResult> =>
  runArchive({ connection: db.url, now: NOW, retries: 0, ...options });

const codes = ({ steps }: Pick<ArchiveResult, 'steps'>): unknown[] =>
  steps.map(({ table, result, error }) => [table, result, error?.code]);

/** The trouble is with messages; the logs have their turn all the same. */
const messagesRefused = (code: string): unknown[] => [
  ['public.chat_messages', 'failed', code],
  ['public.user_activity_logs', 'done', undefined],
];

describe('archive run refuses, and goes on with the other table', () => {
  it.each([
    ['a column that only one has', 'alter table chat_messages add column flag boolean'],
    [
      'a column of another type',
      'alter table chat_messages_archive alter column message_type type varchar(40)',
    ],
    [
      'a column that may be null in one',
      'alter table chat_messages_archive alter column room_id drop not null',
    ],
    [
      'a check that only one has',
      'alter table chat_messages_archive add constraint short check (length(content) < 10)',
    ],
  ])('when the table and its archive have %s', async (_, change) => {
    const id = await db.messageAt('2025-01-10T00:00:00Z');
    await db.client.query(change);
    const result = await archive();
    expect(codes(result)).toEqual(messagesRefused('ARCHIVE_TABLES_DIFFER'));
    expect(result.failed).toBe(1);
    expect(await db.placeOf(id)).toBe('chat_messages_y2025m01');
    const plan = await planArchive({ connection: db.url, now: NOW });
    expect(plan.steps).toMatchObject([{ action: 'refused', error: { code: 'ARCHIVE_TABLES_DIFFER' } }]);
  });

  it('but not when only the order of the columns differs', async () => {
    await db.client.query(`alter table chat_messages add column a int, add column b int;
      alter table chat_messages_archive add column b int, add column a int`);
    const id = await db.messageAt('2025-01-10T00:00:00Z', { a: 1, b: 2 });
    const late = await db.messageAt('2025-03-10T00:00:00Z', { a: 1, b: 2 });
    expect((await archive()).failed).toBe(0);
    const { rows } = await db.client.query('select a, b from chat_messages_archive where id in ($1, $2)', [
      id,
      late,
    ]);
    expect(rows).toEqual([
      { a: 1, b: 2 },
      { a: 1, b: 2 },
    ]);
  });

  it('when a foreign key points at the table', async () => {
    await db.client.query(`create table public.reactions (id bigint, at timestamptz,
      constraint reactions_message foreign key (id, at) references chat_messages (id, created_at))`);
    const result = await archive();
    expect(codes(result)).toEqual(messagesRefused('ARCHIVE_INBOUND_FOREIGN_KEY'));
    expect(result.steps[0]?.error?.detail).toBe('reactions_message, of reactions, references chat_messages');
  });

  it('when a concurrent detach was not finished, and says how to finish it', async () => {
    const message = await db.messageAt('2025-01-10T00:00:00Z');
    await db.client.query('drop table chat_messages_default');
    const blocker = await db.connect();
    await blocker.query('begin; select from chat_messages limit 1');
    const detaching = await db.connect();
    await detaching.query(`set lock_timeout = '100ms'`);
    await expect(
      detaching.query('alter table chat_messages detach partition chat_messages_y2025m01 concurrently'),
    ).rejects.toMatchObject({ code: '55P03' });
    await blocker.query('commit');
    const result = await archive();
    expect(codes(result)).toEqual(messagesRefused('ARCHIVE_DETACH_PENDING'));
    const command = /«(alter table .* finalize)»/.exec(result.steps[0]?.error?.hint ?? '')?.[1] ?? '';
    await db.client.query(command);
    await db.client.query(`alter table chat_messages attach partition chat_messages_y2025m01
      for values from ('2025-01-01 00:00:00+00') to ('2025-02-01 00:00:00+00')`);
    expect((await archive()).failed).toBe(0);
    expect(await db.placeOf(message)).toBe('chat_messages_archive_y2025m01');
  });

  it('when a partition has another owner', async () => {
    const role = `other_${Date.now()}`;
    await db.client.query(`create role ${role}; alter table chat_messages_y2025m01 owner to ${role}`);
    try {
      expect(codes(await archive())).toEqual(messagesRefused('ARCHIVE_OWNER_DIFFERS'));
    } finally {
      await db.client.query(`drop owned by ${role} cascade; drop role ${role}`);
    }
  });

  it('when the archive has a part of the range', async () => {
    await db.client.query(`create table public.part partition of chat_messages_archive
      for values from ('2025-01-10 00:00:00+00') to ('2025-01-20 00:00:00+00')`);
    const result = await archive();
    expect(codes(result).slice(0, 1)).toEqual([
      ['public.chat_messages', 'failed', 'ARCHIVE_PARTITION_OVERLAPS'],
    ]);
  });

  it('when another table has the name of the archived partition', async () => {
    await db.client.query('create table public.chat_messages_archive_y2025m01 (id int)');
    expect(codes(await archive())).toEqual(messagesRefused('ARCHIVE_NAME_TAKEN'));
    const { rows } = await db.client.query(`select result, error_code from studymate.runs`);
    expect(rows).toEqual([{ result: 'failed', error_code: 'ARCHIVE_INCOMPLETE' }]);
  });
});

describe('archive run refuses before it writes anything', () => {
  it.each([
    ['a cutoff in the future', '2027-01-01'],
    ['a cutoff in the current month', '2026-03-02'],
    ['an age that leaves a part of the current month', '10 days'],
    ['a day that does not exist', '2025-02-30'],
    ['an age without a unit', '6'],
  ])('%s', async (_, olderThan) => {
    await expect(archive({ olderThan })).rejects.toMatchObject({ code: 'USAGE_INVALID_OPTION' });
    expect((await db.client.query('select from studymate.runs')).rowCount).toBe(0);
  });

  it('a table that has no archive, and a lock timeout that would get others killed', async () => {
    await expect(archive({ tables: ['users'] })).rejects.toMatchObject({ code: 'USAGE_INVALID_OPTION' });
    await expect(archive({ lockTimeoutMs: 1_000 })).rejects.toMatchObject({ code: 'USAGE_INVALID_OPTION' });
  });

  it('to run beside another maintenance run', async () => {
    await withMaintenanceSession({ connection: db.url, applicationName: 'holder' }, async () => {
      await expect(archive()).rejects.toMatchObject({ code: 'BUSY_MAINTENANCE_RUNNING' });
    });
  });
});
