import type { Check } from '../check.js';

const query = `
  select d.blks_hit::float8 as hit, d.blks_read::float8 as read, greatest(d.stats_reset, b.stats_reset) as since
    from pg_stat_database d, pg_stat_bgwriter b
   where d.datname = current_database()`;

export const cacheHit: Check = {
  name: 'cache-hit',
  title: 'blocks found in shared_buffers',
  run: async ({ client, thresholds, measure }) => {
    const { rows } = await client.query<{ hit: number; read: number; since: Date | null }>(query);
    const { hit = 0, read = 0, since = null } = rows[0] ?? {};
    const total = hit + read;
    if (total === 0) return [];
    const ratio = hit / total;
    measure({ name: 'cache_hit', value: Math.round(ratio * 10_000) / 100, unit: '%' });
    if (total < thresholds.cacheHitMinimumBlocks || ratio >= thresholds.cacheHitRatio) return [];
    return [
      {
        severity: 'warn',
        object: 'shared_buffers',
        what: `${(ratio * 100).toFixed(1)} % of ${total.toLocaleString('en-US')} block reads since ${since?.toISOString() ?? 'the counters began'} were answered by shared_buffers`,
        why: 'The months that are written and read every day should stay in memory; the rest comes from the system’s cache at best, from disk at worst.',
        fix: 'Raise shared_buffers towards a quarter of the memory, and look for whole months being read: «studymate-db index report».',
      },
    ];
  },
};
