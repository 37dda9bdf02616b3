import type { ClientBase } from 'pg';
import { quoteQualified } from '../database/identifier.js';

interface TableName {
  readonly schema: string;
  readonly name: string;
}

export type TableLockMode = 'share row exclusive' | 'access exclusive';

/** Locks one relation, without the partitions below it. */
export async function lockOnly(
  client: ClientBase,
  { schema, name }: TableName,
  mode: TableLockMode,
): Promise<void> {
  await client.query(`lock table only ${quoteQualified(schema, name)} in ${mode} mode`);
}

/**
 * Locks the tables that the foreign keys of these relations point at, what is pointed at first: users, then
 * chat_rooms. Attaching and detaching take these locks anyway, but after the table's own, against the order of the
 * application, which then ends in a deadlock.
 *
 * @param relations OIDs of the tables whose foreign keys count
 * @param mode SHARE ROW EXCLUSIVE (readers go on, writers wait) is enough to attach a table without foreign keys of
 * its own, and to detach; attaching one that has them takes ACCESS EXCLUSIVE
 */
export async function lockReferencedTables(
  client: ClientBase,
  relations: readonly number[],
  mode: TableLockMode = 'share row exclusive',
): Promise<void> {
  for (const { schema, name } of await referencedTables(client, relations)) {
    await client.query(`lock table ${quoteQualified(schema, name)} in ${mode} mode`);
  }
}

/** In the order in which they are to be locked. */
export async function referencedTables(
  client: ClientBase,
  relations: readonly number[],
): Promise<readonly TableName[]> {
  const { rows } = await client.query<{ schema: string; name: string }>(
    `with referenced as (
       select distinct confrelid as oid
       from pg_constraint
       where contype = 'f' and conrelid = any ($1) and not confrelid = any ($1)
     )
     select n.nspname as schema, c.relname as name
     from referenced as r
     join pg_class as c using (oid)
     join pg_namespace as n on n.oid = c.relnamespace
     order by (
       select count(distinct f.confrelid)
       from pg_constraint as f
       where f.contype = 'f' and f.conrelid = r.oid and f.confrelid <> r.oid
         and f.confrelid in (select oid from referenced)
     ), n.nspname, c.relname`,
    [relations],
  );
  return rows;
}
