import type { ClientBase } from 'pg';
import { quoteIdentifier, quoteQualified } from '../../database/identifier.js';
import { OperationError } from '../../errors.js';
import { addMonths, boundText, formatMonth } from '../../partitioning/month.js';
import type { Partition } from '../../partitioning/partition-set.js';
import type { PartitionPolicy } from '../../partitioning/policy.js';
import { readArchiveTable, type ArchiveTable } from '../archive-table.js';

/** A month of one table, in the live table and in the archive. */
export interface MonthPlace {
  readonly table: ArchiveTable;
  /** The archived partition that is exactly this month. */
  readonly archived: Partition | undefined;
}

export interface ArchivedMonth extends MonthPlace {
  readonly archived: Partition;
}

export function isArchived(place: MonthPlace): place is ArchivedMonth {
  return place.archived !== undefined;
}

/**
 * Looks a month up in the catalog.
 *
 * @throws OperationError ARCHIVE_PARTITION_UNSUPPORTED when the archive holds it in another way than as one table of
 * exactly this month
 */
export async function findMonth(
  client: ClientBase,
  policy: PartitionPolicy,
  month: Date,
): Promise<MonthPlace> {
  const table = await readArchiveTable(client, policy);
  const found = table.archive.partitions.find((partition) => overlaps(partition, month));
  if (found === undefined) return { table, archived: undefined };
  const kind = table.relations.get(found.oid)?.kind;
  const whole = found.month?.getTime() === month.getTime();
  if (whole && kind === 'table' && !found.detachPending) return { table, archived: found };
  throw new OperationError(
    'ARCHIVE_PARTITION_UNSUPPORTED',
    `${found.schema}.${found.name} is not a plain partition of ${formatMonth(month)}`,
    {
      detail: whole
        ? `It is ${found.detachPending ? 'being detached' : `a ${kind ?? 'strange'} table`}.`
        : `Its bounds are ${bound(found.lowerBound)} and ${bound(found.upperBound)}.`,
      hint: 'Cold copies are made of archived partitions that are one table and one month in UTC.',
    },
  );
}

/** How many rows of the month the live table still has: in partitions of its own and in the default one. */
export async function countLiveRows(
  client: ClientBase,
  { table: { live } }: MonthPlace,
  month: Date,
): Promise<{ readonly partition: number; readonly defaultPartition: number }> {
  const count = async (schema: string, name: string): Promise<number> => {
    const control = quoteIdentifier(live.controlColumn);
    const { rows } = await client.query<{ rows: string }>(
      `select count(*) as rows from only ${quoteQualified(schema, name)}
       where ${control} >= $1::timestamptz and ${control} < $2::timestamptz`,
      [boundText(month), boundText(addMonths(month, 1))],
    );
    return Number(rows[0]?.rows);
  };
  let partition = 0;
  for (const { schema, name } of live.partitions.filter((candidate) => overlaps(candidate, month))) {
    partition += await count(schema, name);
  }
  const spare = live.defaultPartition;
  return { partition, defaultPartition: spare ? await count(spare.schema, spare.name) : 0 };
}

function overlaps({ lowerBound, upperBound }: Partition, month: Date): boolean {
  const lower = lowerBound?.getTime() ?? -Infinity;
  const upper = upperBound?.getTime() ?? Infinity;
  return lower < addMonths(month, 1).getTime() && upper > month.getTime();
}

function bound(instant: Date | undefined): string {
  return instant === undefined ? 'no bound' : boundText(instant);
}
