import { OperationError } from '../errors.js';
import { addMonths, formatMonth, monthOf } from '../partitioning/month.js';
import { partitionName } from '../partitioning/partition-name.js';
import type { DefaultPartition, Partition, PartitionSet } from '../partitioning/partition-set.js';

export const granularities = ['month', 'day'] as const;
export type Granularity = (typeof granularities)[number];

/** What is to be done with one partition, decided from the catalog alone. */
export type ArchiveAction =
  /** The whole partition changes its parent. */
  | { readonly kind: 'swap'; readonly partition: Partition; readonly archiveName: string }
  /** Its rows before `before`, or all, go to the archive one by one; `make` is the month made there before. */
  | {
      readonly kind: 'move';
      readonly partition: Partition;
      readonly before: Date | undefined;
      readonly make: Date | undefined;
    }
  /** Rows of a month that has no live partition go from the default partition to the archive. */
  | {
      readonly kind: 'drain';
      readonly partition: DefaultPartition;
      readonly month: Date;
      readonly before: Date;
      readonly make: Date | undefined;
    }
  | {
      readonly kind: 'refused';
      readonly partition: DefaultPartition;
      readonly month: Date | undefined;
      readonly error: OperationError;
    };

export interface ArchiveSituation {
  readonly live: PartitionSet;
  readonly archive: PartitionSet;
  /** Months of the rows in the default partition. */
  readonly lateMonths: readonly Date[];
  readonly cutoff: Date;
  readonly granularity: Granularity;
  readonly now: Date;
}

/**
 * What archiving means for this table, oldest first. A partition is only ever moved whole when it ends before the
 * cutoff and the archive has nothing of its range; else its rows are.
 */
export function decideActions(situation: ArchiveSituation): readonly ArchiveAction[] {
  const { live, lateMonths, cutoff, granularity } = situation;
  const leaves = live.partitions
    .filter(({ lowerBound }) => lowerBound !== undefined && lowerBound < cutoff)
    .map((partition) => decideLeaf(situation, partition))
    .filter((action) => action !== undefined);
  const late = granularity === 'day' ? cutoff : undefined;
  const drains =
    live.defaultPartition === undefined
      ? []
      : lateMonths
          .map((month) => decideLate(situation, live.defaultPartition as DefaultPartition, month, late))
          .filter((action) => action !== undefined);
  return [...leaves, ...drains];
}

function decideLeaf(situation: ArchiveSituation, partition: Partition): ArchiveAction | undefined {
  const { archive, cutoff, granularity } = situation;
  const { lowerBound, upperBound, month } = partition;
  if (lowerBound === undefined) return undefined;
  const whole = upperBound !== undefined && upperBound <= cutoff;
  if (!whole && granularity === 'month') return undefined;
  const before = whole ? undefined : cutoff;
  const refused = (error: OperationError): ArchiveAction => ({ kind: 'refused', partition, month, error });
  switch (coverage(archive, lowerBound, upperBound)) {
    case 'none':
      if (whole) return { kind: 'swap', partition, archiveName: partitionName(archive.table, lowerBound) };
      return month === undefined
        ? refused(noMonth(partition))
        : { kind: 'move', partition, before, make: month };
    case 'all':
      return { kind: 'move', partition, before, make: undefined };
    case 'part':
      return refused(overlap(archive, partition.name));
  }
}

function noMonth({ name }: Partition): OperationError {
  return new OperationError(
    'ARCHIVE_PARTITION_UNSUPPORTED',
    `the bounds of ${name} are not those of a month`,
    {
      detail: 'A part of it cannot be archived into a month of its own.',
      hint: 'It moves as a whole once it is older than the cutoff; archive_old_data() moves a part of it.',
    },
  );
}

function decideLate(
  situation: ArchiveSituation,
  partition: DefaultPartition,
  month: Date,
  late: Date | undefined,
): ArchiveAction | undefined {
  const { archive, cutoff, now } = situation;
  const end = addMonths(month, 1);
  // Until the month is over its rows are no late rows.
  if (end > monthOf(now)) return undefined;
  const covered = coverage(archive, month, end);
  const archivedBefore = month >= cutoff && covered === 'all';
  const before = end <= cutoff || archivedBefore ? end : month < cutoff ? late : undefined;
  if (before === undefined) return undefined;
  if (covered === 'part') {
    return { kind: 'refused', partition, month, error: overlap(archive, `the month ${formatMonth(month)}`) };
  }
  const make = covered === 'all' ? undefined : month;
  return { kind: 'drain', partition, month, before, make };
}

/** How much of a range the partitions of a table hold. */
export function coverage(
  set: PartitionSet,
  lower: Date | undefined,
  upper: Date | undefined,
): 'none' | 'all' | 'part' {
  const [from, to] = [lower?.getTime() ?? -Infinity, upper?.getTime() ?? Infinity];
  let reached = from;
  let any = false;
  for (const partition of set.partitions) {
    const [begin, end] = [
      partition.lowerBound?.getTime() ?? -Infinity,
      partition.upperBound?.getTime() ?? Infinity,
    ];
    if (begin >= to || end <= from) continue;
    any = true;
    if (begin <= reached) reached = Math.max(reached, end);
  }
  if (!any) return 'none';
  return reached >= to ? 'all' : 'part';
}

export function overlap({ table }: PartitionSet, what: string): OperationError {
  return new OperationError('ARCHIVE_PARTITION_OVERLAPS', `${table} has a part of the range of ${what}`, {
    detail: 'The rest of the range has no partition there, and cannot get one without splitting it.',
    hint: `Give ${table} a partition for the rest of the range, or detach the one that overlaps.`,
  });
}
