import type pg from 'pg';
import type { Privilege } from '../catalog.js';
import { groupBy } from '../group-by.js';
import { formatIdentifier } from '../normal-sql.js';

interface Row {
  readonly class: string;
  readonly oid: number;
  readonly action: Privilege['action'];
  readonly privilege: string;
  readonly column: string | null;
  readonly grantee: string;
  readonly grantable: boolean;
}

export type PrivilegedClass = 'pg_namespace' | 'pg_class' | 'pg_proc' | 'pg_type';

// A missing ACL means the default one; pg_init_privs knows what initdb gave on top (usage of «public»).
const privileges = `
  with object (class, oid, owner, acl, fallback) as (
    select 'pg_namespace', n.oid, n.nspowner, n.nspacl,
           coalesce((select i.initprivs from pg_init_privs i
                      where i.classoid = 'pg_namespace'::regclass and i.objoid = n.oid), acldefault('n', n.nspowner))
      from pg_namespace n where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    union all
    select 'pg_class', c.oid, c.relowner, c.relacl,
           acldefault(case c.relkind when 'S' then 's'::"char" else 'r'::"char" end, c.relowner)
      from pg_class c where c.relkind in ('r', 'p', 'v', 'm', 'S') and c.relacl is not null and c.oid >= 16384
    union all
    select 'pg_proc', p.oid, p.proowner, p.proacl, acldefault('f', p.proowner)
      from pg_proc p where p.proacl is not null and p.oid >= 16384
    union all
    select 'pg_type', t.oid, t.typowner, t.typacl, acldefault('T', t.typowner)
      from pg_type t where t.typacl is not null and t.oid >= 16384),
  now as (
    select o.class, o.oid, null::text as column, a.grantee, a.privilege_type, a.is_grantable
      from object o cross join lateral aclexplode(coalesce(o.acl, o.fallback)) a where a.grantee <> o.owner
    union
    select 'pg_class', t.attrelid, t.attname::text, a.grantee, a.privilege_type, a.is_grantable
      from pg_attribute t join pg_class c on c.oid = t.attrelid cross join lateral aclexplode(t.attacl) a
     where t.attacl is not null and not t.attisdropped and t.attrelid >= 16384 and a.grantee <> c.relowner),
  default_now as (
    select o.class, o.oid, null::text as column, a.grantee, a.privilege_type, a.is_grantable
      from object o cross join lateral aclexplode(o.fallback) a where a.grantee <> o.owner)
  select x.class, x.oid, x.action, lower(x.privilege_type) as privilege, x.column, g.grantee,
         x.is_grantable as grantable
    from (select 'grant' as action, g.* from (table now except table default_now) g
          union all
          select 'revoke', r.* from (table default_now except table now) r) x
   cross join lateral (
     select case when x.grantee = 0 then 'public' else pg_get_userbyid(x.grantee)::text end as grantee) g
   order by x.class, x.oid, x.action, g.grantee collate "C", x.column collate "C" nulls first,
            x.privilege_type collate "C"`;

/** What is granted or revoked apart from the defaults, by `class:oid`. What the owner has is not listed. */
export async function listPrivileges(
  client: pg.ClientBase,
): Promise<(objectClass: PrivilegedClass, oid: number) => readonly Privilege[]> {
  const { rows } = await client.query<Row>(privileges);
  const byObject = groupBy(
    rows,
    (row) => `${row.class}:${row.oid}`,
    (row): Privilege => ({
      action: row.action,
      privilege: row.privilege,
      column: row.column === null ? null : formatIdentifier(row.column),
      grantee: row.grantee === 'public' ? 'public' : formatIdentifier(row.grantee),
      grantable: row.grantable,
    }),
  );
  return (objectClass, oid) => byObject.get(`${objectClass}:${oid}`) ?? [];
}
