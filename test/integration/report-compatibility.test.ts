import type pg from 'pg';
import { describe, expect, it } from 'vitest';
import { createDatabase } from '../../src/database/create-database.js';
import { compatibility } from '../../src/reports/product/compatibility.js';
import { useDatabase } from '../support/database.js';
import { useReportWorld } from '../support/report-world.js';
import { insertRow, insertUser, type Values } from '../support/rows.js';
import {
  DAY,
  expectRows,
  insertSession,
  isWithin,
  meetingsOfPairs,
  type ParticipantRow,
  presentOf,
  rowsOf,
  type SessionRow,
  share,
  sum,
  type Window,
  windows,
} from './report-matching-support.js';

interface PartnershipRow extends pg.QueryResultRow {
  readonly user_id_1: string;
  readonly user_id_2: string;
  readonly compatibility_score: number | null;
  readonly is_active: boolean;
  readonly created_at: Date;
}

const world = useReportWorld(insertEdges);
const empty = useDatabase();
const AMID_EDGES = '2026-02-11T15:00:00Z';
const scores = [
  '0–9',
  '10–19',
  '20–29',
  '30–39',
  '40–49',
  '50–59',
  '60–69',
  '70–79',
  '80–89',
  '90–100',
  'none',
];
const nothing = {
  partnerships: 0,
  followed: 0,
  sessions: null,
  thirdSession: null,
  lift: null,
  ratings: 0,
  meanRating: null,
  stillActive: null,
  complete: true,
};

/** After the world: partnerships of 2 February 2026 in Seoul. */
async function insertEdges(client: pg.Client): Promise<void> {
  const begin = async (score: number | null, values: Values = {}) => {
    const [one, other] = [await insertUser(client), await insertUser(client)];
    await insertRow(client, 'user_partnerships', {
      user_id_1: one,
      user_id_2: other,
      compatibility_score: score,
      created_at: '2026-02-01T15:00:00Z',
      ...values,
    });
    return (at: string, given: readonly (number | null)[] = [], session: Values = {}, didOtherCome = true) =>
      insertSession(
        client,
        at,
        [
          { user: other, came: didOtherCome, rating: given[0] ?? null },
          { user: one, came: true, rating: given[1] ?? null },
        ],
        session,
      );
  };
  const good = await begin(90);
  await good('2026-02-01T14:59:59Z', [1, 1]);
  await good('2026-02-01T15:00:00Z', [5, 4]);
  await good('2026-02-02T15:00:00Z');
  await good('2026-02-11T14:00:00Z', [3], { actual_start_time: '2026-02-11T14:59:59Z' });
  const ended = await begin(100, { is_active: false });
  await ended('2026-02-03T00:00:00Z');
  await ended('2026-02-04T00:00:00Z');
  await ended('2026-02-11T14:00:00Z', [1, 1], { actual_start_time: '2026-02-11T15:00:00Z' });
  await begin(89);
  const strange = await begin(0);
  await strange('2026-02-03T00:00:00Z', [5, 5], { session_type: 'GROUP_VIDEO' });
  await strange('2026-02-03T00:00:00Z', [5, 5], { status: 'CANCELLED' });
  await strange('2026-02-03T00:00:00Z', [null, 5], {}, false);
  await begin(null, { created_at: '2026-02-01T15:00:01Z' });
  await begin(50, { created_at: '2026-02-01T14:59:59Z' });
  await begin(50, { created_at: '2026-02-02T15:00:00Z' });
}

it('tells partnerships apart at the edges', async () => {
  const window = { from: '2026-02-02', to: '2026-02-03', timeZone: 'Asia/Seoul' };
  const rows = await rowsOf(world.db, compatibility, { ...window, followDays: 10, asOf: AMID_EDGES });
  const one = { partnerships: 1, followed: 1, sessions: 0, thirdSession: 0, lift: 0, stillActive: 1 };
  const edges = new Map<string, object>([
    ['0–9', one],
    ['80–89', one],
    [
      '90–100',
      {
        partnerships: 2,
        followed: 2,
        sessions: 2.5,
        thirdSession: 0.5,
        lift: 2,
        ratings: 3,
        meanRating: 4,
        stillActive: 0.5,
      },
    ],
    ['none', { partnerships: 1, complete: false }],
  ]);
  expectRows(
    rows,
    scores.map((score) => ({ ...nothing, ...edges.get(score), score })),
  );
});

describe('as the rows say', () => {
  const cases = windows.flatMap((window) => [56, 150].map((followDays) => ({ ...window, followDays })));
  it.each(cases)(
    '$timeZone, from $from until $to, followed $followDays days',
    async ({ followDays, ...window }) => {
      const asOf = presentOf(window, AMID_EDGES);
      const given = { ...window, followDays, asOf: asOf.toISOString() };
      expectRows(
        await rowsOf(world.db, compatibility, given),
        await countPartnerships(window, followDays, asOf),
      );
    },
  );
});

it('has what the proofs are about', async () => {
  const [, , whole] = windows;
  const rows = await countPartnerships(whole as Window, 150, new Date('2026-01-01T00:00:00Z'));
  expect(rows.filter(({ thirdSession }) => (thirdSession ?? 0) > 0).length).toBeGreaterThan(1);
  expect(sum(rows.map(({ ratings }) => ratings))).toBeGreaterThan(10);
  expect(rows.some(({ complete }) => !complete)).toBe(true);
});

it('tells of an empty database', async () => {
  const db = createDatabase({ connectionString: empty.url });
  expect(await rowsOf(db, compatibility, {})).toEqual(scores.map((score) => ({ ...nothing, score })));
  await db.close();
});

/** Follows one partnership after the other. */
async function countPartnerships(window: Window, followDays: number, asOf: Date) {
  const meetings = meetingsOfPairs(
    await world.rows<SessionRow>('learning_sessions'),
    await world.rows<ParticipantRow>('session_participants'),
  );
  const rows = scores.map(() => ({
    all: 0,
    followed: 0,
    sessions: 0,
    third: 0,
    active: 0,
    stars: [] as number[],
  }));
  for (const partnership of await world.rows<PartnershipRow>('user_partnerships')) {
    const { user_id_1: one, user_id_2: other, compatibility_score: score } = partnership;
    if (!isWithin(window, partnership.created_at)) continue;
    const row = rows[score === null ? 10 : Math.min(9, Math.floor(score / 10))];
    if (row === undefined) throw new Error('there are eleven');
    row.all++;
    const start = partnership.created_at.getTime();
    const end = start + followDays * DAY;
    if (end > asOf.getTime()) continue;
    const met = meetings(one, other).filter(({ at }) => at >= start && at < end);
    row.followed++;
    row.sessions += met.length;
    if (met.length > 2) row.third++;
    if (partnership.is_active) row.active++;
    row.stars.push(...met.flatMap(({ ratings }) => ratings));
  }
  const overall = share(sum(rows.map(({ third }) => third)), sum(rows.map(({ followed }) => followed)));
  return rows.map(({ all, followed, sessions, third, active, stars }, bucket) => {
    const thirdSession = share(third, followed);
    return {
      score: scores[bucket],
      partnerships: all,
      followed,
      sessions: share(sessions, followed),
      thirdSession,
      lift: thirdSession === null || overall === null ? null : share(thirdSession, overall),
      ratings: stars.length,
      meanRating: share(sum(stars), stars.length),
      stillActive: share(active, followed),
      complete: all === followed,
    };
  });
}
