import type { ClientBase } from 'pg';
import type { PartitionSet } from '../partitioning/partition-set.js';

/**
 * Tables called like a month of the set, with all of its columns, that are partitions of nothing: schema-qualified,
 * by name.
 */
export async function readDetachedTables(client: ClientBase, set: PartitionSet): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select n.nspname || '.' || c.relname as name
     from pg_class as c
     join pg_namespace as n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition
       and starts_with(c.relname, $2 || '_y') and substr(c.relname, length($2) + 2) ~ '^y[0-9]{4,}m[0-9]{2}'
       and not exists (
         select attname, atttypid from pg_attribute where attrelid = $1 and attnum > 0 and not attisdropped
         except
         select attname, atttypid from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped
       )
     order by 1`,
    [set.oid, set.table],
  );
  return rows.map(({ name }) => name);
}
