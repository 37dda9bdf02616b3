import pg from 'pg';
import { expireRows } from '../src/expiry/expire.js';
import { migrateUp } from '../src/migrate/migrate.js';
import { median } from './support/measure.js';
import { withBenchServer } from './support/server.js';

const ROWS = 1_000_000;

interface Measured {
  readonly seconds: number;
  readonly statements: number;
  readonly longestMs: number;
  readonly walBytes: number;
}

type Work = (client: pg.Client, connection: string) => Promise<Omit<Measured, 'seconds' | 'walBytes'>>;

const expired = `expires_at <= now() - interval '1 day'`;

/** Each deletes the half of a million notifications that expired a day ago and more. */
const contenders: Readonly<Record<string, Work>> = {
  'studymate-db expiry run': async (_, connection) => {
    const { tables, stopped } = await expireRows({ connection });
    if (stopped !== undefined) throw new Error(stopped.detail);
    const { batches = 0, longestBatchMs = 0 } = tables.find(({ table }) => table === 'notifications') ?? {};
    return { statements: batches, longestMs: longestBatchMs };
  },
  'one DELETE': async (client) => {
    const start = performance.now();
    await client.query(`delete from notifications where ${expired}`);
    return { statements: 1, longestMs: performance.now() - start };
  },
  'id in (… limit 5000)': (client) => inBatches(client, 5_000),
};

async function inBatches(client: pg.Client, size: number): Promise<Omit<Measured, 'seconds' | 'walBytes'>> {
  let longestMs = 0;
  for (let statements = 1; ; statements++) {
    const start = performance.now();
    const { rowCount } = await client.query(
      `delete from notifications where id in (select id from notifications where ${expired} limit ${size})`,
    );
    longestMs = Math.max(longestMs, performance.now() - start);
    if ((rowCount ?? 0) === 0) return { statements, longestMs };
  }
}

export async function run(rounds: number): Promise<void> {
  await withBenchServer(async (server) => {
    const url = await server.freshDatabase('expiry');
    await migrateUp({ connection: url });
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      const results = new Map<string, Measured[]>();
      for (let round = 0; round < rounds; round++) {
        for (const [name, work] of Object.entries(contenders)) {
          await load(client);
          results.set(name, [...(results.get(name) ?? []), await measure(client, url, work)]);
          const { rows } = await client.query<{ left: number }>(
            'select count(*)::int as left from notifications',
          );
          if (rows[0]?.left !== ROWS / 2) throw new Error(`${name} left ${rows[0]?.left} rows`);
        }
      }
      print(results, rounds);
    } finally {
      await client.end();
    }
  });
}

/** Every other one has expired, spread over the table; vacuumed, so that each starts from the same. */
async function load(client: pg.Client): Promise<void> {
  await client.query('truncate users cascade');
  await client.query(
    `insert into users (id, email, english_name, birth_date)
     select i, 'u' || i || '@example.com', 'User', '1990-01-01' from generate_series(1, 1000) i`,
  );
  await client.query(
    `insert into notifications (user_id, type, title, message, expires_at)
     select 1 + i % 1000, 'MATCH', 'A new match', 'Say hello to partner ' || i,
       now() + case when i % 2 = 0 then -1 else 1 end * interval '2 days'
         + (i::bigint * 7919 % 80000) * interval '1 second'
     from generate_series(1, $1::int) i`,
    [ROWS],
  );
  await client.query('vacuum analyze notifications');
  await client.query('checkpoint');
}

async function measure(client: pg.Client, url: string, work: Work): Promise<Measured> {
  const position = async (): Promise<string> =>
    (await client.query<{ lsn: string }>('select pg_current_wal_insert_lsn()::text as lsn')).rows[0]?.lsn ??
    '';
  const before = await position();
  const start = performance.now();
  const result = await work(client, url);
  const seconds = (performance.now() - start) / 1000;
  const { rows } = await client.query<{ bytes: string }>('select pg_wal_lsn_diff($1, $2) as bytes', [
    await position(),
    before,
  ]);
  return { ...result, seconds, walBytes: Number(rows[0]?.bytes) };
}

function print(results: ReadonlyMap<string, readonly Measured[]>, rounds: number): void {
  const ours = results.get('studymate-db expiry run') ?? [];
  console.log(
    `\n${(ROWS / 2).toLocaleString('en')} of ${ROWS.toLocaleString('en')} notifications expire, ${rounds} rounds`,
  );
  console.log(
    `${''.padEnd(26)}${['seconds', 'ratio', 'statements', 'longest ms', 'WAL MB'].map((text) => text.padStart(12)).join('')}`,
  );
  for (const [name, measured] of results) {
    const of = (value: (one: Measured) => number): number => median(measured.map(value));
    const ratio = median(measured.map(({ seconds }, round) => seconds / (ours[round]?.seconds ?? NaN)));
    const figures = [
      of(({ seconds }) => seconds).toFixed(2),
      ratio.toFixed(2),
      of(({ statements }) => statements).toFixed(0),
      of(({ longestMs }) => longestMs).toFixed(0),
      (of(({ walBytes }) => walBytes) / 1e6).toFixed(0),
    ];
    console.log(name.padEnd(26) + figures.map((text) => text.padStart(12)).join(''));
  }
  console.log('medians; ratio: seconds, to studymate-db of the same round; longest: a statement');
}
