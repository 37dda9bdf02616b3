import type { ClientBase } from 'pg';

export const REINDEX_ACTION = 'reindex';
export const PACK_ACTION = 'reindex closed month';

/** What earlier runs did, by the qualified names of indexes. */
export interface RebuildHistory {
  /** Rebuilt within the cooldown. */
  readonly recent: ReadonlySet<string>;
  /** Rebuilt as that of a closed month, at any time. */
  readonly packed: ReadonlySet<string>;
}

export async function readRebuildHistory(client: ClientBase, cooldownDays: number): Promise<RebuildHistory> {
  const { rows } = await client.query<{ object: string; action: string; recent: boolean }>(
    `select object, action,
            max(finished_at) > clock_timestamp() - make_interval(secs => $1::float8 * 86400) as recent
       from studymate.run_steps
      where action = any ($2) and result = 'done'
      group by object, action`,
    [cooldownDays, [REINDEX_ACTION, PACK_ACTION]],
  );
  return {
    recent: new Set(rows.filter(({ recent }) => recent).map(({ object }) => object)),
    packed: new Set(rows.filter(({ action }) => action === PACK_ACTION).map(({ object }) => object)),
  };
}
