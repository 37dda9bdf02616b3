import type { ClientBase } from 'pg';

export interface SchemaCounts {
  readonly tables: number;
  readonly archives: number;
  readonly columns: number;
  readonly primaryKeys: number;
  readonly uniques: number;
  readonly foreignKeys: number;
  readonly checks: number;
  readonly constraintTriggers: number;
  readonly indexes: number;
  readonly functions: number;
  readonly comments: number;
}

/** Partitions and what they inherit are not counted: they repeat their parent. */
const countSql = `
with t as (
  select oid, relname from pg_class
  where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
), c as (
  select contype from pg_constraint join t on t.oid = conrelid where conparentid = 0
)
select
  (select count(*)::int from t where relname not like '%\\_archive') as "tables",
  (select count(*)::int from t where relname like '%\\_archive') as "archives",
  (select count(*)::int from pg_attribute join t on t.oid = attrelid where attnum > 0 and not attisdropped) as "columns",
  (select count(*)::int from c where contype = 'p') as "primaryKeys",
  (select count(*)::int from c where contype = 'u') as "uniques",
  (select count(*)::int from c where contype = 'f') as "foreignKeys",
  (select count(*)::int from c where contype = 'c') as "checks",
  (select count(*)::int from c where contype = 't') as "constraintTriggers",
  (select count(*)::int from pg_index join t on t.oid = indrelid) as "indexes",
  (select count(*)::int from pg_proc where pronamespace = 'public'::regnamespace) as "functions",
  (select count(*)::int from pg_description join t on t.oid = objoid and classoid = 'pg_class'::regclass) as "comments"`;

export async function countSchema(client: ClientBase): Promise<SchemaCounts> {
  const { rows } = await client.query<SchemaCounts>(countSql);
  const [counts] = rows;
  if (counts === undefined) throw new Error('a query of counts returned no row');
  return counts;
}

export interface PartitionSummary {
  readonly table: string;
  readonly partition: string;
  readonly bound: string;
  readonly rows: number;
}

const partitionsSql = `
select p.relname as "table", c.relname as "partition", pg_get_expr(c.relpartbound, c.oid) as bound,
       -- The demo's tables are small: an exact count.
       (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from only %s', c.oid::regclass), false, true, '')))[1]::text::int as rows
from pg_inherits i
join pg_class c on c.oid = i.inhrelid
join pg_class p on p.oid = i.inhparent
where p.relkind = 'p' and p.relnamespace = 'public'::regnamespace
order by p.relname, pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT', c.relname`;

export async function listPartitions(client: ClientBase): Promise<PartitionSummary[]> {
  return (await client.query<PartitionSummary>(partitionsSql)).rows;
}
