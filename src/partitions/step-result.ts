import { describeSession } from '../database/session-description.js';
import type { SessionInfo } from '../database/advisory-lock.js';
import { hasSqlState, isServerError, SQLSTATE } from '../database/sqlstate.js';
import { InterruptedError, OperationError, StudymateError } from '../errors.js';
import type { RolloverStep } from './plan-rollover.js';

/** What became of a step. */
export interface StepResult extends Pick<RolloverStep, 'action' | 'month' | 'reason'> {
  /** Schema-qualified. */
  readonly partition: string;
  readonly result: 'done' | 'failed';
  /** Rows that left the default partition; by «adopt», rows that became the month's without being moved. */
  readonly rows: number;
  /** Transactions it took: one, unless rows were moved in slices. */
  readonly transactions: number;
  /** Attempts of all of them together. */
  readonly attempts: number;
  /** Milliseconds until the locks were had, of all transactions together. */
  readonly lockWaitMs: number;
  /** Milliseconds, at most, that any lock was held which others wait for: of the longest transaction. */
  readonly heldMs: number;
  readonly durationMs: number;
  readonly error?: StepFailure | undefined;
}

/** An error as data. */
export interface StepFailure {
  readonly code: string;
  readonly message: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
}

export function asFailure({ code, message, detail, hint }: StudymateError): StepFailure {
  return { code, message, detail, hint };
}

/**
 * What a failed step reports, so that the next can go on.
 *
 * @throws what concerns the whole run: an interruption, a lost connection, a bug
 */
export function stepError(
  error: unknown,
  { signal, blockers = [] }: { signal: AbortSignal | undefined; blockers?: readonly SessionInfo[] },
): StudymateError {
  if (error instanceof InterruptedError || signal?.aborted === true) throw error;
  if (error instanceof StudymateError) return error as StudymateError;
  if (!isServerError(error) || hasSqlState(error, SQLSTATE.adminShutdown, SQLSTATE.crashShutdown))
    throw error;
  if (hasSqlState(error, SQLSTATE.lockNotAvailable, SQLSTATE.deadlockDetected)) {
    return new OperationError('PARTITION_LOCK_TIMEOUT', 'the locks were not to be had', {
      detail: [error.message, ...blockers.map((blocker) => `blocked by ${describeSession(blocker)}`)].join(
        '\n',
      ),
      hint: 'Nothing was changed; run again when the session in the way has ended, or with more --retries.',
      cause: error,
    });
  }
  if (hasSqlState(error, SQLSTATE.insufficientPrivilege)) {
    return new OperationError('DATABASE_PERMISSION_DENIED', 'the role may not change this table', {
      detail: error.message,
      hint: 'Use the role that owns the tables, or have it granted what the detail names.',
      cause: error,
    });
  }
  return new OperationError('DATABASE_ERROR', 'the server refused', {
    detail: [`${error.message} (SQLSTATE ${error.code})`, error.detail].filter(Boolean).join('\n'),
    hint: 'Nothing was changed by this step; the detail is the server’s own message.',
    cause: error,
  });
}
