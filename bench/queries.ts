import { Kysely, PostgresDialect, type CompiledQuery } from 'kysely';
import pg from 'pg';
import type { DB } from '../generated/db.js';
import { typeParsers } from '../src/database/type-parsers.js';
import { migrateUp } from '../src/migrate/migrate.js';
import { listLearningDays } from '../src/queries/learning-days.js';
import { listPendingRequests } from '../src/queries/matching-requests.js';
import { listUnreadNotifications } from '../src/queries/notifications.js';
import { listPartnerCandidates } from '../src/queries/partner-candidates.js';
import { markRoomRead } from '../src/queries/read-position.js';
import { listRoomMessages } from '../src/queries/room-messages.js';
import { sendMessage } from '../src/queries/send-message.js';
import { listUpcomingSessions } from '../src/queries/sessions.js';
import { listUserRooms } from '../src/queries/user-rooms.js';
import { addBusyUser, hotTables, type BusyWorld } from '../test/support/add-busy-user.js';
import { loadWorld } from '../test/support/load-world.js';
import { explainAll } from '../test/support/plan.js';
import { compareCalls } from './support/calls.js';
import { withBenchServer, type BenchServer } from './support/server.js';

type Work = (db: Kysely<DB>) => Promise<unknown>;

const SIZES = [100_000, 1_000_000, 3_000_000] as const;
/** The size at which times are taken. */
const TIMED = 1_000_000;
const CALLS_A_ROUND = 100;
/** The engine compiles what is called often: in the first thousand calls a page's ratio is 0.03 higher. */
const WARM_UP_ROUNDS = 10;

/**
 * Each hot query beside the same statements sent through bare `pg`, and the pages it touches as messages multiply.
 * The claims: at most 1.1 times as slow at the median, and flat.
 */
export async function run(rounds: number): Promise<void> {
  await withBenchServer(async (server) => {
    const buffers = new Map<string, number[]>();
    for (const messages of SIZES)
      await withLoaded(server, messages, async (loaded) => {
        for (const [name, work] of loaded.works) {
          const shapes = await explainAll(loaded.client, await loaded.statementsOf(work));
          const touched = shapes.reduce((sum, shape) => sum + shape.buffers, 0);
          buffers.set(name, [...(buffers.get(name) ?? []), touched]);
        }
        if (messages === TIMED) await compare(loaded, rounds);
      });
    console.log('\nbuffers a call (8 kB pages, cached or not) by the number of messages');
    console.log(`${''.padEnd(34)}${SIZES.map((size) => size.toLocaleString('en').padStart(12)).join('')}`);
    for (const [name, touched] of buffers)
      console.log(`${name.padEnd(34)}${touched.map((count) => String(count).padStart(12)).join('')}`);
  });
}

interface Loaded {
  readonly works: readonly (readonly [string, Work])[];
  readonly db: Kysely<DB>;
  /** The connections of `db`. */
  readonly pool: pg.Pool;
  /** A session beside them. */
  readonly client: pg.Client;
  readonly statementsOf: (work: Work) => Promise<CompiledQuery[]>;
}

async function withLoaded(
  server: BenchServer,
  messages: number,
  measure: (loaded: Loaded) => Promise<void>,
): Promise<void> {
  const connectionString = await server.freshDatabase('queries');
  await migrateUp({ connection: connectionString });
  const client = new pg.Client({ connectionString });
  await client.connect();
  const pool = new pg.Pool({ connectionString, types: typeParsers, max: 1 });
  let recorded: CompiledQuery[] | undefined;
  const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });
  // Beside the one that is timed: a log costs a little on every query.
  const recorder = new Kysely<DB>({
    dialect: new PostgresDialect({ pool }),
    log: ({ query }) => {
      recorded?.push(query);
    },
  });
  const statementsOf = async (work: Work): Promise<CompiledQuery[]> => {
    const statements: CompiledQuery[] = (recorded = []);
    await work(recorder);
    recorded = undefined;
    return statements;
  };
  try {
    const start = performance.now();
    await loadWorld(connectionString, { messages, tables: hotTables });
    const world = await addBusyUser(client);
    // As autovacuum leaves it: without the visibility map every index-only scan visits the table as well.
    await client.query('vacuum');
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    console.log(`${messages.toLocaleString('en')} messages loaded in ${seconds} s`);
    await measure({ works: await hotQueries(db, world), db, pool, client, statementsOf });
  } finally {
    await client.end();
    await db.destroy();
  }
}

/** A busy room and user, and an ordinary one of each. */
async function hotQueries(db: Kysely<DB>, world: BusyWorld): Promise<(readonly [string, Work])[]> {
  const { quietRoom, user, busyLanguage: languageCode } = world;
  const busy = { roomId: world.busyRoom, userId: world.busyUser };
  const other = (await listUserRooms(db, busy)).rows.find(({ id }) => id !== world.busyRoom)?.id ?? '';
  const { rows, next } = await listRoomMessages(db, busy);
  const messageId = rows.at(-1)?.id ?? '';
  await markRoomRead(db, { ...busy, messageId: rows[0]?.id ?? '' });
  return [
    ["a room's first page", (to) => listRoomMessages(to, busy)],
    ["a room's next page", (to) => listRoomMessages(to, { ...busy, after: next })],
    ["a quiet room's first page", (to) => listRoomMessages(to, { roomId: quietRoom })],
    ['rooms of a user', (to) => listUserRooms(to, { userId: user })],
    ['20 of 300 rooms of a user', (to) => listUserRooms(to, busy)],
    [
      'send a message',
      (to) => sendMessage(to, { roomId: other, senderId: world.busyUser, content: 'hello' }),
    ],
    ['mark as read what is read', (to) => markRoomRead(to, { ...busy, messageId })],
    ['pending requests', (to) => listPendingRequests(to, busy)],
    ['upcoming sessions', (to) => listUpcomingSessions(to, { userId: user })],
    ['unread notifications', (to) => listUnreadNotifications(to, busy)],
    [
      "a learner's half year",
      (to) => listLearningDays(to, { ...busy, languageCode, from: '2000-01-01', to: '2100-01-01' }),
    ],
    ['partner candidates', (to) => listPartnerCandidates(to, { userId: user })],
  ];
}

/** The ratio is the median of the rounds', as what drifts between them cancels out. */
async function compare({ works, db, pool, statementsOf }: Loaded, rounds: number): Promise<void> {
  console.log(
    `\n${rounds} rounds of ${CALLS_A_ROUND} calls, ${TIMED.toLocaleString('en')} messages, one connection`,
  );
  console.log(
    `${'milliseconds a call'.padEnd(34)}${['p50', 'pg p50', 'ratio', 'pg : pg', 'p99', 'pg p99'].map((text) => text.padStart(9)).join('')}`,
  );
  for (const [name, work] of works) {
    const statements = await statementsOf(work);
    const bare = async (): Promise<void> => {
      for (const { sql, parameters } of statements) await pool.query(sql, [...parameters]);
    };
    const [peer, ours, again] = await compareCalls(
      [
        { name: 'pg', call: bare },
        { name, call: () => work(db) },
        // What two sides that are the same differ by is what the ratio is good for.
        { name: 'pg again', call: bare },
      ],
      { rounds, calls: CALLS_A_ROUND, warmUpRounds: WARM_UP_ROUNDS },
    );
    if (peer === undefined || ours === undefined || again === undefined) continue;
    const figures = [
      ours.p50.toFixed(2),
      peer.p50.toFixed(2),
      ours.ratio.toFixed(2),
      again.ratio.toFixed(2),
      ours.p99.toFixed(2),
      peer.p99.toFixed(2),
    ];
    console.log(`${name.padEnd(34)}${figures.map((text) => text.padStart(9)).join('')}`);
  }
}
