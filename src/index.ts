/** The public API of studymate-db. Everything the CLI does is a function here. */
export { migrateUp, migrateDown, migrateRedo } from './migrate/migrate.js';
export type { MigrateUpOptions, MigrateDownOptions, MigrateResult, MigrationRun } from './migrate/migrate.js';
export type { MigrateOptions, MigrateRunOptions } from './migrate/options.js';
export type { MigrateEvent, MigrateListener } from './migrate/events.js';
export { migrateStatus, checkMigrations } from './migrate/status.js';
export type { MigrateStatusResult, MigrateCheckResult } from './migrate/status.js';
export type { MigrationStatus, MigrationState } from './migrate/history.js';
export type { MigrationProblem } from './migrate/migration-file.js';
export { createMigration, type CreateMigrationOptions } from './migrate/create.js';
export { repairMigration, type RepairOptions, type RepairResult } from './migrate/repair.js';
export { baselineMigrations, type BaselineOptions, type BaselineResult } from './migrate/baseline.js';
export { parseConnectionString, type ConnectionSettings } from './database/connection-settings.js';
export type { SessionInfo } from './database/advisory-lock.js';
export {
  StudymateError,
  UsageError,
  ConnectError,
  BusyError,
  OperationError,
  InterruptedError,
} from './errors.js';
export type {
  ErrorFields,
  UsageErrorCode,
  ConnectErrorCode,
  BusyErrorCode,
  OperationErrorCode,
} from './errors.js';
