import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { runArchive } from '../src/archive/run-archive.js';
import { migrateUp } from '../src/migrate/migrate.js';
import { addMonths, monthOf } from '../src/partitioning/month.js';
import { loadWorld } from '../test/support/load-world.js';
import { median } from './support/measure.js';
import { withBenchServer, type BenchServer } from './support/server.js';

/** `--rows 300000` measures that size alone. */
const rowsAt = process.argv.indexOf('--rows');
const SIZES = rowsAt < 0 ? [300_000, 1_000_000, 3_000_000] : [Number(process.argv[rowsAt + 1])];

interface Contender {
  readonly name: string;
  /** @returns for how long locks were held that block others, in milliseconds, where that is known */
  readonly archive: (url: string, client: pg.Client) => Promise<number | undefined>;
}

interface Sample {
  readonly ms: number;
  readonly walBytes: number;
  /** Longest insert of a concurrent writer. */
  readonly writerMs: number;
  readonly heldMs: number | undefined;
}

// The ERD's archive: no index, no month. Kept from clearing pointers, which its schema would not do row by row.
const PREPARE_PEERS = `set studymate.moving = 'on'; create table public.erd_archive (like public.chat_messages)`;
const CUTOFF = `date_trunc('month', now() at time zone 'UTC') at time zone 'UTC' - interval '6 months'`;

const contenders: readonly Contender[] = [
  {
    name: 'studymate-db archive run',
    async archive(connection) {
      const { steps, failed } = await runArchive({ connection, tables: ['chat_messages'] });
      if (failed > 0) throw new Error(JSON.stringify(steps));
      return Math.max(...steps.map(({ heldMs = 0 }) => heldMs));
    },
  },
  {
    name: 'ERD: insert, then delete',
    async archive(_, client) {
      await client.query('begin');
      await client.query(`insert into erd_archive select * from chat_messages where created_at < ${CUTOFF}`);
      await client.query(`delete from chat_messages where created_at < ${CUTOFF}`);
      await client.query('commit');
      return undefined;
    },
  },
  {
    name: 'delete … returning, insert',
    async archive(_, client) {
      await client.query(
        `with moved as (delete from chat_messages where created_at < ${CUTOFF} returning *)
         insert into erd_archive select * from moved`,
      );
      return undefined;
    },
  },
];

/** A month leaves the live table, while messages go on being written: what it costs, and whom it keeps waiting. */
export async function run(rounds: number): Promise<void> {
  await withBenchServer(async (server) => {
    for (const rows of SIZES) {
      const template = await loadTemplate(server, rows);
      const samples = new Map<string, Sample[]>();
      for (let round = 0; round < rounds; round++) {
        for (const contender of contenders) {
          const sample = await measure(template, contender);
          samples.set(contender.name, [...(samples.get(contender.name) ?? []), sample]);
        }
      }
      print(rows, rounds, samples);
    }
  });
}

async function loadTemplate(server: BenchServer, rows: number): Promise<URL> {
  const url = await server.freshDatabase('bench_template');
  await migrateUp({ connection: url });
  await loadWorld(url, {
    messages: rows,
    months: 1,
    until: addMonths(monthOf(new Date()), -6),
    tables: ['chat_participants'],
  });
  const client = await connect(url);
  await client.query('vacuum analyze');
  await client.end();
  return new URL(url);
}

/** Twice, each time on a fresh copy: alone, for time and WAL; then beside a writer, who is watched. */
async function measure(template: URL, contender: Contender): Promise<Sample> {
  const { ms, walBytes } = await archiveOnce(template, contender, false);
  const { writerMs, heldMs } = await archiveOnce(template, contender, true);
  return { ms, walBytes, writerMs, heldMs };
}

async function archiveOnce(template: URL, contender: Contender, withWriter: boolean): Promise<Sample> {
  const url = await cloneOf(template);
  const client = await connect(url);
  if (contender !== contenders[0]) await client.query(PREPARE_PEERS);
  await client.query('checkpoint');
  const state = { done: false };
  const writer = withWriter ? writeMessages(url, state) : Promise.resolve(0);
  const { rows: before } = await client.query<{ lsn: string }>(
    'select pg_current_wal_insert_lsn()::text as lsn',
  );
  const startedAt = performance.now();
  const heldMs = await contender.archive(url, client);
  const ms = performance.now() - startedAt;
  const { rows } = await client.query<{ bytes: number; left: number }>(
    `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), $1)::float8 as bytes,
       (select count(*)::float8 from chat_messages where created_at < ${CUTOFF}) as left`,
    [before[0]?.lsn],
  );
  state.done = true;
  const writerMs = await writer;
  await client.end();
  if (rows[0]?.left !== 0) throw new Error(`${contender.name} left rows behind`);
  return { ms, walBytes: rows[0].bytes, writerMs, heldMs };
}

/** One message every 5 ms into the current month. @returns the longest insert, in milliseconds */
async function writeMessages(url: string, state: { readonly done: boolean }): Promise<number> {
  const client = await connect(url);
  let longestMs = 0;
  while (!state.done) {
    const startedAt = performance.now();
    await client.query('insert into chat_messages (room_id, sender_id, content) values (1, 1, $1)', [
      'hello',
    ]);
    longestMs = Math.max(longestMs, performance.now() - startedAt);
    await delay(5);
  }
  await client.end();
  return longestMs;
}

async function cloneOf(template: URL): Promise<string> {
  const admin = new URL(template);
  admin.pathname = '/postgres';
  const client = await connect(admin.href);
  await client.query('drop database if exists bench with (force)');
  await client.query('create database bench template bench_template strategy file_copy');
  await client.end();
  const url = new URL(template);
  url.pathname = '/bench';
  return url.href;
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

function print(rows: number, rounds: number, samples: ReadonlyMap<string, readonly Sample[]>): void {
  console.log(`\n${rows.toLocaleString('en')} rows in the month, ${rounds} rounds`);
  console.log(
    `${''.padEnd(28)}${['time ms', 'ratio', 'WAL MB', 'ratio', 'writer max ms', 'locks held ms'].map((head) => head.padStart(15)).join('')}`,
  );
  const [ours] = [...samples.values()];
  const of = (list: readonly Sample[] = [], value: (sample: Sample) => number): number =>
    median(list.map(value));
  for (const [name, list] of samples) {
    const [ms, wal] = [of(list, (s) => s.ms), of(list, (s) => s.walBytes)];
    const held = list.map((sample) => sample.heldMs).filter((value) => value !== undefined);
    console.log(
      name.padEnd(28) +
        [
          ms.toFixed(0),
          (ms / of(ours, (s) => s.ms)).toFixed(1),
          (wal / 1e6).toFixed(2),
          (wal / of(ours, (s) => s.walBytes)).toFixed(0),
          Math.max(...list.map(({ writerMs }) => writerMs)).toFixed(0),
          held.length > 0 ? Math.max(...held).toFixed(1) : '',
        ]
          .map((cell) => cell.padStart(15))
          .join(''),
    );
  }
  console.log('medians, and of the last two columns the worst; ratio: to studymate-db of this run');
}
