import type { Database } from '../../src/database/create-database.js';
import type { ColumnSet, RowOf } from '../../src/reports/columns.js';
import { bloat } from '../../src/reports/database/bloat.js';
import { cacheHit } from '../../src/reports/database/cache-hit.js';
import { indexSizes } from '../../src/reports/database/index-sizes.js';
import { locks } from '../../src/reports/database/locks.js';
import { longTransactions } from '../../src/reports/database/long-transactions.js';
import { partitions } from '../../src/reports/database/partitions.js';
import { redundantIndexes } from '../../src/reports/database/redundant-indexes.js';
import { replication } from '../../src/reports/database/replication.js';
import { slowStatements } from '../../src/reports/database/slow-statements.js';
import { storageForecast } from '../../src/reports/database/storage-forecast.js';
import { tableSizes } from '../../src/reports/database/table-sizes.js';
import { unusedIndexes } from '../../src/reports/database/unused-indexes.js';
import type { AnyReport } from '../../src/reports/report.js';
import type { ReportResult } from '../../src/reports/report-result.js';
import { runAnyReport, type RunReportOptions } from '../../src/reports/run-report.js';

export const databaseReports: readonly AnyReport[] = [
  tableSizes,
  indexSizes,
  bloat,
  cacheHit,
  slowStatements,
  locks,
  longTransactions,
  partitions,
  storageForecast,
  unusedIndexes,
  redundantIndexes,
  replication,
];

/** Runs one, made by defineReport or defineReadReport, its rows with their own types. */
export async function report<Columns extends ColumnSet>(
  db: Database,
  one: AnyReport & { readonly columns: Columns },
  parameters: Readonly<Record<string, unknown>> = {},
  options: RunReportOptions = {},
): Promise<ReportResult<RowOf<Columns>>> {
  // The rows were checked against the columns that the type is made of.
  return (await runAnyReport(db, one, parameters, options)) as ReportResult<RowOf<Columns>>;
}
