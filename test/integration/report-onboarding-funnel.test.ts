import type pg from 'pg';
import { describe, expect, it } from 'vitest';
import { createDatabase } from '../../src/database/create-database.js';
import { onboardingFunnel } from '../../src/reports/product/onboarding-funnel.js';
import { useDatabase } from '../support/database.js';
import { useReportWorld } from '../support/report-world.js';
import { insertRow, insertUser } from '../support/rows.js';
import {
  DAY,
  expectRows,
  groupsOf,
  isWithin,
  percentile,
  presentOf,
  rowsOf,
  share,
  sum,
  type Window,
  windows,
} from './report-matching-support.js';

interface UserRow extends pg.QueryResultRow {
  readonly id: string;
  readonly created_at: Date;
}

interface ProgressRow extends pg.QueryResultRow {
  readonly user_id: string;
  readonly is_completed: boolean;
  readonly completed_at: Date | null;
}

interface StepRow extends pg.QueryResultRow {
  readonly user_id: string;
  readonly step_num: number;
  readonly created_at: Date;
}

const world = useReportWorld(insertEdges);
const empty = useDatabase();
const AMID_EDGES = '2026-02-18T00:00:00Z';
const steps = ['signed up', 'step 1', 'step 2', 'step 3', 'step 4', 'step 5', 'step 6', 'completed'];

/** After the world: users of 11 February 2026 in Seoul and around it, with the steps each did, by minute. */
async function insertEdges(client: pg.Client): Promise<void> {
  const insert = async (
    signUp: string,
    minutes: Readonly<Record<number, number>>,
    completed?: Date | null,
  ): Promise<void> => {
    const user = await insertUser(client, { created_at: signUp });
    for (const [step, minute] of Object.entries(minutes))
      await insertRow(client, 'onboarding_step_data', {
        user_id: user,
        step_num: step,
        data_json: {},
        created_at: new Date(Date.parse(signUp) + minute * 60_000),
      });
    if (completed !== undefined)
      await insertRow(client, 'onboarding_progress', {
        user_id: user,
        is_completed: true,
        completed_at: completed,
      });
  };
  await insert('2026-02-10T14:59:59Z', { 1: 1 });
  await insert('2026-02-11T15:00:00Z', { 1: 1 });
  await insert(
    '2026-02-10T15:00:00Z',
    { 1: 1, 2: 3, 3: 6, 4: 10, 5: 15, 6: 21 },
    new Date('2026-02-10T15:22:00Z'),
  );
  // Steps 2 and 3 skipped, and completed without a time.
  await insert('2026-02-11T00:00:00Z', { 1: 3, 4: 5, 5: 6, 6: 7 }, null);
  // Step 2 was done before step 1.
  await insert('2026-02-11T00:00:00Z', { 1: 5, 2: 4 });
  // Seven days to the second before the present, and a second less.
  await insert('2026-02-11T00:00:00Z', {});
  await insert('2026-02-11T00:00:01Z', {});
}

it('tells steps apart at the edges', async () => {
  const window = { from: '2026-02-11', to: '2026-02-12', timeZone: 'Asia/Seoul' };
  const rows = await rowsOf(world.db, onboardingFunnel, { ...window, asOf: AMID_EDGES });
  const nothing = {
    skipped: 0,
    open: 0,
    abandoned: 0,
    medianSeconds: null,
    p90Seconds: null,
    complete: false,
  };
  expectRows(rows, [
    {
      ...nothing,
      step: steps[0],
      reached: 5,
      ofStart: 1,
      ofStepBefore: null,
      open: 1,
      abandoned: 1,
      complete: true,
    },
    {
      ...nothing,
      step: steps[1],
      reached: 3,
      ofStart: 0.6,
      ofStepBefore: 0.6,
      medianSeconds: 180,
      p90Seconds: 276,
    },
    {
      ...nothing,
      step: steps[2],
      reached: 3,
      ofStart: 0.6,
      ofStepBefore: 1,
      skipped: 1,
      open: 1,
      medianSeconds: 120,
      p90Seconds: 120,
    },
    {
      ...nothing,
      step: steps[3],
      reached: 2,
      ofStart: 0.4,
      ofStepBefore: 2 / 3,
      skipped: 1,
      medianSeconds: 180,
      p90Seconds: 180,
    },
    {
      ...nothing,
      step: steps[4],
      reached: 2,
      ofStart: 0.4,
      ofStepBefore: 1,
      medianSeconds: 240,
      p90Seconds: 240,
    },
    {
      ...nothing,
      step: steps[5],
      reached: 2,
      ofStart: 0.4,
      ofStepBefore: 1,
      medianSeconds: 180,
      p90Seconds: 276,
    },
    {
      ...nothing,
      step: steps[6],
      reached: 2,
      ofStart: 0.4,
      ofStepBefore: 1,
      medianSeconds: 210,
      p90Seconds: 330,
    },
    {
      ...nothing,
      step: steps[7],
      reached: 2,
      ofStart: 0.4,
      ofStepBefore: 1,
      medianSeconds: 60,
      p90Seconds: 60,
    },
  ]);
});

describe('as the rows say', () => {
  it.each(windows)('$timeZone, from $from until $to', async (window) => {
    const asOf = presentOf(window, AMID_EDGES);
    const rows = await rowsOf(world.db, onboardingFunnel, { ...window, asOf: asOf.toISOString() });
    expectRows(rows, await countSteps(window, asOf));
  });
});

it('has what the proofs are about', async () => {
  const [, , whole] = windows;
  const rows = await countSteps(whole as Window, new Date(AMID_EDGES));
  for (const name of ['skipped', 'open', 'abandoned'] as const)
    expect(sum(rows.map((row) => row[name]))).toBeGreaterThan(0);
});

it('tells of an empty database', async () => {
  const db = createDatabase({ connectionString: empty.url });
  const nothing = { reached: 0, ofStart: null, ofStepBefore: null, skipped: 0, open: 0, abandoned: 0 };
  expect(await rowsOf(db, onboardingFunnel, {})).toEqual(
    steps.map((step) => ({ ...nothing, step, medianSeconds: null, p90Seconds: null, complete: true })),
  );
  await db.close();
});

/** Follows one user after the other. */
async function countSteps(window: Window, asOf: Date) {
  const users = (await world.rows<UserRow>('users')).filter((user) => isWithin(window, user.created_at));
  const progress = new Map<string, ProgressRow>();
  for (const row of await world.rows<ProgressRow>('onboarding_progress')) progress.set(row.user_id, row);
  const stepRows = await world.rows<StepRow>('onboarding_step_data');
  const entered = groupsOf([], stepRows, ({ user_id }) => user_id);
  const rows = steps.map((step) => ({
    step,
    reached: 0,
    skipped: 0,
    open: 0,
    abandoned: 0,
    times: [] as number[],
  }));
  for (const { id, created_at: signUp } of users) {
    const done: (number | null | undefined)[] = [signUp.getTime()];
    for (const { step_num: step, created_at: at } of entered.get(id) ?? []) done[step] = at.getTime();
    const state = progress.get(id);
    if (state?.is_completed === true) done[7] = state.completed_at?.getTime() ?? null;
    const last = done.length - 1;
    for (let step = 0; step <= last; step++) {
      const row = rows[step];
      if (row === undefined) throw new Error('there are eight');
      row.reached++;
      if (done[step] === undefined) row.skipped++;
      const took = (done[step] ?? Number.NaN) - (done[step - 1] ?? Number.NaN);
      if (took >= 0) row.times.push(took / 1_000);
      if (step < last || last === 7) continue;
      const seen = Math.max(...done.filter((at) => typeof at === 'number'));
      if (seen > asOf.getTime() - 7 * DAY) row.open++;
      else row.abandoned++;
    }
  }
  return rows.map(({ times, ...row }, step) => ({
    ...row,
    ofStart: share(row.reached, users.length),
    ofStepBefore: step === 0 ? null : share(row.reached, rows[step - 1]?.reached ?? 0),
    medianSeconds: percentile(times, 0.5),
    p90Seconds: percentile(times, 0.9),
    complete: rows.slice(0, step).every(({ open }) => open === 0),
  }));
}
