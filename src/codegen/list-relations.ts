import type pg from 'pg';
import { ledgerSchema } from '../catalog/ledger-tables.js';

/** A table or view that gets an interface. */
export interface Relation {
  readonly schema: string;
  readonly name: string;
  readonly comment: string | null;
  readonly columns: readonly RelationColumn[];
}

export interface RelationColumn {
  readonly name: string;
  /** The server alone writes it: generated, identity always, or of a view. */
  readonly readOnly: boolean;
}

// A partition is reached through its root. What an extension brings is not of the schema.
const relations = `
  select n.nspname::text as schema, c.relname::text as name, obj_description(c.oid, 'pg_class') as comment,
         (select json_agg(json_build_object(
                   'name', a.attname,
                   'readOnly', a.attidentity = 'a' or a.attgenerated <> '' or c.relkind in ('v', 'm'))
                 order by a.attnum)
            from pg_attribute a
           where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition
     and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', $1)
     and not exists (select from pg_depend e
                      where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')
   order by n.nspname collate "C", c.relname collate "C"`;

/** Tables, partitioned tables and views, but no partitions, no ledger of this package and nothing of an extension. */
export async function listRelations(client: pg.ClientBase): Promise<readonly Relation[]> {
  const { rows } = await client.query<Omit<Relation, 'columns'> & { columns: RelationColumn[] | null }>(
    relations,
    [ledgerSchema],
  );
  return rows.map((row) => ({ ...row, columns: row.columns ?? [] }));
}
