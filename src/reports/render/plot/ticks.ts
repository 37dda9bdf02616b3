import type { Kind } from '../../columns.js';
import type { Language } from '../../text.js';
import { formatValue } from '../format-value.js';

const percent = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 2 });
const compact = {
  en: new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 2 }),
  ko: new Intl.NumberFormat('ko-KR', { notation: 'compact', maximumFractionDigits: 2 }),
} as const;
const plain = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 6 });

/**
 * Round numbers from zero, or below the least value, to above the greatest: about `count` of them. Round is what is
 * round in the unit that people see: half an hour, 256 kB.
 */
export function niceTicks(kind: Kind, values: readonly number[], count: number): readonly number[] {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  // Below this a step would vanish beside what it is added to.
  if (high - low < 1e-12) return kind === 'ratio' ? [0, 0.5, 1] : [0, 1];
  const unit = unitOf(kind, Math.max(high, -low));
  const whole = kind === 'count' || kind === 'bytes';
  const step = niceStep((high - low) / unit / count, whole && unit === 1) * unit;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

export function formatTick(kind: Kind, value: number, language: Language): string {
  if (kind === 'ratio') return percent.format(value);
  if (kind === 'seconds') return formatValue(kind, value, language);
  if (kind === 'bytes') return formatValue(kind, value, language).replace('.0 ', ' ');
  return Math.abs(value) >= 10_000 ? compact[language].format(value) : plain.format(value);
}

function niceStep(rough: number, whole: boolean): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10) * power;
  return whole ? Math.max(1, Math.ceil(step)) : step;
}

function unitOf(kind: Kind, size: number): number {
  if (kind === 'bytes') return 1024 ** Math.max(0, Math.floor(Math.log2(size) / 10));
  if (kind === 'seconds') return [86_400, 3600, 60].find((unit) => unit <= size) ?? 1;
  return 1;
}
