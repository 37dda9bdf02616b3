import type { ClientBase } from 'pg';
import { quoteQualified } from '../database/identifier.js';
import { addMonths, monthOf } from '../partitioning/month.js';
import { readPartitionSet } from '../partitioning/partition-set.js';
import { partitionPolicies } from '../partitioning/policy.js';

/** What monitoring wants to know of a partitioned table. */
export interface PartitionHealth {
  /** Schema-qualified. */
  readonly table: string;
  /** Rows in the default partition, counted up to 1,000,000; after a rollover there should be none. */
  readonly defaultRows: number;
  /** Whole months after the current one that have their partition, without a gap. */
  readonly premadeMonths: number;
  /** Partitions older than the retention that are still live. */
  readonly archiveDueMonths: number;
}

/** @throws OperationError PARTITION_TABLE_MISSING */
export async function readPartitionHealth(client: ClientBase): Promise<readonly PartitionHealth[]> {
  const { rows } = await client.query<{ now: Date }>('select now()');
  const now = rows[0]?.now;
  if (now === undefined) throw new Error('the server did not tell the time');
  const current = monthOf(now);
  const health: PartitionHealth[] = [];
  for (const policy of partitionPolicies) {
    const set = await readPartitionSet(client, policy);
    const months = new Set(set.partitions.map(({ month }) => month?.getTime()));
    let premadeMonths = 0;
    while (months.has(addMonths(current, premadeMonths + 1).getTime())) premadeMonths += 1;
    const oldestKept = addMonths(current, -policy.retentionMonths);
    const { defaultPartition } = set;
    health.push({
      table: `${policy.schema}.${policy.table}`,
      defaultRows:
        defaultPartition === undefined
          ? 0
          : await countRows(client, quoteQualified(defaultPartition.schema, defaultPartition.name)),
      premadeMonths,
      archiveDueMonths: set.partitions.filter(
        ({ upperBound }) => upperBound !== undefined && upperBound <= oldestKept,
      ).length,
    });
  }
  return health;
}

async function countRows(client: ClientBase, table: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from (select from only ${table} limit 1000000) as counted`,
  );
  return rows[0]?.count ?? 0;
}
