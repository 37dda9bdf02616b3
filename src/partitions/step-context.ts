import { elapsedMs } from '../database/duration.js';
import { withLockRetry, type LockRetryOptions } from '../database/lock-retry.js';
import type { MaintenanceSession } from '../database/maintenance-session.js';
import type { RunLedger } from '../database/run-ledger.js';
import type { PartitionSet } from '../partitioning/partition-set.js';
import type { RolloverStep } from './plan-rollover.js';

export interface StepContext {
  readonly session: MaintenanceSession;
  readonly ledger: RunLedger;
  readonly live: PartitionSet;
  readonly archive: PartitionSet;
  readonly rowsPerStep: number;
  readonly lock: LockRetryOptions;
  readonly onRowsMoved: (rows: number) => void;
}

/** What the transactions of a step took; it grows while the step goes on, so that a failed one is told too. */
export interface StepTally {
  rows: number;
  transactions: number;
  attempts: number;
  lockWaitMs: number;
  heldMs: number;
}

export function newTally(): StepTally {
  return { rows: 0, transactions: 0, attempts: 0, lockWaitMs: 0, heldMs: 0 };
}

/**
 * One transaction of a step, with its row of the run ledger.
 *
 * @param work returns how many rows it moved; repeatable. It calls `locking` before the first lock that anybody
 * waits for.
 */
export async function stepTransaction(
  { session, ledger, lock, onRowsMoved }: StepContext,
  step: Pick<RolloverStep, 'action' | 'reason'>,
  object: string,
  tally: StepTally,
  work: (locking: () => void) => Promise<number>,
): Promise<{ readonly heldMs: number }> {
  const startedAt = performance.now();
  let attempts = 0;
  let lockedAt = startedAt;
  const outcome = await withLockRetry(session, lock, async () => {
    attempts++;
    const attemptedAt = performance.now();
    const rows = await work(() => (lockedAt = performance.now()));
    await ledger.step({
      action: step.action,
      object,
      result: 'done',
      rowCount: rows,
      durationMs: elapsedMs(startedAt),
      lockWaitMs: attemptedAt - startedAt,
      heldMs: elapsedMs(lockedAt),
      attempts,
      detail: { reason: step.reason },
    });
    return rows;
  }).finally(() => (tally.attempts += attempts));
  const heldMs = elapsedMs(lockedAt);
  tally.rows += outcome.result;
  tally.transactions += 1;
  tally.lockWaitMs += outcome.lockWaitMs;
  tally.heldMs = Math.max(tally.heldMs, heldMs);
  if (outcome.result > 0) onRowsMoved(outcome.result);
  return { heldMs };
}
