import pg from 'pg';
import { expect, test } from 'vitest';
import { migrateUp } from '../../src/migrate/migrate.js';
import { readStatisticsSince } from '../../src/indexes/statistics-age.js';
import { takeIndexSnapshot } from '../../src/indexes/take-snapshot.js';
import { readUsageSnapshots } from '../../src/indexes/usage-snapshots.js';
import { createDatabase } from '../support/database.js';
import { poll } from '../support/poll.js';
import { withServer } from '../support/server.js';

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

test('a reading holds every physical index under the logical one it belongs to', async () => {
  const database = await createDatabase();
  try {
    const result = await takeIndexSnapshot({ connection: database.url, replicas: { standby: database.url } });
    expect(result.readings.map(({ server }) => server)).toEqual(['primary', 'standby']);
    const client = await database.connect();
    const [snapshot] = await readUsageSnapshots(client);
    expect(snapshot?.leaves.get('"public"."idx_chat_messages_room_time"')?.length).toBeGreaterThan(1);
    expect(snapshot?.leaves.get('"public"."users_pkey"')).toEqual(['"public"."users_pkey"']);
  } finally {
    await database.drop();
  }
});

test('forgets readings that are older than asked', async () => {
  const database = await createDatabase();
  try {
    const client = await database.connect();
    await takeIndexSnapshot({ connection: database.url });
    await client.query(`update studymate.index_snapshots set taken_at = taken_at - interval '10 days'`);
    await takeIndexSnapshot({ connection: database.url, keepDays: 9 });
    expect(await readUsageSnapshots(client)).toHaveLength(1);
  } finally {
    await database.drop();
  }
});

test('writes nothing when a replica cannot be reached', async () => {
  const database = await createDatabase();
  try {
    const gone = 'postgres://nobody@127.0.0.1:1/nothing';
    await expect(takeIndexSnapshot({ connection: database.url, replicas: { gone } })).rejects.toMatchObject({
      code: 'CONNECT_REFUSED',
    });
    expect(await readUsageSnapshots(await database.connect())).toEqual([]);
  } finally {
    await database.drop();
  }
});

test('a crash moves the time since which scans are counted, a clean restart does not', async () => {
  await withServer(17, async (server) => {
    await migrateUp({ connection: server.connectionString });
    const since = (): Promise<Date | undefined> => withClient(server.connectionString, readStatisticsSince);
    const first = await since();
    await server.stop();
    const { pid } = await server.start();
    expect(await since()).toEqual(first);
    process.kill(pid, 'SIGKILL');
    await poll(() => Promise.resolve(hasEnded(pid)), 'the end of the server');
    await server.start();
    expect((await since())?.getTime()).toBeGreaterThan(first?.getTime() ?? Number.POSITIVE_INFINITY);
  });
});
