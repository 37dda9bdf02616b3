import type { ClientBase } from 'pg';

/** A foreign key as declared; those that partitions have of their own count once for their partitioned table. */
export interface ForeignKey {
  readonly name: string;
  readonly table: {
    readonly oid: number;
    readonly schema: string;
    readonly name: string;
    readonly partitioned: boolean;
  };
  readonly columns: readonly string[];
  readonly referenced: { readonly schema: string; readonly name: string };
  /** What a delete of the referenced row does here; each of them looks for the referencing rows. */
  readonly onDelete: 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default';
  readonly estimatedRows: number | undefined;
}

// $1: schema or null. $2: table or null.
const foreignKeys = `
  select distinct on (t.oid, columns.names, r.oid)
         o.conname::text as name, t.oid, n.nspname::text as schema, t.relname::text as table,
         t.relkind = 'p' as partitioned, columns.names as columns,
         rn.nspname::text as referenced_schema, r.relname::text as referenced_table,
         case o.confdeltype when 'a' then 'no action' when 'r' then 'restrict' when 'c' then 'cascade'
                            when 'n' then 'set null' else 'set default' end as on_delete,
         case when t.relkind = 'p'
              then (select sum(l.reltuples) filter (where l.reltuples >= 0)
                      from pg_partition_tree(t.oid) p join pg_class l on l.oid = p.relid
                     where p.isleaf)
              else nullif(t.reltuples, -1)
         end::float8 as estimated_rows
    from pg_constraint o
    join pg_class t on t.oid = coalesce(pg_partition_root(o.conrelid), o.conrelid)
    join pg_namespace n on n.oid = t.relnamespace
    join pg_class r on r.oid = o.confrelid
    join pg_namespace rn on rn.oid = r.relnamespace
   cross join lateral (
      select array_agg(a.attname::text order by k.position) as names
        from unnest(o.conkey) with ordinality as k (attnum, position)
        join pg_attribute a on a.attrelid = o.conrelid and a.attnum = k.attnum
   ) as columns
   where o.contype = 'f' and not r.relispartition
     and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     and ($1::text is null or n.nspname = $1) and ($2::text is null or t.relname = $2)
   order by t.oid, columns.names, r.oid, o.oid`;

interface Row {
  readonly name: string;
  readonly oid: number;
  readonly schema: string;
  readonly table: string;
  readonly partitioned: boolean;
  readonly columns: readonly string[];
  readonly referenced_schema: string;
  readonly referenced_table: string;
  readonly on_delete: ForeignKey['onDelete'];
  readonly estimated_rows: number | null;
}

export async function readForeignKeys(
  client: ClientBase,
  { schema, table }: { readonly schema?: string | undefined; readonly table?: string | undefined } = {},
): Promise<readonly ForeignKey[]> {
  const { rows } = await client.query<Row>(foreignKeys, [schema ?? null, table ?? null]);
  return rows.map((row) => ({
    name: row.name,
    table: { oid: row.oid, schema: row.schema, name: row.table, partitioned: row.partitioned },
    columns: row.columns,
    referenced: { schema: row.referenced_schema, name: row.referenced_table },
    onDelete: row.on_delete,
    estimatedRows: row.estimated_rows ?? undefined,
  }));
}
