import { UsageError } from '../errors.js';
import type { ColumnSet, RowOf } from './columns.js';
import type { GivenValues, ParameterSet } from './parameters.js';
import { sessions } from './product/sessions.js';
import type { AnyReport } from './report.js';

/** All reports by name, in the order they are listed. */
export const reports = {
  sessions,
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
