import type { ClientBase } from 'pg';

/** What a table takes, and about how many rows it has. */
export interface RelationFigures {
  /** As the planner takes them: the density at the last VACUUM or ANALYZE times the present size. Null: not known. */
  readonly rows: number | null;
  /** Without TOAST and indexes. */
  readonly tableBytes: number;
  /** With its own index. */
  readonly toastBytes: number;
  readonly indexBytes: number;
}

// Of all tables but the server's. The size functions answer null for what was dropped this moment.
export const relationFigures = `
  select c.oid,
    case when pg_relation_size(c.oid) = 0 then 0
         when c.reltuples >= 0 and c.relpages > 0 then round(c.reltuples::float8 / c.relpages
           * (pg_relation_size(c.oid) / current_setting('block_size')::int))
    end as rows,
    coalesce(pg_table_size(c.oid) - coalesce(pg_total_relation_size(nullif(c.reltoastrelid, 0)), 0), 0) as table_bytes,
    coalesce(pg_total_relation_size(nullif(c.reltoastrelid, 0)), 0) as toast_bytes,
    coalesce(pg_indexes_size(c.oid), 0) as index_bytes
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  where c.relkind in ('r', 'm') and c.relpersistence <> 't'
    and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`;

// $1: oids of tables that are not partitioned.
const figuresQuery = `
  select oid, rows, table_bytes::float8 as "tableBytes", toast_bytes::float8 as "toastBytes",
    index_bytes::float8 as "indexBytes"
  from (${relationFigures}) as figures
  where oid = any ($1::oid[])`;

/** By oid. Waits for whoever holds one of them exclusively. */
export async function readRelationFigures(
  client: ClientBase,
  oids: readonly number[],
): Promise<ReadonlyMap<number, RelationFigures>> {
  const { rows } = await client.query<RelationFigures & { readonly oid: number }>(figuresQuery, [oids]);
  return new Map(rows.map(({ oid, ...figures }) => [oid, figures]));
}
