import type pg from 'pg';
import { ledgerSchema } from '../catalog/ledger-tables.js';

export type ConstraintKind = 'unique' | 'foreignKey' | 'check';

/** What an error of the server can name as its constraint. */
export interface NamedConstraint {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly kind: ConstraintKind;
}

// A unique index is named by error 23505 just as a constraint is. A constraint trigger called fk_… is a foreign key
// that the syntax of one could not say, and raises the error of one.
const constraints = `
  with named as (
    select conrelid as relation, conname::text as name,
           case contype when 'c' then 'check' when 'p' then 'unique' when 'u' then 'unique' else 'foreignKey' end as kind
      from pg_constraint
     where contype in ('p', 'u', 'f', 'c') or contype = 't' and starts_with(conname::text, 'fk_')
    union
    select i.indrelid, r.relname::text, 'unique'
      from pg_index i join pg_class r on r.oid = i.indexrelid
     where i.indisunique)
  select n.nspname::text as schema, c.relname::text as "table", o.name, o.kind
    from named o
    join pg_class c on c.oid = o.relation
    join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p') and not c.relispartition
     and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', $1)
     and not exists (select from pg_depend e
                      where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')
   order by n.nspname collate "C", c.relname collate "C", o.name collate "C"`;

/** The unique constraints and indexes, primary keys, foreign keys and checks of tables, but not of partitions. */
export async function listConstraintNames(client: pg.ClientBase): Promise<readonly NamedConstraint[]> {
  return (await client.query<NamedConstraint>(constraints, [ledgerSchema])).rows;
}
