import type { ClientBase } from 'pg';
import type { ReportServer } from './report-result.js';

export interface ServerFacts {
  readonly server: ReportServer;
  /** As in `server_version_num`. */
  readonly serverVersion: number;
  readonly statisticsSince: Date | null;
  /** Member of pg_monitor, or superuser: sees the sessions and statements of others. */
  readonly seesAll: boolean;
  readonly extensions: readonly string[];
}

interface FactsRow {
  readonly version: string;
  readonly version_num: string;
  readonly database: string;
  readonly is_replica: boolean;
  readonly replayed_at: Date | null;
  readonly since: Date | null;
  readonly sees_all: boolean;
  readonly extensions: readonly string[];
}

// A crash zeroes every counter and leaves stats_reset of the database as it was; that of the background writer moves.
const FACTS = `
  select split_part(current_setting('server_version'), ' ', 1) as version,
    current_setting('server_version_num') as version_num,
    current_database()::text as database,
    pg_is_in_recovery() as is_replica,
    pg_last_xact_replay_timestamp() as replayed_at,
    (select greatest(d.stats_reset, b.stats_reset)
     from pg_stat_database as d, pg_stat_bgwriter as b where d.datname = current_database()) as since,
    pg_has_role('pg_monitor', 'usage') as sees_all,
    (select coalesce(array_agg(extname::text), '{}') from pg_extension) as extensions`;

export async function readServerFacts(client: ClientBase): Promise<ServerFacts> {
  const { rows } = await client.query<FactsRow>(FACTS);
  const [row] = rows;
  if (row === undefined) throw new Error('the server said nothing about itself');
  return {
    server: {
      version: row.version,
      database: row.database,
      isReplica: row.is_replica,
      replayedAt: row.replayed_at,
    },
    serverVersion: Number(row.version_num),
    statisticsSince: row.since,
    seesAll: row.sees_all,
    extensions: row.extensions,
  };
}
