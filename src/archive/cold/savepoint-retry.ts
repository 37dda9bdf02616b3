import { setTimeout as delay } from 'node:timers/promises';
import { describeSession } from '../../database/session-description.js';
import { hasSqlState, SQLSTATE } from '../../database/sqlstate.js';
import { OperationError } from '../../errors.js';
import type { ArchiveRun } from '../archive-run.js';

/**
 * Within a long transaction: runs `work` under a short lock timeout, and again from a savepoint when a lock was not to
 * be had. A failed attempt holds none of its locks while it waits for the next.
 *
 * @throws OperationError ARCHIVE_LOCK_TIMEOUT when the retries are used up
 */
export async function withSavepointRetry(
  run: ArchiveRun,
  object: string,
  work: () => Promise<void>,
): Promise<void> {
  const { session, lockTimeoutMs, retries, onEvent } = run;
  const { client, observer, pid, signal } = session;
  for (let attempt = 1; ; attempt++) {
    const observation = observer.watch(pid, Math.max(20, lockTimeoutMs / 4));
    await client.query(`savepoint locks; set local lock_timeout = ${lockTimeoutMs}`);
    try {
      await work();
      await client.query('release savepoint locks');
      observation.stop();
      return;
    } catch (error) {
      const blockers = observation.stop();
      if (!hasSqlState(error, SQLSTATE.lockNotAvailable, SQLSTATE.deadlockDetected)) throw error;
      await client.query('rollback to savepoint locks');
      if (attempt > retries) {
        throw new OperationError('ARCHIVE_LOCK_TIMEOUT', `no lock for ${object} after ${attempt} attempts`, {
          detail:
            blockers.length > 0 ? blockers.map(describeSession).join('\n') : 'Nobody was seen in the way.',
          hint: 'Nothing was imported; run again when those sessions are done.',
          cause: error,
        });
      }
      const delayMs = Math.min(2_000, 100 * 1.3 ** (attempt - 1)) * (0.5 + Math.random());
      onEvent({ type: 'lock-retry', partition: object, attempt, retries, delayMs, blockers });
      await delay(delayMs, undefined, { signal });
    }
  }
}
