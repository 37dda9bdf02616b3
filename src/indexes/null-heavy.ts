import type { ClientBase } from 'pg';
import type { LogicalIndex } from './index-catalog.js';

export interface NullHeavyIndex {
  readonly index: LogicalIndex;
  readonly column: string;
  /** 0.5 to 1. */
  readonly nullFraction: number;
}

// The statistics of a partitioned table are those of all its partitions, taken by ANALYZE of the root.
const nullFractions = `
  select t.oid as table_oid, p.attname::text as column, p.null_frac::float8 as null_fraction
    from pg_stats p
    join pg_namespace n on n.nspname = p.schemaname
    join pg_class t on t.relnamespace = n.oid and t.relname = p.tablename
   where p.inherited = (t.relkind = 'p') and p.null_frac >= 0.5`;

/**
 * Indexes of one column that is null in most rows, and which carry every row all the same: one with «where column is
 * not null» answers the same equality and range queries and is smaller. Sees what the role may read.
 */
export async function findNullHeavyIndexes(
  client: ClientBase,
  indexes: readonly LogicalIndex[],
): Promise<readonly NullHeavyIndex[]> {
  const { rows } = await client.query<{ table_oid: number; column: string; null_fraction: number }>(
    nullFractions,
  );
  return indexes.flatMap((index) => {
    const [key, ...others] = index.keys;
    if (key?.column === undefined || others.length > 0) return [];
    if (index.unique || index.method !== 'btree' || index.predicate !== undefined) return [];
    const found = rows.find((row) => row.table_oid === index.table.oid && row.column === key.column);
    return found === undefined ? [] : [{ index, column: found.column, nullFraction: found.null_fraction }];
  });
}
