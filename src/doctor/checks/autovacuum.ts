import type { Check } from '../check.js';
import type { Finding } from '../finding.js';

const serverQuery = `
  select name, reset_val as value from pg_settings where name in ('autovacuum', 'track_counts') and reset_val = 'off'`;

const tableQuery = `
  select coalesce(pg_partition_root(c.oid), c.oid)::regclass::text as object, count(*)::int as count,
         min(c.oid::regclass::text) as example
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
   cross join lateral pg_options_to_table(c.reloptions) as o
   where c.relkind in ('r', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     and o.option_name = 'autovacuum_enabled' and o.option_value::boolean is false
   group by 1 order by 1`;

export const autovacuum: Check = {
  name: 'autovacuum',
  title: 'autovacuum runs, for every table',
  run: async ({ client }) => {
    const server = await client.query<{ name: string; value: string }>(serverQuery);
    const tables = await client.query<{ object: string; count: number; example: string }>(tableQuery);
    return [
      ...server.rows.map(({ name }): Finding => ({
        severity: 'error',
        object: name,
        what:
          name === 'autovacuum'
            ? 'autovacuum is off'
            : 'track_counts is off, so autovacuum never knows that a table needs it',
        why: 'Dead rows of notifications, tokens and matching requests pile up, statistics grow old, and in the end the server takes no more writes to protect itself from wraparound.',
        fix: `alter system set ${name} = on; select pg_reload_conf()`,
      })),
      ...tables.rows.map(({ object, count, example }): Finding => ({
        severity: 'warn',
        object,
        what: `autovacuum is off for ${count === 1 && example === object ? 'it' : `${count} of its partitions, such as ${example}`}`,
        why: 'Its dead rows stay, its statistics grow old, and only the emergency run against wraparound comes by.',
        fix: `alter table ${example} reset (autovacuum_enabled)`,
      })),
    ];
  },
};
