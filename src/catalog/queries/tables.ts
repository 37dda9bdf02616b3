import type pg from 'pg';
import type { Table } from '../catalog.js';
import { normalSql, normalSqlOrNull, presentSql } from '../normal-sql.js';

export type TableRow = { readonly oid: number } & Pick<
  Table,
  | 'name'
  | 'unlogged'
  | 'accessMethod'
  | 'partitionKey'
  | 'partitionOf'
  | 'bound'
  | 'inherits'
  | 'options'
  | 'rowSecurity'
  | 'replicaIdentity'
  | 'clusterOn'
  | 'comment'
>;

interface Row {
  readonly oid: number;
  readonly name: string;
  readonly unlogged: boolean;
  readonly access_method: string | null;
  readonly partition_key: string | null;
  readonly is_partition: boolean;
  readonly bound: string | null;
  readonly detach_pending: boolean | null;
  readonly parents: readonly string[];
  readonly options: readonly string[];
  readonly row_security: Table['rowSecurity'];
  readonly replica_identity: string | null;
  readonly cluster_on: string | null;
  readonly comment: string | null;
}

// Storage parameters of the TOAST table are set and shown under «toast.» on the table itself, as in pg_dump.
const tables = `
  select c.oid, c.oid::regclass::text as name, c.relpersistence = 'u' as unlogged,
         nullif(m.amname::text, 'heap') as access_method,
         pg_get_partkeydef(c.oid) as partition_key,
         c.relispartition as is_partition, pg_get_expr(c.relpartbound, c.oid) as bound,
         p.detach_pending, coalesce(p.parents, '{}') as parents,
         array(select o from (select unnest(c.reloptions) union all
                              select 'toast.' || unnest(t.reloptions)) u (o)
                order by o collate "C") as options,
         case when c.relforcerowsecurity then 'forced' when c.relrowsecurity then 'on' else 'off' end as row_security,
         case c.relreplident
           when 'n' then 'nothing'
           when 'f' then 'full'
           when 'i' then (select 'using index ' || quote_ident(r.relname)
                            from pg_index i join pg_class r on r.oid = i.indexrelid
                           where i.indrelid = c.oid and i.indisreplident)
         end as replica_identity,
         (select quote_ident(r.relname) from pg_index i join pg_class r on r.oid = i.indexrelid
           where i.indrelid = c.oid and i.indisclustered) as cluster_on,
         d.description as comment
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_am m on m.oid = c.relam
    left join pg_class t on t.oid = c.reltoastrelid
    left join lateral (
      select array_agg(i.inhparent::regclass::text order by i.inhseqno) as parents,
             bool_or(i.inhdetachpending) as detach_pending
        from pg_inherits i where i.inhrelid = c.oid) p on true
    left join pg_description d on d.classoid = 'pg_class'::regclass and d.objoid = c.oid and d.objsubid = 0
   where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     and not exists (select from pg_depend e
                      where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')
   order by n.nspname collate "C", c.relname collate "C"`;

/** Tables, partitioned tables and partitions. */
export async function listTables(client: pg.ClientBase): Promise<readonly TableRow[]> {
  const { rows } = await client.query<Row>(tables);
  return rows.map((row) => {
    const parents = row.parents.map(presentSql);
    return {
      oid: row.oid,
      name: presentSql(row.name),
      unlogged: row.unlogged,
      accessMethod: row.access_method,
      partitionKey: normalSqlOrNull(row.partition_key),
      partitionOf: row.is_partition ? (parents[0] ?? null) : null,
      bound: row.bound === null ? null : normalSql(row.bound) + (row.detach_pending ? ' detach pending' : ''),
      inherits: row.is_partition ? [] : parents,
      options: row.options,
      rowSecurity: row.row_security,
      replicaIdentity: normalSqlOrNull(row.replica_identity),
      clusterOn: normalSqlOrNull(row.cluster_on),
      comment: row.comment,
    };
  });
}
