import type { ReportResult } from '../report-result.js';
import type { AnyReport } from '../report.js';
import type { Language } from '../text.js';
import { renderReportPage } from './page/render-report-page.js';
import { renderCsv } from './render-csv.js';
import { renderMarkdown } from './render-markdown.js';

export const reportFormats = ['json', 'ndjson', 'csv', 'markdown', 'html'] as const;
export type ReportFormat = (typeof reportFormats)[number];

export interface RenderReportOptions {
  /** Of titles and labels, and of how values are told to people. Default: en. */
  readonly language?: Language | undefined;
  /** Of CSV: begin with U+FEFF, without which Excel does not take the file for UTF-8. Default: false. */
  readonly byteOrderMark?: boolean | undefined;
}

/**
 * The result of a report as text, with a final newline. `json`, `ndjson` and `csv` hold raw values for machines:
 * instants as ISO 8601, durations in seconds, sizes in bytes, 1 for 100 %. `markdown` and `html` are for people.
 *
 * `ndjson` is the envelope on the first line, `{"type":"report", …}`, then a line a row, `{"type":"row","row":{…}}`.
 * `csv` has the rows only; `renderCsvMetadata` makes the file beside it.
 *
 * @param report the report whose result it is; its pivot and its plots are of use to people only
 */
export function renderReport(
  result: ReportResult,
  report: AnyReport,
  format: ReportFormat,
  { language = 'en', byteOrderMark = false }: RenderReportOptions = {},
): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(result, null, 2)}\n`;
    case 'ndjson':
      return renderNdjson(result);
    case 'csv':
      return renderCsv(result, byteOrderMark);
    case 'markdown':
      return renderMarkdown(result, report, language);
    case 'html':
      return renderReportPage(result, report, { language });
  }
}

// Rows are nested: a column of a report may itself be called «type».
function renderNdjson({ rows, ...envelope }: ReportResult): string {
  return [{ type: 'report', ...envelope }, ...rows.map((row) => ({ type: 'row', row }))]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
}
