import { mkdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import type { Database } from '../database/create-database.js';
import { UsageError } from '../errors.js';
import { renderCsvMetadata } from '../reports/render/csv-metadata.js';
import { renderReport, type ReportFormat as RenderFormat } from '../reports/render/render-report.js';
import { renderReportSite } from '../reports/render/page/render-report-site.js';
import { writeReportFile, writeReportSite } from '../reports/render/write-report-file.js';
import type { ReportResult } from '../reports/report-result.js';
import type { AnyReport } from '../reports/report.js';
import { runAllReports, type ReportOutcome } from '../reports/run-all-reports.js';
import { runAnyReport } from '../reports/run-report.js';
import type { Language } from '../reports/text.js';
import { EXIT } from './exit-codes.js';
import type { Outcome } from './output.js';
import type { Progress } from './progress.js';
import { reportText } from './report-output.js';

export type ReportFormat = RenderFormat | 'table';

export interface PrintOptions {
  readonly format: ReportFormat;
  readonly language: Language;
  /** A file; of all reports a folder. */
  readonly output: string | undefined;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly statementTimeoutMs: number;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

const extensions: Readonly<Record<ReportFormat, string>> = {
  table: 'txt',
  json: 'json',
  ndjson: 'ndjson',
  csv: 'csv',
  markdown: 'md',
  html: 'html',
};

/** Runs one report; its text goes to stdout or into the file. */
export async function printReport(db: Database, report: AnyReport, options: PrintOptions): Promise<Outcome> {
  const { format, output, progress } = options;
  const result = await runAnyReport(db, report, options.parameters, options);
  if (output === undefined) {
    // CSV has no place for what is to be known about its rows.
    if (format === 'csv') {
      const { rows, ...envelope } = result;
      progress.report({ type: 'report', ...envelope, rows: rows.length }, undefined);
    }
    return textOutcome(textOf(result, report, options));
  }
  await writeOne(output, result, report, options);
  return textOutcome(`${relative('', output)} written: ${result.rows.length} rows\n`);
}

/** Runs all reports; the exit code is 1 when one failed or was too slow. What needs something else is only told. */
export async function printAll(db: Database, options: PrintOptions): Promise<Outcome> {
  const { format, language, output, progress } = options;
  if (output === undefined && (format === 'html' || format === 'csv')) {
    throw new UsageError('USAGE_INVALID_OPTION', `all reports as ${format} are several files`, {
      hint: 'Name a folder for them with --output.',
    });
  }
  const outcomes = await runAllReports(db, {
    ...options,
    onReport: (outcome) => tell(outcome, progress),
  });
  const exitCode = outcomes.some(
    (outcome) => 'error' in outcome && outcome.error.code !== 'REPORT_UNAVAILABLE',
  )
    ? EXIT.failed
    : EXIT.done;
  const done = outcomes.filter((outcome) => 'result' in outcome);
  if (output === undefined) {
    const texts = done.map(({ report, result }) => textOf(result, report, options));
    return {
      ...textOutcome(format === 'json' ? jsonArray(texts) : texts.join(format === 'ndjson' ? '' : '\n\n')),
      exitCode,
    };
  }
  if (format === 'html') await writeReportSite(output, renderReportSite(outcomes, { language }));
  else {
    await mkdir(output, { recursive: true });
    for (const { report, result } of done)
      await writeOne(join(output, `${report.name}.${extensions[format]}`), result, report, options);
  }
  const left = outcomes.length - done.length;
  return {
    ...textOutcome(
      `${relative('', format === 'html' ? join(output, 'index.html') : output)} written: ${done.length} reports${left === 0 ? '' : `, ${left} not available`}\n`,
    ),
    exitCode,
  };
}

function tell(outcome: ReportOutcome, progress: Progress): void {
  const { name } = outcome.report;
  if ('error' in outcome) {
    const { code, message, hint } = outcome.error;
    progress.report(
      { type: 'report-failed', report: name, code, message, hint },
      `${message} [${code}]\nhint: ${hint ?? ''}`,
    );
  } else {
    const { durationMs, rows } = outcome.result;
    progress.report({ type: 'report-done', report: name, rows: rows.length, durationMs }, undefined);
  }
}

function textOf(result: ReportResult, report: AnyReport, { format, language }: PrintOptions): string {
  return format === 'table'
    ? reportText(result, report, language)
    : renderReport(result, report, format, { language });
}

async function writeOne(
  file: string,
  result: ReportResult,
  report: AnyReport,
  options: PrintOptions,
): Promise<void> {
  await writeReportFile(file, textOf(result, report, options));
  if (options.format === 'csv')
    await writeReportFile(`${file}-metadata.json`, renderCsvMetadata(result, report, basename(file)));
}

function jsonArray(texts: readonly string[]): string {
  return `[\n${texts.map((text) => text.trimEnd()).join(',\n')}\n]\n`;
}

function textOutcome(text: string): Outcome {
  return { data: null, columns: [], rows: [], text };
}
