import type pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../src/database/create-database.js';
import { addDays } from '../../src/reports/parameters.js';
import { activeUsers } from '../../src/reports/product/active-users.js';
import { runAnyReport } from '../../src/reports/run-report.js';
import { age, coveredId, logAt, refresh } from '../support/active-days.js';
import { useDatabase } from '../support/database.js';
import { daysOf, localDay, proofCases, rounded, type ProofCase } from '../support/report-proof.js';
import { useReportWorld, WORLD_END } from '../support/report-world.js';
import { insertUser } from '../support/rows.js';

const world = useReportWorld(insertEdges);
const empty = useDatabase();

/** In February 2026, when nobody of the seeded world is there any more. */
async function insertEdges(client: pg.Client): Promise<void> {
  const early = await insertUser(client);
  const late = await insertUser(client);
  const onlyLogin = await insertUser(client);
  const erased = await insertUser(client);
  // The last instant of 10 February in Seoul, and the first of the 11th.
  await logAt(client, early, '2026-02-10T14:59:59.999Z');
  await logAt(client, late, '2026-02-10T15:00:00Z');
  await logAt(client, late, '2026-02-10T15:00:01Z', { activity: 'LEVEL_TEST_FINISHED' });
  await logAt(client, late, '2026-02-17T15:00:00Z');
  await logAt(client, onlyLogin, '2026-02-11T03:00:00Z', { activity: 'LOGIN' });
  await logAt(client, onlyLogin, '2026-02-11T04:00:00Z', { activity: 'LOGOUT' });
  await logAt(client, erased, '2026-02-11T03:00:00Z');
  await client.query('delete from users where id = $1', [erased]);
}

interface LogRow {
  readonly user_id: string | null;
  readonly activity: string;
  readonly created_at: Date;
}

/** A set of users a day; a span of days is the union of theirs. */
async function expectedRows({ timeZone, from, to }: ProofCase): Promise<object[]> {
  const dayOf = localDay(timeZone);
  const byDay = new Map<string, Set<string>>();
  for (const { user_id, activity, created_at } of await world.rows<LogRow & pg.QueryResultRow>(
    'user_activity_logs',
  )) {
    if (user_id === null || activity === 'LOGIN' || activity === 'LOGOUT') continue;
    const day = dayOf(created_at);
    byDay.set(day, (byDay.get(day) ?? new Set()).add(user_id));
  }
  return daysOf({ from, to }).map((day) => {
    const within = (days: number): number => {
      const users = new Set<string>();
      for (let back = 0; back < days; back++)
        for (const user of byDay.get(addDays(day, -back)) ?? []) users.add(user);
      return users.size;
    };
    const [daily, weekly, monthly] = [within(1), within(7), within(28)];
    return { day, daily, weekly, monthly, stickiness: monthly === 0 ? null : daily / monthly };
  });
}

async function expectProven(window: ProofCase): Promise<void> {
  const { rows } = await runAnyReport(world.db, activeUsers, { ...window }, { now: WORLD_END });
  expect(rounded(rows)).toEqual(rounded(await expectedRows(window)));
  expect(rows.some(({ daily }) => daily !== 0)).toBe(window.from !== '2020-01-01');
}

const february = { timeZone: 'Asia/Seoul', from: '2026-02-10', to: '2026-03-19' };

async function expectFebruary(): Promise<void> {
  const { rows } = await runAnyReport(world.db, activeUsers, february, { now: new Date('2026-04-01') });
  const told = new Map(
    rows.map(({ day, daily, weekly, monthly, stickiness }) => [day, [daily, weekly, monthly, stickiness]]),
  );
  expect(told.size).toBe(37);
  expect(told.get('2026-02-10')).toEqual([1, 1, 1, 1]);
  expect(told.get('2026-02-11')).toEqual([1, 2, 2, 0.5]);
  expect(told.get('2026-02-16')).toEqual([0, 2, 2, 0]);
  // The 7th day after the 10th is no more within its week; nor is the 28th within its month.
  expect(told.get('2026-02-17')).toEqual([0, 1, 2, 0]);
  expect(told.get('2026-02-18')).toEqual([1, 1, 2, 0.5]);
  expect(told.get('2026-02-25')).toEqual([0, 0, 2, 0]);
  expect(told.get('2026-03-09')).toEqual([0, 0, 2, 0]);
  expect(told.get('2026-03-10')).toEqual([0, 0, 1, 0]);
  expect(told.get('2026-03-17')).toEqual([0, 0, 1, 0]);
  expect(told.get('2026-03-18')).toEqual([0, 0, 0, null]);
  // The month of the first day begins 27 days before it.
  const ninth = { ...february, from: '2026-03-09', to: '2026-03-10' };
  expect((await runAnyReport(world.db, activeUsers, ninth, {})).rows).toEqual([
    { day: '2026-03-09', daily: 0, weekly: 0, monthly: 2, stickiness: 0 },
  ]);
}

describe('from the log alone', () => {
  it.each(proofCases)('counts who was active from $from to $to in $timeZone', expectProven);
  it('counts each user once in a week and a month, from midnight to midnight in Seoul', expectFebruary);
});

describe('from the roll-up, and the log since', () => {
  beforeAll(async () => {
    await refresh(world.url);
    await age(world.client);
    await refresh(world.url);
    const { rows } = await world.client.query<{ user_id: string }>(
      `select user_id from user_activity_logs where created_at < '2026-01-01' and user_id is not null limit 1`,
    );
    for (const createdAt of ['2025-04-20T20:00:00Z', '2025-09-20T15:30:00Z'])
      await logAt(world.client, rows[0]?.user_id ?? null, createdAt);
    expect(await coveredId(world.client)).toBeGreaterThan(100);
  });

  it.each(proofCases)('counts who was active from $from to $to in $timeZone', expectProven);
  it('counts each user once in a week and a month, from midnight to midnight in Seoul', expectFebruary);
});

describe('warnings', () => {
  const warningsAt = async (now: string, timeZone = 'Asia/Seoul'): Promise<readonly string[]> => {
    const window = { from: '2025-12-01', to: '2025-12-29', timeZone };
    return (await runAnyReport(world.db, activeUsers, window, { now: new Date(now) })).warnings;
  };

  it('say when the last day is not over', async () => {
    expect(await warningsAt('2025-12-28T15:00:00Z')).toEqual([]);
    expect(await warningsAt('2025-12-28T14:59:59Z')).toEqual([expect.stringContaining('not over')]);
  });

  it('say when the days are not those of the roll-up', async () => {
    expect(await warningsAt('2026-01-01T00:00:00Z', 'America/New_York')).toEqual([
      expect.stringContaining('counted from the log'),
    ]);
  });
});

it('counts nobody in an empty database', async () => {
  const db = createDatabase({ connectionString: empty.url });
  const { rows } = await runAnyReport(db, activeUsers, { from: '2026-01-01', to: '2026-01-03' }, {});
  expect(rows).toEqual(
    ['2026-01-01', '2026-01-02'].map((day) => ({ day, daily: 0, weekly: 0, monthly: 0, stickiness: null })),
  );
  await db.close();
});
