import type pg from 'pg';
import { beforeAll, expect, it } from 'vitest';
import { createDatabase } from '../../src/database/create-database.js';
import { addDays } from '../../src/reports/parameters.js';
import { learnerProgress } from '../../src/reports/product/learner-progress.js';
import { runAnyReport } from '../../src/reports/run-report.js';
import { useDatabase } from '../support/database.js';
import { localDay, proofCases, rounded, type ProofCase } from '../support/report-proof.js';
import { useReportWorld, WORLD_END } from '../support/report-world.js';
import { insertRow, insertUser, type Values } from '../support/rows.js';

interface Summary extends pg.QueryResultRow {
  readonly user_id: string;
  readonly language_code: string;
  readonly date: string;
  readonly total_session_time: number;
  readonly session_count: number;
  readonly messages_sent: number;
  readonly level_improvements: number;
  readonly badges_earned: number;
  readonly average_session_rating: string | null;
}

let ann = '';
const world = useReportWorld(insertEdges);
const empty = useDatabase();
let summaries: readonly Summary[] = [];
beforeAll(async () => {
  summaries = await world.rows<Summary>('learning_analytics');
});

/** Of Esperanto and Latin, which the seeded world does not know. 1 September 2025 is a Monday. */
async function insertEdges(client: pg.Client): Promise<void> {
  ann = await insertUser(client);
  const [ben, cho] = [await insertUser(client), await insertUser(client)];
  const learn = (user_id: string, date: string, values: Values): Promise<unknown> =>
    insertRow(client, 'learning_analytics', { user_id, language_code: 'eo', date, ...values });
  await learn(ann, '2025-08-31', { session_count: 7 });
  await learn(ann, '2025-09-01', {
    session_count: 3,
    total_session_time: 5_430,
    average_session_rating: '4.00',
  });
  await learn(ann, '2025-09-07', { session_count: 1, average_session_rating: '2.00', badges_earned: 1 });
  // Sessions without a rating, a rating without a session.
  await learn(ann, '2025-09-03', { session_count: 10, messages_sent: 5 });
  await learn(ben, '2025-09-03', { average_session_rating: '1.00', level_improvements: 1 });
  // In two languages; a day of nothing does not make a learner.
  await learn(ann, '2025-09-02', { language_code: 'la', messages_sent: 1 });
  await learn(ben, '2025-09-02', { language_code: 'la' });
  await learn(cho, '2025-09-02', { language_code: 'la', badges_earned: 1 });
  await learn(ben, '2025-09-08', { messages_sent: 9 });
}

const startOf = (by: 'week' | 'month', day: string): string =>
  by === 'month' ? `${day.slice(0, 7)}-01` : addDays(day, -((new Date(day).getUTCDay() + 6) % 7));

function expectedRows({ timeZone, from, to }: ProofCase, by: 'week' | 'month', asOf: Date): object[] {
  const groups = new Map<string, Summary[]>();
  for (const summary of summaries) {
    if (summary.date < from || summary.date >= to) continue;
    const key = `${startOf(by, summary.date)} ${summary.language_code}`;
    groups.set(key, [...(groups.get(key) ?? []), summary]);
  }
  const learnersOf = (group: readonly Summary[]): Set<string> =>
    new Set(
      group
        .filter((s) => s.session_count + s.messages_sent + s.level_improvements + s.badges_earned > 0)
        .map(({ user_id }) => user_id),
    );
  return [...groups.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, all]) => {
      const [period = '', language] = key.split(' ');
      const learners = learnersOf(all);
      const group = all.filter(({ user_id }) => learners.has(user_id));
      const others = [...groups.entries()].filter(([other]) => other.startsWith(period));
      const inPeriod = new Set(others.flatMap(([, rows]) => [...learnersOf(rows)]));
      const sum = (value: (summary: Summary) => number): number =>
        group.reduce((total, summary) => total + value(summary), 0);
      const rated = group.filter(({ average_session_rating }) => average_session_rating !== null);
      const ratings = rated.reduce((total, { session_count }) => total + session_count, 0);
      const weighted = rated.reduce((n, s) => n + s.session_count * Number(s.average_session_rating), 0);
      const next = by === 'month' ? startOf('month', addDays(period, 31)) : addDays(period, 7);
      return learners.size === 0
        ? []
        : {
            period,
            language,
            learners: learners.size,
            share: learners.size / inPeriod.size,
            sessions: sum((s) => s.session_count),
            minutes: sum((s) => s.total_session_time) / 60,
            messages: sum((s) => s.messages_sent),
            levelsGained: sum((s) => s.level_improvements),
            badges: sum((s) => s.badges_earned),
            rating: ratings === 0 ? null : weighted / ratings,
            complete: period >= from && next <= to && localDay(timeZone)(asOf) >= next,
          };
    });
}

it.each(proofCases)('adds up the summaries of $from to $to in $timeZone', async (window) => {
  for (const by of ['week', 'month'] as const) {
    const { rows } = await runAnyReport(world.db, learnerProgress, { ...window, by }, { now: WORLD_END });
    expect(rounded(rows)).toEqual(rounded(expectedRows(window, by, WORLD_END)));
    expect(rows.length > 0).toBe(window.from !== '2020-01-01');
  }
});

it('weights ratings by sessions, and counts who did something', async () => {
  const window = { from: '2025-09-01', to: '2025-09-08', language: 'eo' };
  const { rows } = await runAnyReport(world.db, learnerProgress, window, {});
  const week = {
    period: '2025-09-01',
    language: 'eo',
    learners: 2,
    share: 1,
    sessions: 14,
    minutes: 90.5,
    messages: 5,
    levelsGained: 1,
    badges: 1,
    // Three sessions of 4 and one of 2.
    rating: 3.5,
    complete: true,
  };
  expect(rows).toEqual([week]);
  const latin = await runAnyReport(world.db, learnerProgress, { ...window, language: 'la' }, {});
  expect(latin.rows).toMatchObject([{ learners: 2, messages: 1, badges: 1, rating: null }]);
  const ofAnn = await runAnyReport(
    world.db,
    learnerProgress,
    { user: ann, by: 'month', from: '2025-08-31', to: '2025-10-01', asOf: '2025-09-30T14:59:59Z' },
    {},
  );
  expect(ofAnn.rows.map((row) => [row['period'], row['language'], row['sessions'], row['complete']])).toEqual(
    [
      ['2025-08-01', 'eo', 7, false],
      // It is over in Seoul a second later.
      ['2025-09-01', 'eo', 14, false],
      ['2025-09-01', 'la', 0, false],
    ],
  );
});

it('asks for whole weeks or months that are over, unless told otherwise', async () => {
  const now = new Date('2025-12-31T15:00:00Z');
  const weeks = await runAnyReport(world.db, learnerProgress, {}, { now });
  expect(weeks.parameters).toMatchObject({ from: '2025-10-06', to: '2025-12-29' });
  const months = await runAnyReport(world.db, learnerProgress, { by: 'month' }, { now });
  expect(months.parameters).toMatchObject({ from: '2025-01-01', to: '2026-01-01' });
  for (const { rows } of [weeks, months]) expect(rows.every(({ complete }) => complete === true)).toBe(true);
});

it('has no rows without summaries', async () => {
  const db = createDatabase({ connectionString: empty.url });
  expect((await runAnyReport(db, learnerProgress, {}, {})).rows).toEqual([]);
  await db.close();
});
