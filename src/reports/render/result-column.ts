import type { ReportResult, ResultColumn } from '../report-result.js';

/** @throws TypeError when there is none: a plot or a pivot names a column that its report does not have */
export function resultColumn({ report, columns }: ReportResult, name: string): ResultColumn {
  const found = columns.find((column) => column.name === name);
  if (found !== undefined) return found;
  throw new TypeError(`the report ${report} has no column ${name}`);
}
