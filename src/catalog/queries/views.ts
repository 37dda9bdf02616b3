import type pg from 'pg';
import type { View } from '../catalog.js';
import { presentSql } from '../normal-sql.js';
import { unqualifySingleRelation } from '../view-definition.js';

export interface ViewRow extends Pick<View, 'name' | 'kind' | 'definition' | 'options' | 'comment'> {
  readonly oid: number;
}

type Row = Omit<ViewRow, 'definition'> & { readonly definition: string | null };

const views = `
  select c.oid, c.oid::regclass::text as name,
         case c.relkind when 'v' then 'view' else 'materialized view' end as kind,
         rtrim(pg_get_viewdef(c.oid), ';') as definition,
         array(select o from unnest(c.reloptions) o order by o collate "C") as options, d.description as comment
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_description d on d.classoid = 'pg_class'::regclass and d.objoid = c.oid and d.objsubid = 0
   where c.relkind in ('v', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     and not exists (select from pg_depend e
                      where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')
   order by n.nspname collate "C", c.relname collate "C"`;

/** Views and materialized views. `qualifiesSingleRelation`: the server is older than PostgreSQL 16. */
export async function listViews(
  client: pg.ClientBase,
  qualifiesSingleRelation: boolean,
): Promise<readonly ViewRow[]> {
  const { rows } = await client.query<Row>(views);
  return rows.map(({ definition, ...row }) => {
    const text =
      qualifiesSingleRelation && definition !== null ? unqualifySingleRelation(definition) : definition;
    return { ...row, name: presentSql(row.name), definition: presentSql(text).trim() };
  });
}
