import type { Language } from '../../text.js';

export interface TimeTick {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly label: string;
  /** A second line, where it begins to be another: the year, or the day of hours. */
  readonly below: string;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const locales = { en: 'en-GB', ko: 'ko-KR' } as const;

interface Step {
  /** Of milliseconds, or of months. */
  readonly size: number;
  readonly months: boolean;
}

const steps: readonly Step[] = [
  ...[1, 3, 6, 12].map((hours) => ({ size: hours * HOUR, months: false })),
  ...[1, 2, 7, 14].map((days) => ({ size: days * DAY, months: false })),
  ...[1, 2, 3, 6, 12, 24, 60, 120].map((size) => ({ size, months: true })),
];

/** Whole days, Mondays, months or years between two instants: as many as there is place for. In UTC, as days are. */
export function timeTicks(
  from: number,
  to: number,
  most: number,
  { language, days }: { readonly language: Language; readonly days: boolean },
): readonly TimeTick[] {
  const candidates = days ? steps.filter(({ size, months }) => months || size >= DAY) : steps;
  let marks: readonly number[] = [];
  let chosen: Step = { size: 120, months: true };
  for (const step of candidates) {
    if (!step.months && (to - from) / step.size > most + 1) continue;
    chosen = step;
    marks = marksOf(step, from, to);
    if (marks.length <= most) break;
  }
  let before = '';
  return marks.map((at) => {
    const { label, below } = tell(chosen, at, language);
    const shown = below === before ? '' : below;
    before = below;
    return { at, label, below: shown };
  });
}

function marksOf({ size, months }: Step, from: number, to: number): readonly number[] {
  const marks: number[] = [];
  if (months) {
    const start = new Date(from);
    const first = start.getUTCFullYear() * 12 + start.getUTCMonth();
    for (let month = Math.floor(first / size) * size; ; month += size) {
      const at = Date.UTC(Math.floor(month / 12), month % 12);
      if (at > to) return marks;
      if (at >= from) marks.push(at);
    }
  }
  // The first of January 1970 was a Thursday; weeks begin on Mondays.
  const origin = size % (7 * DAY) === 0 ? 4 * DAY : 0;
  for (let at = Math.ceil((from - origin) / size) * size + origin; at <= to; at += size) marks.push(at);
  return marks;
}

function tell({ size, months }: Step, at: number, language: Language): { label: string; below: string } {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locales[language], { timeZone: 'UTC', ...options }).format(at);
  const year = format({ year: 'numeric' });
  if (months)
    return size >= 12 ? { label: year, below: '' } : { label: format({ month: 'short' }), below: year };
  const day = format({ month: 'short', day: 'numeric' });
  if (size >= DAY) return { label: day, below: year };
  return { label: format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }), below: day };
}
