import { addMonths, monthOf } from '../partitioning/month.js';
import { partitionName } from '../partitioning/partition-name.js';
import type { PartitionPolicy } from '../partitioning/policy.js';
import type { Partition, PartitionSet } from '../partitioning/partition-set.js';
import type { MonthRows } from './default-rows.js';

/** What a plan is made from: all of it read from the database. */
export interface PartitionState {
  readonly now: Date;
  readonly policy: PartitionPolicy;
  readonly live: PartitionSet;
  readonly archive: PartitionSet;
  readonly defaultRows: readonly MonthRows[];
}

/** One thing that rollover does; each a transaction, or a series of them. */
export interface RolloverStep {
  readonly action:
    /** Make a month that nobody has rows of. */
    | 'create'
    /** Make a month and move its rows out of the default partition. */
    | 'drain'
    /** Make the default partition itself the month, and a new one in its place. */
    | 'adopt'
    /** Give a partition that a former run left unfinished the rest of its month. */
    | 'extend'
    /** Move late rows of an archived month from the default partition to the archive. */
    | 'archive';
  readonly month: Date;
  readonly reason: 'premake' | 'current' | 'gap' | 'default rows' | 'unfinished';
  /** Rows of this month in the default partition when the plan was made. */
  readonly rows: number;
  /** Rows of other months that «adopt» moves to the new default partition. */
  readonly otherRows: number;
}

/** A month that is wanted and cannot be made, until somebody looks. */
export interface RolloverObstacle {
  readonly month: Date;
  /** The partition in the way, schema-qualified. */
  readonly partition: string;
  readonly reason: 'detach pending' | 'part of month';
  readonly rows: number;
}

export interface RolloverPlan {
  readonly policy: PartitionPolicy;
  /** In the order in which they are done. */
  readonly steps: readonly RolloverStep[];
  readonly obstacles: readonly RolloverObstacle[];
  /** Rows of the default partition that belong to no month, and stay. */
  readonly rowsWithoutMonth: number;
}

export interface PlanRolloverOptions {
  /** Most rows moved in one transaction, while writers wait; default 10,000. */
  readonly rowsPerStep?: number | undefined;
}

export const DEFAULT_ROWS_PER_STEP = 10_000;

/**
 * The difference between what a table has and what its policy wants. Pure: the same state gives the same plan, and a
 * state in which a plan was carried out gives an empty one.
 *
 * Wanted are the months from the retention to the premade ones, and every month that the default partition holds
 * rows of. What the archive has of the past is not made again; its late rows follow it.
 */
export function planRollover(state: PartitionState, options: PlanRolloverOptions = {}): RolloverPlan {
  const { rowsPerStep = DEFAULT_ROWS_PER_STEP } = options;
  const { policy, live, archive, defaultRows } = state;
  const current = monthOf(state.now);
  const wanted = new Map<number, RolloverStep>();
  const want = (month: Date, reason: RolloverStep['reason'], rows = 0): void => {
    if (!wanted.has(month.getTime()))
      wanted.set(month.getTime(), {
        action: rows > 0 ? 'drain' : 'create',
        month,
        reason,
        rows,
        otherRows: 0,
      });
  };
  for (const { month, rows } of defaultRows) if (month !== undefined) want(month, 'default rows', rows);
  for (const partition of live.partitions) {
    if (isUnfinished(live, partition)) want(monthOf(partition.lowerBound as Date), 'unfinished');
  }
  for (let ahead = -policy.retentionMonths; ahead <= policy.premakeMonths; ahead++) {
    want(addMonths(current, ahead), ahead < 0 ? 'gap' : ahead === 0 ? 'current' : 'premake');
  }
  const steps: RolloverStep[] = [];
  const obstacles: RolloverObstacle[] = [];
  for (const step of wanted.values()) {
    const outcome = resolve(step, live, archive, current);
    if (outcome === undefined) continue;
    if ('partition' in outcome) obstacles.push(outcome);
    else steps.push(outcome);
  }
  const total = defaultRows.reduce((sum, { rows }) => sum + rows, 0);
  return {
    policy,
    steps: inOrder(adoptLargest(steps, total, rowsPerStep), current),
    obstacles: obstacles.sort((a, b) => a.month.getTime() - b.month.getTime()),
    rowsWithoutMonth: defaultRows.find(({ month }) => month === undefined)?.rows ?? 0,
  };
}

function resolve(
  step: RolloverStep,
  live: PartitionSet,
  archive: PartitionSet,
  current: Date,
): RolloverStep | RolloverObstacle | undefined {
  const { month, rows } = step;
  const inTheWay = live.partitions.filter((partition) => overlaps(partition, month));
  const [first] = inTheWay;
  if (first === undefined) {
    const archived = month < current && archive.partitions.some((partition) => overlaps(partition, month));
    if (!archived) return step;
    return rows > 0 ? { ...step, action: 'archive' } : undefined;
  }
  if (inTheWay.some(({ detachPending }) => detachPending)) {
    return { month, partition: `${first.schema}.${first.name}`, reason: 'detach pending', rows };
  }
  if (covers(inTheWay, month)) return undefined;
  if (inTheWay.length === 1 && isUnfinished(live, first)) return { ...step, action: 'extend' };
  return { month, partition: `${first.schema}.${first.name}`, reason: 'part of month', rows };
}

/**
 * Where one month fills the default partition, moving its rows would keep writers waiting for as long as it takes.
 * The partition itself becomes the month then, once few other rows are left in it.
 */
function adoptLargest(
  steps: readonly RolloverStep[],
  total: number,
  rowsPerStep: number,
): readonly RolloverStep[] {
  const largest = steps
    .filter(({ action, rows }) => action === 'drain' && rows > rowsPerStep)
    .sort((a, b) => b.rows - a.rows)[0];
  if (largest === undefined) return steps;
  // What goes before it leaves the default partition: only what has no step stays.
  const otherRows =
    total - steps.reduce((sum, { action, rows }) => sum + (action === 'create' ? 0 : rows), 0);
  if (otherRows > rowsPerStep) return steps;
  return steps.map((step) => (step === largest ? { ...largest, action: 'adopt', otherRows } : step));
}

/** Rows first, fewest first, so that an emptied default partition makes the rest cheap; then what is needed soonest. */
function inOrder(steps: readonly RolloverStep[], current: Date): readonly RolloverStep[] {
  const urgency = ({ action, month }: RolloverStep): number =>
    action === 'archive'
      ? 0
      : action === 'extend'
        ? 1
        : action === 'drain'
          ? 2
          : action === 'adopt'
            ? 3
            : month >= current
              ? 4
              : 5;
  return [...steps].sort(
    (a, b) =>
      urgency(a) - urgency(b) ||
      a.rows - b.rows ||
      (urgency(a) === 5 ? -1 : 1) * (a.month.getTime() - b.month.getTime()),
  );
}

/** Called after a month, begins with it and ends within it: as a drain in many steps leaves it when interrupted. */
export function isUnfinished(live: PartitionSet, partition: Partition): boolean {
  const { lowerBound, upperBound, detachPending, name } = partition;
  if (lowerBound === undefined || upperBound === undefined || detachPending) return false;
  const month = monthOf(lowerBound);
  return (
    lowerBound.getTime() === month.getTime() &&
    upperBound < addMonths(month, 1) &&
    name === partitionName(live.table, month)
  );
}

export function overlaps({ lowerBound, upperBound }: Partition, month: Date): boolean {
  const end = addMonths(month, 1);
  return (lowerBound === undefined || lowerBound < end) && (upperBound === undefined || upperBound > month);
}

/** True when no instant of the month is outside of all of them. */
export function covers(partitions: readonly Partition[], month: Date): boolean {
  const end = addMonths(month, 1);
  let reached = month;
  for (const { lowerBound, upperBound } of partitions) {
    if (lowerBound !== undefined && lowerBound > reached) return false;
    if (upperBound === undefined || upperBound >= end) return true;
    if (upperBound > reached) reached = upperBound;
  }
  return reached >= end;
}

/** A step that takes rows out of the default partition. */
export function isDrain({ action }: RolloverStep): boolean {
  return action !== 'create';
}
