import type pg from 'pg';
import { ledgerSchema } from '../catalog/ledger-tables.js';

/** A column of a text type that CHECK constraints, of its table or its domain, have something to say about. */
export interface CheckedColumn {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  /** Under its domain, if it has one, as SQL writes it: `character varying(20)`. */
  readonly type: string;
  /** The type without length, as in pg_type. */
  readonly typeName: string;
  /** False when its collation treats different texts as equal. */
  readonly deterministic: boolean;
  readonly checks: readonly Check[];
}

export interface Check {
  readonly name: string;
  readonly expression: string;
  /** The column as the expression names it. */
  readonly subject: string;
  /** False when there may be rows that do not meet it: not valid, not enforced, or not so for child tables. */
  readonly holds: boolean;
}

const checkedColumns = `
  with recursive under (domain, type, modifier) as (
    select oid, oid, -1 from pg_type where typtype = 'd'
    union all
    select u.domain, t.typbasetype, t.typtypmod from under u join pg_type t on t.oid = u.type where t.typtype = 'd'
  )
  select n.nspname::text as schema, c.relname::text as "table", a.attname::text as name,
         format_type(b.oid, coalesce(u.modifier, a.atttypmod)) as type, b.typname::text as "typeName",
         coalesce(l.collisdeterministic, true) as deterministic, k.checks
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join (select u.* from under u join pg_type t on t.oid = u.type and t.typtype <> 'd') u on u.domain = a.atttypid
    join pg_type b on b.oid = coalesce(u.type, a.atttypid) and b.typcategory = 'S'
    left join pg_collation l on l.oid = a.attcollation
    join lateral (
      select json_agg(json_build_object(
               'name', o.conname,
               'expression', pg_get_expr(o.conbin, o.conrelid),
               'subject', case when o.conrelid = 0 then 'VALUE' else quote_ident(a.attname) end,
               'holds', o.convalidated
                        and not (o.connoinherit and exists (select from pg_inherits i where i.inhparent = o.conrelid))
                        and not exists (select from pg_partition_tree(o.conrelid) p join pg_class f on f.oid = p.relid
                                         where f.relkind = 'f'))
             order by o.conrelid, o.conname collate "C") as checks
        from pg_constraint o
       where o.contype = 'c'
         and (o.conrelid = c.oid and a.attnum = any (o.conkey)
              or o.contypid in (select d.type from under d where d.domain = a.atttypid))) k on k.checks is not null
   where c.relkind in ('r', 'p') and not c.relispartition
     and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', $1)
   order by n.nspname collate "C", c.relname collate "C", a.attnum`;

export async function listCheckedColumns(client: pg.ClientBase): Promise<readonly CheckedColumn[]> {
  return (await client.query<CheckedColumn>(checkedColumns, [ledgerSchema])).rows;
}
