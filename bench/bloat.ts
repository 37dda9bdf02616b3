import type pg from 'pg';
import { readBloat } from '../src/indexes/read-bloat.js';
import { PUBLISHED } from './support/bloat-published.js';
import { fillTable, shapes, wear, trueBloat } from './support/bloat-wear.js';
import { withClient } from './support/client.js';
import { median } from './support/measure.js';
import { withBenchServer } from './support/server.js';

const ROWS = 300_000;
const INDEXES = 500;

/**
 * How far the estimate of bloat is from the truth (the size of the same index, built anew), for fourteen shapes and
 * four ways of wear; then the time it takes for five hundred indexes, beside pgstatindex over the same.
 */
export async function run(rounds: number): Promise<void> {
  await withBenchServer(async (server) => {
    const url = await server.freshDatabase('bloat');
    await withClient(url, async (client) => {
      console.log(
        `\n${ROWS.toLocaleString('en')} rows, ${Object.keys(shapes).length} shapes of btree; error in points: estimated − true bloat`,
      );
      console.log(
        `${''.padEnd(34)}${'ours: max'.padStart(10)}${'mean'.padStart(7)}${'worst'.padStart(16)}   others, as published: max / mean`,
      );
      for (const [pattern, worn] of Object.entries(wear)) {
        await fillTable(client, ROWS);
        await worn(client, ROWS);
        await client.query('vacuum (analyze) w');
        printErrors(pattern, await errors(client));
      }
    });
    console.log(
      'others: their queries on PostgreSQL 15, 1M rows, the same shapes and wear; the queue\nthat was filled again was not analyzed there, and is no measure of them. PgHero: without the expression, which it does not list.',
    );
    const many = await server.freshDatabase('bloat_many');
    await withClient(many, (client) => printTimes(client, rounds));
  });
}

async function errors(client: pg.Client): Promise<ReadonlyMap<string, number>> {
  const { rows } = await client.query<{ name: string; oid: number }>(
    `select substr(relname, 3) as name, oid from pg_class where relname = any ($1)`,
    [Object.keys(shapes).map((name) => `w_${name}`)],
  );
  const estimates = await readBloat(
    client,
    rows.map(({ oid }) => oid),
  );
  const found = new Map<string, number>();
  for (const { name, oid } of rows) {
    const truth = Math.max(0, await trueBloat(client, name));
    found.set(name, 100 * ((estimates.get(oid)?.bloatRatio ?? Number.NaN) - truth));
  }
  return found;
}

function printErrors(pattern: string, found: ReadonlyMap<string, number>): void {
  const sizes = [...found.values()].map(Math.abs);
  const [worst] = [...found].sort(([, a], [, b]) => Math.abs(b) - Math.abs(a));
  const others = PUBLISHED.flatMap(({ name, errorOf }) => {
    const published = errorOf(pattern);
    return published === undefined
      ? []
      : [`${name} ${published.max.toFixed(0)} / ${published.mean.toFixed(0)}`];
  });
  console.log(
    pattern.padEnd(34) +
      Math.max(...sizes)
        .toFixed(1)
        .padStart(10) +
      mean(sizes).toFixed(1).padStart(7) +
      (worst?.[0] ?? '').padStart(16) +
      `   ${others.join(', ')}`,
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Small ones: the catalog is what the estimate pays for, pages are what pgstatindex does. */
async function printTimes(client: pg.Client, rounds: number): Promise<void> {
  await client.query('create extension pgstattuple');
  for (let table = 0; table < INDEXES / 5; table++) {
    await client.query(`create table t${table} (a int, b int, c text, d timestamptz, e int);
      insert into t${table} select i, i % 100, 'name ' || i, now(), i % 7 from generate_series(1, 5000) i;
      create index on t${table} (a); create index on t${table} (b); create index on t${table} (c);
      create index on t${table} (d); create index on t${table} (e, a); analyze t${table}`);
  }
  const { rows } = await client.query<{ oid: number; bytes: number }>(
    `select indexrelid as oid, pg_relation_size(indexrelid)::float8 as bytes from pg_stat_user_indexes`,
  );
  const oids = rows.map(({ oid }) => oid);
  const estimate: number[] = [];
  const exact: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const begun = performance.now();
    const estimates = await readBloat(client, oids);
    const estimated = performance.now();
    await client.query(`select (pgstatindex(o::regclass)).avg_leaf_density from unnest($1::oid[]) o`, [oids]);
    const read = performance.now();
    if ([...estimates.values()].some(({ bloatRatio }) => bloatRatio === undefined))
      throw new Error('an index was not estimated');
    // The first round warms caches.
    if (round > 0) {
      estimate.push(estimated - begun);
      exact.push(read - estimated);
    }
  }
  const megabytes = rows.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
  const ratio = median(exact.map((value, round) => value / (estimate[round] ?? Number.NaN)));
  console.log(`\n${oids.length} indexes, ${megabytes.toFixed(0)} MB in cache, medians of ${rounds} rounds`);
  console.log(
    `estimate ${median(estimate).toFixed(0)} ms, pgstatindex ${median(exact).toFixed(0)} ms (${ratio.toFixed(1)} ×): small and in cache, reading is cheap; the estimate reads no page, however large they are`,
  );
}
