import type { ClientBase } from 'pg';
import { partitionPolicies } from '../../src/partitioning/policy.js';

/** The pg_partman that the server can create, as in 4.7.2; undefined when it has none. */
export async function partmanVersion(client: ClientBase): Promise<string | undefined> {
  const { rows } = await client.query<{ version: string }>(
    `select default_version as version from pg_available_extensions where name = 'pg_partman'`,
  );
  return rows[0]?.version;
}

/**
 * Gives the partitioned tables, which are empty, to pg_partman: it makes last month, this one, the next, and a
 * default partition. Its next maintenance makes `months` more, whether there are rows or not.
 */
export async function giveToPartman(client: ClientBase, months: number): Promise<void> {
  await client.query('create schema partman; create extension pg_partman schema partman');
  for (const { schema, table, controlColumn } of partitionPolicies) {
    const parent = `${schema}.${table}`;
    await client.query(
      `do $$
       declare
         partition regclass;
       begin
         for partition in select inhrelid from pg_inherits where inhparent = '${parent}'::regclass loop
           execute format('drop table %s', partition);
         end loop;
       end
       $$`,
    );
    await client.query(`select partman.create_parent($1, $2, 'native', 'monthly', p_premake := 1)`, [
      parent,
      controlColumn,
    ]);
  }
  // As it counts itself: in months of 30 days and a year of 365.25, rounded, from now to the last partition.
  await client.query(
    `update partman.part_config
     set infinite_time_partitions = true,
       premake = round(
         extract(epoch from age(date_trunc('month', now()) + interval '1 month' * (1 + $1::int), now()))
         / extract(epoch from interval '1 month')
       )`,
    [months],
  );
}
