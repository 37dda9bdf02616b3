import { isServerError, SQLSTATE } from '../database/sqlstate.js';
import { OperationError } from '../errors.js';

/** What the server said to a report, as an error of ours; by SQLSTATE. */
export function reportError(error: unknown, report: string): unknown {
  if (!isServerError(error)) return error;
  const detail = [error.message, error.detail].filter(Boolean).join('\n');
  switch (error.code) {
    case SQLSTATE.queryCanceled:
      return new OperationError('REPORT_TIMEOUT', `${report} was cancelled before it was done`, {
        detail,
        hint: 'Ask for a shorter window where it has one, or allow more time with --timeout.',
        cause: error,
      });
    case SQLSTATE.insufficientPrivilege:
      return new OperationError('REPORT_UNAVAILABLE', `${report} may not read what it needs`, {
        detail,
        hint: 'Grant the role select on it, or membership in pg_read_all_data.',
        cause: error,
      });
    case SQLSTATE.undefinedTable:
    case SQLSTATE.undefinedColumn:
    case SQLSTATE.undefinedFunction:
    case SQLSTATE.invalidSchemaName:
      return new OperationError('REPORT_UNAVAILABLE', `the database lacks what ${report} reads`, {
        detail,
        hint: 'Run «studymate-db migrate status»: a migration may be pending.',
        cause: error,
      });
    case SQLSTATE.objectNotInPrerequisiteState:
      return new OperationError('REPORT_UNAVAILABLE', `the server is not set up for ${report}`, {
        detail,
        hint: 'Add the library the detail names to shared_preload_libraries, and restart the server.',
        cause: error,
      });
    default:
      return /^(?:08|57P|40)/.test(error.code)
        ? error
        : new OperationError('REPORT_FAILED', `${report} failed`, {
            detail,
            hint: 'The detail is the server’s own message.',
            cause: error,
          });
  }
}
