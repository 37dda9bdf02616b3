import { hasSqlState, isServerError, SQLSTATE } from '../database/sqlstate.js';
import { OperationError, StudymateError } from '../errors.js';

/**
 * What a table that failed reports, so that the next can go on.
 *
 * @throws what no table is to blame for: a bug
 */
export function expiryError(error: unknown): StudymateError {
  if (error instanceof StudymateError) return error as StudymateError;
  if (!isServerError(error)) throw error;
  if (hasSqlState(error, SQLSTATE.lockNotAvailable, SQLSTATE.deadlockDetected)) {
    return new OperationError('EXPIRY_LOCK_TIMEOUT', 'the table is locked', {
      detail: error.message,
      hint: 'What was committed stays; run again when the session that holds the table is done.',
      cause: error,
    });
  }
  if (hasSqlState(error, SQLSTATE.insufficientPrivilege)) {
    return new OperationError('DATABASE_PERMISSION_DENIED', 'the role may not change this table', {
      detail: error.message,
      hint: 'Grant it select and delete or update; docs/operations.md has the grants.',
      cause: error,
    });
  }
  return new OperationError('DATABASE_ERROR', 'the server refused', {
    detail: `${error.message} (SQLSTATE ${error.code})`,
    hint: 'What was committed stays; the detail is the server’s own message.',
    cause: error,
  });
}
