import type pg from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';
import { restoreMonth } from '../../src/archive/restore-month.js';
import { runArchive } from '../../src/archive/run-archive.js';
import { rolloverPartitions } from '../../src/partitions/rollover.js';
import {
  age,
  cover,
  coveredId,
  expectExact,
  expectRolledUp,
  logAt,
  refresh,
  rolledUp,
} from '../support/active-days.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { insertUser } from '../support/rows.js';

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

describe('the roll-up of active days', () => {
  it('is nothing for an empty log, before and after a refresh', async () => {
    await expectExact(client);
    expect(await refresh(database.url)).toBe(0);
    await expectRolledUp(client);
    expect(await coveredId(client)).toBe(0);
  });

  it('has a row for each user and day in Seoul with more than coming and going', async () => {
    // 15:00 UTC is midnight in Seoul.
    await logAt(client, alice, '2026-03-19T14:59:59.999999Z');
    await logAt(client, alice, '2026-03-19T15:00:00Z');
    await logAt(client, alice, '2026-03-19T20:00:00Z', { activity: 'MATCH_REQUESTED' });
    await logAt(client, bob, '2026-03-19T15:00:00Z', { activity: 'LOGIN' });
    await logAt(client, bob, '2026-03-19T16:00:00Z', { activity: 'LOGOUT' });
    await logAt(client, null, '2026-03-19T16:00:00Z');
    await refresh(database.url);
    expect(await rolledUp(client)).toEqual([`${alice} 2026-03-19`, `${alice} 2026-03-20`]);
    await expectRolledUp(client);
  });

  it('is filled in batches, over gaps, and covers what was there an hour before and no more', async () => {
    for (let day = 1; day <= 20; day++)
      await logAt(client, alice, `2026-03-${String(day).padStart(2, '0')}T00:00:00Z`);
    await client.query(`select setval('user_activity_logs_id_seq', 4000000000)`);
    await logAt(client, bob, '2026-03-01T00:00:00Z');
    const read: string[] = [];
    const added = await refresh(database.url, {
      idsPerBatch: 8,
      onEvent: (event) => event.type === 'batch' && read.push(event.readId),
    });
    expect(added).toBe(21);
    expect(read).toEqual(['8', '16', '24', '4000000001']);
    expect(await coveredId(client)).toBe(0);
    await refresh(database.url);
    expect(await coveredId(client)).toBe(0);
    await age(client);
    await logAt(client, bob, '2026-03-02T00:00:00Z');
    expect(await refresh(database.url, { idsPerBatch: 8 })).toBe(1);
    const { rows } = await client.query('select covered_id, mark_id from studymate.user_active_days_state');
    expect(rows).toEqual([{ covered_id: '4000000001', mark_id: '4000000002' }]);
    await expectRolledUp(client);
  });

  it('finds late rows of old months, in the default partition and in the archive', async () => {
    await logAt(client, alice, '2025-06-10T00:00:00Z');
    await logAt(client, alice, '2026-03-10T00:00:00Z');
    await rollover();
    await archive();
    await cover(database.url, client);
    expect(await coveredId(client)).toBe(2);
    // Of an archived month, of a month that nobody made, and of one that is there.
    await logAt(client, bob, '2025-06-11T00:00:00Z');
    await logAt(client, bob, '2019-02-03T00:00:00Z');
    await logAt(client, bob, '2026-03-11T00:00:00Z');
    await expectExact(client);
    expect(await refresh(database.url)).toBe(3);
    await expectRolledUp(client);
    await logAt(client, alice, '2025-06-12T00:00:00Z');
    await rollover();
    await expectExact(client);
    const { rowCount } = await client.query('select from user_activity_logs_default');
    expect(rowCount).toBe(0);
    await archive();
    await cover(database.url, client);
    await expectRolledUp(client);
  });

  it('stays as it is when months go to the archive and come back', async () => {
    await logAt(client, alice, '2025-06-10T00:00:00Z');
    await logAt(client, bob, '2025-08-31T16:00:00Z');
    await rollover();
    await refresh(database.url);
    await archive();
    await expectRolledUp(client);
    await cover(database.url, client);
    await restoreMonth({ connection: database.url, month: '2025-06' });
    await expectRolledUp(client);
    await cover(database.url, client);
    await logAt(client, bob, '2025-06-30T20:00:00Z');
    await expectExact(client);
    await refresh(database.url);
    await expectRolledUp(client);
  });

  it('forgets a user who is erased, as the log does', async () => {
    await logAt(client, alice, '2026-03-10T00:00:00Z');
    await logAt(client, bob, '2026-03-10T00:00:00Z');
    await cover(database.url, client);
    await client.query('delete from users where id = $1', [alice]);
    expect(await rolledUp(client)).toEqual([`${bob} 2026-03-10`]);
    await expectRolledUp(client);
  });
});

describe('covered_id', () => {
  it('waits for a transaction that drew a smaller id and commits after others were read', async () => {
    const slow = await database.connect();
    await slow.query('begin');
    const id = await logAt(slow, alice, '2026-03-10T00:00:00Z');
    await logAt(client, bob, '2026-03-10T00:00:00Z');
    for (let run = 0; run < 4; run++) {
      await refresh(database.url);
      await age(client);
      expect(await coveredId(client)).toBeLessThan(id);
    }
    expect(await rolledUp(client)).toEqual([`${bob} 2026-03-10`]);
    await slow.query('commit');
    await expectExact(client);
    await refresh(database.url);
    await expectRolledUp(client);
    expect(await coveredId(client)).toBe(2);
  });

  it('waits as well when that transaction had no number yet as the mark was made', async () => {
    await logAt(client, bob, '2026-03-09T00:00:00Z');
    const slow = await database.connect();
    await slow.query('begin');
    // Only one in 32 of them is logged, and gives its transaction a number.
    const { rows } = await slow.query<{ id: string; xid: string | null }>(
      `select nextval('user_activity_logs_id_seq') as id, pg_current_xact_id_if_assigned()::text as xid`,
    );
    const id = rows[0]?.id;
    expect(rows).toEqual([{ id: '2', xid: null }]);
    await logAt(client, bob, '2026-03-10T00:00:00Z');
    await refresh(database.url);
    await logAt(slow, alice, '2026-03-10T00:00:00Z', { id });
    for (let run = 0; run < 4; run++) {
      await age(client);
      await refresh(database.url);
      expect(await coveredId(client)).toBeLessThan(Number(id));
    }
    await slow.query('commit');
    await refresh(database.url);
    await expectRolledUp(client);
    expect(await coveredId(client)).toBe(3);
  });

  it('passes ids that were rolled back', async () => {
    await logAt(client, alice, '2026-03-10T00:00:00Z');
    await client.query('begin');
    const lost = await logAt(client, bob, '2026-03-11T00:00:00Z');
    await client.query('rollback');
    await cover(database.url, client);
    expect(await coveredId(client)).toBe(lost);
    await logAt(client, bob, '2026-03-12T00:00:00Z');
    await cover(database.url, client);
    await expectRolledUp(client);
  });

  it('does not wait for ever in a database made of a dump of another server', async () => {
    await logAt(client, alice, '2026-03-10T00:00:00Z');
    await refresh(database.url);
    await client.query('update studymate.user_active_days_state set mark_xid = 4000000000000');
    await age(client);
    await refresh(database.url);
    expect(await coveredId(client)).toBe(1);
  });

  it('starts anew when users and logs were truncated and loaded again', async () => {
    for (const day of ['10', '11', '12']) await logAt(client, alice, `2026-03-${day}T00:00:00Z`);
    await cover(database.url, client);
    expect(await coveredId(client)).toBe(3);
    await client.query(
      'truncate users, user_activity_logs, user_activity_logs_archive restart identity cascade',
    );
    await expectExact(client);
    const carol = await insertUser(client);
    for (const day of ['13', '14', '15', '16']) await logAt(client, carol, `2026-03-${day}T00:00:00Z`);
    await expectExact(client);
    await refresh(database.url);
    expect(await coveredId(client)).toBe(0);
    await expectRolledUp(client);
    await cover(database.url, client);
    expect(await coveredId(client)).toBe(4);
    await expectRolledUp(client);
  });

  it('starts anew when the sequence was set back', async () => {
    for (const day of ['10', '11', '12']) await logAt(client, alice, `2026-03-${day}T00:00:00Z`);
    await rollover();
    await cover(database.url, client);
    await client.query('truncate user_activity_logs restart identity');
    await expectExact(client);
    await logAt(client, bob, '2026-03-11T00:00:00Z');
    await expectExact(client);
    await refresh(database.url);
    expect(await coveredId(client)).toBe(0);
    await expectRolledUp(client);
  });
});
