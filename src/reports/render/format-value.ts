import { formatBytes } from '../../database/bytes.js';
import type { Kind } from '../columns.js';
import type { Language } from '../text.js';
import { formatSeconds } from './format-seconds.js';

// English and Korean write numbers alike.
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const twoDigits = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const small = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 2 });
const yes = { en: 'yes', ko: '예' } as const;
const no = { en: 'no', ko: '아니요' } as const;

/** Kinds whose values are numbers: they are aligned to the right. */
const numeric: ReadonlySet<Kind> = new Set(['count', 'decimal', 'ratio', 'seconds', 'bytes']);

export function isNumeric(kind: Kind): boolean {
  return numeric.has(kind);
}

/**
 * A value of a report as people read it: `12,345`, `42.0%`, `3 h 12 min`, `1.4 GB`, `2026-01-31 09:05 UTC`. Rounded,
 * so not for machines. Null is empty.
 */
export function formatValue(kind: Kind, value: unknown, language: Language): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return (value ? yes : no)[language];
  if (value instanceof Date) return formatInstant(value);
  if (typeof value === 'number') return formatNumber(kind, value, language);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** To the minute, in UTC, as one report may be read in many places. */
export function formatInstant(instant: Date): string {
  return `${instant.toISOString().slice(0, -8).replace('T', ' ')} UTC`;
}

function formatNumber(kind: Kind, value: number, language: Language): string {
  switch (kind) {
    case 'ratio':
      return formatRatio(value);
    case 'seconds':
      return formatSeconds(value, language);
    case 'bytes':
      return value < 0 ? `-${formatBytes(-value)}` : formatBytes(value);
    case 'decimal':
      return formatDecimal(value);
    default:
      return Number.isInteger(value) ? whole.format(value) : formatDecimal(value);
  }
}

function formatRatio(value: number): string {
  // Some is not none, and not quite all is not all.
  if (value > 0 && value < 0.0005) return '<0.1%';
  if (value < 1 && value >= 0.9995) return '>99.9%';
  return `${oneDigit.format(value * 100 || 0)}%`;
}

function formatDecimal(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 0.01) return small.format(value);
  return (size < 9.995 ? twoDigits : oneDigit).format(value);
}
