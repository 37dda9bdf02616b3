import { describeSession } from '../database/session-description.js';
import { elapsedMs } from '../database/duration.js';
import { withLockRetry, type LockRetry } from '../database/lock-retry.js';
import type { MaintenanceSession } from '../database/maintenance-session.js';
import type { RunLedger } from '../database/run-ledger.js';
import { hasSqlState, SQLSTATE } from '../database/sqlstate.js';
import { OperationError } from '../errors.js';
import type { ArchiveListener } from './events.js';

/** What every step of a run works with. */
export interface ArchiveRun {
  readonly session: MaintenanceSession;
  readonly ledger: RunLedger;
  readonly lockTimeoutMs: number;
  readonly retries: number;
  readonly onEvent: ArchiveListener;
}

/** For locks that stand in nobody's way: long enough that an autovacuum in ours gives way (after deadlock_timeout). */
export const PATIENT_LOCK_TIMEOUT_MS = 10_000;

export interface RelationName {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
}

/** For people and the ledger; not quoted. */
export function objectName({ schema, name }: Pick<RelationName, 'schema' | 'name'>): string {
  return `${schema}.${name}`;
}

export interface Recorded {
  readonly rows?: number | undefined;
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
  /** Nothing came to be done: no row in the ledger. */
  readonly unrecorded?: boolean | undefined;
}

export interface RecordedResult<T> {
  readonly result: T;
  readonly lockWaitMs: number;
  readonly heldMs: number;
  readonly attempts: number;
}

/**
 * Runs `work` in a transaction with bounded lock retries, and records it in the ledger in the same transaction.
 *
 * @throws OperationError ARCHIVE_LOCK_TIMEOUT, naming who was in the way, when the retries are used up
 */
export async function recorded<T extends Recorded>(
  run: ArchiveRun,
  step: { readonly action: string; readonly object: string },
  work: () => Promise<T>,
): Promise<RecordedResult<T>> {
  const { session, ledger, lockTimeoutMs, retries, onEvent } = run;
  const startedAt = performance.now();
  let attempts = 0;
  let last: LockRetry | undefined;
  const onRetry = (retry: LockRetry): void => {
    last = retry;
    onEvent({ type: 'lock-retry', partition: step.object, ...retry });
  };
  try {
    return await withLockRetry(session, { lockTimeoutMs, retries, onRetry }, async () => {
      const attemptedAt = performance.now();
      attempts += 1;
      const result = await work();
      if (result.unrecorded === true) return result;
      await ledger.step({
        ...step,
        result: 'done',
        rowCount: result.rows,
        durationMs: elapsedMs(startedAt),
        lockWaitMs: Math.round((attemptedAt - startedAt) * 1000) / 1000,
        heldMs: elapsedMs(attemptedAt),
        attempts,
        detail: result.detail,
      });
      return result;
    });
  } catch (error) {
    if (!hasSqlState(error, SQLSTATE.lockNotAvailable, SQLSTATE.deadlockDetected)) throw error;
    const blockers = last?.blockers ?? [];
    throw new OperationError(
      'ARCHIVE_LOCK_TIMEOUT',
      `no lock for ${step.object} after ${attempts} attempts`,
      {
        detail:
          blockers.length > 0 ? blockers.map(describeSession).join('\n') : 'Nobody was seen in the way.',
        hint: 'Nothing was changed by the attempts; run again when those sessions are done.',
        cause: error,
      },
    );
  }
}

/**
 * Within a transaction: keeps vacuum and other maintenance off a table, without standing in the way of a reader or
 * writer. An autovacuum that holds the lock is cancelled by the server while we wait; with the short timeout of the
 * exclusive locks that follow it never would be.
 */
export async function lockAgainstMaintenance(run: ArchiveRun, tables: readonly string[]): Promise<void> {
  const { client } = run.session;
  await client.query(`set local lock_timeout = ${PATIENT_LOCK_TIMEOUT_MS}`);
  for (const table of tables) await client.query(`lock table only ${table} in share update exclusive mode`);
  await client.query(`set local lock_timeout = ${run.lockTimeoutMs}`);
}
