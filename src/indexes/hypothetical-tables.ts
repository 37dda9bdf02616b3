import type { ClientBase } from 'pg';

/** A table or partition that holds rows itself. */
export interface PhysicalTable {
  readonly schema: string;
  readonly name: string;
}

export interface LargeTable {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly partitioned: boolean;
  readonly columns: readonly string[];
  /** Itself, or its partitions. */
  readonly tables: readonly PhysicalTable[];
}

// An index that hypopg pretends on a partitioned table does not reach its partitions.
const physicalTables = `
  select n.nspname::text as schema, c.relname::text as name
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
   where c.relkind = 'r'
     and (c.oid = $1 or c.oid in (select p.relid from pg_partition_tree($1) p where p.isleaf))`;

export async function readPhysicalTables(client: ClientBase, oid: number): Promise<readonly PhysicalTable[]> {
  const { rows } = await client.query<PhysicalTable>(physicalTables, [oid]);
  return rows;
}

// $1, $2: schemas and names of tables or partitions. $3: schema or null. $4: table or null. $5: rows.
const largeTables = `
  with read as (
    select distinct coalesce(pg_partition_root(c.oid), c.oid)::oid as oid
      from unnest($1::text[], $2::text[]) as wanted (schema, name)
      join pg_namespace n on n.nspname = wanted.schema
      join pg_class c on c.relnamespace = n.oid and c.relname = wanted.name
  )
  select r.oid, n.nspname::text as schema, r.relname::text as name, r.relkind = 'p' as partitioned,
         array(select a.attname::text from pg_attribute a
                where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) as columns,
         physical.tables
    from read
    join pg_class r on r.oid = read.oid
    join pg_namespace n on n.oid = r.relnamespace
   cross join lateral (
      select json_agg(json_build_object('schema', ln.nspname, 'name', l.relname)) as tables,
             sum(greatest(l.reltuples, 0)) as rows
        from pg_class l
        join pg_namespace ln on ln.oid = l.relnamespace
       where l.relkind = 'r' and (l.oid = r.oid or l.oid in (select p.relid from pg_partition_tree(r.oid) p where p.isleaf))
   ) as physical
   where physical.rows >= $5 and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     and ($3::text is null or n.nspname = $3) and ($4::text is null or r.relname = $4)
   order by r.oid`;

/** The large ones of some tables and partitions, each partitioned table once. */
export async function readLargeTables(
  client: ClientBase,
  named: readonly { readonly schema: string; readonly table: string }[],
  {
    schema,
    table,
    minimumRows,
  }: {
    readonly schema?: string | undefined;
    readonly table?: string | undefined;
    readonly minimumRows: number;
  },
): Promise<readonly LargeTable[]> {
  if (named.length === 0) return [];
  const { rows } = await client.query<LargeTable>(largeTables, [
    named.map((entry) => entry.schema),
    named.map((entry) => entry.table),
    schema ?? null,
    table ?? null,
    minimumRows,
  ]);
  return rows;
}
