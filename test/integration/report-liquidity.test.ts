import type pg from 'pg';
import { describe, expect, it } from 'vitest';
import { createDatabase } from '../../src/database/create-database.js';
import { liquidity } from '../../src/reports/product/liquidity.js';
import { useDatabase } from '../support/database.js';
import { useReportWorld } from '../support/report-world.js';
import { insertRow, insertUser, validRows, type Values } from '../support/rows.js';
import {
  DAY,
  expectRows,
  groupsOf,
  rowsOf,
  share,
  sum,
  type Wait,
  waitOf,
} from './report-matching-support.js';

interface LanguageRow extends pg.QueryResultRow {
  readonly user_id: string;
  readonly language_code: string;
  readonly language_type: string;
}

interface RequestRow extends pg.QueryResultRow {
  readonly requester_id: string;
  readonly status: string;
  readonly created_at: Date;
  readonly responded_at: Date | null;
  readonly expires_at: Date;
}

const world = useReportWorld(insertEdges);
const empty = useDatabase();
const AMID_EDGES = '2026-02-01T00:00:00Z';

function daysAgo(days: number): Date {
  return new Date(Date.parse(AMID_EDGES) - days * DAY);
}

/** After the world: people of three languages that nobody else has. */
async function insertEdges(client: pg.Client): Promise<void> {
  const join = async (
    native: readonly string[],
    learning: readonly string[],
    seen: Date,
    values: Values = {},
  ): Promise<string> => {
    const user = await insertUser(client, { created_at: daysAgo(100), ...values });
    const languages = [
      ...native.map((code) => [code, 'NATIVE']),
      ...learning.map((code) => [code, 'LEARNING']),
      ['xd', 'TEACHING'],
    ];
    for (const [code, type] of languages)
      await insertRow(client, 'user_languages', { user_id: user, language_code: code, language_type: type });
    const login = { ...validRows.user_sessions({ user, other: '', room: '', session: '', test: '' }) };
    await insertRow(client, 'user_sessions', { ...login, last_activity_at: seen });
    return user;
  };
  // Seen 28 days ago to the second, and a second before that.
  const barely = await join(['xa'], ['xb'], daysAgo(28));
  const both = await join(['xa'], ['xa', 'xb', 'xc'], daysAgo(1));
  const gone = await join(['xa'], ['xb'], new Date(daysAgo(28).getTime() - 1_000));
  const closed = await join(['xa'], ['xb'], daysAgo(1), { is_active: false });
  const mirror = await join(['xb'], ['xa'], daysAgo(0));
  const ask = (user: string, at: Date, values: Values) =>
    insertRow(client, 'matching_requests', {
      requester_id: user,
      target_id: mirror,
      created_at: at,
      expires_at: daysAgo(-1),
      ...values,
    });
  await ask(barely, daysAgo(10), { status: 'REJECTED', responded_at: daysAgo(9) });
  await ask(barely, daysAgo(8), { status: 'ACCEPTED', responded_at: daysAgo(6) });
  await ask(barely, daysAgo(7), { status: 'ACCEPTED', responded_at: daysAgo(5) });
  await ask(both, daysAgo(3), {});
  await ask(both, daysAgo(2), { expires_at: AMID_EDGES });
  await ask(closed, daysAgo(84), { status: 'ACCEPTED', responded_at: daysAgo(76) });
  await ask(gone, daysAgo(85), { status: 'EXPIRED' });
  await ask(gone, daysAgo(5), { status: 'ACCEPTED', responded_at: daysAgo(5) });
}

it('tells people apart at the edges', async () => {
  const rows = await rowsOf(world.db, liquidity, { asOf: AMID_EDGES });
  expectRows(
    rows.filter(({ native, learning }) => /^x/.test(native + learning)),
    [
      {
        pair: 'xa→xb',
        native: 'xa',
        learning: 'xb',
        seekers: 2,
        complementary: 1,
        ratio: 0.5,
        openRequests: 1,
        waiters: 3,
        medianWaitDays: 4,
      },
      {
        pair: 'xa→xc',
        native: 'xa',
        learning: 'xc',
        seekers: 1,
        complementary: 0,
        ratio: 0,
        openRequests: 1,
        waiters: 1,
        medianWaitDays: null,
      },
      {
        pair: 'xb→xa',
        native: 'xb',
        learning: 'xa',
        seekers: 1,
        complementary: 2,
        ratio: 2,
        openRequests: 0,
        waiters: 0,
        medianWaitDays: null,
      },
    ],
  );
});

describe('as the rows say', () => {
  it.each([
    { asOf: '2026-01-01T00:00:00Z', activeDays: 28, waitDays: 84 },
    { asOf: '2025-10-15T06:00:00Z', activeDays: 7, waitDays: 40 },
    { asOf: '2025-07-03T00:00:00Z', activeDays: 28, waitDays: 28 },
    { asOf: AMID_EDGES, activeDays: 28, waitDays: 84 },
    { asOf: AMID_EDGES, activeDays: 365, waitDays: 3_660 },
    { asOf: '2024-01-01T00:00:00Z', activeDays: 28, waitDays: 84 },
  ])('of $asOf, seen in $activeDays days, asked in $waitDays', async (given) => {
    const rows = await rowsOf(world.db, liquidity, given);
    const expected = await countPairs(new Date(given.asOf), given.activeDays, given.waitDays);
    expectRows(rows, expected);
    expect(sum(rows.map(({ seekers }) => seekers))).toBeGreaterThan(0);
  });
});

it('finds medians that somebody reached and others that nobody did', async () => {
  const rows = await countPairs(new Date(AMID_EDGES), 365, 3_660);
  const waiting = rows.filter(({ waiters }) => waiters > 1);
  expect(waiting.some(({ medianWaitDays }) => (medianWaitDays ?? 0) > 0)).toBe(true);
  expect(rows.some(({ medianWaitDays }) => medianWaitDays === null)).toBe(true);
});

it('tells of an empty database', async () => {
  const db = createDatabase({ connectionString: empty.url });
  expect(await rowsOf(db, liquidity, {})).toEqual([]);
  await db.close();
});

/** Asks one user after the other. */
async function countPairs(asOf: Date, activeDays: number, waitDays: number) {
  const now = asOf.getTime();
  const languages = groupsOf([], await world.rows<LanguageRow>('user_languages'), (row) => row.user_id);
  const requests = groupsOf([], await world.rows<RequestRow>('matching_requests'), (row) => row.requester_id);
  const seen = new Set<string>();
  for (const login of await world.rows<{ user_id: string; last_activity_at: Date }>('user_sessions'))
    if (login.last_activity_at.getTime() >= now - activeDays * DAY) seen.add(login.user_id);
  const pairs = new Map<string, { seekers: number; openRequests: number; waits: Wait[] }>();
  for (const user of await world.rows<{ id: string; is_active: boolean }>('users')) {
    const spoken = languages.get(user.id) ?? [];
    const codes = (type: string): string[] =>
      spoken.filter((row) => row.language_type === type).map((row) => row.language_code);
    const asked = requests.get(user.id) ?? [];
    const openRequests = asked.filter((row) => row.status === 'PENDING' && row.expires_at > asOf).length;
    const wait = waitOfUser(asked, now, waitDays);
    for (const native of codes('NATIVE'))
      for (const learning of codes('LEARNING')) {
        if (native === learning) continue;
        const pair = pairs.get(`${native}→${learning}`) ?? { seekers: 0, openRequests: 0, waits: [] };
        pairs.set(`${native}→${learning}`, pair);
        if (user.is_active && seen.has(user.id)) pair.seekers++;
        pair.openRequests += openRequests;
        if (wait !== undefined) pair.waits.push(wait);
      }
  }
  return [...pairs]
    .map(([pair, { seekers, openRequests, waits }]) => {
      const [native = '', learning = ''] = pair.split('→');
      const complementary = pairs.get(`${learning}→${native}`)?.seekers ?? 0;
      return {
        pair,
        native,
        learning,
        seekers,
        complementary,
        ratio: share(complementary, seekers),
        openRequests,
        waiters: waits.length,
        medianWaitDays: waitOf(waits, 0.5),
      };
    })
    .toSorted((one, other) => other.seekers - one.seekers || (one.pair < other.pair ? -1 : 1));
}

function waitOfUser(asked: readonly RequestRow[], now: number, waitDays: number): Wait | undefined {
  const before = asked.map((row) => row.created_at.getTime()).filter((at) => at <= now);
  const first = Math.min(...before);
  if (before.length === 0 || first < now - waitDays * DAY) return undefined;
  const accepted = asked
    .filter((row) => row.status === 'ACCEPTED')
    .map((row) => (row.responded_at ?? row.created_at).getTime());
  const isOver = accepted.length > 0;
  return { time: ((isOver ? Math.min(...accepted) : now) - first) / DAY, isOver };
}
