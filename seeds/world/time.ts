/** Instants of the seeded world are milliseconds since 1970-01-01 UTC, durations milliseconds. */
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** An instant that does not come. */
export const NEVER = Number.POSITIVE_INFINITY;

/** Korea has had no summer time since 1988. */
const SEOUL_OFFSET = 9 * HOUR;
const EPOCH_2000 = Date.UTC(2000, 0, 1);

/** As a value of a `timestamptz` column. */
export function timestampValue(instant: number): number {
  return (instant - EPOCH_2000) * 1_000;
}

/** Null for NEVER. */
export function optionalTimestamp(instant: number): number | null {
  return instant === NEVER ? null : timestampValue(instant);
}

/** Number of the day in Asia/Seoul, from 1970-01-01. */
export function seoulDay(instant: number): number {
  return Math.floor((instant + SEOUL_OFFSET) / DAY);
}

/** The instant at which a day begins in Asia/Seoul. */
export function startOfSeoulDay(day: number): number {
  return day * DAY - SEOUL_OFFSET;
}

/** A day counted from 1970-01-01, as a value of a `date` column. */
export function dateValue(day: number): number {
  return day - EPOCH_2000 / DAY;
}

/** Cut to whole seconds, as everything but messages is. */
export function wholeSeconds(instant: number): number {
  return Math.floor(instant / SECOND) * SECOND;
}
