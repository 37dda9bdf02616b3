import type { ClientBase } from 'pg';
import { OperationError } from '../../errors.js';
import type { PartitionPolicy } from '../../partitioning/policy.js';
import { readPartitionSet, type Partition } from '../../partitioning/partition-set.js';
import { readRelationFigures, type RelationFigures } from './relation-figures.js';

/** A partition, live or archived, and what it holds. */
export interface MonthFigures extends RelationFigures {
  readonly table: string;
  readonly partition: string;
  readonly place: 'live' | 'archive';
  readonly isDefault: boolean;
  /** Inclusive; undefined without a bound. */
  readonly lowerBound: Date | undefined;
  /** Exclusive; undefined without a bound. */
  readonly upperBound: Date | undefined;
  /** In UTC, by the instant it begins; undefined for any other bounds. */
  readonly month: Date | undefined;
  readonly detachPending: boolean;
  readonly totalBytes: number;
}

/**
 * Every partition of a table and of its archive, in the order of their bounds.
 *
 * @throws OperationError REPORT_UNAVAILABLE where there is no such table, or it is partitioned in another way
 */
export async function readMonthFigures(
  client: ClientBase,
  { schema, table, archiveTable }: PartitionPolicy,
): Promise<readonly MonthFigures[]> {
  const months: MonthFigures[] = [];
  for (const [place, name] of [
    ['live', table],
    ['archive', archiveTable],
  ] as const) {
    const { partitions, defaultPartition } = await readPartitionSet(client, { schema, table: name }).catch(
      unavailable,
    );
    const known: readonly (Partial<Partition> & Pick<Partition, 'oid' | 'name'>)[] = [
      ...partitions,
      ...(defaultPartition === undefined ? [] : [defaultPartition]),
    ];
    const figures = await readRelationFigures(
      client,
      known.map(({ oid }) => oid),
    );
    for (const partition of known) {
      // Dropped this moment, or a foreign table: it takes nothing here.
      const found = figures.get(partition.oid);
      if (found === undefined) continue;
      const { lowerBound, upperBound, month, detachPending = false, name: partitionName } = partition;
      months.push({
        ...found,
        ...{ table, partition: partitionName, place, lowerBound, upperBound, month, detachPending },
        isDefault: partition === defaultPartition,
        totalBytes: found.tableBytes + found.toastBytes + found.indexBytes,
      });
    }
  }
  return months.toSorted(
    (one, other) =>
      Number(one.isDefault) - Number(other.isDefault) ||
      (one.lowerBound?.getTime() ?? Number.NEGATIVE_INFINITY) -
        (other.lowerBound?.getTime() ?? Number.NEGATIVE_INFINITY),
  );
}

/** To a report it is no failure that a database was not migrated. */
function unavailable(error: unknown): never {
  if (!(error instanceof OperationError)) throw error;
  const { message, hint } = error;
  throw new OperationError('REPORT_UNAVAILABLE', message, { ...(hint && { hint }), cause: error });
}
