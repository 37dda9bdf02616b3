/** The SQLSTATEs this package acts on, by PostgreSQL's own condition names (appendix A of its manual). */
export const SQLSTATE = {
  connectionFailure: '08006',
  protocolViolation: '08P01',
  activeSqlTransaction: '25001',
  readOnlySqlTransaction: '25006',
  invalidAuthorizationSpecification: '28000',
  invalidPassword: '28P01',
  invalidCatalogName: '3D000',
  insufficientPrivilege: '42501',
  syntaxError: '42601',
  undefinedParameter: '42P02',
  undefinedTable: '42P01',
  undefinedColumn: '42703',
  undefinedFunction: '42883',
  invalidSchemaName: '3F000',
  objectNotInPrerequisiteState: '55000',
  duplicateTable: '42P07',
  invalidObjectDefinition: '42P17',
  indeterminateDatatype: '42P18',
  serializationFailure: '40001',
  deadlockDetected: '40P01',
  tooManyConnections: '53300',
  diskFull: '53100',
  configurationLimitExceeded: '53400',
  lockNotAvailable: '55P03',
  queryCanceled: '57014',
  adminShutdown: '57P01',
  crashShutdown: '57P02',
  cannotConnectNow: '57P03',
  notNullViolation: '23502',
  foreignKeyViolation: '23503',
  uniqueViolation: '23505',
  checkViolation: '23514',
  numericValueOutOfRange: '22003',
  invalidDatetimeFormat: '22007',
  datetimeFieldOverflow: '22008',
  characterNotInRepertoire: '22021',
  invalidParameterValue: '22023',
  invalidTextRepresentation: '22P02',
  internalError: 'XX000',
} as const;

/** What pg throws for an error the server reported. */
export interface ServerError extends Error {
  readonly code: string;
  readonly severity: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly position?: string;
  readonly internalPosition?: string;
  readonly where?: string;
  /** The table it was violated in: a partition by its own name. */
  readonly table?: string;
  /** The constraint that was violated. */
  readonly constraint?: string;
  readonly column?: string;
}

/** True for an error the server reported (it has a SQLSTATE), false for network and programming errors. */
export function isServerError(error: unknown): error is ServerError {
  return (
    error instanceof Error &&
    'severity' in error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^[0-9A-Z]{5}$/.test(error.code)
  );
}

export function hasSqlState(error: unknown, ...states: readonly string[]): boolean {
  return isServerError(error) && states.includes(error.code);
}
