import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { createDatabase } from '../../src/database/create-database.js';
import { cells } from './calls.js';

const CONNECTIONS = 50;
const LIFETIME_MS = 3_000;
/** Of the lifetime: half a minute of half an hour. */
const WINDOW = 1 / 60;

/**
 * Connections that were made together, as after a deployment, and what their ends do a lifetime later: how many are
 * made again in the busiest sixtieth of it. Time is scaled: three seconds stand for half an hour.
 */
export async function measureLifetimes(connectionString: string): Promise<void> {
  const named = (name: string): string => {
    const url = new URL(connectionString);
    url.searchParams.set('application_name', name);
    return url.href;
  };
  const bare = new pg.Pool({
    connectionString: named('bench_bare'),
    max: CONNECTIONS,
    maxLifetimeSeconds: LIFETIME_MS / 1000,
    idleTimeoutMillis: 0,
  });
  bare.on('error', () => undefined);
  const ours = createDatabase({
    connectionString,
    applicationName: 'bench_ours',
    maximumPoolSize: CONNECTIONS,
    maxLifetimeMs: LIFETIME_MS,
  });
  const sleep = 'select pg_sleep(0.02)';
  console.log(
    `\nmaxLifetimeMs: ${CONNECTIONS} connections made together, the busiest sixtieth of a lifetime in which they are made again`,
  );
  console.log(`${''.padEnd(46)}${cells(['connects', 'of'])}`);
  for (const [name, application, query] of [
    ['pg.Pool', 'bench_bare', () => bare.query(sleep)],
    ['±10 %', 'bench_ours', () => sql.raw(sleep).execute(ours.primary)],
  ] as const) {
    const ended = performance.now() + LIFETIME_MS * 1.6;
    // All of them are in use all the time, so that each is made again as soon as it ends.
    const use = async (): Promise<void> => {
      while (performance.now() < ended) await query();
    };
    const using = Promise.all(Array.from({ length: CONNECTIONS }, use));
    await delay(LIFETIME_MS * 1.5);
    const starts = await backendStarts(connectionString, application);
    await using;
    console.log(`${name.padEnd(46)}${cells([String(busiest(starts)), String(starts.length)])}`);
  }
  await bare.end();
  await ours.close();
}

/** Milliseconds at which the sessions that are there began. */
async function backendStarts(connectionString: string, application: string): Promise<number[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows } = await client.query<{ at: number }>(
    'select extract(epoch from backend_start)::float8 * 1000 as at from pg_stat_activity where application_name = $1',
    [application],
  );
  await client.end();
  return rows.map(({ at }) => at);
}

function busiest(starts: readonly number[]): number {
  const within = (first: number): number =>
    starts.filter((start) => start >= first && start < first + LIFETIME_MS * WINDOW).length;
  return Math.max(0, ...starts.map(within));
}
