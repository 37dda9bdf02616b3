import type pg from 'pg';
import { describe, expect, it } from 'vitest';
import { createDatabase } from '../../src/database/create-database.js';
import { ratings } from '../../src/reports/product/ratings.js';
import { useDatabase } from '../support/database.js';
import { useReportWorld } from '../support/report-world.js';
import { insertUser } from '../support/rows.js';
import {
  expectRows,
  insertSession,
  isWithin,
  type ParticipantRow,
  rowsOf,
  type SessionRow,
  share,
  sum,
  type Window,
  windows,
} from './report-matching-support.js';

const world = useReportWorld(insertEdges);
const empty = useDatabase();
const types = ['ALL', 'VIDEO_1V1', 'AUDIO_1V1', 'GROUP_VIDEO'];
const none = {
  participants: 0,
  ratings: 0,
  responseRate: null,
  mean: null,
  shrunkMean: null,
  one: 0,
  two: 0,
  three: 0,
  four: 0,
  five: 0,
};

/** After the world, around midnight of 11 February 2026 in Seoul. */
async function insertEdges(client: pg.Client): Promise<void> {
  const [host, guest] = [await insertUser(client), await insertUser(client)];
  const both = (first: number, second: number | null = null) => [
    { user: host, came: true, rating: first },
    { user: guest, came: true, rating: second },
  ];
  // The last minute before the window, and the first after it.
  await insertSession(client, '2026-02-10T14:59:59Z', both(1, 1));
  await insertSession(client, '2026-02-11T15:00:00Z', both(1, 1));
  await insertSession(client, '2026-02-10T15:00:00Z', both(5));
  await insertSession(client, '2026-02-11T14:59:59Z', both(2, 3), { session_type: 'AUDIO_1V1' });
  // One whose coming was not written down, and one who never came.
  await insertSession(
    client,
    '2026-02-11T01:00:00Z',
    [
      { user: host, came: false, rating: 4 },
      { user: guest, came: false },
    ],
    { session_type: 'AUDIO_1V1' },
  );
  await insertSession(client, '2026-02-11T01:00:00Z', both(1, 1), { status: 'IN_PROGRESS' });
}

it('tells ratings apart at the edges', async () => {
  const window = { from: '2026-02-11', to: '2026-02-12', timeZone: 'Asia/Seoul', weight: 4 };
  const stars = { one: 0, two: 1, three: 1, four: 1, five: 1 };
  const all = { ...stars, participants: 5, ratings: 4, responseRate: 0.8, mean: 3.5, shrunkMean: 3.5 };
  expectRows(await rowsOf(world.db, ratings, window), [
    { ...all, sessionType: 'ALL' },
    {
      ...none,
      sessionType: 'VIDEO_1V1',
      participants: 2,
      ratings: 1,
      responseRate: 0.5,
      mean: 5,
      shrunkMean: 3.8,
      five: 1,
    },
    {
      ...all,
      sessionType: 'AUDIO_1V1',
      participants: 3,
      ratings: 3,
      responseRate: 1,
      mean: 3,
      shrunkMean: 23 / 7,
      five: 0,
    },
    { ...none, sessionType: 'GROUP_VIDEO', shrunkMean: 3.5 },
  ]);
  const plain = await rowsOf(world.db, ratings, { ...window, weight: 0 });
  expect(plain.map(({ shrunkMean }) => shrunkMean)).toEqual([3.5, 5, 3, null]);
});

describe('as the rows say', () => {
  const cases = windows.flatMap((window) => [10, 250].map((weight) => ({ ...window, weight })));
  it.each(cases)('$timeZone, from $from until $to, weight $weight', async ({ weight, ...window }) => {
    expectRows(await rowsOf(world.db, ratings, { ...window, weight }), await countRatings(window, weight));
  });
});

it('has what the proofs are about', async () => {
  const [, , whole] = windows;
  const rows = await countRatings(whole as Window, 10);
  for (const { participants, ratings, mean } of rows.slice(0, 3)) {
    expect(participants).toBeGreaterThan(ratings);
    expect(mean).not.toBe(rows[3]?.mean);
  }
});

it('tells of an empty database', async () => {
  const db = createDatabase({ connectionString: empty.url });
  expect(await rowsOf(db, ratings, {})).toEqual(types.map((sessionType) => ({ ...none, sessionType })));
  await db.close();
});

/** Counts one participant after the other. */
async function countRatings(window: Window, weight: number) {
  const held = new Map<string, string>();
  for (const session of await world.rows<SessionRow>('learning_sessions'))
    if (session.status === 'COMPLETED' && isWithin(window, session.scheduled_start_time))
      held.set(session.id, session.session_type);
  const guests = (await world.rows<ParticipantRow>('session_participants')).filter(
    (guest) => held.has(guest.session_id) && (guest.joined_at !== null || guest.rating_given !== null),
  );
  const starsOf = (sessionType: string): (number | null)[] =>
    guests
      .filter((guest) => sessionType === 'ALL' || held.get(guest.session_id) === sessionType)
      .map((guest) => guest.rating_given);
  const given = (stars: (number | null)[]): number[] => stars.filter((star) => star !== null);
  const all = given(starsOf('ALL'));
  return types.map((sessionType) => {
    const stars = starsOf(sessionType);
    const rated = given(stars);
    const count = (star: number): number => rated.filter((value) => value === star).length;
    return {
      sessionType,
      participants: stars.length,
      ratings: rated.length,
      responseRate: share(rated.length, stars.length),
      mean: share(sum(rated), rated.length),
      shrunkMean:
        all.length === 0 ? null : (sum(rated) + weight * (sum(all) / all.length)) / (rated.length + weight),
      one: count(1),
      two: count(2),
      three: count(3),
      four: count(4),
      five: count(5),
    };
  });
}
