import type { ClientBase } from 'pg';
import { readIndexes, type IndexFilter, type LogicalIndex } from './index-catalog.js';
import { leftoverKind } from './concurrent-names.js';

/** What there may be to heal, as the catalog and the lock table tell. */
export interface HealSnapshot {
  readonly indexes: readonly LogicalIndex[];
  /** Invalid copies that a rebuild of a whole table left on its TOAST table. */
  readonly toastLeftovers: readonly ToastLeftover[];
  readonly pendingDetaches: readonly PendingDetach[];
  /** By the oid of a table or index: who works on it with a lock that keeps two builds apart. */
  readonly users: ReadonlyMap<number, string>;
  /** What this role cannot see. */
  readonly notices: readonly string[];
}

export interface ToastLeftover {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly tableOid: number;
  readonly ready: boolean;
}

/** A DETACH PARTITION CONCURRENTLY that did not end: its rows are visible in neither table. */
export interface PendingDetach {
  readonly schema: string;
  readonly table: string;
  readonly partitionSchema: string;
  readonly partition: string;
}

const toastSql = `
  select i.indexrelid as oid, n.nspname::text as schema, c.relname::text as name, i.indrelid as "tableOid",
         i.indisready as ready
    from pg_index i
    join pg_class c on c.oid = i.indexrelid
    join pg_namespace n on n.oid = c.relnamespace
    join pg_class owner on owner.reltoastrelid = i.indrelid
    join pg_class base on base.oid = owner.oid
    join pg_namespace bn on bn.oid = base.relnamespace
   where n.nspname = 'pg_toast' and not i.indisvalid and c.relname ~ '_cc(new|old)[0-9]*$'
     and ($1::text is null or bn.nspname = $1)
     and ($2::text is null or coalesce(pg_partition_root(base.oid), base.oid)
            in (select r.oid from pg_class r where r.relname = $2))
   order by c.relname collate "C"`;

const detachSql = `
  select n.nspname::text as schema, c.relname::text as table, pn.nspname::text as "partitionSchema",
         p.relname::text as partition
    from pg_inherits i
    join pg_class c on c.oid = i.inhparent
    join pg_namespace n on n.oid = c.relnamespace
    join pg_class p on p.oid = i.inhrelid
    join pg_namespace pn on pn.oid = p.relnamespace
   where i.inhdetachpending
     and ($1::text is null or n.nspname = $1)
     and ($2::text is null or coalesce(pg_partition_root(c.oid), c.oid)
            in (select r.oid from pg_class r where r.relname = $2))
   order by n.nspname collate "C", p.relname collate "C"`;

// A concurrent build or drop holds such a lock on its table from its first transaction to its last; every role sees
// locks. Its row of progress is empty to a role that may not see it. Autovacuum has the same lock, and builds nothing.
const usersSql = `
  with holders as (
    select l.relation as oid, l.pid
      from pg_locks l
     where l.locktype = 'relation' and l.granted
       and l.database = (select oid from pg_database where datname = current_database())
       and l.mode in ('ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
                      'AccessExclusiveLock')
    union
    select r.oid, p.pid
      from pg_stat_progress_create_index p
     cross join lateral unnest(array[p.relid, p.index_relid]) as r (oid)
     where p.datname = current_database() and r.oid is not null
  )
  select holders.oid,
         string_agg(coalesce(format('pid %s (%s, user %s)', a.pid, coalesce(nullif(a.application_name, ''), 'unnamed'),
                                    a.usename), 'a prepared transaction'), ', ' order by a.pid) as who
    from holders
    left join pg_stat_activity a using (pid)
   where holders.pid is distinct from pg_backend_pid() and a.backend_type is distinct from 'autovacuum worker'
   group by holders.oid`;

const hiddenSql = `
  select current_user::text as role,
         count(*) filter (where p.relid is null)::int as hidden
    from pg_stat_progress_create_index p
   where p.datname = current_database() and p.pid <> pg_backend_pid()`;

/** Reads catalog and locks, writes nothing. Outside a transaction. */
export async function readHealSnapshot(client: ClientBase, filter: IndexFilter = {}): Promise<HealSnapshot> {
  const parameters = [filter.schema ?? null, filter.table ?? null];
  await client.query('begin isolation level repeatable read read only');
  try {
    const indexes = await readIndexes(client, filter);
    const toast = await client.query<ToastLeftover>(toastSql, parameters);
    const detaches = await client.query<PendingDetach>(detachSql, parameters);
    return {
      indexes,
      toastLeftovers: toast.rows.filter(({ name }) => leftoverKind(name) !== undefined),
      pendingDetaches: detaches.rows,
      users: await readIndexUsers(client),
      notices: await readNotices(client),
    };
  } finally {
    await client.query('rollback').catch(() => undefined);
  }
}

/** By the oid of a table or index: which sessions work on it. */
export async function readIndexUsers(client: ClientBase): Promise<ReadonlyMap<number, string>> {
  const { rows } = await client.query<{ oid: number; who: string }>(usersSql);
  return new Map(rows.map(({ oid, who }) => [oid, who]));
}

async function readNotices(client: ClientBase): Promise<readonly string[]> {
  const { rows } = await client.query<{ role: string; hidden: number }>(hiddenSql);
  const { role = '', hidden = 0 } = rows[0] ?? {};
  return hidden === 0
    ? []
    : [
        `builds of other sessions: their progress is not visible to role ${role}: needs pg_read_all_stats; they are told by their locks`,
      ];
}
