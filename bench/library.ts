import { sql } from 'kysely';
import pg from 'pg';
import { createCache } from '../src/cache/create-cache.js';
import { createDatabase } from '../src/database/create-database.js';
import { parseInstant } from '../src/database/parse-instant.js';
import { cells } from './support/calls.js';
import { median } from './support/measure.js';

interface Piece {
  readonly name: string;
  readonly times: number;
  readonly work: () => unknown;
}

const TIMESTAMPTZ = 1184;

/** The small figures of docs/library.md: work of this process alone, no server is asked. */
export async function run(rounds: number): Promise<void> {
  const database = createDatabase({ connectionString: 'postgres://nobody@localhost:1/none' });
  const cache = createCache();
  const profile = { english_name: 'Minji', intro: 'Hi', updated_at: new Date(0) };
  const load = (): typeof profile => profile;
  // pg's own, which knows the OIDs of its types only.
  const parse = (pg.types.getTypeParser as (oid: number) => (text: string) => Date)(TIMESTAMPTZ);
  const instants = Array.from({ length: 51 }, (_, index) => `2026-11-30 18:54:${10 + (index % 50)}.00702+00`);
  const pieces: readonly Piece[] = [
    { name: 'a session', times: 2_000, work: () => database.session() },
    { name: "a room's page, built and compiled", times: 200, work: () => buildPage(database.primary) },
    { name: '51 instants, by the driver', times: 500, work: () => instants.map((text) => parse(text)) },
    {
      name: '51 instants, by parseInstant',
      times: 500,
      work: () => instants.map((text) => parseInstant(text)),
    },
    { name: 'a hit in memory', times: 1_000, work: () => cache.get('profile', { ttlMs: 60_000 }, load) },
  ];
  const taken = pieces.map((piece) => ({ piece, microseconds: [] as number[] }));
  for (let round = 0; round <= rounds; round++)
    for (const { piece, microseconds } of taken) {
      const start = performance.now();
      for (let time = 0; time < piece.times; time++) await piece.work();
      if (round > 0) microseconds.push(((performance.now() - start) * 1000) / piece.times);
    }
  console.log(`\nNode ${process.version}, ${rounds} rounds, the median of their means`);
  console.log(`${''.padEnd(46)}${cells(['µs'])}`);
  for (const { piece, microseconds } of taken)
    console.log(`${piece.name.padEnd(46)}${cells([median(microseconds).toFixed(1)])}`);
  await cache.close();
  await database.close();
}

/** The statement of `listRoomMessages`, as it would be built for each call. */
function buildPage(db: ReturnType<typeof createDatabase>['primary']): unknown {
  const messages = db
    .selectFrom('chat_messages')
    .select(['id', 'room_id', 'sender_id', 'message_type', 'content', 'file_url', 'file_metadata'])
    .select(['reply_to_id', 'is_edited', 'edited_at', 'created_at']);
  return db
    .selectFrom(messages.as('m'))
    .select(['id', 'room_id', 'sender_id', 'message_type', 'content', 'file_url', 'file_metadata'])
    .select(['reply_to_id', 'is_edited', 'edited_at'])
    .select(sql<string>`m.created_at::text`.as('created_at'))
    .where('m.room_id', '=', '1')
    .where('m.created_at', '>=', sql<Date>`to_timestamp(${1_790_000_000})`)
    .orderBy('m.created_at', 'desc')
    .orderBy('m.id', 'desc')
    .limit(51)
    .compile();
}
