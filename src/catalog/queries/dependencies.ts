import type pg from 'pg';

export interface DependencyRow {
  readonly dependent: string;
  readonly on: string;
}

// «part» says to which relation, routine or type each catalog row belongs: a default or a check to its table, a
// row type to its table, an array type to its element. A sequence's «owned by» is said after the table is made.
const dependencies = `
  with part (classid, objid, object) as (
    select 'pg_class'::regclass::oid, c.oid,
           case when c.relkind = 'c' then 'pg_type:' || c.reltype else 'pg_class:' || c.oid end
      from pg_class c where c.relkind in ('r', 'p', 'v', 'm', 'S', 'c') and c.oid >= 16384
    union all
    select 'pg_class'::regclass, i.indexrelid, 'pg_class:' || i.indrelid from pg_index i where i.indexrelid >= 16384
    union all
    select 'pg_attrdef'::regclass, f.oid, 'pg_class:' || f.adrelid from pg_attrdef f
    union all
    select 'pg_constraint'::regclass, o.oid,
           case when o.conrelid <> 0 then 'pg_class:' || o.conrelid else 'pg_type:' || o.contypid end
      from pg_constraint o where o.contype <> 'f' and o.oid >= 16384
    union all
    select 'pg_rewrite'::regclass, r.oid, 'pg_class:' || r.ev_class from pg_rewrite r where r.oid >= 16384
    union all
    select 'pg_trigger'::regclass, t.oid, 'pg_class:' || t.tgrelid from pg_trigger t where not t.tgisinternal
    union all
    select 'pg_policy'::regclass, p.oid, 'pg_class:' || p.polrelid from pg_policy p
    union all
    select 'pg_statistic_ext'::regclass, s.oid, 'pg_class:' || s.stxrelid from pg_statistic_ext s
    union all
    select 'pg_proc'::regclass, p.oid, 'pg_proc:' || p.oid from pg_proc p where p.oid >= 16384
    union all
    select 'pg_type'::regclass, t.oid,
           case when c.relkind in ('r', 'p', 'v', 'm') then 'pg_class:' || c.oid else 'pg_type:' || e.oid end
      from pg_type t
      join pg_type e on e.oid = case when t.typcategory = 'A' and t.typelem <> 0 then t.typelem else t.oid end
      left join pg_class c on c.oid = e.typrelid
     where t.oid >= 16384)
  select distinct a.object as dependent, b.object as on
    from pg_depend d
    join part a on a.classid = d.classid and a.objid = d.objid
    join part b on b.classid = d.refclassid and b.objid = d.refobjid
   where a.object <> b.object and d.deptype <> 'e' and d.objid >= 16384
     and not (d.deptype in ('a', 'i') and d.refobjsubid > 0
              and exists (select from pg_sequence s where s.seqrelid = d.objid))`;

/** What needs what to exist, both as `class:oid`; foreign keys are left out, they can be added later. */
export async function listDependencies(client: pg.ClientBase): Promise<readonly DependencyRow[]> {
  const { rows } = await client.query<DependencyRow>(dependencies);
  return rows;
}
