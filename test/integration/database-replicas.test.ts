import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Major } from '../../src/dev/server-directory.js';
import type { Session } from '../../src/database/session.js';
import { openDatabase, type OpenDatabase } from '../support/open-database.js';
import { poll } from '../support/poll.js';
import { queryOn, startReplica, type StreamingReplica } from '../support/replica.js';
import { startThrowAwayServer, type ThrowAwayServer } from '../support/server.js';
import { startTcpProxy } from '../support/tcp-proxy.js';

const major = Number(process.env['STUDYMATE_TEST_POSTGRES'] ?? 17) as Major;

let primary: ThrowAwayServer;
let replica: StreamingReplica;

beforeAll(async () => {
  primary = await startThrowAwayServer(major, { synchronous_commit: 'on' });
  await queryOn(primary.connectionString, 'create table public.notes (id int primary key, body text)');
  replica = await startReplica(primary);
});

afterAll(async () => {
  await replica.dispose();
  await primary.dispose();
});

function open(options: Parameters<typeof openDatabase>[1] = {}): OpenDatabase {
  return openDatabase(primary.connectionString, {
    replicas: [replica.connectionString],
    replicaPollMs: 50,
    replayWaitMs: 5_000,
    ...options,
  });
}

async function write(session: Session, id: number): Promise<void> {
  await sql`insert into notes values (${id}, 'text')`.execute(session.primary);
}

interface Seen {
  readonly found: boolean;
  readonly standby: boolean;
}

/** Whether the note is seen, and by whom. */
async function read(session: Session, id: number): Promise<Seen> {
  const { rows } = await sql<Seen>`
    select exists (select from notes where id = ${id}) as found, pg_is_in_recovery() as standby`.execute(
    session.read,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('a select of one row gave none');
  return row;
}

async function withReplayPaused<T>(work: () => Promise<T>): Promise<T> {
  await replica.pauseReplay();
  try {
    return await work();
  } finally {
    await replica.query('select pg_wal_replay_resume()');
  }
}

describe('read', () => {
  it('goes to the replica, and shows what the caller wrote', async () => {
    const database = open();
    for (let id = 1; id <= 20; id++) {
      await write(database, id);
      expect(await read(database, id)).toEqual({ found: true, standby: true });
    }
  });

  it('shows what the caller committed in a transaction', async () => {
    const database = open();
    await database.withTransaction(async (transaction) => {
      await sql`insert into notes values (100, 'in a transaction')`.execute(transaction);
    });
    expect(await read(database, 100)).toEqual({ found: true, standby: true });
  });

  it('goes to the primary when the replica does not get there in time', async () => {
    const database = open({ replayWaitMs: 100, maximumLagMs: 60_000 });
    await read(database, 1);
    await withReplayPaused(async () => {
      await write(database, 200);
      const begun = performance.now();
      expect(await read(database, 200)).toEqual({ found: true, standby: false });
      expect(performance.now() - begun).toBeGreaterThanOrEqual(99);
    });
  });

  it('waits for the replica as long as it may', async () => {
    const database = open({ maximumLagMs: 60_000 });
    await read(database, 1);
    let reading: Promise<Seen> | undefined;
    await withReplayPaused(async () => {
      await write(database, 201);
      reading = read(database, 201);
      await poll(
        () => Promise.resolve((database.status().replicas[0]?.lag?.lagBytes ?? 0) > 0),
        'the lag to be seen',
      );
    });
    expect(await reading).toEqual({ found: true, standby: true });
  });

  it('does not make a session wait for what another one wrote', async () => {
    const database = open({ maximumLagMs: 60_000 });
    const [writer, reader] = [database.session(), database.session()];
    await read(reader, 1);
    await withReplayPaused(async () => {
      await write(writer, 300);
      expect(await read(reader, 300)).toEqual({ found: false, standby: true });
    });
  });

  it('shows in one process what a session wrote in another, by its token', async () => {
    const [here, there] = [open(), open({ replayWaitMs: 50, maximumLagMs: 60_000 })];
    await read(there, 1);
    const session = here.session();
    expect(await session.token()).toBeUndefined();
    await withReplayPaused(async () => {
      await write(session, 400);
      const token = await session.token();
      expect(token).toMatch(/^1:[0-9A-F]+\/[0-9A-F]+$/);
      expect(await read(there.session(), 400)).toEqual({ found: false, standby: true });
      expect(await read(there.session(token), 400)).toEqual({ found: true, standby: false });
    });
    const token = (await session.token()) ?? '';
    await poll(async () => (await read(there.session(token), 400)).standby, 'the replica to catch up');
    expect(await there.session(token).token()).toBe(token);
  });

  it('is closed in the middle of a look at the replicas without a word', async () => {
    const database = open({ replicaPollMs: 1 });
    await read(database, 1);
    await database.close();
    await replica.query('select 1');
    expect(database.warnings).toEqual([]);
  });

  it('refuses a token that is none', () => {
    const database = open();
    for (const token of [
      '',
      '0/0',
      '2:0/0',
      '1:0/0/0',
      '1:xyz',
      '1:0/123456789',
      "1:0/0'; drop table notes",
    ]) {
      expect(() => database.session(token)).toThrow(
        expect.objectContaining({ code: 'SESSION_TOKEN_INVALID' }),
      );
    }
  });

  it('is read-only for raw SQL as well, on the replica and on the primary', async () => {
    const alone = openDatabase(primary.connectionString);
    for (const database of [open(), alone]) {
      for (const statement of [sql`insert into notes values (-1, '')`, sql`create table public.no ()`]) {
        await expect(statement.execute(database.read)).rejects.toMatchObject({ code: '25006' });
      }
    }
    expect(await read(alone, 1)).toEqual({ found: true, standby: false });
  });

  it('leaves out a replica that is too far behind in time, and an idle one never is', async () => {
    const database = open({ maximumLagMs: 150 });
    const writer = openDatabase(primary.connectionString);
    expect(await read(database, 1)).toMatchObject({ standby: true });
    await withReplayPaused(async () => {
      // Nothing is written: there is nothing to be behind.
      await poll(async () => {
        const [row] = await replica.query<{ ms: number }>(
          'select (extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000)::float as ms',
        );
        return (row?.ms ?? 0) > 300;
      }, 'the last transaction to be long ago');
      expect((await read(database, 1)).standby).toBe(true);
      await write(writer, 500);
      await poll(() => Promise.resolve(database.status().replicas[0]?.state === 'lagging'), 'the lag');
      expect(await read(database, 500)).toEqual({ found: true, standby: false });
    });
    await poll(async () => (await read(database, 500)).standby, 'the return of the replica');
  });

  it('leaves out a replica that is too far behind in bytes', async () => {
    const database = open({ maximumLagMs: 3_600_000, maximumLagBytes: 100_000 });
    const writer = openDatabase(primary.connectionString);
    expect(await read(database, 1)).toMatchObject({ standby: true });
    await withReplayPaused(async () => {
      await sql`insert into notes select n, repeat('x', 500) from generate_series(10000, 11000) n`.execute(
        writer.primary,
      );
      await poll(() => Promise.resolve(database.status().replicas[0]?.state === 'lagging'), 'the lag');
      expect(await read(database, 10_000)).toEqual({ found: true, standby: false });
    });
    await poll(async () => (await read(database, 1)).standby, 'the return of the replica');
  });

  it('runs again elsewhere when replay removes what it was reading', async () => {
    const writer = openDatabase(primary.connectionString);
    await sql`create table public.vanishing as select 1 as id`.execute(writer.primary);
    const token = await writer.token();
    const database = open();
    const session = database.session(token);
    const reading = sql<{ id: number; standby: boolean }>`
      select id, pg_is_in_recovery() as standby, case when pg_is_in_recovery() then pg_sleep(60) end
      from vanishing`.execute(session.read);
    await poll(async () => {
      const rows = await replica.query(`select from pg_stat_activity where wait_event = 'PgSleep'`);
      return rows.length > 0;
    }, 'the read to begin on the replica');
    await sql`truncate vanishing`.execute(writer.primary);
    expect((await reading).rows).toEqual([]);
    expect(database.queries.map(({ failure }) => failure)).toContain('40001');
    expect(database.status().replicas).toMatchObject([{ state: 'in' }]);
  });
});

describe('a replica that dies', () => {
  it('costs no read, gets none, and is taken back when it lives again', async () => {
    const database = open({ replayWaitMs: 0 });
    await poll(async () => (await read(database, 1)).standby, 'the first look');
    const seen: Seen[] = [];
    const state = { stop: false };
    const readers = Promise.all(
      [1, 2, 3, 4].map(async () => {
        while (!state.stop) seen.push(await read(database, 1));
      }),
    );
    await replica.stop('immediate');
    await poll(() => Promise.resolve(database.status().replicas[0]?.state === 'out'), 'its being taken out');
    expect(await read(database, 1)).toEqual({ found: true, standby: false });
    await replica.start();
    await poll(async () => (await read(database, 1)).standby, 'its return');
    state.stop = true;
    await readers;
    expect(seen.every(({ found }) => found)).toBe(true);
    expect(database.warnings.map(({ code }) => code).filter((code) => code !== 'CONNECTION_LOST')).toEqual([
      'REPLICA_OUT',
      'REPLICA_BACK',
    ]);
  });

  it('costs the read that was running on it nothing but time', async () => {
    const database = open({ replayWaitMs: 0 });
    await poll(async () => (await read(database, 1)).standby, 'the first look');
    const reading = sql<{ standby: boolean }>`
      select pg_is_in_recovery() as standby, case when pg_is_in_recovery() then pg_sleep(60) end`.execute(
      database.read,
    );
    const [{ pid }] = (await poll(async () => {
      const rows = await replica.query<{ pid: number }>(
        `select pid from pg_stat_activity where wait_event = 'PgSleep'`,
      );
      return rows.length > 0 && rows;
    }, 'the read to begin on the replica')) as [{ pid: number }];
    await replica.query(`select pg_terminate_backend(${pid})`);
    expect((await reading).rows).toMatchObject([{ standby: false }]);
  });

  it('is noticed when it falls silent, and what waits for it goes elsewhere', async () => {
    const proxy = await startTcpProxy(replica.connectionString);
    onTestFinished(() => proxy.close());
    const database = open({ replicas: [proxy.url], replayWaitMs: 0 });
    await poll(async () => (await read(database, 1)).standby, 'the first look');
    proxy.freeze();
    expect(await read(database, 1)).toEqual({ found: true, standby: false });
    expect(database.warnings.map(({ code }) => code)).toContain('REPLICA_OUT');
    proxy.resume();
    await poll(async () => (await read(database, 1)).standby, 'its return');
  });

  it('is never asked when it is no replica', async () => {
    const database = open({ replicas: [primary.connectionString] });
    expect(await read(database, 1)).toMatchObject({ standby: false });
    expect(database.warnings).toMatchObject([
      { code: 'REPLICA_OUT', detail: expect.stringContaining('not a standby') as string },
    ]);
  });
});

describe('several replicas', () => {
  it('share the reads, and one takes over from another', async () => {
    const second = await startReplica(primary);
    onTestFinished(() => second.dispose());
    const database = open({ replicas: [replica.connectionString, second.connectionString], replayWaitMs: 0 });
    await poll(
      () => read(database, 1).then(() => database.status().replicas.every(({ state }) => state === 'in')),
      'both to be in',
    );
    const portOf = async (): Promise<string | undefined> => {
      const { rows } = await sql<{ port: string }>`
        select current_setting('port') as port, pg_sleep(0.01)`.execute(database.read);
      return rows[0]?.port;
    };
    const served = await Promise.all(Array.from({ length: 10 }, portOf));
    const ports = [replica, second].map(({ connectionString }) => new URL(connectionString).port);
    for (const port of ports) expect(served.filter((one) => one === port)).toHaveLength(5);

    await second.stop('immediate');
    const left = await Promise.all(Array.from({ length: 10 }, portOf));
    expect(new Set(left)).toEqual(new Set(ports.slice(0, 1)));
  });
});

describe('the primary being away', () => {
  it('does not keep replicas from serving those who wrote nothing', async () => {
    const proxy = await startTcpProxy(primary.connectionString);
    onTestFinished(() => proxy.close());
    const database = openDatabase(proxy.url, {
      replicas: [replica.connectionString],
      replicaPollMs: 20,
      maximumLagMs: 200,
    });
    await poll(async () => (await read(database, 1)).standby, 'the replica to be in');
    await proxy.close();
    const begun = performance.now();
    while (performance.now() < begun + 500) expect((await read(database, 1)).standby).toBe(true);
    await expect(sql`select 1`.execute(database.primary)).rejects.toMatchObject({ code: 'CONNECT_REFUSED' });
  });
});
