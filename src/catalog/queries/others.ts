import type pg from 'pg';
import { normalSql } from '../normal-sql.js';

// Kinds of object that are named but not described, so that none goes unnoticed.
const others = `
  select i.type || ' ' || i.identity as name
    from (
      select 'pg_proc'::regclass::oid as classid, oid as objid from pg_proc where prokind = 'a'
      union all select 'pg_type'::regclass, oid from pg_type where typtype in ('b', 'r') and typcategory <> 'A'
      union all select 'pg_class'::regclass, oid from pg_class where relkind = 'f'
      union all select 'pg_operator'::regclass, oid from pg_operator
      union all select 'pg_opclass'::regclass, oid from pg_opclass
      union all select 'pg_opfamily'::regclass, oid from pg_opfamily
      union all select 'pg_collation'::regclass, oid from pg_collation
      union all select 'pg_conversion'::regclass, oid from pg_conversion
      union all select 'pg_cast'::regclass, oid from pg_cast
      union all select 'pg_transform'::regclass, oid from pg_transform
      union all select 'pg_am'::regclass, oid from pg_am
      union all select 'pg_language'::regclass, oid from pg_language
      union all select 'pg_ts_config'::regclass, oid from pg_ts_config
      union all select 'pg_ts_dict'::regclass, oid from pg_ts_dict
      union all select 'pg_ts_parser'::regclass, oid from pg_ts_parser
      union all select 'pg_ts_template'::regclass, oid from pg_ts_template
      union all select 'pg_foreign_data_wrapper'::regclass, oid from pg_foreign_data_wrapper
      union all select 'pg_foreign_server'::regclass, oid from pg_foreign_server
      union all select 'pg_publication'::regclass, oid from pg_publication) o
   cross join lateral pg_identify_object(o.classid, o.objid, 0) i
   where o.objid >= 16384
     and not exists (select from pg_depend e
                      where e.classid = o.classid and e.objid = o.objid and e.deptype in ('e', 'i'))
   order by (i.type || ' ' || i.identity) collate "C"`;

/** Operators, aggregates, range types, collations, publications and the like: each as `kind name`. */
export async function listOthers(client: pg.ClientBase): Promise<readonly string[]> {
  const { rows } = await client.query<{ readonly name: string }>(others);
  return rows.map((row) => normalSql(row.name));
}
