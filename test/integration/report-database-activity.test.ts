import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { asRole } from './doctor-support.js';
import { report } from './report-database-support.js';
import { createDatabase, type Database } from '../../src/database/create-database.js';
import { locks } from '../../src/reports/database/locks.js';
import { longTransactions } from '../../src/reports/database/long-transactions.js';
import { poll } from '../support/poll.js';
import { startThrowAwayServer, type ThrowAwayServer } from '../support/server.js';

let server: ThrowAwayServer;
let admin: pg.Client;
let db: Database;
/** Of a role that sees its own sessions only. */
let stranger: Database;
const clients: pg.Client[] = [];

beforeAll(async () => {
  server = await startThrowAwayServer(17, {
    max_prepared_transactions: '5',
    deadlock_timeout: '1h',
  });
  admin = await connect();
  await admin.query(`create role stranger login password 's'; grant create on schema public to stranger;
    create table public."수업" (id int primary key, "메모" text); insert into public."수업" values (1), (2)`);
  db = createDatabase({ connectionString: server.connectionString });
  stranger = createDatabase({ connectionString: asRole(server.connectionString, 'stranger', 's') });
});
afterEach(async () => {
  for (const client of clients.splice(1)) await client.end().catch(() => undefined);
});
afterAll(async () => {
  await db.close();
  await stranger.close();
  await admin.end();
  await server.dispose();
});

async function connect(applicationName = ''): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: server.connectionString,
    application_name: applicationName,
  });
  client.on('error', () => undefined);
  await client.connect();
  clients.push(client);
  return client;
}

function pidOf(client: pg.Client): number {
  return (client as pg.Client & { readonly processID: number }).processID;
}

async function untilWaiting(count: number): Promise<void> {
  await poll(async () => {
    const { rows } = await admin.query('select from pg_locks where not granted');
    return rows.length === count;
  }, `${count} waits`);
}

describe('locks', () => {
  test('nobody waits: there is nothing to tell', async () => {
    const other = await connect();
    await other.query('begin; lock table public."수업"');
    expect((await report(db, locks)).rows).toEqual([]);
  });

  test('a chain is together, its head first, with what each waits for, and no word of what people wrote', async () => {
    const holder = await connect('holder');
    const middle = await connect('migration');
    const last = await connect();
    await holder.query('begin');
    await holder.query(
      `select count(*) from public."수업" where "메모" <> '비밀 이야기' -- of kim@example.com`,
    );
    const pending = [middle.query('begin; lock table public."수업" in access exclusive mode')];
    await untilWaiting(1);
    pending.push(last.query(`select count(*) from public."수업" where id = 821105`));
    await untilWaiting(2);
    const { rows, warnings } = await report(db, locks);
    const [head, second, third] = [pidOf(holder), pidOf(middle), pidOf(last)];
    expect(rows).toMatchObject([
      {
        ...{ pid: head, blockers: null, heads: null, behind: 2, isDeadlock: false, mode: null, target: null },
        ...{ waitingSeconds: null, application: 'holder', state: 'idle in transaction' },
        statement: 'select count(*) from public."수업" where "메모" <> ?',
      },
      {
        ...{ pid: second, blockers: String(head), heads: String(head), behind: 1, isDeadlock: false },
        ...{
          mode: 'AccessExclusiveLock',
          target: 'relation "수업"',
          application: 'migration',
          state: 'active',
        },
        statement: 'begin; lock table public."수업" in access exclusive mode',
      },
      {
        ...{ pid: third, heads: String(head), behind: 0, mode: 'AccessShareLock', target: 'relation "수업"' },
        ...{ blockers: String(second), application: null },
        statement: 'select count(*) from public."수업" where id = ?',
      },
    ]);
    expect(rows[0]?.transactionSeconds).toBeGreaterThan(rows[1]?.waitingSeconds ?? Infinity);
    expect(rows[1]?.waitingSeconds).toBeGreaterThan(rows[2]?.waitingSeconds ?? Infinity);
    expect(warnings).toEqual([]);

    const seen = await report(stranger, locks);
    expect(seen.warnings).toEqual([expect.stringContaining('pg_monitor')]);
    expect(seen.rows).toMatchObject(
      [head, second, third].map((pid) => ({ pid, state: null, statement: null })),
    );
    await holder.query('rollback');
    await middle.query('rollback').catch(() => undefined);
    await Promise.all(pending);
  });

  test('a prepared transaction has no session and is in the way all the same', async () => {
    await admin.query(`begin; update public."수업" set id = 1 where id = 1; prepare transaction 'left'`);
    const waiter = await connect();
    const pending = waiter.query('update public."수업" set "메모" = null where id = 1');
    await untilWaiting(1);
    const { rows } = await report(db, locks);
    expect(rows).toMatchObject([
      { pid: 0, state: 'prepared', behind: 1, heads: null, application: null, statement: null },
      { pid: pidOf(waiter), blockers: '0', heads: '0', target: 'a row that another transaction changed' },
    ]);
    await admin.query(`rollback prepared 'left'`);
    await pending;
  });

  test('in a deadlock everybody waits, and there is no head', async () => {
    const [one, other] = [await connect(), await connect()];
    await one.query('begin; update public."수업" set "메모" = null where id = 1');
    await other.query('begin; update public."수업" set "메모" = null where id = 2');
    const pending = [one.query('update public."수업" set "메모" = null where id = 2').catch(() => undefined)];
    await untilWaiting(1);
    pending.push(other.query('update public."수업" set "메모" = null where id = 1').catch(() => undefined));
    await untilWaiting(2);
    const { rows } = await report(db, locks);
    expect(rows).toHaveLength(2);
    for (const row of rows) expect(row).toMatchObject({ isDeadlock: true, heads: null, behind: 1 });
    expect(rows.map(({ pid, blockers }) => [pid, blockers]).toSorted()).toEqual(
      [
        [pidOf(one), String(pidOf(other))],
        [pidOf(other), String(pidOf(one))],
      ].toSorted(),
    );
    await admin.query('select pg_terminate_backend($1)', [pidOf(other)]);
    await Promise.all(pending);
  });

  test('a queue of many is told once for each, in time', async () => {
    const holder = await connect();
    await holder.query('begin; lock table public."수업"');
    const waiters = await Promise.all(Array.from({ length: 40 }, () => connect()));
    const pending = waiters.map((waiter) =>
      waiter.query('begin; lock table public."수업"; commit').catch(() => undefined),
    );
    await untilWaiting(40);
    const { rows } = await report(db, locks, {}, { statementTimeoutMs: 5_000 });
    expect(rows).toHaveLength(41);
    expect(rows[0]).toMatchObject({ pid: pidOf(holder), behind: 40 });
    expect(rows.slice(1).every(({ heads }) => heads === String(pidOf(holder)))).toBe(true);
    await holder.query('rollback');
    await Promise.all(pending);
  });
});

describe('long-transactions', () => {
  test('an idle one and a prepared one, the one that holds most first', async () => {
    await admin.query(`begin; update public."수업" set id = 1 where id = 1; prepare transaction '준비'`);
    for (let count = 0; count < 5; count++) await admin.query('select pg_current_xact_id()');
    const idle = await connect('forgotten');
    await idle.query('begin isolation level repeatable read');
    await idle.query(`select * from public."수업" where "메모" = '여보세요'`);
    for (let count = 0; count < 5; count++) await admin.query('select pg_current_xact_id()');
    expect((await report(db, longTransactions)).rows).toEqual([]);
    const { rows } = await report(db, longTransactions, { seconds: 0 });
    expect(rows).toMatchObject([
      { kind: 'prepared transaction', name: '준비', state: 'prepared', isOldest: true, idleSeconds: null },
      {
        ...{ kind: 'transaction', name: `pid ${pidOf(idle)}`, application: 'forgotten' },
        ...{ state: 'idle in transaction', statement: 'select * from public."수업" where "메모" = ?' },
      },
    ]);
    // A snapshot that saw the prepared transaction open holds what that one holds.
    expect(rows[0]?.heldTransactions).toBeGreaterThanOrEqual(11);
    expect(rows[1]?.heldTransactions).toBe(rows[0]?.heldTransactions);
    expect(rows[1]?.openSeconds).toBeGreaterThanOrEqual(rows[1]?.idleSeconds ?? Infinity);
    await admin.query(`rollback prepared '준비'`);

    const seen = await report(stranger, longTransactions, { seconds: 0 });
    expect(seen.warnings).toEqual([expect.stringContaining('pg_monitor')]);
    expect(seen.rows).toEqual([]);
  });
});
