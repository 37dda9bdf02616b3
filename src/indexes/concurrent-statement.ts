import type { BuildObserver } from './build-progress.js';
import type { IndexListener } from './concurrent-events.js';
import { indexStepError } from './concurrent-error.js';
import { elapsedMs } from '../database/duration.js';
import type { LockRetryOptions } from '../database/lock-retry.js';
import type { MaintenanceSession } from '../database/maintenance-session.js';

/** What the steps of one run share. */
export interface ConcurrentContext {
  readonly session: MaintenanceSession;
  readonly observer: BuildObserver;
  /**
   * Longest wait of a CONCURRENTLY for one transaction in its way, in milliseconds. It blocks no reader or writer
   * meanwhile, only vacuum; a short one never succeeds on a busy database.
   */
  readonly lockTimeoutMs: number;
  /** For what takes short locks that others wait behind. */
  readonly lock: Pick<LockRetryOptions, 'lockTimeoutMs' | 'retries'>;
  readonly onEvent?: IndexListener | undefined;
}

export const DEFAULT_LOCK_TIMEOUT_MS = 300_000;

/**
 * Runs one statement that cannot run in a transaction, in a message of its own, waiting for transactions in its way
 * as long as `lockTimeoutMs`. An abort cancels it on the server.
 *
 * @returns milliseconds it took
 * @throws a StudymateError that names who was in the way; the signal's reason; what concerns the whole run
 */
export async function runConcurrently(
  { session, observer, onEvent, ...context }: ConcurrentContext,
  statement: { readonly sql: string; readonly object: string; readonly lockTimeoutMs?: number | undefined },
): Promise<number> {
  const { client, signal } = session;
  const { sql, object, lockTimeoutMs = context.lockTimeoutMs } = statement;
  signal?.throwIfAborted();
  await client.query(`set lock_timeout = ${Math.trunc(lockTimeoutMs)}`);
  signal?.throwIfAborted();
  const watch = observer.watch((progress) => onEvent?.({ type: 'progress', object, ...progress }));
  const startedAt = performance.now();
  try {
    await client.query(sql);
    await watch.stop();
    return elapsedMs(startedAt);
  } catch (error) {
    const blockers = await watch.stop();
    throw indexStepError(error, { object, signal, blockers });
  } finally {
    await client.query(`set lock_timeout = '200ms'`).catch(() => undefined);
  }
}
