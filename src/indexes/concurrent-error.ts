import type { SessionInfo } from '../database/advisory-lock.js';
import { describeSession } from '../database/session-description.js';
import { hasSqlState, isServerError, SQLSTATE } from '../database/sqlstate.js';
import { OperationError, StudymateError } from '../errors.js';

/**
 * What a step on an index that failed reports, so that the next can go on.
 *
 * @throws what concerns the whole run: an interruption, a lost connection, a bug
 */
export function indexStepError(
  error: unknown,
  {
    object,
    signal,
    blockers = [],
  }: {
    /** Qualified name. */
    readonly object: string;
    readonly signal: AbortSignal | undefined;
    readonly blockers?: readonly SessionInfo[];
  },
): StudymateError {
  if (signal?.aborted === true) throw signal.reason;
  if (error instanceof StudymateError) return error as StudymateError;
  if (!isServerError(error) || hasSqlState(error, SQLSTATE.adminShutdown, SQLSTATE.crashShutdown))
    throw error;
  if (hasSqlState(error, SQLSTATE.lockNotAvailable, SQLSTATE.deadlockDetected)) {
    return new OperationError('INDEX_LOCK_TIMEOUT', `${object}: a transaction in the way did not end`, {
      detail: [error.message, ...blockers.map((blocker) => `blocked by ${describeSession(blocker)}`)].join(
        '\n',
      ),
      hint: 'Run again when the sessions in the way have ended, or with a longer --lock-timeout.',
      cause: error,
    });
  }
  if (hasSqlState(error, SQLSTATE.uniqueViolation)) {
    return new OperationError('INDEX_DUPLICATES', `${object}: there are rows that a unique index refuses`, {
      detail: [error.message, error.detail].filter(Boolean).join('\n'),
      hint: 'Remove the duplicates and run again; or, if it need not be unique, drop the index with «drop index concurrently».',
      cause: error,
    });
  }
  if (hasSqlState(error, SQLSTATE.insufficientPrivilege)) {
    return new OperationError('DATABASE_PERMISSION_DENIED', `${object}: the role may not do this`, {
      detail: error.message,
      hint: 'Use a role that owns the table or is a member of its owner.',
      cause: error,
    });
  }
  return new OperationError('INDEX_STEP_FAILED', `${object}: the server refused`, {
    detail: [`${error.message} (SQLSTATE ${error.code})`, error.detail].filter(Boolean).join('\n'),
    hint: 'The detail is the server’s own message.',
    cause: error,
  });
}
