import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addMonths, boundText, formatMonth, monthOf, monthSuffix } from '../../src/partitioning/month.js';
import { partitionName } from '../../src/partitioning/partition-name.js';
import type { Partition, PartitionSet } from '../../src/partitioning/partition-set.js';
import type { PartitionPolicy } from '../../src/partitioning/policy.js';
import type { MonthRows } from '../../src/partitions/default-rows.js';
import { planRollover, type PartitionState, type RolloverPlan } from '../../src/partitions/plan-rollover.js';

const policy: PartitionPolicy = {
  schema: 'public',
  table: 'messages',
  archiveTable: 'messages_archive',
  controlColumn: 'created_at',
  premakeMonths: 3,
  retentionMonths: 6,
};
const utc = (text: string): Date => new Date(`${text}T00:00:00Z`);

function partition(table: string, lower: Date, upper = addMonths(lower, 1), name?: string): Partition {
  return {
    oid: 1,
    schema: 'public',
    name: name ?? partitionName(table, lower),
    estimatedRows: undefined,
    sizeBytes: undefined,
    lowerBound: lower,
    upperBound: upper,
    month: upper.getTime() === addMonths(lower, 1).getTime() ? lower : undefined,
    detachPending: false,
  };
}

function setOf(table: string, partitions: readonly Partition[]): PartitionSet {
  const defaultPartition = {
    oid: 2,
    schema: 'public',
    name: `${table}_default`,
    estimatedRows: undefined,
    sizeBytes: undefined,
  };
  return { oid: 3, schema: 'public', table, controlColumn: 'created_at', defaultPartition, partitions };
}

interface Situation {
  readonly now: Date;
  readonly live?: readonly Date[];
  readonly archived?: readonly Date[];
  readonly rows?: readonly MonthRows[];
  readonly others?: readonly Partition[];
}

function stateOf({ now, live = [], archived = [], rows = [], others = [] }: Situation): PartitionState {
  const partitions = [...live.map((month) => partition('messages', month)), ...others].sort(
    (a, b) => (a.lowerBound?.getTime() ?? 0) - (b.lowerBound?.getTime() ?? 0),
  );
  return {
    now,
    policy,
    live: setOf('messages', partitions),
    archive: setOf(
      'messages_archive',
      archived.map((month) => partition('messages_archive', month)),
    ),
    defaultRows: rows,
  };
}

/** The plan as text: `2025-01 create`. */
const steps = ({ steps: planned }: RolloverPlan): string[] =>
  planned.map(({ month, action }) => `${formatMonth(month)} ${action}`);

describe('planRollover', () => {
  it('makes what is needed soonest first: this month, those ahead, then the gaps behind', () => {
    expect(steps(planRollover(stateOf({ now: utc('2025-01-31'), live: [utc('2024-10-01')] })))).toEqual([
      '2025-01 create',
      '2025-02 create',
      '2025-03 create',
      '2025-04 create',
      '2024-12 create',
      '2024-11 create',
      '2024-09 create',
      '2024-08 create',
      '2024-07 create',
    ]);
  });

  it('leaves what the archive has of the past alone, and makes the current month whatever the archive has', () => {
    const archived = [utc('2024-08-01'), utc('2025-01-01')];
    const plan = planRollover(stateOf({ now: utc('2025-01-15'), archived }));
    expect(steps(plan)).not.toContain('2024-08 create');
    expect(steps(plan)).toContain('2025-01 create');
  });

  it('sends late rows after their archived month, and makes an older month that nobody has', () => {
    const rows = [
      { month: utc('2023-03-01'), rows: 5 },
      { month: utc('2023-04-01'), rows: 2 },
      { month: undefined, rows: 1 },
    ];
    const plan = planRollover(stateOf({ now: utc('2025-01-15'), archived: [utc('2023-03-01')], rows }));
    expect(steps(plan).slice(0, 2)).toEqual(['2023-03 archive', '2023-04 drain']);
    expect(plan.rowsWithoutMonth).toBe(1);
  });

  it('adopts the month that fills the default partition, after the small ones have left it', () => {
    const rows = [
      { month: utc('2024-11-01'), rows: 1_000_000 },
      { month: utc('2024-12-01'), rows: 900_000 },
      { month: utc('2025-01-01'), rows: 3 },
    ];
    const plan = planRollover(stateOf({ now: utc('2025-01-15'), rows }));
    expect(steps(plan).slice(0, 3)).toEqual(['2025-01 drain', '2024-12 drain', '2024-11 adopt']);
  });

  it('does not adopt where too many rows would have to leave', () => {
    const rows = [
      { month: utc('2024-11-01'), rows: 1_000_000 },
      { month: undefined, rows: 50_000 },
    ];
    expect(steps(planRollover(stateOf({ now: utc('2025-01-15'), rows })))).toContain('2024-11 drain');
  });

  it('goes on with a month that an interrupted drain left unfinished, with or without rows to come', () => {
    const others = [partition('messages', utc('2022-05-01'), new Date('2022-05-12T03:04:05.678Z'))];
    expect(steps(planRollover(stateOf({ now: utc('2025-01-15'), others })))).toContain('2022-05 extend');
    const rows = [{ month: utc('2022-05-01'), rows: 7 }];
    expect(steps(planRollover(stateOf({ now: utc('2025-01-15'), others, rows })))).toContain(
      '2022-05 extend',
    );
  });

  it('does not touch a part of a month that somebody else made, and says what is in the way', () => {
    const others = [partition('messages', utc('2025-02-01'), utc('2025-02-10'), 'half_of_february')];
    const plan = planRollover(stateOf({ now: utc('2025-01-15'), others }));
    expect(plan.obstacles).toMatchObject([
      { month: utc('2025-02-01'), partition: 'public.half_of_february', reason: 'part of month' },
    ]);
    expect(steps(plan).join()).not.toContain('2025-02');
  });

  it('takes a quarter, or weeks without a hole, for the months they cover', () => {
    const others = [
      partition('messages', utc('2024-10-01'), utc('2025-01-01'), 'quarter'),
      partition('messages', utc('2025-01-01'), utc('2025-01-20'), 'some'),
      partition('messages', utc('2025-01-20'), utc('2025-02-01'), 'rest'),
    ];
    const plan = planRollover(stateOf({ now: utc('2025-01-15'), others }));
    expect(steps(plan).join()).not.toMatch(/2024-1|2025-01/);
    expect(plan.obstacles).toEqual([]);
  });

  it('does not make a month whose partition is being detached', () => {
    const pending = { ...partition('messages', utc('2024-12-01')), detachPending: true };
    const plan = planRollover(stateOf({ now: utc('2025-01-15'), others: [pending] }));
    expect(plan.obstacles).toMatchObject([{ reason: 'detach pending' }]);
    expect(steps(plan)).not.toContain('2024-12 create');
  });

  const month = fc.integer({ min: -30, max: 20 }).map((offset) => addMonths(utc('2024-03-01'), offset));
  const situation = fc.record({
    now: fc.date({ min: utc('2023-01-01'), max: utc('2025-12-31'), noInvalidDate: true }),
    live: fc.uniqueArray(month, { selector: Number, maxLength: 25 }),
    archived: fc.uniqueArray(month, { selector: Number, maxLength: 10 }),
    rows: fc.uniqueArray(fc.record({ month, rows: fc.integer({ min: 1, max: 40_000 }) }), {
      selector: ({ month: key }) => key.getTime(),
      maxLength: 6,
    }),
  });
  /** Rows are in the default partition only where no live month is. */
  const possible = ({ live, rows, ...rest }: Required<Omit<Situation, 'others'>>): Situation => ({
    ...rest,
    live,
    rows: rows.filter((counted) => !live.some((made) => made.getTime() === counted.month?.getTime())),
  });

  it('leaves no wanted month without a partition, no row in the default partition, and nothing to do', () => {
    fc.assert(
      fc.property(situation.map(possible), (given) => {
        const plan = planRollover(stateOf(given));
        const made = plan.steps.filter(({ action }) => action !== 'archive').map((step) => step.month);
        const archivedRows = plan.steps.filter(({ action }) => action === 'archive');
        const live = [...(given.live ?? []), ...made];
        const after = stateOf({ ...given, live, rows: [] });
        expect(planRollover(after).steps).toEqual([]);
        for (const step of archivedRows) expect(given.archived?.map(Number)).toContain(step.month.getTime());
        const moved = plan.steps.reduce((sum, { rows }) => sum + rows, 0);
        expect(moved).toBe((given.rows ?? []).reduce((sum, { rows }) => sum + rows, 0));
      }),
    );
  });

  it('never makes a month twice, nor one that is there, and wants no month beyond the policy without rows', () => {
    fc.assert(
      fc.property(situation.map(possible), (given) => {
        const { steps: planned } = planRollover(stateOf(given));
        const made = planned.map((step) => step.month.getTime());
        expect(new Set(made).size).toBe(made.length);
        const current = monthOf(given.now);
        for (const step of planned) {
          expect(given.live?.map(Number)).not.toContain(step.month.getTime());
          if (step.action !== 'create') continue;
          expect(step.month.getTime()).toBeGreaterThanOrEqual(addMonths(current, -6).getTime());
          expect(step.month.getTime()).toBeLessThanOrEqual(addMonths(current, 3).getTime());
        }
        expect(planned.filter(({ action }) => action === 'adopt').length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('months', () => {
  it('follow each other without a hole through leap Februaries and the ends of years, from the year 1 to 9999', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9999 }),
        fc.integer({ min: 0, max: 11 }),
        fc.integer({ min: -200, max: 200 }),
        (year, index, count) => {
          const start = new Date(0);
          start.setUTCFullYear(year, index, 1);
          expect(monthOf(start)).toEqual(start);
          expect(addMonths(addMonths(start, count), -count)).toEqual(start);
          const next = addMonths(start, 1);
          expect([28, 29, 30, 31]).toContain((next.getTime() - start.getTime()) / 86_400_000);
          expect(monthOf(new Date(next.getTime() - 1))).toEqual(start);
        },
      ),
    );
  });

  it('are written with four digits, and bounds as PostgreSQL reads them', () => {
    const year99 = new Date(0);
    year99.setUTCFullYear(99, 11, 1);
    expect([monthSuffix(year99), formatMonth(year99), boundText(addMonths(year99, 1))]).toEqual([
      'y0099m12',
      '0099-12',
      '0100-01-01 00:00:00+00',
    ]);
    expect(boundText(addMonths(utc('9999-12-01'), 1))).toBe('10000-01-01 00:00:00+00');
    expect(boundText(utc('2024-02-29'))).toBe('2024-02-29 00:00:00+00');
  });
});
