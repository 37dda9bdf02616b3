import { isServerError, hasSqlState, SQLSTATE } from '../database/sqlstate.js';
import { StudymateError } from '../errors.js';

/** What went wrong in a step, as data. */
export interface StepError {
  /** One of this package's codes, or BUG. */
  readonly code: string;
  readonly message: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
}

export function stepError(error: unknown): StepError {
  if (error instanceof StudymateError) {
    const { code, message, detail, hint } = error as StudymateError;
    return { code, message, detail, hint };
  }
  if (hasSqlState(error, SQLSTATE.insufficientPrivilege)) {
    return {
      code: 'DATABASE_PERMISSION_DENIED',
      message: 'the role may not do this',
      detail: error instanceof Error ? error.message : undefined,
      hint: 'Use a role that is a member of the tables’ owner; docs/operations.md has its grants.',
    };
  }
  if (hasSqlState(error, SQLSTATE.undefinedFunction, SQLSTATE.undefinedTable, SQLSTATE.undefinedColumn)) {
    return {
      code: 'DATABASE_ERROR',
      message: 'the database lacks what the step works on',
      detail: error instanceof Error ? error.message : undefined,
      hint: 'Run «studymate-db migrate status»: a migration may be pending.',
    };
  }
  if (isServerError(error)) {
    return {
      code: 'DATABASE_ERROR',
      message: 'the server refused',
      detail: `${error.message} (SQLSTATE ${error.code})`,
      hint: 'The detail is the server’s own message.',
    };
  }
  return {
    code: 'BUG',
    message: error instanceof Error ? error.message : String(error),
    detail: error instanceof Error ? error.stack : undefined,
    hint: 'This is a bug in studymate-db; please report it with the detail.',
  };
}
