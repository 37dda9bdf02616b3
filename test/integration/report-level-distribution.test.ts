import type pg from 'pg';
import { beforeAll, expect, it } from 'vitest';
import { createDatabase } from '../../src/database/create-database.js';
import { levelDistribution } from '../../src/reports/product/level-distribution.js';
import { runAnyReport } from '../../src/reports/run-report.js';
import { useDatabase } from '../support/database.js';
import { localDay, proofCases, rounded, type ProofCase } from '../support/report-proof.js';
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
const world = useReportWorld(insertEdges);
const empty = useDatabase();
let tests: readonly LevelTest[] = [];
beforeAll(async () => {
  tests = await world.rows<LevelTest>('level_tests');
});

/** Of Esperanto, which the seeded world does not know. The window of the test by hand is 10 to 12 September in Seoul. */
async function insertEdges(client: pg.Client): Promise<void> {
  const [ann, ben, cho, dan] = [
    await insertUser(client),
    await insertUser(client),
    await insertUser(client),
    await insertUser(client),
  ];
  const take = (user_id: string, completed_at: string | null, values: Values): Promise<unknown> =>
    insertRow(client, 'level_tests', {
      user_id,
      language_code: 'eo',
      status: 'COMPLETED',
      completed_at,
      ...values,
    });
  await take(ann, '2025-09-09T15:00:00Z', { overall_level: 'B1', overall_score: 40 });
  // The last microsecond of the window, and the first after it.
  await take(ann, '2025-09-11T14:59:59.999999Z', { overall_level: 'B2', overall_score: 50 });
  await take(ann, '2025-09-11T15:00:00Z', { overall_level: 'C2', overall_score: 99 });
  // At one instant: the one made later counts.
  await take(ben, '2025-09-10T03:00:00Z', { overall_level: 'C1', overall_score: 80 });
  await take(ben, '2025-09-10T03:00:00Z', { overall_level: 'B2', overall_score: 61 });
  // A microsecond before the window; within it only what is no result.
  await take(cho, '2025-09-09T14:59:59.999999Z', { overall_level: 'A1', overall_score: 10 });
  await take(cho, '2025-09-10T03:00:00Z', { overall_level: 'A2', status: 'FAILED' });
  await take(cho, '2025-09-10T04:00:00Z', { overall_level: null });
  await take(cho, null, { overall_level: 'A2', status: 'IN_PROGRESS' });
  // Without a score; in two languages.
  await take(dan, '2025-09-10T03:00:00Z', { overall_level: 'A1' });
  await take(dan, '2025-09-10T05:00:00Z', { language_code: 'la', overall_level: 'C2', overall_score: 90 });
}

function expectedRows({ timeZone, from, to }: ProofCase): object[] {
  const dayOf = localDay(timeZone);
  const latest = new Map<string, LevelTest>();
  for (const test of tests) {
    if (test.status !== 'COMPLETED' || test.overall_level === null || test.completed_at === null) continue;
    const day = dayOf(test.completed_at);
    if (day < from || day >= to) continue;
    const key = `${test.user_id} ${test.language_code}`;
    const known = latest.get(key)?.completed_at ?? new Date(0);
    const isLater =
      test.completed_at > known ||
      (test.completed_at.getTime() === known.getTime() && Number(test.id) > Number(latest.get(key)?.id));
    if (isLater) latest.set(key, test);
  }
  const found = [...latest.values()];
  const languages = [...new Set(found.map((test) => test.language_code))].sort();
  return languages.flatMap((language) => {
    const ofLanguage = found.filter((test) => test.language_code === language);
    return levels.map((level) => {
      const users = ofLanguage.filter((test) => test.overall_level === level);
      const scores = users.flatMap((test) => test.overall_score ?? []);
      return {
        language,
        learners: ofLanguage.length,
        level,
        users: users.length,
        share: users.length / ofLanguage.length,
        meanScore: scores.length === 0 ? null : scores.reduce((a, b) => a + b) / scores.length,
      };
    });
  });
}

it.each(proofCases)('counts the latest tests of $from to $to in $timeZone', async (window) => {
  const { rows } = await runAnyReport(world.db, levelDistribution, { ...window }, { now: WORLD_END });
  expect(rounded(rows)).toEqual(rounded(expectedRows(window)));
  expect(rows.length > 0).toBe(window.from !== '2020-01-01');
});

it('takes the last result within the window, to the microsecond', async () => {
  const window = { timeZone: 'Asia/Seoul', from: '2025-09-10', to: '2025-09-12' };
  const { rows } = await runAnyReport(world.db, levelDistribution, { ...window, language: 'eo' }, {});
  expect(rows.filter(({ users }) => users !== 0)).toEqual([
    { language: 'eo', learners: 3, level: 'A1', users: 1, share: 1 / 3, meanScore: null },
    { language: 'eo', learners: 3, level: 'B2', users: 2, share: 2 / 3, meanScore: 55.5 },
  ]);
  expect(rows.map(({ level }) => level)).toEqual(levels);
  const latin = await runAnyReport(world.db, levelDistribution, { ...window, language: 'la' }, {});
  expect(latin.rows.at(-1)).toMatchObject({ level: 'C2', learners: 1, share: 1, meanScore: 90 });
});

it('has no rows without tests', async () => {
  const db = createDatabase({ connectionString: empty.url });
  expect((await runAnyReport(db, levelDistribution, {}, {})).rows).toEqual([]);
  await db.close();
});
