/**
 * The errors of this package. Every one has a stable `code`, a message that says what failed, and where it
 * helps a `detail` and a `hint` (a full sentence: how to fix it). Anything else that is thrown is a bug.
 */

export interface ErrorFields {
  /** Facts that help: values seen, the server's own detail, who holds what. */
  readonly detail?: string | undefined;
  /** A full sentence saying how to fix it. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

export abstract class StudymateError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly detail: string | undefined;
  readonly hint: string | undefined;

  constructor(code: Code, message: string, fields: ErrorFields = {}) {
    super(message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = new.target.name;
    this.code = code;
    this.detail = fields.detail;
    this.hint = fields.hint;
  }
}

/** The caller asked for something that makes no sense, or left something out. Nothing was done. Exit 2. */
export class UsageError extends StudymateError<UsageErrorCode> {}

export type UsageErrorCode =
  | 'CONFIG_NO_DATABASE_URL'
  | 'CONFIG_INVALID_DATABASE_URL'
  | 'CONFIG_INVALID'
  | 'USAGE_INVALID_OPTION'
  | 'MIGRATION_DATA_LOSS'
  | 'SEED_RESET_REFUSED'
  | 'USAGE_UNKNOWN_COMMAND'
  | 'USAGE_TRANSACTION'
  | 'USAGE_STREAM_UNSUPPORTED'
  | 'CURSOR_INVALID'
  | 'EXPLAIN_STATEMENT_UNKNOWN'
  | 'EXPLAIN_PARAMETER_INVALID'
  | 'EXPLAIN_WRITE_REFUSED'
  | 'REPORT_UNKNOWN'
  | 'REPORT_PARAMETER_INVALID'
  | 'SESSION_TOKEN_INVALID'
  | 'CACHE_VALUE_UNSUPPORTED';

/** The server could not be reached, or did not let us in. Nothing was done. Exit 4. */
export class ConnectError extends StudymateError<ConnectErrorCode> {}

export type ConnectErrorCode =
  | 'CONNECT_REFUSED'
  | 'CONNECT_HOST_UNKNOWN'
  | 'CONNECT_TIMEOUT'
  | 'CONNECT_AUTHENTICATION_FAILED'
  | 'CONNECT_DATABASE_MISSING'
  | 'CONNECT_TOO_MANY_CONNECTIONS'
  | 'CONNECT_SERVER_STARTING'
  | 'CONNECT_SERVER_TOO_OLD'
  | 'CONNECT_TLS_FAILED'
  | 'CONNECT_PARAMETERS_REFUSED'
  | 'CONNECT_FAILED';

/** Another run, or another session, holds what this one needs. Retry later. Exit 75. */
export class BusyError extends StudymateError<BusyErrorCode> {}

export type BusyErrorCode =
  | 'BUSY_MIGRATION_RUNNING'
  | 'BUSY_MAINTENANCE_RUNNING'
  | 'BUSY_DEV_SERVER'
  | 'BUSY_POOL_EXHAUSTED'
  | 'BUSY_WINDOW_CLOSED'
  | 'BUSY_INDEX_BUILD';

/** The command was understood and failed. The message says what state was left behind. Exit 1. */
export class OperationError extends StudymateError<OperationErrorCode> {}

export type OperationErrorCode =
  | 'REPORT_TIMEOUT'
  | 'REPORT_UNAVAILABLE'
  | 'REPORT_FAILED'
  | 'REPORT_FILE_UNWRITABLE'
  | 'CONNECTION_LOST'
  | 'DATABASE_CLOSED'
  | 'DATABASE_ERROR'
  | 'DATABASE_READ_ONLY'
  | 'DATABASE_PERMISSION_DENIED'
  | 'POOLER_TRANSACTION_MODE'
  | 'TRANSACTION_ABORTED'
  | 'TRANSACTION_IN_DOUBT'
  | 'KEYSET_NULL'
  | 'MIGRATION_FOLDER_MISSING'
  | 'MIGRATION_FOLDER_EMPTY'
  | 'MIGRATION_FILE_INVALID'
  | 'MIGRATION_NAME_UNKNOWN'
  | 'MIGRATION_HISTORY_CHANGED'
  | 'MIGRATION_IRREVERSIBLE'
  | 'MIGRATION_LOCK_TIMEOUT'
  | 'MIGRATION_INDEX_INVALID'
  | 'MIGRATION_RESUME_UNCLEAR'
  | 'MIGRATION_FAILED'
  | 'MIGRATION_BASELINE_REFUSED'
  | 'CODEGEN_NO_TABLES'
  | 'CODEGEN_FILE_UNREADABLE'
  | 'CODEGEN_FILE_UNWRITABLE'
  | 'ERD_NO_TABLES'
  | 'ERD_FILE_UNREADABLE'
  | 'ERD_FILE_UNWRITABLE'
  | 'CACHE_CLOSED'
  | 'CACHE_LOAD_TIMEOUT'
  | 'CACHE_REDIS_TIMEOUT'
  | 'CACHE_INVALIDATION_FAILED'
  | 'DEV_BINARIES_MISSING'
  | 'DEV_DIRECTORY_DENIED'
  | 'DEV_NO_UNPRIVILEGED_ACCOUNT'
  | 'DEV_START_FAILED'
  | 'DEV_STOP_FAILED'
  | 'PARTITION_TABLE_MISSING'
  | 'PARTITION_TABLE_UNSUPPORTED'
  | 'PARTITION_NAME_TAKEN'
  | 'PARTITION_BOUND_TAKEN'
  | 'PARTITION_LOCK_TIMEOUT'
  | 'COLD_MONTH_MISSING'
  | 'COLD_MONTH_LIVE'
  | 'COLD_MONTH_PRESENT'
  | 'COLD_COPY_MISSING'
  | 'COLD_COPY_EXISTS'
  | 'COLD_MANIFEST_MISSING'
  | 'COLD_MANIFEST_INVALID'
  | 'COLD_MANIFEST_CHANGED'
  | 'COLD_FILE_MISSING'
  | 'COLD_FILE_CHANGED'
  | 'COLD_FILE_UNREADABLE'
  | 'COLD_FILE_UNWRITABLE'
  | 'COLD_DISK_FULL'
  | 'COLD_CONTENT_DIFFERS'
  | 'COLD_DATABASE_DIFFERS'
  | 'COLD_COLUMNS_CHANGED'
  | 'COLD_VALUE_UNSUPPORTED'
  | 'COLD_DROP_REFUSED'
  | 'COLD_ROWS_REFUSED'
  | 'COLD_PARENTS_GONE'
  | 'ARCHIVE_TABLES_DIFFER'
  | 'ARCHIVE_INBOUND_FOREIGN_KEY'
  | 'ARCHIVE_DETACH_PENDING'
  | 'ARCHIVE_OWNER_DIFFERS'
  | 'ARCHIVE_PARTITION_OVERLAPS'
  | 'ARCHIVE_PARTITION_UNSUPPORTED'
  | 'ARCHIVE_NAME_TAKEN'
  | 'ARCHIVE_STATE_CHANGED'
  | 'ARCHIVE_LOCK_TIMEOUT'
  | 'ARCHIVE_STEP_FAILED'
  | 'ARCHIVE_INCOMPLETE'
  | 'ARCHIVE_MONTH_MISSING'
  | 'ARCHIVE_DEFAULT_TOO_LARGE'
  | 'CHAT_NOT_A_PARTICIPANT'
  | 'SEED_SCHEMA_MISMATCH'
  | 'SEED_DATABASE_NOT_EMPTY'
  | 'SEED_PARENTS_MISSING'
  | 'SEED_RESET_REFERENCED'
  | 'SEED_TABLE_FAILED'
  | 'SEED_PROOF_FAILED'
  | 'EXPIRY_LOCK_TIMEOUT'
  | 'INDEX_MISSING'
  | 'INDEX_TABLE_MISSING'
  | 'INDEX_TABLE_UNSUPPORTED'
  | 'INDEX_NAME_TAKEN'
  | 'INDEX_DUPLICATES'
  | 'INDEX_LOCK_TIMEOUT'
  | 'INDEX_ANALYZE_REFUSED'
  | 'INDEX_STEP_FAILED'
  | 'EXPLAIN_STATEMENT_INVALID'
  | 'EXPLAIN_SEVERAL_STATEMENTS'
  | 'EXPLAIN_STATEMENT_FAILED'
  | 'EXPLAIN_PARAMETER_MISSING'
  | 'EXPLAIN_TIMEOUT'
  | 'EXPLAIN_LOCK_TIMEOUT'
  | 'EXPLAIN_GENERIC_UNSUPPORTED'
  | 'EXPLAIN_FILE_UNREADABLE'
  | 'EXPLAIN_FILE_UNWRITABLE'
  | 'EXPLAIN_SHAPES_INVALID'
  | 'DEMO_FAILED';

/** The run was interrupted by a signal, after the running statement was cancelled on the server. Exit 130 or 143. */
export class InterruptedError extends StudymateError<'INTERRUPTED'> {
  readonly signal: 'SIGINT' | 'SIGTERM';

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super('INTERRUPTED', `interrupted by ${signal}`);
    this.signal = signal;
  }
}
