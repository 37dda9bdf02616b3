import { withConnection } from '../database/connect.js';
import type { ConnectionSettings } from '../database/connection-settings.js';

export interface ActivityPlan {
  /** Ids of the activity log that a refresh would read: drawn since what is covered for good. */
  readonly ids: number;
}

/**
 * What `refreshUserActiveDays` would read now. Reads only, and takes no lease.
 *
 * @throws what withConnection throws
 */
export async function planActiveDays({
  connection,
  signal,
}: {
  readonly connection: ConnectionSettings | string;
  readonly signal?: AbortSignal | undefined;
}): Promise<ActivityPlan> {
  return withConnection(
    connection,
    { applicationName: 'studymate-db maintain', signal },
    async ({ client }) => {
      const { rows } = await client.query<{ ids: number }>(
        `select coalesce(greatest(studymate.last_activity_id() - coalesce(max(covered_id), 0), 0), 0)::float8 as ids
         from studymate.user_active_days_state`,
      );
      return { ids: rows[0]?.ids ?? 0 };
    },
  );
}
