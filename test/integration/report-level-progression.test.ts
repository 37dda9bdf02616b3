import type pg from 'pg';
import { beforeAll, expect, it } from 'vitest';
import { createDatabase } from '../../src/database/create-database.js';
import { levelProgression } from '../../src/reports/product/level-progression.js';
import { runAnyReport } from '../../src/reports/run-report.js';
import { useDatabase } from '../support/database.js';
import { localDay, proofCases, quantile, rounded, shareOf, type ProofCase } from '../support/report-proof.js';
import { useReportWorld, WORLD_END } from '../support/report-world.js';
import { insertRow, insertUser, type Values } from '../support/rows.js';

interface LevelTest extends pg.QueryResultRow {
  readonly id: string;
  readonly user_id: string;
  readonly language_code: string;
  readonly status: string;
  readonly overall_level: string | null;
  readonly overall_score: number | null;
  readonly completed_at: Date | null;
}

const levels = ['A1', 'A2', 'B1', 'B2', 'C1', 'C2'];
const none = {
  pairs: 0,
  improved: 0,
  same: 0,
  worse: 0,
  improvedShare: null,
  sameShare: null,
  worseShare: null,
  medianDays: null,
  medianScoreChange: null,
  notRetested: 0,
};
const world = useReportWorld(insertEdges);
const empty = useDatabase();
let tests: readonly LevelTest[] = [];
beforeAll(async () => {
  tests = await world.rows<LevelTest>('level_tests');
});

/** Of Esperanto, which the seeded world does not know. The window of the test by hand is 10 to 12 September in Seoul. */
async function insertEdges(client: pg.Client): Promise<void> {
  const [ann, ben, cho] = [await insertUser(client), await insertUser(client), await insertUser(client)];
  const take = (user_id: string, completed_at: string, values: Values): Promise<unknown> =>
    insertRow(client, 'level_tests', {
      user_id,
      language_code: 'eo',
      status: 'COMPLETED',
      completed_at,
      ...values,
    });
  // A pair by its later test at the first instant of the window; what lies between is no result.
  await take(ann, '2025-08-30T15:00:00Z', { overall_level: 'B1', overall_score: 40 });
  await take(ann, '2025-09-01T00:00:00Z', { overall_level: 'A1', overall_score: 1, status: 'FAILED' });
  await take(ann, '2025-09-02T00:00:00Z', { overall_level: null });
  await take(ann, '2025-09-01T00:00:00Z', { language_code: 'la', overall_level: 'C2' });
  await take(ann, '2025-09-09T15:00:00Z', { overall_level: 'B2', overall_score: 50 });
  // Its end is not part of it: the test before has no later one within.
  await take(ann, '2025-09-11T15:00:00Z', { overall_level: 'C2', overall_score: 99 });
  // Another of B1, after two days, without a score: same. Then worse, at one instant with it.
  await take(ben, '2025-09-08T20:00:00Z', { overall_level: 'B1', overall_score: 45 });
  await take(ben, '2025-09-10T20:00:00Z', { overall_level: 'B1' });
  await take(ben, '2025-09-10T20:00:00Z', { overall_level: 'A2', overall_score: 30 });
  // After a test without a time to count from.
  await take(cho, '-infinity', { overall_level: 'C2' });
  await take(cho, '2025-09-10T20:00:00Z', { overall_level: 'B1' });
}

function expectedRows({ timeZone, from, to }: ProofCase): object[] {
  const dayOf = localDay(timeZone);
  const byLearner = new Map<string, LevelTest[]>();
  const results = tests
    .filter(({ status, overall_level }) => status === 'COMPLETED' && overall_level !== null)
    // Not null, and not -Infinity.
    .filter(({ completed_at }) => completed_at instanceof Date)
    .toSorted((a, b) => Number(a.completed_at) - Number(b.completed_at) || Number(a.id) - Number(b.id));
  for (const test of results) {
    const key = `${test.user_id} ${test.language_code}`;
    byLearner.set(key, [...(byLearner.get(key) ?? []), test]);
  }
  const isWithin = ({ completed_at }: LevelTest): boolean => {
    const day = dayOf(completed_at ?? new Date(NaN));
    return day >= from && day < to;
  };
  return levels.map((level) => {
    const [steps, days, changes]: [number[], number[], number[]] = [[], [], []];
    let notRetested = 0;
    for (const taken of byLearner.values()) {
      if (taken.filter(isWithin).at(-1)?.overall_level === level) notRetested += 1;
      taken.forEach((test, index) => {
        const before = taken[index - 1];
        if (before?.overall_level !== level || !isWithin(test)) return;
        steps.push(Math.sign(levels.indexOf(test.overall_level ?? '') - levels.indexOf(level)));
        days.push((Number(test.completed_at) - Number(before.completed_at)) / 86_400_000);
        if (test.overall_score !== null && before.overall_score !== null)
          changes.push(test.overall_score - before.overall_score);
      });
    }
    const [improved, same, worse] = [1, 0, -1].map((sign) => steps.filter((step) => step === sign).length);
    return {
      levelBefore: level,
      pairs: steps.length,
      improved,
      same,
      worse,
      improvedShare: shareOf(improved ?? 0, steps.length),
      sameShare: shareOf(same ?? 0, steps.length),
      worseShare: shareOf(worse ?? 0, steps.length),
      medianDays: quantile(days, 0.5),
      medianScoreChange: quantile(changes, 0.5),
      notRetested,
    };
  });
}

it.each(proofCases)('pairs the tests of $from to $to in $timeZone', async (window) => {
  const { rows } = await runAnyReport(world.db, levelProgression, { ...window }, { now: WORLD_END });
  expect(rounded(rows)).toEqual(rounded(expectedRows(window)));
  expect(rows.some(({ pairs }) => pairs !== 0)).toBe(window.from !== '2020-01-01');
});

it('takes each result with the one before it, however long ago, and passes over what is none', async () => {
  const window = { timeZone: 'Asia/Seoul', from: '2025-09-10', to: '2025-09-12', language: 'eo' };
  const { rows } = await runAnyReport(world.db, levelProgression, window, { now: WORLD_END });
  expect(rounded(rows)).toEqual(
    rounded([
      { levelBefore: 'A1', ...none },
      { levelBefore: 'A2', ...none, notRetested: 1 },
      {
        // Ann's B1 to B2 after ten days, Ben's B1 to B1 after two, Ben's B1 to A2 after none.
        levelBefore: 'B1',
        pairs: 3,
        improved: 1,
        same: 1,
        worse: 1,
        improvedShare: 1 / 3,
        sameShare: 1 / 3,
        worseShare: 1 / 3,
        medianDays: 2,
        medianScoreChange: 10,
        notRetested: 1,
      },
      { levelBefore: 'B2', ...none, notRetested: 1 },
      { levelBefore: 'C1', ...none },
      { levelBefore: 'C2', ...none },
    ]),
  );
});

it('has no pairs without tests', async () => {
  const db = createDatabase({ connectionString: empty.url });
  const { rows } = await runAnyReport(db, levelProgression, {}, {});
  expect(rows).toEqual(levels.map((levelBefore) => ({ levelBefore, ...none })));
  await db.close();
});
