import type pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../src/database/create-database.js';
import { addDays, daysBetween } from '../../src/reports/parameters.js';
import { retention } from '../../src/reports/product/retention.js';
import { runAnyReport } from '../../src/reports/run-report.js';
import { age, logAt, refresh } from '../support/active-days.js';
import { useDatabase } from '../support/database.js';
import { localDay, proofCases, rounded, type ProofCase } from '../support/report-proof.js';
import { useReportWorld, WORLD_END } from '../support/report-world.js';
import { insertUser } from '../support/rows.js';

const world = useReportWorld(insertEdges);
const empty = useDatabase();

/** Who signs up in the week of Monday, 2 February 2026, when nobody of the seeded world is there any more. */
async function insertEdges(client: pg.Client): Promise<void> {
  // The first instant of that Monday in Seoul, and one before: of the week before.
  const first = await insertUser(client, { created_at: '2026-02-01T15:00:00Z' });
  const before = await insertUser(client, { created_at: '2026-02-01T14:59:59.999Z' });
  // The last instant of that Sunday.
  const last = await insertUser(client, { created_at: '2026-02-08T14:59:59Z' });
  const erased = await insertUser(client, { created_at: '2026-02-04T00:00:00Z' });
  const silent = await insertUser(client, { created_at: '2026-02-04T00:00:00Z' });
  await logAt(client, first, '2026-02-01T15:00:00Z', { activity: 'SIGN_UP' });
  await logAt(client, before, '2026-02-01T15:00:00Z');
  // The last instant of week 0 of the first, and the first of week 1 of the last.
  await logAt(client, first, '2026-02-08T14:59:59Z');
  await logAt(client, last, '2026-02-14T15:00:00Z');
  // Twice in week 2 counts once; before the sign-up is no week.
  await logAt(client, last, '2026-02-22T03:00:00Z');
  await logAt(client, last, '2026-02-23T03:00:00Z');
  await logAt(client, last, '2026-02-02T03:00:00Z');
  await logAt(client, erased, '2026-02-05T03:00:00Z');
  await logAt(client, silent, '2026-02-05T03:00:00Z', { activity: 'LOGIN' });
  await client.query('delete from users where id = $1', [erased]);
}

interface LogRow {
  readonly user_id: string | null;
  readonly activity: string;
  readonly created_at: Date;
}

const mondayOf = (day: string): string => addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));

/** User by user: their own weeks, day by day. */
async function expectedRows(
  { timeZone, from, to }: ProofCase,
  weeks: number,
  asOf: Date,
): Promise<{ readonly cohort: string; readonly users: number }[]> {
  const dayOf = localDay(timeZone);
  const today = dayOf(asOf);
  const activeDays = new Set<string>();
  for (const row of await world.rows<LogRow & pg.QueryResultRow>('user_activity_logs'))
    if (row.user_id !== null && !['LOGIN', 'LOGOUT'].includes(row.activity))
      activeDays.add(`${row.user_id} ${dayOf(row.created_at)}`);
  const people = (await world.rows<{ id: string; created_at: Date }>('users'))
    .map(({ id, created_at }) => ({ id, day: dayOf(created_at) }))
    .filter(({ day }) => day < today);
  const rows = [];
  for (let cohort = mondayOf(from); cohort < to; cohort = addDays(cohort, 7)) {
    const members = people.filter(({ day }) => mondayOf(day) === cohort);
    const days = members.map(({ day }) => day).toSorted();
    for (let week = 0; week <= weeks; week++) {
      const isActive = ({ id, day }: (typeof members)[number]): boolean =>
        [0, 1, 2, 3, 4, 5, 6].some((offset) => {
          const on = addDays(day, 7 * week + offset);
          return on < today && activeDays.has(`${id} ${on}`);
        });
      const active = members.filter(isActive).length;
      const [first, last] = [days[0], days.at(-1) ?? addDays(cohort, 6)];
      rows.push({
        cohort,
        week,
        users: members.length,
        active,
        retention: first !== undefined && addDays(first, 7 * week) < today ? active / members.length : null,
        complete: daysBetween(last, today) >= 7 * (week + 1),
      });
    }
  }
  return rows;
}

async function expectProven(window: ProofCase): Promise<void> {
  const given = { ...window, weeks: 10 };
  const { rows } = await runAnyReport(world.db, retention, given, { now: WORLD_END });
  const expected = await expectedRows(window, 10, WORLD_END);
  expect(rounded(rows)).toEqual(rounded(expected));
  expect(expected.some(({ users }) => users > 0)).toBe(window.from !== '2020-01-01');
}

describe('from the log alone', () => {
  it.each(proofCases)('follows who signed up from $from to $to in $timeZone', expectProven);

  it('marks weeks that are not over, as of any day', async () => {
    for (const asOf of ['2025-10-05T15:00:00.000Z', '2025-10-06T14:59:59.000Z']) {
      const window = { timeZone: 'Asia/Seoul', from: '2025-08-01', to: '2025-10-20' };
      const { rows } = await runAnyReport(world.db, retention, { ...window, asOf, weeks: 6 }, {});
      expect(rounded(rows)).toEqual(rounded(await expectedRows(window, 6, new Date(asOf))));
    }
  });
});

describe('from the roll-up, and the log since', () => {
  beforeAll(async () => {
    await refresh(world.url);
    await age(world.client);
    await refresh(world.url);
    const { rows } = await world.client.query<{ id: string }>(
      `select id from users where created_at between '2025-07-10' and '2025-08-10' limit 1`,
    );
    await logAt(world.client, rows[0]?.id ?? null, '2025-08-20T15:30:00Z');
  });

  it.each(proofCases)('follows who signed up from $from to $to in $timeZone', expectProven);
});

describe('a cohort of three', () => {
  const february = async (asOf: string, from = '2026-02-02', to = '2026-02-09'): Promise<unknown[]> => {
    const { rows } = await runAnyReport(world.db, retention, { from, to, asOf, weeks: 2 }, {});
    return rows.map(({ cohort, week, users, active, retention: share, complete }) =>
      [cohort, week, users, active, share, complete].join(' '),
    );
  };

  it('has a week of its own for each user, who is counted once in it', async () => {
    const third = String(1 / 3);
    expect(await february('2026-03-31T15:00:00Z')).toEqual([
      `2026-02-02 0 3 1 ${third} true`,
      `2026-02-02 1 3 1 ${third} true`,
      `2026-02-02 2 3 1 ${third} true`,
    ]);
    // Any day of the week asks for the whole of it.
    expect(await february('2026-03-31T15:00:00Z', '2026-02-05', '2026-02-06')).toHaveLength(3);
  });

  it('is complete when the week of the last of them is over', async () => {
    const third = String(1 / 3);
    // The last signed up on 8 February; their week 1 ends with 21 February.
    expect(await february('2026-02-21T14:59:59Z')).toEqual([
      `2026-02-02 0 3 1 ${third} true`,
      `2026-02-02 1 3 1 ${third} false`,
      `2026-02-02 2 3 0 0 false`,
    ]);
    expect((await february('2026-02-21T15:00:00Z'))[1]).toBe(`2026-02-02 1 3 1 ${third} true`);
    // On Monday, 16 February, week 2 of the first begins; the day counts when it is over.
    expect((await february('2026-02-16T14:59:59Z'))[2]).toBe('2026-02-02 2 3 0  false');
    expect((await february('2026-02-16T15:00:00Z'))[2]).toBe('2026-02-02 2 3 0 0 false');
  });

  it('has only those who have signed up by then', async () => {
    expect((await february('2026-02-05T15:00:00Z'))[0]).toBe('2026-02-02 0 2 1 0.5 false');
  });
});

it('warns of a time zone that is not that of the roll-up', async () => {
  const window = { from: '2025-12-01', to: '2025-12-29' };
  const warningsIn = async (timeZone: string): Promise<readonly string[]> =>
    (await runAnyReport(world.db, retention, { ...window, timeZone }, { now: WORLD_END })).warnings;
  expect(await warningsIn('Asia/Seoul')).toEqual([]);
  expect(await warningsIn('UTC')).toEqual([expect.stringContaining('counted from the log')]);
});

it('has cohorts of nobody in an empty database', async () => {
  const db = createDatabase({ connectionString: empty.url });
  const given = { from: '2026-01-01', to: '2026-01-06', weeks: 1, asOf: '2026-01-19T00:00:00Z' };
  const { rows } = await runAnyReport(db, retention, given, {});
  const none = { users: 0, active: 0, retention: null };
  expect(rows).toEqual([
    { cohort: '2025-12-29', week: 0, ...none, complete: true },
    { cohort: '2025-12-29', week: 1, ...none, complete: true },
    { cohort: '2026-01-05', week: 0, ...none, complete: true },
    { cohort: '2026-01-05', week: 1, ...none, complete: false },
  ]);
  await db.close();
});
