import { UsageError } from '../errors.js';
import { formatMonth, monthOf } from '../partitioning/month.js';

const unitMonths: Readonly<Record<string, number>> = { month: 1, year: 12 };
const unitDays: Readonly<Record<string, number>> = { day: 1, week: 7 };
const DAY_MS = 86_400_000;

/**
 * The instant before which rows are old: so long before the UTC day of `now`, or the instant that is named.
 *
 * @param olderThan `6 months`, `180 days`, `26 weeks`, `1 year`, a date as in 2025-03-01 (its start, UTC), or a Date;
 * undefined is `retentionMonths` months
 * @throws UsageError USAGE_INVALID_OPTION when it is none of these, or after the start of the current month
 */
export function resolveCutoff(
  olderThan: string | Date | undefined,
  { now, retentionMonths }: { readonly now: Date; readonly retentionMonths: number },
): Date {
  const cutoff =
    olderThan instanceof Date ? olderThan : parseCutoff(olderThan ?? `${retentionMonths} months`, now);
  const month = monthOf(now);
  if (cutoff.getTime() <= month.getTime()) return cutoff;
  throw new UsageError(
    'USAGE_INVALID_OPTION',
    Number.isNaN(cutoff.getTime())
      ? 'olderThan is not a valid date'
      : `--older-than: ${cutoff.toISOString()} is not before the current month`,
    {
      detail: `The current month is ${formatMonth(month)}.`,
      hint: 'Only months that are over are archived; name an earlier cutoff.',
    },
  );
}

function parseCutoff(text: string, now: Date): Date {
  const age = /^(\d{1,4})\s*(day|week|month|year)s?$/i.exec(text.trim());
  const [count, unit] = [Number(age?.[1]), age?.[2]?.toLowerCase() ?? ''];
  const today = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()));
  const days = unitDays[unit];
  if (days !== undefined) return new Date(today.getTime() - count * days * DAY_MS);
  const months = unitMonths[unit];
  if (months !== undefined) return monthsBefore(today, count * months);
  return parseDate(text.trim());
}

/** As PostgreSQL subtracts months: the same day, or the last one of a shorter month. */
function monthsBefore(day: Date, count: number): Date {
  const first = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() - count, 1));
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(day.getUTCDate(), lastDay));
  return first;
}

function parseDate(text: string): Date {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : new Date(Number.NaN);
  // 2025-02-30 is read as a day in March.
  if (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)) return date;
  throw new UsageError('USAGE_INVALID_OPTION', `--older-than: «${text}» is neither an age nor a date`, {
    hint: 'Write an age as in «6 months» or «180 days», or a date as in 2025-03-01.',
  });
}
