import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asRole } from './doctor-support.js';
import { databaseReports, report } from './report-database-support.js';
import { createDatabase, type Database } from '../../src/database/create-database.js';
import { takeIndexSnapshot } from '../../src/indexes/take-snapshot.js';
import { migrateUp } from '../../src/migrate/migrate.js';
import { bloat } from '../../src/reports/database/bloat.js';
import { longTransactions } from '../../src/reports/database/long-transactions.js';
import { replication } from '../../src/reports/database/replication.js';
import { poll } from '../support/poll.js';
import { startReplica, type StreamingReplica } from '../support/replica.js';
import { startThrowAwayServer, type ThrowAwayServer } from '../support/server.js';

let server: ThrowAwayServer;
let replica: StreamingReplica;
let admin: pg.Client;
let db: Database;
let onReplica: Database;

beforeAll(async () => {
  server = await startThrowAwayServer(17, {
    shared_preload_libraries: 'pg_stat_statements',
    // The log is written when a statement is done, not a little later.
    synchronous_commit: 'on',
  });
  admin = new pg.Client({ connectionString: server.connectionString });
  admin.on('error', () => undefined);
  await admin.connect();
  // Copied with the data.
  await admin.query(`alter system set shared_preload_libraries = 'pg_stat_statements'`);
  await migrateUp({ connection: server.connectionString });
  await admin.query(`create extension pg_stat_statements; create role stranger login password 's'`);
  await takeIndexSnapshot({ connection: server.connectionString });
  await admin.query(`update studymate.index_snapshots set taken_at = taken_at - interval '40 days'`);
  await takeIndexSnapshot({ connection: server.connectionString });
  await admin.query(`update studymate.index_snapshots set counted_since = null`);
  replica = await startReplica(server);
  db = createDatabase({ connectionString: server.connectionString });
  onReplica = createDatabase({ connectionString: replica.connectionString });
});
afterAll(async () => {
  await onReplica.close();
  await db.close();
  await admin.end();
  await replica.dispose();
  await server.dispose();
});

/** Bytes of the log that the server wrote since. */
async function writtenSince(lsn: string): Promise<number> {
  const { rows } = await admin.query<{ bytes: number }>(
    'select pg_wal_lsn_diff(pg_current_wal_lsn(), $1)::float8 as bytes',
    [lsn],
  );
  return rows[0]?.bytes ?? 0;
}

async function position(): Promise<string> {
  const { rows } = await admin.query<{ lsn: string }>('select pg_current_wal_lsn()::text as lsn');
  return rows[0]?.lsn ?? '';
}

test('a replica whose replay is paused writes, and does not apply; on itself it says the same', async () => {
  // From it on the replica knows how old the last transaction is that it applied.
  await admin.query('create table public.first ()');
  const caughtUp = await poll(async () => {
    const { rows } = await report(db, replication);
    return rows[0]?.replayLagBytes === 0 && rows;
  }, 'the replica to catch up');
  expect(caughtUp).toMatchObject([
    {
      ...{ kind: 'replica', state: 'streaming', isActive: true, syncState: 'async', keptBytes: null },
      ...{ writeLagBytes: 0, flushLagBytes: 0 },
    },
  ]);
  expect(caughtUp[0]?.name).toMatch(/^studymate-test-/);
  await replica.pauseReplay();
  const before = await position();
  await admin.query('create table public.lag as select generate_series(1, 5000) as id');
  const written = await writtenSince(before);
  const behind = await poll(async () => {
    const { rows } = await report(db, replication);
    return rows[0]?.flushLagBytes === 0 && (rows[0].replayLagBytes ?? 0) >= written && rows[0];
  }, 'the log to come to the replica');
  expect(behind).toMatchObject({ state: 'streaming', writeLagBytes: 0 });
  expect(behind.replayLagSeconds === null || behind.replayLagSeconds >= 0).toBe(true);

  const { rows, server: facts } = await report(onReplica, replication);
  expect(facts.isReplica).toBe(true);
  expect(rows).toMatchObject([
    {
      kind: 'this server',
      name: `from 127.0.0.1:${new URL(server.connectionString).port}`,
      state: 'streaming',
    },
  ]);
  expect(rows[0]).toMatchObject({
    isActive: true,
    writeLagBytes: null,
    flushLagBytes: null,
    keptBytes: null,
  });
  expect(rows[0]?.replayLagBytes).toBeGreaterThanOrEqual(written);
  expect(rows[0]?.replayLagSeconds).toBeGreaterThan(0);

  await replica.query('select pg_wal_replay_resume()');
  await poll(async () => {
    const [own] = (await report(onReplica, replication)).rows;
    return own?.replayLagBytes === 0 && own.replayLagSeconds === 0;
  }, 'the replica to apply all of it');
});

test('a role that sees no sessions gets no numbers that look like none', async () => {
  const stranger = createDatabase({ connectionString: asRole(server.connectionString, 'stranger', 's') });
  try {
    const { rows, warnings } = await report(stranger, replication);
    expect(warnings).toEqual([expect.stringContaining('pg_monitor')]);
    expect(rows).toMatchObject([
      { kind: 'replica', state: null, isActive: null, writeLagBytes: null, replayLagBytes: null },
    ]);
  } finally {
    await stranger.close();
  }
});

test('a slot that nobody uses keeps the log; one with a snapshot keeps dead rows', async () => {
  await admin.query(`select pg_create_physical_replication_slot('left_over', true)`);
  const before = await position();
  await admin.query('create table public.kept as select generate_series(1, 5000) as id');
  const { rows, warnings } = await report(db, replication);
  const slot = rows.find(({ kind }) => kind === 'slot');
  expect(slot).toMatchObject({ name: 'left_over', state: 'physical, reserved', isActive: false });
  expect(slot?.keptBytes).toBeGreaterThanOrEqual(await writtenSince(before));
  expect(warnings).toEqual(['Nobody uses the slot left_over, and the log is kept for it.']);

  // By its feedback a replica keeps what its readers still see.
  const reader = new pg.Client({ connectionString: replica.connectionString });
  reader.on('error', () => undefined);
  await reader.connect();
  await poll(async () => {
    const { rows: found } = await reader.query<{ there: boolean }>(
      `select to_regclass('public.kept') is not null as there`,
    );
    return found[0]?.there === true;
  }, 'the table to come to the replica');
  await replica.query('alter system set hot_standby_feedback = on');
  await replica.query('select pg_reload_conf()');
  await reader.query('begin isolation level repeatable read; select count(*) from public.kept');
  for (let count = 0; count < 3; count++) await admin.query('select pg_current_xact_id()');
  const held = await poll(async () => {
    const { rows: open } = await report(db, longTransactions);
    return open.find(({ kind, heldTransactions }) => kind === 'replica' && (heldTransactions ?? 0) >= 3);
  }, 'the feedback of the replica');
  expect(held).toMatchObject({ state: 'streaming', openSeconds: null, statement: null });
  expect(held.name).toMatch(/^studymate-test-/);
  await reader.end();
  await admin.query(`select pg_drop_replication_slot('left_over')`);
});

test('every report answers on a replica, and says what a replica does not know', async () => {
  for (const one of databaseReports) expect((await report(onReplica, one)).server.isReplica).toBe(true);
  expect((await report(onReplica, bloat)).warnings).toEqual([
    expect.stringContaining('A replica counts no writes'),
  ]);
});
