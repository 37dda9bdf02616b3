import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { asRole, brief, look } from './doctor-support.js';
import { checkNames, runDoctor } from '../../src/doctor/run-doctor.js';
import type { KnownReleases } from '../../src/doctor/releases.js';
import { takeIndexSnapshot } from '../../src/indexes/take-snapshot.js';
import { runMaintenance } from '../../src/maintain/maintain.js';
import { migrateUp } from '../../src/migrate/migrate.js';
import { poll } from '../support/poll.js';
import { startReplica } from '../support/replica.js';
import { startThrowAwayServer, type ThrowAwayServer } from '../support/server.js';

/** As docs/operations.md has it: an owner, a role that maintains, a server set up with care. */
const careful = {
  fsync: 'on',
  full_page_writes: 'on',
  autovacuum: 'on',
  // On a busy machine autovacuum must not come in between.
  autovacuum_naptime: '1h',
  idle_in_transaction_session_timeout: '10min',
  shared_preload_libraries: 'pg_stat_statements',
  max_prepared_transactions: '5',
  max_connections: '40',
};

let server: ThrowAwayServer;
let admin: pg.Client;
let maintUrl: string;
let minor: number;
const clients: pg.Client[] = [];

async function connect(url = maintUrl): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  clients.push(client);
  return client;
}

/** As of this server, so that the tests do not fail on the day of the next release. */
const releases = (latestMinor = minor, endOfLife = '2099-01-01'): KnownReleases => ({
  asOf: '2026-11-22',
  majors: { 17: { latestMinor, endOfLife } },
});

beforeAll(async () => {
  server = await startThrowAwayServer(17, careful);
  const root = await connect(server.connectionString);
  await root.query(`create role studymate_owner login password 'o';
    create role studymate_maint login password 'm' in role studymate_owner; grant pg_monitor to studymate_maint;
    create role app login password 'a' connection limit 4`);
  await root.query('create database doctored owner studymate_owner');
  const url = new URL(server.connectionString);
  url.pathname = '/doctored';
  admin = await connect(url.href);
  await admin.query('create extension pg_stat_statements; alter schema public owner to studymate_owner');
  const ownerUrl = asRole(url.href, 'studymate_owner', 'o');
  maintUrl = asRole(url.href, 'studymate_maint', 'm');
  await migrateUp({ connection: ownerUrl });
  await runMaintenance({ connection: ownerUrl });
  await takeIndexSnapshot({ connection: ownerUrl });
  await takeIndexSnapshot({ connection: ownerUrl });
  const { rows } = await admin.query<{ version: number }>(
    `select current_setting('server_version_num')::int as version`,
  );
  minor = (rows[0]?.version ?? 0) % 10_000;
});
afterEach(async () => {
  for (const client of clients.splice(2)) await client.end().catch(() => undefined);
});
afterAll(async () => {
  for (const client of clients) await client.end().catch(() => undefined);
  await server.dispose();
});

test('nothing is found by the role that maintains, in a database that is looked after', async () => {
  const result = await runDoctor({ connection: maintUrl, releases: releases() });
  expect(brief(result.findings)).toEqual([]);
  expect(result.worst).toBeUndefined();
  expect(result.checks.map(({ name }) => name)).toEqual(checkNames);
  expect(result.measurements.map(({ name }) => name)).toContain('cache_hit');
  expect(result).toMatchObject({ database: 'doctored', role: 'studymate_maint' });
});

test('server-version: releases that were missed, and the end of the version', async () => {
  expect(brief(await look(maintUrl, ['server-version'], { releases: releases(minor + 1) }))).toEqual([
    expect.stringMatching(/^info .*at least 1 minor release behind/),
  ]);
  expect(
    brief(await look(maintUrl, ['server-version'], { releases: releases(minor + 3, '2020-01-01') })),
  ).toEqual([
    expect.stringMatching(/^error .*got its last minor release on 2020-01-01/),
    expect.stringMatching(/^warn .*at least 3 minor releases behind: 17\.\d+ was out on 2026-11-22/),
  ]);
  expect(
    brief(await look(maintUrl, ['server-version'], { releases: { asOf: '2026-11-22', majors: {} } })),
  ).toEqual([expect.stringMatching(/not one of the versions/)]);
});

test('connection: a superuser, who hides what others lack, and a role that sees little', async () => {
  const url = new URL(maintUrl);
  url.username = new URL(server.connectionString).username;
  url.password = new URL(server.connectionString).password;
  expect(brief(await look(url.href, ['connection']))).toEqual([
    expect.stringMatching(/^info role .*superuser/),
  ]);
  expect(brief(await look(asRole(maintUrl, 'app', 'a'), ['connection']))).toEqual([
    expect.stringMatching(/^warn role app: not visible to role app: .*needs membership in pg_read_all_stats/),
    expect.stringMatching(/^info role app: it is no member of studymate_owner/),
  ]);
});

describe('settings', () => {
  test('of a role or of the database, which the session of the run does not have', async () => {
    await admin.query(`alter role app set default_transaction_isolation = 'repeatable read';
      alter role app in database doctored set default_transaction_read_only = on;
      alter database doctored set session_replication_role = 'replica'`);
    try {
      const findings = await look(maintUrl, ['settings']);
      expect(brief(findings)).toEqual([
        expect.stringMatching(/^error default_transaction_isolation: repeatable read for role app:/),
        expect.stringMatching(/^error session_replication_role: replica for database doctored:/),
        expect.stringMatching(/^warn default_transaction_read_only: on for role app in database doctored:/),
      ]);
      expect(findings[0]?.why).toContain('0A000');
      for (const { fix } of findings) await admin.query(fix);
      expect(await look(maintUrl, ['settings'])).toEqual([]);
    } finally {
      await admin.query(`alter role app reset all; alter role app in database doctored reset all;
        alter database doctored reset all`);
    }
  });

  test('of the server', async () => {
    const set = async (sql: string): Promise<void> => {
      for (const statement of sql.split(';')) await admin.query(statement);
      await admin.query('select pg_reload_conf()');
    };
    await set(`alter system set deadlock_timeout = '100ms'; alter system set enable_partition_pruning = off;
      alter system set track_counts = off; alter system set default_transaction_isolation = 'serializable'`);
    try {
      const found = await poll(async () => {
        const findings = await look(maintUrl, ['settings', 'autovacuum']);
        return findings.length === 4 && findings;
      }, 'the new settings');
      expect(found.map(({ severity, object }) => `${severity} ${object}`)).toEqual([
        'error track_counts',
        'warn default_transaction_isolation',
        'warn enable_partition_pruning',
        'warn deadlock_timeout',
      ]);
    } finally {
      await set('alter system reset all');
    }
    await poll(
      async () => (await look(maintUrl, ['settings', 'autovacuum'])).length === 0,
      'the old settings',
    );
  });
});

test('lock-table: too small for a statement that touches every month', async () => {
  const [finding] = await look(maintUrl, ['lock-table'], { thresholds: { lockTableStatements: 10_000 } });
  expect(finding).toMatchObject({ severity: 'warn', object: 'max_locks_per_transaction' });
  expect(finding?.fix).toMatch(/max_locks_per_transaction = \d+/);
});

describe('locks', () => {
  const thresholds = { lockWaitWarnMs: 0, lockWaitErrorMs: 3_600_000 };
  const waiting = (count: number): Promise<unknown> =>
    poll(async () => {
      const { rows } = await admin.query('select from pg_locks where not granted');
      return rows.length === count;
    }, `${count} waits`);

  test('the one at the beginning of a chain is named, with all who wait behind, whatever the lock', async () => {
    const [holder, middle, last, advisory, advised] = await Promise.all(
      Array.from({ length: 5 }, () => connect()),
    );
    if (!holder || !middle || !last || !advisory || !advised) throw new Error('no sessions');
    await holder.query('begin; select count(*) from public.user_interests');
    const pending = [middle.query('begin; lock table public.user_interests in access exclusive mode')];
    await waiting(1);
    pending.push(last.query('select count(*) from public.user_interests'));
    await waiting(2);
    await advisory.query('select pg_advisory_lock(7, 9)');
    pending.push(advised.query('select pg_advisory_lock(7, 9)'));
    await waiting(3);
    expect(await look(maintUrl, ['locks'])).toEqual([]);
    const findings = await look(maintUrl, ['locks'], { thresholds });
    const holderPid = (holder as pg.Client & { processID: number }).processID;
    const advisoryPid = (advisory as pg.Client & { processID: number }).processID;
    const chain = findings.find(({ object }) => object === `pid ${holderPid}`);
    expect(findings.map(({ object }) => object).sort()).toEqual(
      [`pid ${holderPid}`, `pid ${advisoryPid}`].sort(),
    );
    expect(chain?.what).toContain('keeps 2 sessions waiting, its last statement: begin; select count(*)');
    expect(chain?.what).toContain('AccessExclusiveLock on relation public.user_interests');
    expect(chain?.what).toContain('AccessShareLock on relation public.user_interests');
    expect(findings.find(({ object }) => object === `pid ${advisoryPid}`)?.what).toContain(
      'advisory lock 7, 9',
    );
    // A role that may not see who they are is told so; that somebody waits it sees all the same.
    const seen = await look(asRole(maintUrl, 'app', 'a'), ['locks'], { thresholds });
    expect(seen).toHaveLength(3);
    expect(seen[2]?.what).toContain('not visible to role app');
    // The advice is enough: the others go on when only the first is ended.
    await admin.query(/^select pg_terminate_backend\(\d+\)/.exec(chain?.fix ?? '')?.[0] ?? '');
    await advisory.end();
    await pending[0];
    await middle.query('commit');
    await Promise.all(pending);
    expect(await look(maintUrl, ['locks'], { thresholds })).toEqual([]);
  });

  test('a row that is held by a prepared transaction, which has no session', async () => {
    await admin.query(
      'create table public.doctor_row (id int primary key); insert into public.doctor_row values (1)',
    );
    await admin.query(`begin; update public.doctor_row set id = 1; prepare transaction 'it''s done'`);
    const waiter = await connect(
      asRole(maintUrl, new URL(server.connectionString).username, new URL(server.connectionString).password),
    );
    const pending = waiter.query('update public.doctor_row set id = 1');
    await waiting(1);
    const [finding] = await look(maintUrl, ['locks'], { thresholds });
    expect(finding).toMatchObject({ object: 'prepared transaction' });
    expect(finding?.what).toContain('a row that another transaction changed');
    const [prepared] = await look(maintUrl, ['transactions'], {
      thresholds: { transactionErrorMs: 0, transactionWarnMs: 0 },
    });
    expect(prepared).toMatchObject({ severity: 'error', object: `prepared it's done` });
    await admin.query(/^rollback prepared '.*'(?=, or)/.exec(prepared?.fix ?? '')?.[0] ?? '');
    await pending;
    await admin.query('drop table public.doctor_row');
  });
});

test('transactions: one that is open for long, one that is left idle', async () => {
  const client = await connect(asRole(maintUrl, 'app', 'a'));
  await client.query('begin; select 1');
  expect(await look(maintUrl, ['transactions'])).toEqual([]);
  for (const [thresholds, severity] of [
    [{ transactionErrorMs: 0, transactionWarnMs: 0 }, 'error'],
    [{ transactionWarnMs: 0 }, 'warn'],
    [{ idleInTransactionWarnMs: 0 }, 'warn'],
  ] as const) {
    const findings = await look(maintUrl, ['transactions'], { thresholds });
    expect(brief(findings)).toEqual([
      expect.stringMatching(
        new RegExp(`^${severity} pid \\d+: unnamed, user app: open for .*, idle in it for .*select 1`),
      ),
    ]);
  }
  const [hidden] = await look(asRole(maintUrl, 'app', 'a'), ['transactions']);
  expect(hidden?.what).toMatch(/^not visible to role app: the transactions of \d sessions/);
});

test('connections: near the limit of a role, and of the server', async () => {
  await Promise.all(Array.from({ length: 4 }, () => connect(asRole(maintUrl, 'app', 'a'))));
  expect(brief(await look(maintUrl, ['connections']))).toEqual([
    'error role app: 4 of 4 connections are taken, 4 of them idle',
  ]);
  const all = await look(maintUrl, ['connections'], { thresholds: { connectionsWarnRatio: 0.1 } });
  expect(all.map(({ severity, object }) => `${severity} ${object}`)).toContain('warn max_connections');
});

test('cache-hit: blocks that are not found in memory, once there are enough of them to tell', async () => {
  const thresholds = { cacheHitMinimumBlocks: 1, cacheHitRatio: 1 };
  const [finding] = await look(maintUrl, ['cache-hit'], { thresholds });
  expect(finding).toMatchObject({ severity: 'warn', object: 'shared_buffers' });
});

test('statements: loaded, but not there in this database, or not visible', async () => {
  expect(brief(await look(asRole(maintUrl, 'app', 'a'), ['statements']))).toEqual([
    expect.stringMatching(/^warn pg_stat_statements: not visible to role app/),
  ]);
  await admin.query('drop extension pg_stat_statements');
  const [finding] = await look(maintUrl, ['statements']);
  expect(finding).toMatchObject({ severity: 'info', fix: 'create extension pg_stat_statements' });
  await admin.query(finding?.fix ?? '');
  expect(await look(maintUrl, ['statements'])).toEqual([]);
});

test('replication-slots: one that nobody uses, and whose log grows', async () => {
  await admin.query(`select pg_create_physical_replication_slot('left_over', true)`);
  const warned = await look(maintUrl, ['replication-slots']);
  expect(brief(warned)).toEqual([
    expect.stringMatching(/^warn slot left_over: physical, used by nobody, keeps .* of the log/),
  ]);
  expect(warned[0]?.why).toContain('until the disk is full');
  const grave = await look(maintUrl, ['replication-slots'], { thresholds: { slotRetainedErrorBytes: 0 } });
  expect(grave).toMatchObject([{ severity: 'error' }]);
  await admin.query(/select pg_drop.*$/.exec(warned[0]?.fix ?? '')?.[0] ?? '');
  expect(await look(maintUrl, ['replication-slots'])).toEqual([]);
});

test('a replica that does not replay is seen from the primary and from itself; doctor works on both', async () => {
  // Copied with the data: a standby needs room for as many as its primary.
  await admin.query('alter system set max_prepared_transactions = 5');
  const replica = await startReplica(server);
  try {
    await replica.pauseReplay();
    await admin.query('create table public.doctor_wal as select generate_series(1, 5000) as id');
    const thresholds = { replicationLagWarnBytes: 1_000 };
    const [seen] = await poll(async () => {
      const findings = await look(maintUrl, ['replication-lag'], { thresholds });
      return findings.length > 0 && findings;
    }, 'the lag of the replica');
    expect(seen).toMatchObject({ check: 'replication-lag', severity: 'warn' });
    expect(seen?.object).toMatch(/^replica studymate-test-/);
    expect(brief(await look(asRole(maintUrl, 'app', 'a'), ['replication-lag']))).toEqual([
      'warn replicas: not visible to role app: how far 1 replicas are behind; needs membership in pg_read_all_stats, which pg_monitor contains',
    ]);
    const url = new URL(maintUrl);
    url.port = new URL(replica.connectionString).port;
    const own = await poll(async () => {
      const { findings } = await runDoctor({
        connection: url.href,
        releases: releases(),
        rules: { thresholds },
      });
      return findings.some(({ check }) => check === 'replication-lag') && findings;
    }, 'the log to come to the replica');
    expect(own.map(({ severity, object }) => `${severity} ${object}`)).toEqual(
      expect.arrayContaining(['warn replica this standby', 'info connection', 'info hot_standby_feedback']),
    );
    expect(own.filter(({ object }) => object === 'check')).toEqual([]);
    await replica.query('select pg_wal_replay_resume()');
    await poll(
      async () => (await look(maintUrl, ['replication-lag'], { thresholds })).length === 0,
      'the replica to catch up',
    );
  } finally {
    await replica.dispose();
    await admin.query('drop table if exists public.doctor_wal');
  }
});
