import { UsageError } from '../errors.js';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 };

/**
 * Parses a duration as PostgreSQL writes them: `200ms`, `60s`, `5min`, `1h`. A bare number is milliseconds.
 *
 * @returns whole milliseconds, 0 to 2,147,483,647 (the range of PostgreSQL's own timeouts)
 * @throws UsageError USAGE_INVALID_OPTION
 */
export function parseDurationMs(text: string, option: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|min|h)?$/.exec(text.trim());
  const milliseconds = match ? Math.round(Number(match[1]) * (units[match[2] ?? 'ms'] ?? 1)) : Number.NaN;
  if (!(milliseconds >= 0 && milliseconds <= 2_147_483_647)) {
    throw new UsageError('USAGE_INVALID_OPTION', `${option}: «${text}» is not a duration`, {
      hint: 'Write a number with a unit: 200ms, 60s, 5min or 1h.',
    });
  }
  return milliseconds;
}

/** `0.4 ms`, `12 ms`, `3.2 s`, `2 min 5 s`: for people. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Milliseconds since `start` (of performance.now()), to the microsecond. */
export function elapsedMs(start: number): number {
  return Math.round((performance.now() - start) * 1000) / 1000;
}
