import type { ClientBase } from 'pg';

/** How a table was read since the statistics began; a partitioned table with all its partitions. */
export interface TableScans {
  readonly schema: string;
  readonly table: string;
  readonly liveRows: number;
  readonly sequentialScans: number;
  /** Rows read by them. */
  readonly sequentialRows: number;
  readonly indexScans: number;
}

// $1: schema or null. $2: table or null.
const tableScans = `
  select n.nspname::text as schema, r.relname::text as table, sum(s.n_live_tup)::float8 as live_rows,
         sum(s.seq_scan)::float8 as sequential_scans, sum(s.seq_tup_read)::float8 as sequential_rows,
         sum(coalesce(s.idx_scan, 0))::float8 as index_scans
    from pg_stat_user_tables s
    join pg_class r on r.oid = coalesce(pg_partition_root(s.relid), s.relid)
    join pg_namespace n on n.oid = r.relnamespace
   where ($1::text is null or n.nspname = $1) and ($2::text is null or r.relname = $2)
   group by n.nspname, r.relname
   order by sum(s.seq_tup_read) desc, n.nspname, r.relname`;

export async function readTableScans(
  client: ClientBase,
  { schema, table }: { readonly schema?: string | undefined; readonly table?: string | undefined } = {},
): Promise<readonly TableScans[]> {
  const { rows } = await client.query<{
    schema: string;
    table: string;
    live_rows: number;
    sequential_scans: number;
    sequential_rows: number;
    index_scans: number;
  }>(tableScans, [schema ?? null, table ?? null]);
  return rows.map((row) => ({
    schema: row.schema,
    table: row.table,
    liveRows: row.live_rows,
    sequentialScans: row.sequential_scans,
    sequentialRows: row.sequential_rows,
    indexScans: row.index_scans,
  }));
}

/** So many rows are large: below, reading all of them is what the planner should do. */
export const LARGE_ROWS = 10_000;
/** Read whole so often that it is a habit, and no dump or ANALYZE. */
const OFTEN = 20;

/** Large tables that are read whole, again and again; the worst first. Pure. */
export function findSequentiallyRead(tables: readonly TableScans[]): readonly TableScans[] {
  return tables.filter(
    ({ liveRows, sequentialScans, sequentialRows }) =>
      liveRows >= LARGE_ROWS && sequentialScans >= OFTEN && sequentialRows / sequentialScans >= LARGE_ROWS,
  );
}
