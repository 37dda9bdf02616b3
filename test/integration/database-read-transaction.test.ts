import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Major } from '../../src/dev/server-directory.js';
import type { ReadKysely } from '../../src/database/read-kysely.js';
import { openDatabase, type OpenDatabase } from '../support/open-database.js';
import { queryOn, startReplica, type StreamingReplica } from '../support/replica.js';
import { startThrowAwayServer, type ThrowAwayServer } from '../support/server.js';

const major = Number(process.env['STUDYMATE_TEST_POSTGRES'] ?? 17) as Major;
let primary: ThrowAwayServer;
let replica: StreamingReplica;

beforeAll(async () => {
  primary = await startThrowAwayServer(major, { synchronous_commit: 'on' });
  await queryOn(primary.connectionString, 'create table public.notes (id int primary key)');
  replica = await startReplica(primary);
});

afterAll(async () => {
  await replica.dispose();
  await primary.dispose();
});

function open(replicas = [replica.connectionString]): OpenDatabase {
  return openDatabase(primary.connectionString, { replicas, replicaPollMs: 50, replayWaitMs: 5_000 });
}

async function countNotes(db: ReadKysely): Promise<number> {
  const { rows } = await sql<{ count: string }>`select count(*) from notes`.execute(db);
  return Number(rows[0]?.count);
}

const isStandby = async (db: ReadKysely): Promise<boolean | undefined> =>
  (await sql<{ standby: boolean }>`select pg_is_in_recovery() as standby`.execute(db)).rows[0]?.standby;

it('sees one snapshot in all its statements, on the replica', async () => {
  const database = open();
  await sql`insert into notes values (1)`.execute(database.primary);
  const seen = await database.readTransaction(async (db) => {
    const first = await countNotes(db);
    await sql`insert into notes values (2)`.execute(database.primary);
    // Until the replica has it.
    await database
      .session(await database.token())
      .read.selectNoFrom(sql`1`.as('one'))
      .execute();
    return { standby: await isStandby(db), first, second: await countNotes(db) };
  });
  expect(seen).toEqual({ standby: true, first: 1, second: 1 });
  expect(await database.readTransaction(countNotes)).toBe(2);
});

it('cannot write, on the primary either, and leaves the connection in order', async () => {
  const database = open([]);
  const insert = (db: ReadKysely): Promise<unknown> => sql`insert into notes values (3)`.execute(db);
  await expect(database.readTransaction(insert)).rejects.toMatchObject({ code: '25006' });
  expect(await database.readTransaction(isStandby)).toBe(false);
});

it('ends a statement after its own timeout, which is gone afterwards', async () => {
  const database = open([]);
  const sleep = (db: ReadKysely): Promise<unknown> => sql`select pg_sleep(600)`.execute(db);
  await expect(database.readTransaction(sleep, { statementTimeoutMs: 50 })).rejects.toMatchObject({
    code: '57014',
  });
  const { rows } = await sql<{ limit: string }>`select current_setting('statement_timeout') as limit`.execute(
    database.read,
  );
  expect(rows).toEqual([{ limit: '30s' }]);
});

it('cancels the statement on the server when its signal aborts', async () => {
  const database = open([]);
  const stop = new AbortController();
  const running = database.readTransaction(
    async (db) => {
      stop.abort(new Error('enough'));
      await sql`select pg_sleep(600)`.execute(db);
    },
    { signal: stop.signal },
  );
  await expect(running).rejects.toThrow('enough');
  expect(await queryOn(primary.connectionString, RUNNING)).toEqual([{ running: '0' }]);
});

const RUNNING = `select count(*) as running from pg_stat_activity where query like '%pg_sleep%' and state = 'active' and pid <> pg_backend_pid()`;

it('runs again elsewhere when the replica goes while it works', async () => {
  const database = open();
  await database.readTransaction(isStandby);
  let runs = 0;
  const standby = await database.readTransaction(async (db) => {
    runs += 1;
    const answer = await isStandby(db);
    if (runs === 1) await replica.stop('immediate');
    await countNotes(db);
    return answer;
  });
  expect([runs, standby]).toEqual([2, false]);
  await replica.start();
});

it('has no transactions within', async () => {
  const database = open([]);
  await database.readTransaction(async (db) => {
    const asWritable = db as unknown as typeof database.primary;
    await expect(asWritable.transaction().execute(() => Promise.resolve())).rejects.toMatchObject({
      code: 'USAGE_TRANSACTION',
    });
  });
});
