import { UsageError } from '../errors.js';
import type { ColumnSet, RowOf } from './columns.js';
import type { GivenValues, ParameterSet } from './parameters.js';
import { bloat } from './database/bloat.js';
import { cacheHit } from './database/cache-hit.js';
import { indexSizes } from './database/index-sizes.js';
import { locks } from './database/locks.js';
import { longTransactions } from './database/long-transactions.js';
import { partitions } from './database/partitions.js';
import { redundantIndexes } from './database/redundant-indexes.js';
import { replication } from './database/replication.js';
import { slowStatements } from './database/slow-statements.js';
import { storageForecast } from './database/storage-forecast.js';
import { tableSizes } from './database/table-sizes.js';
import { unusedIndexes } from './database/unused-indexes.js';
import { activeUsers } from './product/active-users.js';
import { chat } from './product/chat.js';
import { compatibility } from './product/compatibility.js';
import { growth } from './product/growth.js';
import { learnerProgress } from './product/learner-progress.js';
import { levelDistribution } from './product/level-distribution.js';
import { levelProgression } from './product/level-progression.js';
import { liquidity } from './product/liquidity.js';
import { matchingFunnel } from './product/matching-funnel.js';
import { notifications } from './product/notifications.js';
import { onboardingFunnel } from './product/onboarding-funnel.js';
import { ratings } from './product/ratings.js';
import { responseTime } from './product/response-time.js';
import { retention } from './product/retention.js';
import { sessions } from './product/sessions.js';
import type { AnyReport } from './report.js';

/** All reports by name, in the order they are listed. */
export const reports = {
  'active-users': activeUsers,
  retention,
  'onboarding-funnel': onboardingFunnel,
  'matching-funnel': matchingFunnel,
  'response-time': responseTime,
  liquidity,
  compatibility,
  sessions,
  ratings,
  'level-distribution': levelDistribution,
  'level-progression': levelProgression,
  'learner-progress': learnerProgress,
  chat,
  notifications,
  growth,
  'table-sizes': tableSizes,
  'index-sizes': indexSizes,
  partitions,
  'storage-forecast': storageForecast,
  bloat,
  'cache-hit': cacheHit,
  'slow-statements': slowStatements,
  locks,
  'long-transactions': longTransactions,
  'unused-indexes': unusedIndexes,
  'redundant-indexes': redundantIndexes,
  replication,
} as const;

type Reports = typeof reports;
export type ReportName = keyof Reports;

/** What may be given to a report. */
export type ParametersOf<Name extends ReportName> = Reports[Name] extends {
  readonly parameters: infer Set extends ParameterSet;
}
  ? GivenValues<Set>
  : never;

/** A row of a report. */
export type RowsOf<Name extends ReportName> = Reports[Name] extends {
  readonly columns: infer Set extends ColumnSet;
}
  ? RowOf<Set>
  : never;

export const reportNames = Object.keys(reports) as readonly ReportName[];

/** @throws UsageError REPORT_UNKNOWN */
export function findReport(name: string): AnyReport {
  if (Object.hasOwn(reports, name)) return reports[name as ReportName];
  throw new UsageError('REPORT_UNKNOWN', `there is no report ${name}`, {
    detail: `There are ${reportNames.join(', ')}.`,
    hint: '«studymate-db report list» says what each one tells.',
  });
}
