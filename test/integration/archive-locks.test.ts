import { describe, expect, it } from 'vitest';
import type { ArchiveEvent } from '../../src/archive/events.js';
import {
  archiveUnderLease,
  runArchive,
  type ArchiveResult,
  type RunArchiveOptions,
} from '../../src/archive/run-archive.js';
import { withMaintenanceSession } from '../../src/database/maintenance-session.js';
import { InterruptedError } from '../../src/errors.js';
import { NOW, useArchiveDatabase } from '../support/archive-database.js';
import { poll } from '../support/poll.js';
import { start } from './schema-sessions.js';

const db = useArchiveDatabase();

const archive = (options: Partial<RunArchiveOptions> = {}): Promise<ArchiveResult> =>
  runArchive({ connection: db.url, now: NOW, tables: ['chat_messages'], ...options });

/** Rows enough that copying them, or building an index, could not go unseen. */
async function fillJanuary(rows = 50_000): Promise<void> {
  await db.client.query(
    `insert into chat_messages (room_id, sender_id, content, created_at)
     select $1, $2, 'message ' || i, '2025-01-01Z'::timestamptz + i * interval '10 seconds' from generate_series(1, $3::int) i`,
    [db.room, db.alice, rows],
  );
}

describe('archiving a month of 50,000 messages', () => {
  it('writes less than a megabyte of WAL, and neither scans nor copies the month under its locks', async () => {
    await fillJanuary();
    // What the server does while it attaches, it tells at this level.
    const notices: string[] = [];
    const { rows: before } = await db.client.query<{ lsn: string; node: string }>(
      `select pg_current_wal_insert_lsn() as lsn, pg_relation_filenode('chat_messages_y2025m01') as node`,
    );
    const { steps } = await withMaintenanceSession(
      { connection: db.url, applicationName: 'archive with notices' },
      async (session) => {
        session.client.on('notice', ({ message }) => notices.push(message ?? ''));
        await session.client.query('set client_min_messages = debug1');
        return archiveUnderLease(session, { now: NOW, tables: ['chat_messages'] });
      },
    );
    const { rows: after } = await db.client.query<{ wal: number; node: string }>(
      `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), $1)::float8 as wal,
         pg_relation_filenode('chat_messages_archive_y2025m01') as node`,
      [before[0]?.lsn],
    );
    expect(steps).toMatchObject([{ action: 'swap', result: 'done', rows: 50_000 }]);
    expect(after[0]?.node).toBe(before[0]?.node);
    expect(after[0]?.wal).toBeLessThan(1_000_000);
    expect(notices).toContain(
      'partition constraint for table "chat_messages_archive_y2025m01" is implied by existing constraints',
    );
    expect(notices.filter((text) => text.startsWith('verifying table'))).toEqual([
      // Outside the locks: the check is proved while the partition is read and written.
      'verifying table "chat_messages_y2025m01"',
    ]);
    expect(notices.filter((text) => text.startsWith('building index'))).toEqual([]);
  });

  it('proves the bounds while the month is read and written', async () => {
    await fillJanuary(1_000);
    const writer = await db.connect();
    const seen: unknown[] = [];
    // Somebody who keeps the swap itself from its turn, not the proof.
    await writer.query('begin; lock table users in row exclusive mode');
    const ended = start(
      archive({
        onEvent: (event) => {
          if (event.type === 'proved') seen.push(event.type);
        },
      }),
    );
    await poll(() => Promise.resolve(seen.length > 0), 'the proof');
    const { rows } = await db.client.query(
      `select convalidated from pg_constraint where conname = 'archive_bounds'`,
    );
    expect(rows).toEqual([{ convalidated: true }]);
    await db.messageAt('2025-01-20T00:00:00Z');
    await writer.query('commit');
    expect((await ended).failed).toBe(0);
  });
});

describe('a run that does not get its locks', () => {
  it('says who is in the way, changes nothing, and is finished by the next', async () => {
    const id = await db.messageAt('2025-01-10T00:00:00Z');
    const blocker = await db.connect();
    await blocker.query(`set application_name = 'long report'; begin; select from chat_messages limit 1`);
    const { steps, failed } = await archive({ lockTimeoutMs: 100, retries: 2 });
    expect(failed).toBe(1);
    expect(steps[0]?.error).toMatchObject({ code: 'ARCHIVE_LOCK_TIMEOUT' });
    expect(steps[0]?.error?.detail).toContain('long report');
    expect(await db.placeOf(id)).toBe('chat_messages_y2025m01');
    await blocker.query('commit');
    expect((await archive()).failed).toBe(0);
    expect(await db.placeOf(id)).toBe('chat_messages_archive_y2025m01');
  });

  it('retries until the lock is free, and keeps nobody waiting longer than its lock timeout', async () => {
    const id = await db.messageAt('2025-01-10T00:00:00Z');
    const blocker = await db.connect();
    await blocker.query('begin; select from chat_messages limit 1');
    const retries: ArchiveEvent[] = [];
    const ended = start(
      archive({ onEvent: (event) => (event.type === 'lock-retry' ? retries.push(event) : undefined) }),
    );
    await poll(() => Promise.resolve(retries.length > 0), 'a retry');
    // The lock timeout is 200 ms; the rest is for the machine. Without it the insert would wait for the report.
    await db.client.query(`set lock_timeout = '3s'`);
    await db.messageAt('2026-01-01T00:00:00Z');
    await blocker.query('commit');
    expect((await ended).failed).toBe(0);
    expect(await db.placeOf(id)).toBe('chat_messages_archive_y2025m01');
  });

  it('does not see half of the month move when it has read the archive before, in one snapshot', async () => {
    await db.messageAt('2025-01-10T00:00:00Z');
    const reader = await db.connect();
    await reader.query('begin isolation level repeatable read');
    expect((await reader.query('select from chat_messages_archive')).rowCount).toBe(0);
    const { failed } = await archive({ lockTimeoutMs: 100, retries: 1 });
    expect(failed).toBe(1);
    expect((await reader.query('select from chat_messages')).rowCount).toBe(1);
    await reader.query('commit');
    expect((await archive()).failed).toBe(0);
  });

  it('lets a transaction that has updated a user go on to write a message', async () => {
    const writer = await db.connect();
    await writer.query('begin');
    await writer.query(`update users set intro = 'hello' where id = $1`, [db.alice]);
    const retries: ArchiveEvent[] = [];
    const ended = start(
      archive({ onEvent: (event) => (event.type === 'lock-retry' ? retries.push(event) : undefined) }),
    );
    await poll(() => Promise.resolve(retries.length > 0), 'a retry');
    await writer.query(`set local lock_timeout = '50ms'`);
    await writer.query(`insert into chat_messages (room_id, sender_id) values ($1, $2)`, [db.room, db.alice]);
    await writer.query('commit');
    expect((await ended).failed).toBe(0);
  });

  it('stops in order when it is interrupted, and says so in the ledger', async () => {
    const id = await db.messageAt('2025-01-10T00:00:00Z');
    const blocker = await db.connect();
    await blocker.query('begin; select from chat_messages limit 1');
    const controller = new AbortController();
    const ended = archive({
      signal: controller.signal,
      onEvent: (event) => {
        if (event.type === 'lock-retry') controller.abort(new InterruptedError('SIGTERM'));
      },
    });
    await expect(ended).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(await db.placeOf(id)).toBe('chat_messages_y2025m01');
    expect((await db.client.query('select result from studymate.runs')).rows).toEqual([
      { result: 'interrupted' },
    ]);
  });
});
