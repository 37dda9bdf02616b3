import type { Session } from '../database/session.js';
import { OperationError, type OperationErrorCode } from '../errors.js';
import { reports } from './registry.js';
import type { ReportResult } from './report-result.js';
import type { AnyReport } from './report.js';
import { runAnyReport, type RunReportOptions } from './run-report.js';

/** A report that ran, or why it did not. */
export type ReportOutcome =
  | { readonly report: AnyReport; readonly result: ReportResult }
  | { readonly report: AnyReport; readonly error: OperationError };

export interface RunAllReportsOptions extends RunReportOptions {
  /** To be used by the reports that take them; a window too long for one is refused for all. */
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  /** Told after each. */
  readonly onReport?: ((outcome: ReportOutcome) => void) | undefined;
}

/**
 * Runs every report, one after another, each in a snapshot of its own. One that cannot run here, or not in time, keeps
 * none of the others back.
 *
 * @throws UsageError REPORT_PARAMETER_INVALID; ConnectError; OperationError CONNECTION_LOST; the reason of the signal
 */
export async function runAllReports(
  db: Pick<Session, 'readTransaction'>,
  { parameters = {}, onReport, ...options }: RunAllReportsOptions = {},
): Promise<readonly ReportOutcome[]> {
  const outcomes: ReportOutcome[] = [];
  for (const report of Object.values<AnyReport>(reports)) {
    const outcome = await runOne(db, report, taken(report, parameters), options);
    outcomes.push(outcome);
    onReport?.(outcome);
  }
  return outcomes;
}

async function runOne(
  db: Pick<Session, 'readTransaction'>,
  report: AnyReport,
  parameters: Readonly<Record<string, unknown>>,
  options: RunReportOptions,
): Promise<ReportOutcome> {
  try {
    return { report, result: await runAnyReport(db, report, parameters, options) };
  } catch (error) {
    if (error instanceof OperationError && ofOneReport.includes(error.code)) return { report, error };
    throw error;
  }
}

const ofOneReport: readonly OperationErrorCode[] = ['REPORT_TIMEOUT', 'REPORT_UNAVAILABLE', 'REPORT_FAILED'];

function taken(
  { parameters }: AnyReport,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(parameters, name)));
}
