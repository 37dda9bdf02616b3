import { elapsedMs } from '../database/duration.js';
import { withLockRetry, type LockRetry } from '../database/lock-retry.js';
import type { MaintenanceSession } from '../database/maintenance-session.js';
import { withRunLedger } from '../database/run-ledger.js';
import { packageVersion } from '../package-root.js';
import type { ActivityListener } from './events.js';

export interface ActivityOptions {
  /** How often to try again when a lock is not to be had (it is tried for 200 ms); default 10, about 5 s. */
  readonly lockRetries?: number | undefined;
  /** Ids of the log that a transaction reads at most. Default: 20,000 first, then as many as take 300 ms. */
  readonly idsPerBatch?: number | undefined;
  readonly onEvent?: ActivityListener | undefined;
}

export interface ActivityResult {
  /** Days of users that the roll-up did not have. */
  readonly added: number;
  readonly batches: number;
  readonly longestBatchMs: number;
  /** All that was logged before is in the roll-up for good; undefined until the second run, an hour after the first. */
  readonly coveredAt: Date | undefined;
  readonly durationMs: number;
}

interface Batch {
  readonly read_id: string;
  readonly added: string;
  readonly is_last: boolean;
}

/** As long may who deletes a user wait for a batch that brings them in. */
const TARGET_BATCH_MS = 300;
const FIRST_IDS = 20_000;
const MOST_IDS = 500_000;

const ROLL_UP = 'studymate.user_active_days';

/**
 * Brings what was logged since into the roll-up of active days, a batch a transaction: interrupted or killed anywhere,
 * the next run goes on. Writers of the log do not wait. For a session that holds the lease; without it, it is as
 * correct, and waits for whoever else fills the roll-up.
 *
 * @throws the server's 55P03 when the locks were not to be had; the reason of the signal
 * @see migrations/0020_create-user-active-days.sql
 */
export async function refreshUserActiveDays(
  session: MaintenanceSession,
  { lockRetries: retries = 10, idsPerBatch, onEvent }: ActivityOptions = {},
): Promise<ActivityResult> {
  const { client, signal } = session;
  const startedAt = performance.now();
  const total = { added: 0, batches: 0, longestBatchMs: 0 };
  const onRetry = (retry: LockRetry): void => onEvent?.({ type: 'lock-retry', ...retry });
  const run = { command: 'activity refresh', options: { idsPerBatch }, toolVersion: packageVersion() };
  return withRunLedger(client, run, async (ledger) => {
    const record = (result: 'done' | 'failed', error?: unknown): Promise<void> =>
      ledger.step({
        action: 'refresh',
        object: ROLL_UP,
        result,
        rowCount: total.added,
        durationMs: elapsedMs(startedAt),
        detail: { batches: total.batches },
        error,
      });
    try {
      // A mark that is an hour old is safe by the next transaction, if those that run now have ended: that of the batch.
      await withLockRetry(session, { retries, onRetry }, () =>
        client.query('select studymate.advance_activity_mark()'),
      );
      let ids = idsPerBatch ?? FIRST_IDS;
      for (let batch: Batch | undefined; batch?.is_last !== true;) {
        const { result, heldMs } = await withLockRetry(session, { retries, onRetry }, () =>
          client.query<Batch>('select * from studymate.refresh_user_active_days($1, $2)', [
            batch?.read_id ?? 0,
            ids,
          ]),
        );
        batch = result.rows[0];
        total.added += Number(batch?.added);
        total.batches += 1;
        total.longestBatchMs = Math.max(total.longestBatchMs, heldMs);
        ids = idsPerBatch ?? nextIds(ids, heldMs);
        onEvent?.({ type: 'batch', readId: batch?.read_id ?? '', added: total.added, durationMs: heldMs });
      }
    } catch (error) {
      signal?.throwIfAborted();
      await record('failed', error).catch(() => undefined);
      throw error;
    }
    await record('done');
    return { ...total, coveredAt: await readCoveredAt(session), durationMs: elapsedMs(startedAt) };
  });
}

/** Twice as many at most: days that are known already are passed faster than new ones are written. */
function nextIds(ids: number, heldMs: number): number {
  return Math.round(Math.max(1, Math.min(MOST_IDS, 2 * ids, (ids * TARGET_BATCH_MS) / heldMs)));
}

async function readCoveredAt({ client }: MaintenanceSession): Promise<Date | undefined> {
  const { rows } = await client.query<{ covered_at: Date | null }>(
    'select covered_at from studymate.user_active_days_state',
  );
  return rows[0]?.covered_at ?? undefined;
}
