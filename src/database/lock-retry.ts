import { setTimeout as delay } from 'node:timers/promises';
import type { SessionInfo } from './advisory-lock.js';
import { elapsedMs } from './duration.js';
import type { MaintenanceSession } from './maintenance-session.js';
import { hasSqlState, SQLSTATE } from './sqlstate.js';

export interface LockRetryOptions {
  /** Longest wait for one lock, in milliseconds: as long may a writer queue behind us. Default 200. */
  readonly lockTimeoutMs?: number | undefined;
  /** How often to try again; default 30. */
  readonly retries?: number | undefined;
  readonly onRetry?: ((retry: LockRetry) => void) | undefined;
}

export interface LockRetry {
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  readonly retries: number;
  readonly delayMs: number;
  /** Who was in the way; empty when nobody was seen. */
  readonly blockers: readonly SessionInfo[];
}

export interface LockRetryResult<T> {
  readonly result: T;
  /** Attempts made, 1 when the first succeeded. */
  readonly attempts: number;
  /** Milliseconds from the first attempt to the begin of the one that succeeded. */
  readonly lockWaitMs: number;
  /** Milliseconds the successful transaction took: no longer were its locks held. */
  readonly heldMs: number;
}

/**
 * Runs `work` in a transaction (read committed) under a short lock timeout, and again when a lock was not to be had
 * (55P03) or a deadlock was broken (40P01), with growing delays and jitter. The failed attempt holds nothing.
 * The timeout is below deadlock_timeout (1 s): we give up before the server kills a transaction of the application.
 *
 * @param work must be repeatable: nothing it did in a failed attempt is left
 * @throws the last 55P03 or 40P01 when the retries are used up; whatever else `work` throws, at once
 */
export async function withLockRetry<T>(
  session: MaintenanceSession,
  options: LockRetryOptions,
  work: () => Promise<T>,
): Promise<LockRetryResult<T>> {
  const { client, observer, pid, signal } = session;
  const { lockTimeoutMs = 200, retries = 30, onRetry } = options;
  const startedAt = performance.now();
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    const observation = observer.watch(pid, Math.max(20, lockTimeoutMs / 4));
    const attemptedAt = performance.now();
    let blockers: readonly SessionInfo[];
    try {
      await client.query(
        `begin isolation level read committed; set local lock_timeout = ${Math.trunc(lockTimeoutMs)}`,
      );
      const result = await work();
      await client.query('commit');
      observation.stop();
      return {
        result,
        attempts: attempt,
        lockWaitMs: Math.round((attemptedAt - startedAt) * 1000) / 1000,
        heldMs: elapsedMs(attemptedAt),
      };
    } catch (error) {
      blockers = observation.stop();
      await client.query('rollback').catch(() => undefined);
      const retryable = hasSqlState(error, SQLSTATE.lockNotAvailable, SQLSTATE.deadlockDetected);
      if (!retryable || attempt > retries) throw error;
    }
    const delayMs = Math.min(2_000, 100 * 1.3 ** (attempt - 1)) * (0.5 + Math.random());
    onRetry?.({ attempt, retries, delayMs, blockers });
    await delay(delayMs, undefined, { signal });
  }
}
