import type pg from 'pg';
import { refreshUserActiveDays } from '../src/activity/refresh-user-active-days.js';
import { runArchive } from '../src/archive/run-archive.js';
import { createDatabase, type Database } from '../src/database/create-database.js';
import { withMaintenanceSession } from '../src/database/maintenance-session.js';
import { migrateUp } from '../src/migrate/migrate.js';
import { rolloverPartitions } from '../src/partitions/rollover.js';
import { reports } from '../src/reports/registry.js';
import type { AnyReport } from '../src/reports/report.js';
import { runAllReports } from '../src/reports/run-all-reports.js';
import { runAnyReport } from '../src/reports/run-report.js';
import { seed } from '../src/seed/seed.js';
import { withClient } from './support/client.js';
import { median } from './support/measure.js';
import { withBenchServer, type BenchServer } from './support/server.js';

const END = new Date('2026-01-01T00:00:00Z');
const MONTHS = [3, 12, 36] as const;
/** At the longest history; the shorter ones have their share. `--rows 300000` is for a first look. */
const rowsAt = process.argv.indexOf('--rows');
const ROWS = rowsAt < 0 ? 3_000_000 : Number(process.argv[rowsAt + 1]);
const LIMIT_MS = 3_000;
/** The rival that joins every day with the days before it is stopped then. */
const RIVAL_LIMIT_MS = 120_000;

/**
 * Every report as the history grows from 3 to 36 months, 3M messages and 3M log entries at the end, with the windows
 * they have by default. The claims: at most 3 s, and flat.
 */
export async function run(rounds: number): Promise<void> {
  await withBenchServer(async (server) => {
    const taken = new Map<string, (number | undefined)[]>();
    for (const months of MONTHS)
      await withWorld(server, months, async (db, url) => {
        for (const report of Object.values<AnyReport>(reports)) {
          const own = taken.get(report.name) ?? [];
          taken.set(report.name, [...own, await time(db, report, rounds)]);
        }
        if (months === MONTHS.at(-1)) await compareRivals(db, url, rounds);
      });
    print(taken, rounds);
  });
}

async function withWorld(
  server: BenchServer,
  months: number,
  measure: (db: Database, url: string) => Promise<void>,
): Promise<void> {
  const start = performance.now();
  const connection = await server.freshDatabase('reports');
  await migrateUp({ connection });
  const rows = Math.round((ROWS * months) / 36);
  await seed({ connection, profile: 'load', users: 20_000, messages: rows, months, referenceDate: END });
  const logged = await withClient(connection, (client) => topUpLog(client, rows));
  await rolloverPartitions({ connection, now: END });
  await runArchive({ connection, now: END });
  await withMaintenanceSession({ connection, applicationName: 'bench' }, async (session) => {
    // Three nights: what the first reads is covered for good when the third has come.
    for (let night = 0; night < 3; night++) {
      await refreshUserActiveDays(session);
      await session.client.query(
        `update studymate.user_active_days_state set marked_at = marked_at - interval '1 day'`,
      );
    }
  });
  await withClient(connection, (client) => client.query('vacuum analyze'));
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(
    `${months} months: ${count(rows)} messages, ${count(logged)} log entries, loaded in ${seconds} s`,
  );
  const db = createDatabase({ connectionString: connection, statementTimeoutMs: 0 });
  try {
    // Once, so that the rounds find what they read in the cache.
    await runAllReports(db, { now: END, statementTimeoutMs: RIVAL_LIMIT_MS });
    await measure(db, connection);
  } finally {
    await db.close();
  }
}

/** The seed has two log entries for three messages; more of the same people on the same days. */
async function topUpLog(client: pg.Client, rows: number): Promise<number> {
  await client.query(
    `insert into user_activity_logs (user_id, activity, created_at)
     select user_id, activity, created_at + more.minutes * interval '1 minute'
     from user_activity_logs cross join generate_series(1, 5) as more (minutes)
     where created_at < $2::timestamptz - interval '1 hour'
     order by more.minutes, id
     limit greatest(0, $1 - (select count(*) from user_activity_logs))`,
    [rows, END],
  );
  const { rows: counted } = await client.query<{ count: string }>('select count(*) from user_activity_logs');
  return Number(counted[0]?.count);
}

/** @returns the median in milliseconds; undefined when the server is not set up for it */
async function time(db: Database, report: AnyReport, rounds: number): Promise<number | undefined> {
  const taken: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    try {
      await runAnyReport(db, report, {}, { now: END, statementTimeoutMs: RIVAL_LIMIT_MS });
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'REPORT_UNAVAILABLE') return undefined;
      throw error;
    }
    taken.push(performance.now() - start);
  }
  return median(taken);
}

// As it is written first: each day of the window joined with all that happened in the 28 days up to it.
const RANGE_JOIN = `
  select d.day, count(distinct l.user_id) filter (where l.day = d.day) as dau,
    count(distinct l.user_id) filter (where l.day > d.day - 7) as wau, count(distinct l.user_id) as mau
  from (select generate_series('2025-12-04', '2025-12-31', interval '1 day')::date as day) as d
  join (
    select user_id, (created_at at time zone 'Asia/Seoul')::date as day
    from (select user_id, activity, created_at from user_activity_logs
          union all select user_id, activity, created_at from user_activity_logs_archive) as log
    where activity not in ('LOGIN', 'LOGOUT') and user_id is not null
      and created_at >= '2025-11-05'::timestamp at time zone 'Asia/Seoul'
      and created_at < '2026-01-01'::timestamp at time zone 'Asia/Seoul'
  ) as l on l.day > d.day - 28 and l.day <= d.day
  group by d.day`;

async function compareRivals(db: Database, url: string, rounds: number): Promise<void> {
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };
  const at = { now: END, statementTimeoutMs: RIVAL_LIMIT_MS };
  const results = { rollUp: [] as number[], log: [] as number[], join: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    results.rollUp.push(await timed(() => runAnyReport(db, reports['active-users'], {}, at)));
    // Another time zone of the same days has no roll-up.
    results.log.push(
      await timed(() => runAnyReport(db, reports['active-users'], { timeZone: 'Asia/Tokyo' }, at)),
    );
    results.join.push(await timed(() => withClient(url, rangeJoin)));
  }
  const base = median(results.rollUp);
  console.log('\nactive users of 28 days, at 36 months             ms   ratio');
  for (const [name, times] of [
    ['by the roll-up', results.rollUp],
    ['the same sweep over the log', results.log],
    ['a join of each day with 28 days of the log', results.join],
  ] as const)
    console.log(
      `${name.padEnd(44)}${median(times).toFixed(0).padStart(8)}${(median(times) / base).toFixed(1).padStart(8)}`,
    );
}

async function rangeJoin(client: pg.Client): Promise<void> {
  await client.query(`set statement_timeout = ${RIVAL_LIMIT_MS}`);
  await client.query(RANGE_JOIN).catch(stopped);
}

function stopped(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === '57014')) throw error;
  console.log(`(the join was stopped after ${RIVAL_LIMIT_MS / 1000} s)`);
}

function print(taken: ReadonlyMap<string, readonly (number | undefined)[]>, rounds: number): void {
  console.log(`\nmilliseconds a report, median of ${rounds}, by months of history`);
  console.log(
    `${''.padEnd(22)}${MONTHS.map((months) => String(months).padStart(9)).join('')}${'36 : 12'.padStart(9)}`,
  );
  for (const [name, times] of taken) {
    const [, twelve, last] = times;
    if (twelve === undefined || last === undefined) {
      console.log(`${name.padEnd(22)}  not on this server`);
      continue;
    }
    const cells = times.map((ms) => (ms ?? Number.NaN).toFixed(0).padStart(9)).join('');
    console.log(
      `${name.padEnd(22)}${cells}${(last / twelve).toFixed(2).padStart(9)}${last > LIMIT_MS ? '  over 3 s' : ''}`,
    );
  }
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
