import type pg from 'pg';
import { ledgerSchema } from '../catalog/ledger-tables.js';

/** An enum type, with the columns that are of it. */
export interface EnumColumns {
  readonly schema: string;
  readonly name: string;
  /** In the order of the type. */
  readonly values: readonly string[];
  readonly columns: readonly { readonly schema: string; readonly table: string; readonly name: string }[];
}

// An array of an enum is text to pg, which does not know the type.
const enumColumns = `
  select tn.nspname::text as schema, t.typname::text as name,
         array(select e.enumlabel::text from pg_enum e where e.enumtypid = t.oid order by e.enumsortorder) as values,
         json_agg(json_build_object('schema', n.nspname, 'table', c.relname, 'name', a.attname)
                  order by n.nspname collate "C", c.relname collate "C", a.attnum) as columns
    from pg_type t
    join pg_namespace tn on tn.oid = t.typnamespace
    join pg_attribute a on a.atttypid = t.oid and a.attnum > 0 and not a.attisdropped
    join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition
    join pg_namespace n on n.oid = c.relnamespace and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', $1)
   where t.typtype = 'e' and exists (select from pg_enum e where e.enumtypid = t.oid)
   group by t.oid, tn.nspname, t.typname
   order by tn.nspname collate "C", t.typname collate "C"`;

export async function listEnumColumns(client: pg.ClientBase): Promise<readonly EnumColumns[]> {
  return (await client.query<EnumColumns>(enumColumns, [ledgerSchema])).rows;
}
