import { OperationError, UsageError } from '../errors.js';
import { isServerError, SQLSTATE, type ServerError } from '../database/sqlstate.js';

export interface FailedStatement {
  /** As the user knows it: the name, or the file. */
  readonly label: string;
  readonly isOwn: boolean;
  /** Characters of ours before the statement's own text. */
  readonly prefixLength: number;
}

/** What the server said to a statement that was to be explained, as an error of ours; by SQLSTATE. */
export function explainError(error: unknown, failed: FailedStatement): unknown {
  if (!isServerError(error)) return error;
  const { label, isOwn } = failed;
  const detail = serverWords(error, failed);
  switch (error.code) {
    case SQLSTATE.readOnlySqlTransaction:
      return new UsageError('EXPLAIN_WRITE_REFUSED', `${label} writes`, {
        detail,
        hint: 'With --write it runs in a transaction that is rolled back; with --no-analyze it is planned and not run.',
        cause: error,
      });
    case SQLSTATE.syntaxError:
      // A syntax error points at its place; that there are several statements is about none.
      if (isOwn && error.position === undefined) {
        return new OperationError('EXPLAIN_SEVERAL_STATEMENTS', `${label} holds more than one statement`, {
          detail,
          hint: 'Explain one statement at a time.',
          cause: error,
        });
      }
      return new OperationError('EXPLAIN_STATEMENT_INVALID', `${label} cannot be explained`, {
        detail,
        hint: 'Give one SELECT, INSERT, UPDATE, DELETE, MERGE, VALUES or CREATE TABLE AS, without EXPLAIN before it; other commands, such as VACUUM and CREATE INDEX, have no plan.',
        cause: error,
      });
    case SQLSTATE.protocolViolation:
    case SQLSTATE.indeterminateDatatype:
    case SQLSTATE.undefinedParameter:
      return new OperationError('EXPLAIN_PARAMETER_MISSING', `the parameters of ${label} do not fit`, {
        detail,
        hint: 'Give a value for each with --param 1=VALUE, and a cast ($1::bigint) where the type is not clear; or plan without values with --generic-plan.',
        cause: error,
      });
    case SQLSTATE.queryCanceled:
      return new OperationError('EXPLAIN_TIMEOUT', `${label} was cancelled before it was done`, {
        detail,
        hint: 'Allow more time with --timeout, or plan it without running it: --no-analyze.',
        cause: error,
      });
    case SQLSTATE.lockNotAvailable:
      return new OperationError('EXPLAIN_LOCK_TIMEOUT', `${label} waited too long for a lock`, {
        detail,
        hint: 'Run it again later, or wait longer with --lock-timeout; «studymate-db doctor --only locks» says who holds it.',
        cause: error,
      });
    case SQLSTATE.insufficientPrivilege:
      return error;
    default:
      return /^(?:08|57P)/.test(error.code)
        ? error
        : new OperationError('EXPLAIN_STATEMENT_FAILED', `${label} failed`, {
            detail,
            hint: 'The detail is the server’s own message; nothing was kept.',
            cause: error,
          });
  }
}

function serverWords(error: ServerError, { prefixLength }: FailedStatement): string {
  const position = error.position === undefined ? undefined : Number(error.position) - prefixLength;
  return [
    `${error.message} (SQLSTATE ${error.code}${position !== undefined && position > 0 ? `, at character ${position}` : ''})`,
    error.detail,
  ]
    .filter((line) => line !== undefined)
    .join('\n');
}
