import type { Language } from '../text.js';

const words = {
  en: { ms: ' ms', s: ' s', min: ' min', h: ' h', d: ' d' },
  ko: { ms: 'ms', s: '초', min: '분', h: '시간', d: '일' },
} as const;

/** `350 ms`, `12.3 s`, `12 min 5 s`, `3 h 12 min`, `2 d 3 h`; in Korean `3시간 12분`. Two units at most. */
export function formatSeconds(value: number, language: Language): string {
  if (value < 0) return `-${formatSeconds(-value, language)}`;
  const unit = words[language];
  if (value === 0) return `0${unit.s}`;
  const milliseconds = Math.round(value * 1000);
  if (milliseconds < 1) return `<1${unit.ms}`;
  if (milliseconds < 1000) return `${milliseconds}${unit.ms}`;
  // Each step decides by the rounded number: 59.97 s is a minute, not 60.0 s.
  const tenths = Math.round(value * 10);
  if (tenths < 600) return `${tenths % 10 === 0 ? tenths / 10 : (tenths / 10).toFixed(1)}${unit.s}`;
  const seconds = Math.round(value);
  if (seconds < 3600) return pair(seconds, 60, unit.min, unit.s);
  const minutes = Math.round(value / 60);
  if (minutes < 1440) return pair(minutes, 60, unit.h, unit.min);
  return pair(Math.round(value / 3600), 24, unit.d, unit.h);
}

function pair(value: number, size: number, large: string, small: string): string {
  const rest = value % size;
  return `${Math.floor(value / size)}${large}${rest === 0 ? '' : ` ${rest}${small}`}`;
}
