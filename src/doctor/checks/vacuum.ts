import type { Check } from '../check.js';

interface Row {
  readonly object: string;
  readonly worst: string;
  readonly dead: number;
  readonly live: number;
  readonly vacuumed_at: Date | null;
  readonly counted_since: Date | null;
}

// One row a table with all its partitions.
const query = `
  select root.oid::regclass::text as object,
         (array_agg(s.relid::regclass::text order by s.n_dead_tup desc))[1] as worst,
         sum(s.n_dead_tup)::float8 as dead, sum(s.n_live_tup)::float8 as live,
         max(greatest(s.last_vacuum, s.last_autovacuum)) as vacuumed_at,
         (select greatest(d.stats_reset, b.stats_reset) from pg_stat_database d, pg_stat_bgwriter b
           where d.datname = current_database()) as counted_since
    from pg_stat_user_tables s
    join pg_class c on c.oid = s.relid and c.relkind in ('r', 'm')
   cross join lateral (select coalesce(pg_partition_root(s.relid), s.relid) as oid) as root
   group by root.oid
  having sum(s.n_dead_tup) >= $1 and sum(s.n_dead_tup) >= $2 * greatest(sum(s.n_live_tup), 1)
   order by sum(s.n_dead_tup) desc`;

export const vacuum: Check = {
  name: 'vacuum',
  title: 'tables with many dead rows that vacuum has not taken away',
  run: async ({ client, thresholds }) => {
    const { rows } = await client.query<Row>(query, [thresholds.deadRowsMinimum, thresholds.deadRowsRatio]);
    return rows.map(({ object, worst, dead, live, vacuumed_at: vacuumedAt, counted_since: since }) => ({
      severity: 'warn' as const,
      object,
      what: `${dead.toLocaleString('en-US')} dead rows beside ${live.toLocaleString('en-US')} live ones, ${
        vacuumedAt === null
          ? `no vacuum since ${since?.toISOString() ?? 'the counters began'}`
          : `last vacuumed ${vacuumedAt.toISOString()}`
      }${worst === object ? '' : `; most of them in ${worst}`}`,
      why: 'Queries read them with the others and indexes keep pointing at them; what they take on disk is not used again.',
      fix: `vacuum (analyze) ${worst}; if they stay, look at the checks transactions and replication-slots`,
    }));
  },
};
