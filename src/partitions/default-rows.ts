import type { ClientBase } from 'pg';
import { quoteIdentifier, quoteQualified } from '../database/identifier.js';
import type { PartitionSet } from '../partitioning/partition-set.js';

/** How many rows of a month the default partition holds. */
export interface MonthRows {
  /** Its start in UTC; undefined for rows that belong to no month: at ±infinity, before the year 1, after 9999. */
  readonly month: Date | undefined;
  readonly rows: number;
}

/** Counts, in one scan that blocks nobody, the rows of each month in the default partition, oldest first. */
export async function countDefaultRows(client: ClientBase, set: PartitionSet): Promise<readonly MonthRows[]> {
  const { defaultPartition, controlColumn } = set;
  if (defaultPartition === undefined) return [];
  const { rows } = await client.query<{ month_ms: number | null; rows: number }>(
    `select extract(epoch from month)::float8 * 1000 as month_ms, rows
     from (
       select case when ${monthRange(controlColumn)} then date_trunc('month', ${quoteIdentifier(controlColumn)}, 'UTC') end as month,
         count(*)::float8 as rows
       from only ${quoteQualified(defaultPartition.schema, defaultPartition.name)}
       group by 1
     ) as counted
     order by month`,
  );
  return rows.map(({ month_ms, rows: count }) => ({
    month: month_ms === null ? undefined : new Date(month_ms),
    rows: count,
  }));
}

/** True for instants in a month of the years 1 to 9999, which a name and a bound can be written for. */
function monthRange(controlColumn: string): string {
  const column = quoteIdentifier(controlColumn);
  return `${column} >= '0001-01-01 00:00:00+00' and ${column} < '10000-01-01 00:00:00+00'`;
}
