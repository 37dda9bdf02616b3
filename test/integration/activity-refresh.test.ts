import { rm } from 'node:fs/promises';
import type pg from 'pg';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { exportMonth } from '../../src/archive/cold/export-month.js';
import { runArchive } from '../../src/archive/run-archive.js';
import { rolloverPartitions } from '../../src/partitions/rollover.js';
import {
  age,
  cover,
  coveredId,
  expectExact,
  expectRolledUp,
  logAt,
  logged,
  refresh,
  rolledUp,
} from '../support/active-days.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { untilSessionsWait } from '../support/query-database.js';
import { insertUser } from '../support/rows.js';
import { makeTemporaryFolder } from '../support/server.js';

/** When the tests take place: August 2025 goes to the archive, September stays. */
const NOW = new Date('2026-03-20T15:00:00Z');

let database: TestDatabase;
let client: pg.Client;
let alice: string;
let bob: string;

beforeEach(async () => {
  database = await createDatabase();
  client = await database.connect();
  await client.query(`set timezone = 'America/New_York'`);
  alice = await insertUser(client);
  bob = await insertUser(client);
  return () => database.drop();
});

const archive = (): Promise<unknown> => runArchive({ connection: database.url, now: NOW });
const rollover = (): Promise<unknown> => rolloverPartitions({ connection: database.url, now: NOW });

describe('refreshUserActiveDays', () => {
  it('leaves out a user who is erased while it waits', async () => {
    await logAt(client, alice, '2026-03-10T00:00:00Z');
    await logAt(client, bob, '2026-03-10T00:00:00Z');
    const other = await database.connect();
    await other.query('begin');
    await other.query('delete from users where id = $1', [alice]);
    // From psql, without a lock timeout.
    const refreshed = client.query('select added::int from studymate.refresh_user_active_days()');
    const third = await database.connect();
    await untilSessionsWait(third);
    await other.query('commit');
    expect((await refreshed).rows).toEqual([{ added: 1 }]);
    await expectRolledUp(client);
  });

  it('tries again while somebody it needs is locked', async () => {
    await logAt(client, alice, '2026-03-10T00:00:00Z');
    const other = await database.connect();
    await other.query('begin');
    await other.query('delete from users where id = $1', [alice]);
    const tries: number[] = [];
    const added = await refresh(database.url, {
      onEvent: (event) => {
        if (event.type !== 'lock-retry') return;
        tries.push(event.attempt);
        if (event.attempt === 1) void other.query('rollback');
      },
    });
    expect(added).toBe(1);
    expect(tries[0]).toBe(1);
    await expectRolledUp(client);
  });

  it('twice at once does what it does once', async () => {
    for (let day = 10; day < 20; day++) {
      await logAt(client, alice, `2026-03-${day}T00:00:00Z`);
      await logAt(client, bob, `2026-03-${day}T00:00:00Z`);
    }
    const sessions = await Promise.all([database.connect(), database.connect(), database.connect()]);
    await refresh(database.url);
    await age(client);
    await client.query('truncate studymate.user_active_days');
    const loops = sessions.map(async (session) => {
      for (let read = '0', isLast = false; !isLast;) {
        const { rows } = await session.query<{ read_id: string; is_last: boolean }>(
          'select * from studymate.refresh_user_active_days($1, 3)',
          [read],
        );
        read = rows[0]?.read_id ?? read;
        isLast = rows[0]?.is_last ?? true;
      }
    });
    await Promise.all(loops);
    await expectRolledUp(client);
    await cover(database.url, client);
    expect(await coveredId(client)).toBe(20);
    await expectRolledUp(client);
  });

  it('cut off in the middle leaves what is right, and the next run finishes', async () => {
    await client.query(
      `insert into user_activity_logs (user_id, activity, created_at)
       select $1, 'ROOM_OPENED', timestamptz '2025-05-01 00:00+00' + i * interval '1 hour'
       from generate_series(1, 5000) as i`,
      [alice],
    );
    await rollover();
    await refresh(database.url);
    await age(client);
    await client.query('delete from studymate.user_active_days');
    await client.query('update studymate.user_active_days_state set covered_id = 0');
    const admin = await database.connect();
    let cut = false;
    await expect(
      refresh(database.url, {
        idsPerBatch: 5,
        onEvent: () => {
          if (!cut)
            void admin.query(
              `select pg_terminate_backend(pid) from pg_stat_activity
               where datname = current_database() and application_name = 'studymate-db maintain'`,
            );
          cut = true;
        },
      }),
    ).rejects.toThrow();
    const covered = await coveredId(client);
    expect(covered).toBeGreaterThan(0);
    expect(covered).toBeLessThan(5000);
    await expectExact(client);
    await refresh(database.url);
    expect(await coveredId(client)).toBe(5000);
    await expectRolledUp(client);
  });

  it('keeps its run in the ledger', async () => {
    await logAt(client, alice, '2026-03-10T00:00:00Z');
    await refresh(database.url);
    const { rows } = await client.query(
      `select r.command, r.result, s.action, s.object, s.row_count, s.detail
       from studymate.runs as r join studymate.run_steps as s on s.run_id = r.id`,
    );
    expect(rows).toEqual([
      {
        command: 'activity refresh',
        result: 'done',
        action: 'refresh',
        object: 'studymate.user_active_days',
        row_count: '1',
        detail: { batches: 1 },
      },
    ]);
  });

  it('is refused where its statements would share one snapshot', async () => {
    await client.query('begin isolation level repeatable read');
    await expect(client.query('select studymate.refresh_user_active_days()')).rejects.toMatchObject({
      code: '0A000',
    });
    await client.query('rollback');
  });

  it('keeps no writer of the log waiting', async () => {
    await logAt(client, alice, '2026-03-10T00:00:00Z');
    const other = await database.connect();
    await other.query('begin');
    await other.query('select studymate.refresh_user_active_days()');
    await client.query(`set lock_timeout = '1s'`);
    await logAt(client, alice, '2026-03-11T00:00:00Z');
    await client.query(`update users set intro = 'hello' where id = $1`, [alice]);
    await other.query('commit');
  });
});

describe('recount_user_active_days', () => {
  const recount = async (from: string, until: string): Promise<unknown> =>
    (
      await client.query(
        'select removed::int, added::int from studymate.recount_user_active_days($1::date, $2::date)',
        [from, until],
      )
    ).rows[0];

  it('takes over what was deleted, changed and brought back, of the days it is given', async () => {
    await logAt(client, alice, '2026-03-10T00:00:00Z');
    await logAt(client, bob, '2026-03-11T00:00:00Z');
    await logAt(client, bob, '2026-03-12T00:00:00Z');
    await rollover();
    await cover(database.url, client);
    await client.query('delete from user_activity_logs where user_id = $1', [alice]);
    await client.query(`update user_activity_logs set created_at = '2026-03-13 00:00+00' where id = 2`);
    await client.query(`update user_activity_logs set activity = 'LOGIN' where id = 3`);
    expect(await recount('2026-03-12', '2026-03-13')).toEqual({ removed: 1, added: 0 });
    expect(await recount('2026-03-01', '2026-04-01')).toEqual({ removed: 2, added: 1 });
    await expectRolledUp(client);
    await logAt(client, alice, '2026-03-10T00:00:00Z', { id: 1 });
    expect(await recount('-infinity', 'infinity')).toEqual({ removed: 0, added: 1 });
    await expectRolledUp(client);
  });

  it('leaves the days of a month whose log has left the database, even when a row of it comes late', async () => {
    const directory = await makeTemporaryFolder();
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    await logAt(client, alice, '2025-06-10T00:00:00Z');
    await logAt(client, bob, '2025-07-10T00:00:00Z');
    await rollover();
    await archive();
    await cover(database.url, client);
    const before = await rolledUp(client);
    await exportMonth({ connection: database.url, month: '2025-06', directory, drop: true });
    expect(await logged(client)).toEqual([`${bob} 2025-07-10`]);
    expect(await rolledUp(client)).toEqual(before);
    await logAt(client, bob, '2025-06-11T00:00:00Z');
    await cover(database.url, client);
    const after = [...before, `${bob} 2025-06-11`].sort();
    expect((await rolledUp(client)).sort()).toEqual(after);
    expect(await recount('-infinity', 'infinity')).toEqual({ removed: 0, added: 0 });
    const { rows } = await client.query(
      `select user_id from studymate.list_user_active_days('2025-06-01', '2025-07-01', 'Asia/Seoul') order by day`,
    );
    expect(rows).toEqual([{ user_id: alice }, { user_id: bob }]);
    // A dropped partition is the same.
    await client.query('drop table user_activity_logs_archive_y2025m07');
    await refresh(database.url);
    expect(await recount('2025-07-01', '2025-08-01')).toEqual({ removed: 0, added: 0 });
    expect((await rolledUp(client)).sort()).toEqual(after);
  });
});
