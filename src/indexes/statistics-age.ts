import type { ClientBase } from 'pg';

// A crash zeroes every counter and leaves stats_reset of the database as it was; that of the background writer moves.
// A clean restart moves neither, and keeps the counters.
const ageQuery = `
  select greatest(d.stats_reset, b.stats_reset) as since
    from pg_stat_database d, pg_stat_bgwriter b
   where d.datname = current_database()`;

/** Since when the server counts scans: the last reset or crash, whichever came later; undefined when neither is known. */
export async function readStatisticsSince(client: ClientBase): Promise<Date | undefined> {
  const { rows } = await client.query<{ since: Date | null }>(ageQuery);
  return rows[0]?.since ?? undefined;
}
