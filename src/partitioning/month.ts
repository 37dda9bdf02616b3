import { UsageError } from '../errors.js';

/** A month in UTC is told by the instant it begins. */
export function monthOf(instant: Date): Date {
  return startOfMonth(instant.getUTCFullYear(), instant.getUTCMonth());
}

/** @param count may be negative */
export function addMonths(month: Date, count: number): Date {
  return startOfMonth(month.getUTCFullYear(), month.getUTCMonth() + count);
}

/** `2025-01` */
export function formatMonth(month: Date): string {
  return `${String(month.getUTCFullYear()).padStart(4, '0')}-${twoDigits(month.getUTCMonth() + 1)}`;
}

/** `y2025m01`, as partitions are called after their table. */
export function monthSuffix(month: Date): string {
  return `y${String(month.getUTCFullYear()).padStart(4, '0')}m${twoDigits(month.getUTCMonth() + 1)}`;
}

/** @throws UsageError USAGE_INVALID_OPTION */
export function parseMonth(text: string, option: string): Date {
  const match = /^(\d{4})-(\d{2})$/.exec(text);
  const month = Number(match?.[2]);
  if (month >= 1 && month <= 12) return startOfMonth(Number(match?.[1]), month - 1);
  throw new UsageError('USAGE_INVALID_OPTION', `${option}: «${text}» is not a month`, {
    hint: 'Write year and month as in 2025-01.',
  });
}

/** A bound as SQL text, with its offset: the time zone of whoever reads it does not matter. */
export function boundText(instant: Date): string {
  // From the year 10000 on JavaScript writes a sign and six digits, which PostgreSQL does not read.
  return instant
    .toISOString()
    .replace(/^\+0?/, '')
    .replace('T', ' ')
    .replace(/(?:\.000)?Z$/, '+00');
}

/** Date.UTC() takes the years 0 to 99 for 1900 to 1999. */
function startOfMonth(year: number, monthIndex: number): Date {
  const start = new Date(0);
  start.setUTCFullYear(year, monthIndex, 1);
  return start;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
