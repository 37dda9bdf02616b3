import type { ClientBase } from 'pg';
import type { SeedTable } from '../../seeds/seed-table.js';
import { quoteQualified } from '../database/identifier.js';
import { createPartition } from '../partitioning/create-partition.js';
import { addMonths, formatMonth } from '../partitioning/month.js';
import { readPartitionSet, type PartitionSet } from '../partitioning/partition-set.js';
import { SEEDED_SCHEMA } from './target-table.js';

/** Rows that go to one table or partition. */
export interface MonthRange {
  /** Schema-qualified and quoted. */
  readonly target: string;
  readonly fromRow: number;
  /** Exclusive. */
  readonly toRow: number;
}

export interface MonthPlan {
  /** Without a partition; in order. */
  readonly missing: readonly Date[];
  /** Months that cannot get one, in words. */
  readonly problems: readonly string[];
}

/** Which partitions the rows of a table need, by the catalog. Reads only. */
export async function planMonths(client: ClientBase, seedTable: SeedTable): Promise<MonthPlan> {
  const months = monthsWithRows(seedTable);
  if (months.length === 0) return { missing: [], problems: [] };
  const set = await readPartitionSet(client, { schema: SEEDED_SCHEMA, table: seedTable.table });
  const there = new Set(set.partitions.map(({ month }) => month?.getTime()));
  const missing = months.map(({ month }) => month).filter((month) => !there.has(month.getTime()));
  return {
    missing,
    problems: missing.flatMap((month) => {
      const other = overlapping(set, month);
      return other === undefined
        ? []
        : [`partition ${other} holds a part of ${formatMonth(month)}, but is not the month`];
    }),
  };
}

/** Makes the partitions that are missing, inside the caller's transaction. @returns where the rows go, in order */
export async function makeMonths(
  session: { readonly client: ClientBase },
  seedTable: SeedTable,
  onMade: (partition: string) => void,
): Promise<readonly MonthRange[]> {
  const table = { schema: SEEDED_SCHEMA, table: seedTable.table };
  let set = await readPartitionSet(session.client, table);
  const there = new Set(set.partitions.map(({ month }) => month?.getTime()));
  const months = monthsWithRows(seedTable);
  for (const { month } of months) {
    if (there.has(month.getTime())) continue;
    onMade((await createPartition(session, set, month)).name);
  }
  set = await readPartitionSet(session.client, table);
  const partitions = new Map(set.partitions.map((partition) => [partition.month?.getTime(), partition]));
  return months.map(({ month, fromRow, toRow }) => {
    const partition = partitions.get(month.getTime());
    if (partition === undefined)
      throw new Error(`${seedTable.table} has no partition for ${formatMonth(month)}`);
    return { target: quoteQualified(partition.schema, partition.name), fromRow, toRow };
  });
}

function monthsWithRows({ table, rowCount, months = [] }: SeedTable): NonNullable<SeedTable['months']> {
  let next = 0;
  for (const { fromRow, toRow } of months) {
    if (fromRow !== next || toRow < fromRow)
      throw new Error(`the months of ${table} do not follow each other`);
    next = toRow;
  }
  if (months.length > 0 && next !== rowCount)
    throw new Error(`the months of ${table} are not all of its rows`);
  return months.filter(({ fromRow, toRow }) => toRow > fromRow);
}

function overlapping({ partitions }: PartitionSet, month: Date): string | undefined {
  const end = addMonths(month, 1);
  return partitions.find(
    ({ lowerBound, upperBound }) =>
      (lowerBound === undefined || lowerBound < end) && (upperBound === undefined || upperBound > month),
  )?.name;
}
