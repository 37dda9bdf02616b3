import type pg from 'pg';
import type { Extension } from '../catalog.js';
import { formatIdentifier } from '../normal-sql.js';

export interface SchemaRow {
  readonly oid: number;
  readonly name: string;
  readonly comment: string | null;
}

const schemas = `
  select n.oid, n.nspname::text as name, d.description as comment
    from pg_namespace n
    left join pg_description d on d.classoid = 'pg_namespace'::regclass and d.objoid = n.oid
   where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     and not exists (select from pg_depend e
                      where e.classid = 'pg_namespace'::regclass and e.objid = n.oid and e.deptype = 'e')
   order by n.nspname collate "C"`;

/** Every schema but the server's own. The comment that initdb gives «public» counts as none. */
export async function listSchemas(client: pg.ClientBase): Promise<readonly SchemaRow[]> {
  const { rows } = await client.query<SchemaRow>(schemas);
  return rows.map(({ oid, name, comment }) => ({
    oid,
    name: formatIdentifier(name),
    comment: name === 'public' && comment === 'standard public schema' ? null : comment,
  }));
}

// plpgsql is there from the start. Versions differ from server to server, so they are not part of the schema.
const extensions = `
  select e.extname::text as name, n.nspname::text as schema
    from pg_extension e
    join pg_namespace n on n.oid = e.extnamespace
   where e.extname <> 'plpgsql'
   order by e.extname collate "C"`;

export async function listExtensions(client: pg.ClientBase): Promise<readonly Extension[]> {
  const { rows } = await client.query<Extension>(extensions);
  return rows.map(({ name, schema }) => ({ name: formatIdentifier(name), schema: formatIdentifier(schema) }));
}
