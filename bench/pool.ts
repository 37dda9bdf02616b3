import { sql } from 'kysely';
import pg from 'pg';
import { createDatabase, type Database } from '../src/database/create-database.js';
import type { DatabaseOptions } from '../src/database/database-options.js';
import { typeParsers } from '../src/database/type-parsers.js';
import { migrateUp } from '../src/migrate/migrate.js';
import { listPendingRequests } from '../src/queries/matching-requests.js';
import { listUnreadNotifications } from '../src/queries/notifications.js';
import { listRoomMessages } from '../src/queries/room-messages.js';
import { sendMessage } from '../src/queries/send-message.js';
import { addBusyUser, hotTables } from '../test/support/add-busy-user.js';
import { loadWorld } from '../test/support/load-world.js';
import {
  cells,
  compareCalls,
  percentile,
  printCompared,
  timeLoad,
  type Load,
  type Side,
} from './support/calls.js';
import { median } from './support/measure.js';
import { measureLifetimes } from './support/lifetimes.js';
import { withBenchServer } from './support/server.js';

const SIZES = [2, 5, 10, 20, 50] as const;
const CALLERS = 64;
const MESSAGES = 100_000;
/** Rooms and users that are asked for. */
const PLACES = 300;

/** What the defaults of the pool are decided by: see the table in docs/library.md. */
export async function run(rounds: number): Promise<void> {
  await withBenchServer(async (server) => {
    const connectionString = await server.freshDatabase('pool');
    await migrateUp({ connection: connectionString });
    const client = new pg.Client({ connectionString });
    await client.connect();
    await loadWorld(connectionString, { messages: MESSAGES, tables: hotTables });
    const { busyRoom, busyUser } = await addBusyUser(client);
    const { rows } = await client.query<{ id: string }>(
      `select r.id from chat_participants p join chat_rooms r on r.id = p.room_id
       where p.user_id = $1 and p.is_active and r.is_active order by r.id limit ${PLACES}`,
      [busyUser],
    );
    const chat: Chat = { roomIds: rows.map(({ id }) => id), senderId: busyUser };
    await client.query('vacuum');
    await client.end();
    await compareSizes(connectionString, chat, rounds);
    await compareQueues(connectionString, chat);
    await compareOverhead(connectionString, busyRoom, rounds);
    await compareColdAndWarm(connectionString, busyRoom, rounds);
    await measureLifetimes(connectionString);
  });
}

/** Rooms, and who writes in all of them. */
interface Chat {
  readonly roomIds: readonly string[];
  readonly senderId: string;
}

/** As a chat service asks: nine reads, then a message. */
async function hotMix({ primary, read }: Database, chat: Chat, index: number): Promise<unknown> {
  const { roomIds, senderId } = chat;
  const [roomId = '', userId] = [roomIds[index % roomIds.length], String(1 + (index % PLACES))];
  if (index % 10 === 9) return sendMessage(primary, { roomId, senderId, content: 'hello' });
  if (index % 3 === 0) return listRoomMessages(read, { roomId });
  if (index % 3 === 1) return listUnreadNotifications(read, { userId });
  return listPendingRequests(read, { userId });
}

async function withDatabase<T>(
  options: DatabaseOptions,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = createDatabase(options);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

async function compareSizes(connectionString: string, chat: Chat, rounds: number): Promise<void> {
  const taken = SIZES.map((size) => ({ size, loads: [] as Load[] }));
  for (let round = 0; round <= rounds; round++)
    for (const { size, loads } of round % 2 === 0 ? taken : taken.toReversed())
      await withDatabase({ connectionString, maximumPoolSize: size }, async (database) => {
        const mix = (index: number): Promise<unknown> => hotMix(database, chat, index);
        // Opens all connections, and lets each see the tables once.
        await timeLoad({ callers: CALLERS, calls: size * 20 }, mix);
        const load = await timeLoad({ callers: CALLERS, calls: 2_000 }, mix);
        if (round > 0) loads.push(load);
      });
  const ofTen = taken.find(({ size }) => size === 10)?.loads ?? [];
  console.log(
    `\nmaximumPoolSize: ${CALLERS} callers, nine reads to one message, ${rounds} rounds of 2,000 calls`,
  );
  console.log(`${''.padEnd(46)}${cells(['calls/s', 'to 10', 'p50 ms', 'p99 ms'])}`);
  for (const { size, loads } of taken) {
    const milliseconds = loads.flatMap((load) => load.milliseconds);
    const ratios = loads.map(
      (load, round) => load.callsPerSecond / (ofTen[round]?.callsPerSecond ?? Number.NaN),
    );
    console.log(
      `${String(size).padEnd(46)}${cells([
        median(loads.map((load) => load.callsPerSecond)).toFixed(0),
        median(ratios).toFixed(2),
        percentile(milliseconds, 50).toFixed(1),
        percentile(milliseconds, 99).toFixed(1),
      ])}`,
    );
  }
}

/** How long callers wait for a connection when there are many times more of them: what connectionTimeoutMs cuts off. */
async function compareQueues(connectionString: string, chat: Chat): Promise<void> {
  console.log(
    '\nconnectionTimeoutMs: callers at once for the default pool, and the longest any of them waited',
  );
  console.log(`${'callers'.padEnd(46)}${cells(['calls/s', 'p50 ms', 'longest ms', 'failed'])}`);
  await withDatabase({ connectionString }, async (database) => {
    for (const callers of [10, 100, 1_000, 5_000]) {
      let failed = 0;
      const { milliseconds, callsPerSecond } = await timeLoad(
        { callers, calls: Math.max(2_000, callers * 2) },
        (index) => hotMix(database, chat, index).catch(() => (failed += 1)),
      );
      const longest = milliseconds.reduce((most, value) => Math.max(most, value), 0);
      console.log(
        `${callers.toLocaleString('en').padEnd(46)}${cells([callsPerSecond.toFixed(0), percentile(milliseconds, 50).toFixed(0), longest.toFixed(0), String(failed)])}`,
      );
    }
  });
}

async function compareOverhead(connectionString: string, roomId: string, rounds: number): Promise<void> {
  const one = { connectionString, maximumPoolSize: 1 };
  const small = sql<{ n: number }>`select ${1}::int as n`;
  const bare = new pg.Pool({ connectionString, max: 1, types: typeParsers });
  const limits = { statementTimeoutMs: 0, lockTimeoutMs: 0, idleInTransactionSessionTimeoutMs: 0 };
  await withDatabase(one, (usual) =>
    withDatabase({ ...one, leakDetectionThresholdMs: 60_000 }, (watched) =>
      withDatabase({ ...one, ...limits }, async (unlimited) => {
        const page = ({ primary }: Database): Promise<unknown> => listRoomMessages(primary, { roomId });
        printCompared(
          'the smallest query: what is ours in it',
          await compareCalls(
            [
              { name: 'pg.Pool', call: () => bare.query('select $1::int as n', [1]) },
              { name: 'primary', call: () => small.execute(usual.primary) },
              { name: 'read', call: () => small.execute(usual.read) },
              { name: 'leakDetectionThresholdMs: 60,000', call: () => small.execute(watched.primary) },
              { name: 'no statement, lock or idle timeout', call: () => small.execute(unlimited.primary) },
            ],
            { rounds: rounds * 4, calls: 300 },
          ),
        );
        printCompared(
          "a room's page",
          await compareCalls(
            [
              { name: 'primary', call: () => page(usual) },
              { name: 'leakDetectionThresholdMs: 60,000', call: () => page(watched) },
              { name: 'no statement, lock or idle timeout', call: () => page(unlimited) },
            ],
            { rounds: rounds * 4, calls: 100 },
          ),
        );
      }),
    ),
  );
  await bare.end();
}

/** Why idle connections are kept for minutes: a new one knows nothing of the tables, and learns it in its first query. */
async function compareColdAndWarm(connectionString: string, roomId: string, rounds: number): Promise<void> {
  const smallest = ({ primary }: Database): Promise<unknown> => sql`select 1`.execute(primary);
  const page = ({ primary }: Database): Promise<unknown> => listRoomMessages(primary, { roomId });
  let made: Database | undefined;
  const anew = (work: (database: Database) => Promise<unknown>): Omit<Side, 'name'> => ({
    call: () => work((made = createDatabase({ connectionString }))),
    after: async () => made?.close(),
  });
  await withDatabase({ connectionString, maximumPoolSize: 1 }, async (warm) => {
    printCompared(
      'idleTimeoutMs: on an idle connection, and on one that must be made first',
      await compareCalls(
        [
          { name: 'the smallest query', call: () => smallest(warm) },
          { name: 'the smallest query, new connection', ...anew(smallest) },
          { name: "a room's page", call: () => page(warm) },
          { name: "a room's page, new connection", ...anew(page) },
        ],
        { rounds, calls: 30 },
      ),
    );
  });
}
