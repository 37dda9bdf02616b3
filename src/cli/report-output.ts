import { formatDuration } from '../database/duration.js';
import type { LinePlot } from '../reports/plot.js';
import { formatInstant, formatValue } from '../reports/render/format-value.js';
import { tableOf } from '../reports/render/pivot-rows.js';
import { resultColumn } from '../reports/render/result-column.js';
import { sparkline } from '../reports/render/sparkline.js';
import { wordsOf } from '../reports/render/words.js';
import type { ReportResult } from '../reports/report-result.js';
import type { AnyReport } from '../reports/report.js';
import type { Language } from '../reports/text.js';
import { table } from './output.js';

/** A report on a terminal: its question, the rows, and below them what one must know to read them. */
export function reportText(result: ReportResult, report: AnyReport, language: Language): string {
  const words = wordsOf(language);
  const { columns, rows, note } = tableOf(result, report, language);
  const parts = [
    `${result.title[language]}\n${result.question[language]}\n`,
    rows.length === 0 ? `${words.nothingToShow}\n` : table(columns, rows),
    sparklines(result, report, language),
    lines([...(note === null ? [] : [note]), ...result.warnings.map((warning) => `! ${warning}`)]),
    lines(result.definition.map((sentence) => `- ${sentence}`)),
    `${sourceLine(result, language)}\n`,
  ];
  return parts.filter((part) => part !== '').join('\n');
}

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');

/** One for each line of the plots: how it went, from zero to the greatest value, and between which values. */
function sparklines(result: ReportResult, { plots = [] }: AnyReport, language: Language): string {
  if (result.rows.length < 3) return '';
  const series = plots
    .filter((plot): plot is LinePlot => plot.type === 'line')
    .flatMap((plot) => plot.y.map((name) => resultColumn(result, name)));
  const drawn = series.map(({ name, kind, label }) => {
    const values = result.rows.map((row) => row[name] as number | null);
    const known = values.filter((value) => value !== null);
    const [least, most] = [Math.min(...known), Math.max(...known)];
    const range =
      known.length === 0 ? '' : [least, most].map((end) => formatValue(kind, end, language)).join(' – ');
    return { label: label[language], line: sparkline(values), range };
  });
  if (drawn.length === 0) return '';
  return table(
    ['label', 'line', 'range'].map((key) => ({ key, label: '' })),
    drawn,
  ).replace(/^\s*\n/, '');
}

function sourceLine(
  { server, generatedAt, durationMs, parameters, statisticsSince }: ReportResult,
  language: Language,
): string {
  const words = wordsOf(language);
  const { version, database, isReplica, replayedAt } = server;
  const given = Object.entries(parameters).map(
    ([name, value]) => `${name}=${value === null ? words.all : String(value as string | number)}`,
  );
  return [
    ...given,
    `PostgreSQL ${version} ${database}, ${isReplica ? words.replica : words.primary}`,
    ...(replayedAt === null ? [] : [`${words.replayedUntil} ${formatInstant(replayedAt)}`]),
    ...(statisticsSince === null ? [] : [`${words.countedSince} ${formatInstant(statisticsSince)}`]),
    `${words.generatedAt} ${formatInstant(generatedAt)}`,
    formatDuration(durationMs),
  ].join(' · ');
}
