import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { DB } from '../generated/db.js';
import { migrateUp } from '../src/migrate/migrate.js';
import { compileEncoder } from '../src/seed/row-encoder.js';
import { copyRows } from '../src/seed/copy-rows.js';
import { runSeed } from '../src/seed/run-seed.js';
import { makeMonths } from '../src/seed/seed-months.js';
import { readTargetTables } from '../src/seed/target-table.js';
import type { SeedPlan } from '../seeds/seed-plan.js';
import type { SeedValue } from '../seeds/seed-table.js';
import { planSeed } from '../seeds/plan-seed.js';
import { profiles } from '../seeds/profiles.js';
import { resolveSeedOptions } from '../src/seed/resolve-seed-options.js';
import { median, runProcess } from './support/measure.js';
import { loadByDrizzleSeed } from './support/drizzle-seed.js';
import { findPsql } from './support/peers.js';
import { withBenchServer, type BenchServer } from './support/server.js';

/** Rows of the peers that would take minutes for all of them. */
const KYSELY_ROWS = 100_000;
const DRIZZLE_ROWS = 20_000;
const KYSELY_BATCH = 1_000;

interface Contender {
  readonly name: string;
  readonly rows: number;
  readonly prepare: () => Promise<void>;
  /** Does the work. @returns milliseconds */
  readonly run: () => Promise<number>;
}

/** Loads chat messages of the seeded world: against psql with the same rows from a file, and against other tools. */
export async function run(rounds: number): Promise<void> {
  const psql = findPsql();
  if (psql === undefined) throw new Error('the floor is psql: install postgresql-client');
  await withBenchServer(async (server) => {
    for (const messages of [500_000, 3_000_000]) await compare(server, psql, messages, rounds);
    await measurePeak(server, 5_000_000);
  });
}

async function compare(server: BenchServer, psql: string, messages: number, rounds: number): Promise<void> {
  const start = performance.now();
  // Once for all 23 tables, so it is in none of the figures.
  const plan = planSeed(resolveSeedOptions(worldOptions(messages), profiles));
  console.log(
    `\nworld of ${count(messages)} messages planned in ${(performance.now() - start).toFixed(0)} ms`,
  );
  const world = await prepareWorld(server, plan);
  try {
    const { plain, indexed, file, columns } = world;
    const copy = `\\copy chat_messages (${columns}) from '${file}'`;
    const psqlRun = (url: string, commands: readonly string[]): Promise<number> =>
      runProcess({
        name: 'psql',
        command: psql,
        args: ['-X', '-q', '-v', 'ON_ERROR_STOP=1', ...commands.flatMap((command) => ['-c', command]), url],
      });
    const clearPlain = (): Promise<void> => sql(plain, 'truncate chat_messages');
    const clearIndexed = (): Promise<void> =>
      sql(
        indexed,
        `truncate chat_messages; delete from studymate.seed_tables where table_name = 'chat_messages'`,
      );
    const withoutIndexes: Contender[] = [
      { name: 'psql \\copy (floor)', rows: messages, prepare: clearPlain, run: () => psqlRun(plain, [copy]) },
      { name: 'ours', rows: messages, prepare: clearPlain, run: () => loadPlain(plain, plan) },
      {
        name: `kysely, ${KYSELY_BATCH} rows a statement`,
        rows: KYSELY_ROWS,
        prepare: clearPlain,
        run: () => loadByKysely(plain, plan),
      },
      {
        name: 'drizzle-seed',
        rows: DRIZZLE_ROWS,
        prepare: clearPlain,
        run: () => loadByDrizzleSeed(plain, DRIZZLE_ROWS),
      },
    ];
    await race(`${count(messages)} messages, no indexes`, withoutIndexes, rounds);
    const withIndexes: Contender[] = [
      {
        name: 'psql: drop, \\copy, create, analyze',
        rows: messages,
        prepare: clearIndexed,
        run: () => psqlRun(indexed, [...world.drops, copy, ...world.creates, 'analyze chat_messages']),
      },
      {
        name: 'seed() of that table, proofs and manifest too',
        rows: messages,
        prepare: clearIndexed,
        run: async () => {
          const only = ['chat_messages'];
          const { durationMs } = await runSeed({ connection: indexed, plan, only });
          return durationMs;
        },
      },
    ];
    await race(`${count(messages)} messages, indexes and foreign keys rebuilt`, withIndexes, rounds);
  } finally {
    await world.remove();
  }
}

function worldOptions(messages: number): Parameters<typeof resolveSeedOptions>[0] {
  return { profile: 'load', users: 50_000, messages, months: 12 };
}

interface World {
  /** Without indexes, foreign keys and triggers. */
  readonly plain: string;
  readonly indexed: string;
  /** The messages, in COPY's text format and in order. */
  readonly file: string;
  readonly columns: string;
  readonly drops: readonly string[];
  readonly creates: readonly string[];
  readonly remove: () => Promise<void>;
}

async function prepareWorld(server: BenchServer, plan: SeedPlan): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'studymate-seed-'));
  const file = join(folder, 'messages.txt');
  const [indexed, plain] = [
    await server.freshDatabase('bench_indexed'),
    await server.freshDatabase('bench_plain'),
  ];
  for (const connection of [indexed, plain]) {
    await migrateUp({ connection });
    const only = ['users', 'chat_rooms', 'chat_messages'];
    await runSeed({ connection, plan, only });
  }
  const columns = Object.keys(plan.tables.find(({ table }) => table === 'chat_messages')?.columns ?? {}).join(
    ', ',
  );
  const client = new pg.Client({ connectionString: indexed });
  await client.connect();
  const rows = client.query(
    copyTo(`copy (select ${columns} from chat_messages order by created_at, id) to stdout`),
  );
  await pipeline(rows, createWriteStream(file));
  const found = await client.query<{ drop: string; create: string }>(`
    select format('alter table chat_messages drop constraint %I', conname) as drop,
      format('alter table chat_messages add constraint %I %s', conname, pg_get_constraintdef(oid)) as create
    from pg_constraint
    where conrelid = 'chat_messages'::regclass and contype in ('p', 'f')
    union all
    select format('drop index %s', indexrelid::regclass), replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ')
    from pg_index
    where indrelid = 'chat_messages'::regclass and not indisprimary`);
  await client.end();
  const drops = [...found.rows.map(({ drop }) => drop), 'alter table chat_messages disable trigger user'];
  const creates = [
    ...found.rows.map(({ create }) => create),
    'alter table chat_messages enable trigger user',
  ];
  await sql(plain, drops.join('; '));
  return {
    plain,
    indexed,
    file,
    columns,
    drops,
    creates,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function sql(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(text);
  await client.end();
}

/** Generates and copies, as a seed does, into the table as it stands. */
async function loadPlain(url: string, plan: SeedPlan): Promise<number> {
  const start = performance.now();
  const table = plan.tables.find((entry) => entry.table === 'chat_messages');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const target = (await readTargetTables(client, ['chat_messages'])).get('chat_messages');
  if (table === undefined || target === undefined) throw new Error('there is no table chat_messages');
  const encoder = compileEncoder(
    table,
    target.columns.filter(({ name }) => name in table.columns),
  );
  await client.query('begin');
  for (const range of await makeMonths({ client }, table, () => undefined)) {
    await copyRows(client, encoder, range, () => undefined);
  }
  await client.query('commit');
  await client.end();
  return performance.now() - start;
}

async function loadByKysely(url: string, plan: SeedPlan): Promise<number> {
  const table = plan.tables.find((entry) => entry.table === 'chat_messages');
  if (table === undefined) throw new Error('there is no table chat_messages');
  const text = (value: SeedValue | undefined): string | null =>
    value instanceof Uint8Array ? Buffer.from(value).toString() : typeof value === 'string' ? value : null;
  const number = (value: SeedValue | undefined): string => String(Number(value));
  const row = (index: number): Record<string, unknown> => {
    table.prepare?.(index);
    const { id, room_id, sender_id, content, created_at } = table.columns;
    return {
      id: number(id?.(index)),
      room_id: number(room_id?.(index)),
      sender_id: number(sender_id?.(index)),
      content: text(content?.(index)),
      created_at: new Date(Date.UTC(2000, 0, 1) + Number(created_at?.(index)) / 1000),
    };
  };
  const start = performance.now();
  const db = new Kysely<DB>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url, max: 1 }) }),
  });
  await db.transaction().execute(async (transaction) => {
    for (let first = 0; first < KYSELY_ROWS; first += KYSELY_BATCH) {
      const values = Array.from({ length: KYSELY_BATCH }, (_, index) => row(first + index));
      await transaction
        .insertInto('chat_messages')
        .values(values as never)
        .execute();
    }
  });
  await db.destroy();
  return performance.now() - start;
}

/** Each contender once a round, in turn; the first round is not counted. The first contender is the floor. */
async function race(title: string, contenders: readonly Contender[], rounds: number): Promise<void> {
  const rates = contenders.map((): number[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [index, { rows, prepare, run: load }] of contenders.entries()) {
      await prepare();
      const rate = rows / ((await load()) / 1000);
      if (round > 0) rates[index]?.push(rate);
    }
  }
  console.log(`\n${title}`);
  console.log(`${''.padEnd(48)}${'rows/s'.padStart(12)}${'ratio'.padStart(8)}${'(min to max)'.padStart(18)}`);
  for (const [index, { name }] of contenders.entries()) {
    const own = rates[index] ?? [];
    const ratios = own.map((rate, round) => rate / (rates[0]?.[round] ?? Number.NaN));
    const range = `(${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`;
    console.log(
      `${name.padEnd(48)}${count(Math.round(median(own))).padStart(12)}${median(ratios).toFixed(2).padStart(8)}${range.padStart(18)}`,
    );
  }
  console.log(`ratio: median over ${rounds} rounds of rows/s, to the first of the same round`);
}

/** A whole world in a process of its own, for its memory. */
async function measurePeak(server: BenchServer, messages: number): Promise<void> {
  const connection = await server.freshDatabase('bench_peak');
  await migrateUp({ connection });
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('support/seed-process.js', import.meta.url)), connection, String(messages)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await new Promise((resolve) => child.on('close', resolve));
  const { peakMegabytes, rows, durationMs } = JSON.parse(text) as Record<
    'peakMegabytes' | 'rows' | 'durationMs',
    number
  >;
  console.log(
    `\nthe whole world with ${count(messages)} messages: ${count(rows)} rows in ${(durationMs / 1000).toFixed(1)} s, peak RSS ${peakMegabytes.toFixed(0)} MB`,
  );
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
