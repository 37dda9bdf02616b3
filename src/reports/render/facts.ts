import { formatDuration } from '../../database/duration.js';
import { addDays } from '../parameters.js';
import type { ReportResult } from '../report-result.js';
import type { AnyReport } from '../report.js';
import type { Language } from '../text.js';
import { formatInstant } from './format-value.js';
import { wordsOf } from './words.js';

export interface Fact {
  readonly label: string;
  readonly value: string;
}

/** All parameters with their values, the window first. */
export function parameterFacts(
  { parameters }: ReportResult,
  report: AnyReport,
  language: Language,
): readonly Fact[] {
  // `to` is resolved before `from`, but nobody reads it so.
  const window = ['from', 'to', 'timeZone'].filter((name) => name in parameters);
  const names = [...window, ...Object.keys(parameters).filter((name) => !window.includes(name))];
  return names.map((name) => ({
    label: report.parameters[name]?.label[language] ?? name,
    value: tell(parameters[name], language),
  }));
}

function tell(value: unknown, language: Language): string {
  if (value === null) return wordsOf(language).all;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Where the numbers come from and when they were read. */
export function sourceFacts(result: ReportResult, language: Language): readonly Fact[] {
  const { server, generatedAt, durationMs, statisticsSince } = result;
  const words = wordsOf(language);
  const role = server.isReplica ? words.replica : words.primary;
  return [
    { label: words.generatedAt, value: formatInstant(generatedAt) },
    { label: words.server, value: `${server.database}, PostgreSQL ${server.version}, ${role}` },
    ...(server.replayedAt === null
      ? []
      : [{ label: words.replayedUntil, value: formatInstant(server.replayedAt) }]),
    ...(statisticsSince === null
      ? []
      : [{ label: words.countedSince, value: formatInstant(statisticsSince) }]),
    { label: words.took, value: formatDuration(durationMs) },
  ];
}

/** `2026-01-01 – 2026-01-28, Asia/Seoul`: both days are part of it. Null for a report without a window. */
export function windowText({ parameters }: ReportResult): string | null {
  const { from, to, timeZone } = parameters;
  if (typeof from !== 'string' || typeof to !== 'string') return null;
  const last = addDays(to, -1);
  const days = from === last ? from : `${from} – ${last}`;
  return typeof timeZone === 'string' ? `${days}, ${timeZone}` : days;
}
