import type pg from 'pg';
import type { UserType } from '../catalog.js';
import { normalSql, presentSql } from '../normal-sql.js';

export interface TypeRow extends Omit<UserType, 'privileges'> {
  readonly oid: number;
}

// A domain's NOT NULL is a pg_constraint row since PostgreSQL 17; typnotnull says it in every version.
const types = `
  select t.oid, t.oid::regtype::text as name, k.kind, k.definition, d.description as comment
    from pg_type t
    join pg_namespace n on n.oid = t.typnamespace
    left join pg_class c on c.oid = t.typrelid
    left join pg_description d
      on d.classoid = 'pg_type'::regclass and d.objoid = t.oid and d.objsubid = 0
    left join pg_collation l on l.oid = t.typcollation
    left join pg_type b on b.oid = t.typbasetype
   cross join lateral (
     select 'enum' as kind,
            'as enum (' || coalesce((select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder)
                                       from pg_enum e where e.enumtypid = t.oid), '') || ')' as definition
      where t.typtype = 'e'
     union all
     select 'domain',
            'as ' || format_type(t.typbasetype, t.typtypmod)
            || case when t.typcollation <> b.typcollation then ' collate ' || l.oid::regcollation::text else '' end
            || coalesce(' default ' || pg_get_expr(t.typdefaultbin, 0), '')
            || case when t.typnotnull then ' not null' else '' end
            || coalesce((select string_agg(' constraint ' || quote_ident(o.conname) || ' '
                                           || pg_get_constraintdef(o.oid), '' order by o.conname collate "C")
                           from pg_constraint o where o.contypid = t.oid and o.contype = 'c'), '')
      where t.typtype = 'd'
     union all
     select 'composite type',
            'as (' || coalesce((select string_agg(quote_ident(a.attname) || ' '
                                                  || format_type(a.atttypid, a.atttypmod)
                                                  || case when a.attcollation <> at.typcollation
                                                          then ' collate ' || a.attcollation::regcollation::text
                                                          else '' end, ', ' order by a.attnum)
                                  from pg_attribute a
                                  join pg_type at on at.oid = a.atttypid
                                 where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped), '') || ')'
      where t.typtype = 'c' and c.relkind = 'c'
   ) k
   where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     and not exists (select from pg_depend e
                      where e.classid = 'pg_type'::regclass and e.objid = t.oid and e.deptype = 'e')
   order by n.nspname collate "C", t.typname collate "C"`;

/** Enums, domains and composite types; a table's row type and array types are not listed. */
export async function listTypes(client: pg.ClientBase): Promise<readonly TypeRow[]> {
  const { rows } = await client.query<TypeRow>(types);
  return rows.map((row) => ({ ...row, name: presentSql(row.name), definition: normalSql(row.definition) }));
}
