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

export { createDatabase, type Database, type DatabaseStatus } from './database/create-database.js';
export type { DatabaseOptions } from './database/database-options.js';
export type { Session } from './database/session.js';
export type { ReadKysely, ReadQueryCreator } from './database/read-kysely.js';
export type { PoolStatus } from './database/connection-pool.js';
export type { ReplicaStatus } from './database/read-router.js';
export type { QueryEvent, QueryListener } from './database/query-event.js';
export type { DatabaseWarning, DatabaseWarningCode, WarningListener } from './database/database-warning.js';
export {
  withTransaction,
  type TransactionOptions,
  type TransactionWork,
} from './database/with-transaction.js';
export { executeAbortable } from './database/execute-abortable.js';
export { typeParsers } from './database/type-parsers.js';
export { keysetPage, type KeysetOptions, type KeysetPage } from './database/keyset.js';
export type { KeysetColumn } from './database/keyset-cursor.js';
export {
  isUniqueViolation,
  isForeignKeyViolation,
  isCheckViolation,
  isNotNullViolation,
  isSerializationFailure,
  isDeadlock,
  isLockTimeout,
  isQueryCanceled,
} from './database/constraint-violation.js';

export { listLearningDays, type ListLearningDaysOptions, type LearningDay } from './queries/learning-days.js';
export {
  listPendingRequests,
  expireRequests,
  type ListPendingRequestsOptions,
  type PendingRequest,
  type ExpireRequestsOptions,
  type ExpiredRequest,
} from './queries/matching-requests.js';
export {
  listUnreadNotifications,
  markNotificationsRead,
  type ListUnreadNotificationsOptions,
  type UnreadNotification,
  type MarkNotificationsReadOptions,
} from './queries/notifications.js';
export type { PageOptions, Page } from './queries/page.js';
export {
  listPartnerCandidates,
  type ListPartnerCandidatesOptions,
  type PartnerCandidate,
} from './queries/partner-candidates.js';
export {
  requestPartnership,
  acceptRequest,
  rejectRequest,
  type RequestPartnershipOptions,
  type RequestPartnershipResult,
  type AnswerRequestOptions,
  type AcceptRequestOptions,
  type AcceptRequestResult,
} from './queries/partnerships.js';
export { markRoomRead, type MarkRoomReadOptions } from './queries/read-position.js';
export {
  rotateRefreshToken,
  revokeRefreshTokens,
  type RotateRefreshTokenOptions,
  type RotateRefreshTokenResult,
} from './queries/refresh-tokens.js';
export { listRoomMessages, type Message, type ListRoomMessagesOptions } from './queries/room-messages.js';
export { sendMessage, type SendMessageOptions } from './queries/send-message.js';
export {
  listUpcomingSessions,
  type ListUpcomingSessionsOptions,
  type UpcomingSession,
} from './queries/sessions.js';
export {
  listUserRooms,
  type ListUserRoomsOptions,
  type UserRoom,
  type LastMessage,
  type RoomPartner,
} from './queries/user-rooms.js';

export { createCache } from './cache/create-cache.js';
export type { Cache } from './cache/cache.js';
export type { CacheOptions, CacheGetOptions } from './cache/options.js';
export type { CacheLoad } from './cache/run-load.js';
export type { CacheEvent, CacheListener, CacheOperation } from './cache/events.js';
export type { IoredisClient, NodeRedisClient, RedisClient } from './cache/redis-client.js';

export {
  generateTypes,
  type GenerateTypesOptions,
  type GenerateTypesResult,
} from './codegen/generate-types.js';

export { partitionPolicies, type PartitionPolicy } from './partitioning/policy.js';
export type { PartitionSet, Partition, DefaultPartition } from './partitioning/partition-set.js';
export {
  rolloverPartitions,
  drainPartitions,
  type RolloverResult,
  type TableResult,
} from './partitions/rollover.js';
export type { RolloverOptions, RolloverPartitionsOptions } from './partitions/rollover-options.js';
export type { PolicyOptions } from './partitions/select-policies.js';
export { planPartitions, type PlanPartitionsResult } from './partitions/plan-partitions.js';
export {
  planRollover,
  type PartitionState,
  type RolloverPlan,
  type RolloverStep,
  type RolloverObstacle,
  type PlanRolloverOptions,
} from './partitions/plan-rollover.js';
export {
  listPartitions,
  type ListPartitionsOptions,
  type ListPartitionsResult,
  type TableListing,
  type ListedPartition,
} from './partitions/list-partitions.js';
export type { PartitionFinding } from './partitions/findings.js';
export type { MonthRows } from './partitions/default-rows.js';
export type { StepResult, StepFailure } from './partitions/step-result.js';
export type { PartitionEvent } from './partitions/events.js';

export { runArchive, type RunArchiveOptions, type ArchiveResult } from './archive/run-archive.js';
export {
  planArchive,
  type PlanArchiveOptions,
  type ArchivePlan,
  type PlannedStep,
} from './archive/plan-archive.js';
export {
  archiveStatus,
  type ArchiveStatus,
  type ArchiveStatusOptions,
  type ArchiveTableStatus,
} from './archive/status.js';
export { restoreMonth, type RestoreMonthOptions, type RestoreResult } from './archive/restore-month.js';
export type { ArchiveEvent, ArchiveStep } from './archive/events.js';
export type { Granularity } from './archive/decide-actions.js';
export {
  exportMonth,
  type ExportMonthOptions,
  type ExportMonthResult,
  type ExportedTable,
} from './archive/cold/export-month.js';
export {
  verifyExport,
  type VerifyExportOptions,
  type VerifyExportResult,
  type VerifiedTable,
} from './archive/cold/verify-export.js';
export {
  importMonth,
  type ImportMonthOptions,
  type ImportMonthResult,
  type ImportedTable,
} from './archive/cold/import-month.js';
export type { ColdEvent, ColdListener } from './archive/cold/events.js';
export type { ColdFinding } from './archive/cold/check-copy.js';

export { expireRows, type ExpireRowsOptions, type ExpiryResult, type ExpiredTable } from './expiry/expire.js';
export type { ExpiryOptions } from './expiry/options.js';
export type { ExpiryEvent } from './expiry/events.js';
export { runMaintenance, type MaintainResult, type MaintainStep } from './maintain/maintain.js';
export { planMaintenance, type MaintainPlan } from './maintain/plan-maintenance.js';
export type { MaintainOptions, MaintainEvent } from './maintain/options.js';

export {
  listIndexes,
  type ListIndexesOptions,
  type ListIndexesResult,
  type ListedIndex,
} from './indexes/list-indexes.js';
export {
  reportIndexes,
  type ReportIndexesOptions,
  type ReportIndexesResult,
} from './indexes/report-indexes.js';
export type { IndexFinding, IndexFindingKind } from './indexes/index-findings.js';
export type { PlannerVerdict, StatementVerdict } from './indexes/planner-verdict.js';
export {
  takeIndexSnapshot,
  type TakeSnapshotOptions,
  type TakeSnapshotResult,
} from './indexes/take-snapshot.js';

export { reindexIndexes, planReindex, type ReindexResult, type ReindexPlan } from './indexes/reindex.js';
export type { ReindexOptions } from './indexes/reindex-options.js';
export { parseMaintenanceWindows, type MaintenanceWindow } from './indexes/maintenance-window.js';
export { healIndexes, planHeal, type HealResult } from './indexes/heal.js';
export type { HealPlan } from './indexes/heal-plan.js';
export { createIndex, type CreateIndexResult } from './indexes/create.js';
export { planCreateIndex, type CreateIndexPlan } from './indexes/create-plan.js';
export type { CreateIndexOptions } from './indexes/create-wanted.js';
export type { IndexEvent } from './indexes/concurrent-events.js';

export {
  runDoctor,
  checkNames,
  type RunDoctorOptions,
  type DoctorResult,
  type CheckReport,
} from './doctor/run-doctor.js';
export { readRulesFile, type Rules, type IgnoreRule } from './doctor/rules.js';
export type { CheckFinding, Finding, Severity } from './doctor/finding.js';
export type { IgnoredFinding } from './doctor/apply-ignores.js';
export type { Measurement } from './doctor/check.js';
export type { Thresholds } from './doctor/thresholds.js';
export type { KnownReleases } from './doctor/releases.js';

export { explainStatement, type ExplainOptions, type ExplainResult } from './explain/explain.js';
export { readShapes, compareShapes, type PlanShapes, type ShapeDifference } from './explain/plan-guard.js';
export { writeErd, type WriteErdOptions, type WriteErdResult, type ErdForm } from './erd/write-erd.js';
export { describeSchema, type DescribeSchemaOptions } from './erd/describe-schema.js';
export { renderMarkdown } from './erd/render-markdown.js';
export { renderMermaid } from './erd/render-mermaid.js';
export { renderPage } from './erd/page/render-page.js';
export type * from './erd/schema-description.js';

export { seed, type SeedRunOptions, type SeedResult } from './seed/seed.js';
export type { SeedEvent, SeedListener } from './seed/events.js';
export type { SeedManifest, SeedTableRecord } from './seed/manifest.js';
export type { SeedOptions, SeedProfile, SeedLocale } from '../seeds/seed-plan.js';

// Every table's interface and value list is in studymate-db/types.
export type { DB, UniqueConstraint, ForeignKeyConstraint, CheckConstraint } from '../generated/db.js';

export { runReport, type RunReportOptions } from './reports/run-report.js';
export { runAllReports, type ReportOutcome, type RunAllReportsOptions } from './reports/run-all-reports.js';
export { reportNames, reports, type ParametersOf, type ReportName, type RowsOf } from './reports/registry.js';
export type { ReportResult, ReportServer, ResultColumn } from './reports/report-result.js';
export type { AnyReport } from './reports/report.js';
export { renderReport, type RenderReportOptions, type ReportFormat } from './reports/render/render-report.js';
export { renderReportSite } from './reports/render/page/render-report-site.js';
export { writeReportFile, writeReportSite } from './reports/render/write-report-file.js';
export type { ActivityResult } from './activity/refresh-user-active-days.js';
export type { ActivityPlan } from './activity/plan-active-days.js';
export type { ActivityEvent } from './activity/events.js';
export type { ReadTransactionOptions, ReadWork } from './database/read-transaction.js';
