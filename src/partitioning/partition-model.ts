import type { ClientBase } from 'pg';
import type { PartitionSet } from './partition-set.js';

/** What a partition has of its own, that LIKE does not copy and ATTACH does not give. */
export interface PartitionModel {
  readonly name: string;
  readonly owner: string;
  readonly unlogged: boolean;
  readonly access_method: string | null;
  readonly tablespace: string | null;
  /** `fillfactor=80`, and `toast.autovacuum_enabled=off`. */
  readonly options: readonly string[];
  readonly row_security: boolean;
  readonly forced_row_security: boolean;
  readonly replica_identity: 'd' | 'n' | 'f' | 'i';
  /** OID of the partitioned index whose partition identifies rows for replicas. */
  readonly replica_identity_index: number | null;
  readonly comment: string | null;
  readonly columns: readonly ModelColumn[];
  readonly grants: readonly ModelGrant[];
  readonly policies: readonly ModelPolicy[];
  /** Not inherited from the partitioned table. */
  readonly foreign_keys: readonly ModelForeignKey[];
}

export interface ModelColumn {
  readonly name: string;
  readonly statistics: number | null;
  readonly options: readonly string[];
  readonly comment: string | null;
}

/** `column` null: of the whole table; `grantee` null: public. */
export interface ModelGrant {
  readonly column: string | null;
  readonly grantee: string | null;
  readonly privilege: string;
  readonly grantable: boolean;
}

export interface ModelPolicy {
  readonly name: string;
  readonly permissive: boolean;
  readonly command: 'all' | 'select' | 'insert' | 'update' | 'delete';
  /** Empty: public. */
  readonly roles: readonly string[];
  readonly using: string | null;
  readonly check: string | null;
}

export interface ModelForeignKey {
  readonly name: string;
  readonly definition: string;
}

/** The sibling that a new partition takes after: the newest month, else the default partition. */
export function modelOf(set: PartitionSet): number | undefined {
  const months = set.partitions.filter(({ month, detachPending }) => month !== undefined && !detachPending);
  return months.at(-1)?.oid ?? set.defaultPartition?.oid;
}

/** Reads a partition from the catalog. Its privileges are complete: the owner's are among them. */
export async function readPartitionModel(
  client: ClientBase,
  oid: number,
): Promise<PartitionModel | undefined> {
  const { rows } = await client.query<PartitionModel>(modelQuery, [oid]);
  return rows[0];
}

const modelQuery = `
  select c.relname as name, pg_get_userbyid(c.relowner) as owner, c.relpersistence = 'u' as unlogged,
    am.amname as access_method, ts.spcname as tablespace,
    array(select o from unnest(c.reloptions) as o) || array(select 'toast.' || o from unnest(t.reloptions) as o)
      as options,
    c.relrowsecurity as row_security, c.relforcerowsecurity as forced_row_security,
    c.relreplident as replica_identity,
    (select p.inhparent from pg_index as i join pg_inherits as p on p.inhrelid = i.indexrelid
     where i.indrelid = c.oid and i.indisreplident) as replica_identity_index,
    obj_description(c.oid, 'pg_class') as comment,
    (select coalesce(json_agg(json_build_object(
        'name', a.attname, 'statistics', nullif(a.attstattarget, -1), 'options', coalesce(a.attoptions, '{}'),
        'comment', col_description(a.attrelid, a.attnum)) order by a.attnum), '[]')
     from pg_attribute as a
     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
    (select coalesce(json_agg(json_build_object(
        'column', g.attname, 'grantee', r.rolname, 'privilege', e.privilege_type, 'grantable', e.is_grantable)
        order by g.attname nulls first, r.rolname, e.privilege_type), '[]')
     from (
       select null::name as attname, coalesce(c.relacl, acldefault('r', c.relowner)) as acl
       union all
       select attname, attacl from pg_attribute where attrelid = c.oid and attacl is not null and not attisdropped
     ) as g
     cross join lateral aclexplode(g.acl) as e
     left join pg_roles as r on r.oid = e.grantee
     where e.grantee = 0 or r.oid is not null) as grants,
    (select coalesce(json_agg(json_build_object(
        'name', p.polname, 'permissive', p.polpermissive,
        'command', case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
                                 when 'd' then 'delete' else 'all' end,
        'roles', array(select rolname from pg_roles where oid = any (p.polroles) order by rolname),
        'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid))
        order by p.polname), '[]')
     from pg_policy as p
     where p.polrelid = c.oid) as policies,
    (select coalesce(json_agg(json_build_object('name', f.conname, 'definition', pg_get_constraintdef(f.oid))
        order by f.conname), '[]')
     from pg_constraint as f
     where f.conrelid = c.oid and f.contype = 'f' and f.conparentid = 0) as foreign_keys
  from pg_class as c
  left join pg_am as am on am.oid = c.relam
  left join pg_tablespace as ts on ts.oid = c.reltablespace
  left join pg_class as t on t.oid = c.reltoastrelid
  where c.oid = $1`;
