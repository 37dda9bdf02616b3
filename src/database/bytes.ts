import { UsageError } from '../errors.js';

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `512 B`, `8.0 kB`, `1.4 GB`: for people, in steps of 1,024 as PostgreSQL counts. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}

/**
 * Parses a size as PostgreSQL writes them: `512`, `64kB`, `10MB`, `1.5GB`. A bare number is bytes.
 *
 * @returns whole bytes
 * @throws UsageError USAGE_INVALID_OPTION
 */
export function parseBytes(text: string, option: string): number {
  const match = /^(\d{1,15}(?:\.\d+)?)\s*(B|kB|MB|GB|TB)?$/i.exec(text.trim());
  const unit = units.findIndex((name) => name.toLowerCase() === (match?.[2] ?? 'B').toLowerCase());
  const bytes = match === null ? Number.NaN : Math.round(Number(match[1]) * 1024 ** unit);
  if (Number.isSafeInteger(bytes)) return bytes;
  throw new UsageError('USAGE_INVALID_OPTION', `${option}: «${text}» is not a size`, {
    hint: 'Write a number with a unit: 64kB, 10MB or 1.5GB.',
  });
}
