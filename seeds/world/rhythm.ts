import type { Draw } from './draw.js';
import { countBefore } from './order-by-time.js';
import { DAY, HOUR, seoulDay, startOfSeoulDay, wholeSeconds } from './time.js';

/** How much goes on in each hour of a day in Asia/Seoul: the way to work, lunch, and above all the evening. */
const WORKDAY = [
  26, 12, 6, 4, 3, 5, 14, 34, 48, 40, 38, 42, 62, 50, 40, 40, 44, 54, 68, 84, 104, 118, 104, 64,
];
const WEEKEND = [
  44, 26, 14, 8, 5, 5, 8, 16, 32, 54, 68, 74, 78, 78, 76, 76, 76, 78, 82, 90, 102, 106, 92, 58,
];
/** Monday first. */
const WEEKDAYS = [1.04, 1.0, 0.98, 0.97, 0.9, 1.06, 1.18];

const BUSIEST = Math.max(...WORKDAY, ...WEEKEND) * Math.max(...WEEKDAYS);

/** Where the instants of many like events lie: a given share of them has happened by a given instant. */
export interface Rhythm {
  /** The instant by which `share`, 0 to 1, of all has happened. Never decreases as the share grows. */
  instantAt(share: number): number;
  /** The share that has happened by an instant. */
  shareAt(instant: number): number;
}

export interface RhythmOptions {
  readonly from: number;
  readonly to: number;
  /** How much goes on at a moment of the history, 0 at `from` to 1 at `to`. */
  readonly growth: (progress: number) => number;
  /** Makes some days busier than others. */
  readonly days: Draw;
}

export function createRhythm({ from, to, growth, days }: RhythmOptions): Rhythm {
  // Hours of the clock: the first and the last of them may be cut.
  const base = Math.floor(from / HOUR) * HOUR;
  const hours = Math.max(1, Math.ceil((to - base) / HOUR));
  const startOf = (hour: number): number => Math.max(from, base + hour * HOUR);
  const lengthOf = (hour: number): number => Math.min(to, base + (hour + 1) * HOUR) - startOf(hour);
  const total = new Float64Array(hours + 1);
  for (let hour = 0; hour < hours; hour++) {
    const instant = startOf(hour);
    const mood = 0.82 + 0.36 * days.unit(seoulDay(instant));
    const weight = weightOfHour(instant) * mood * growth((instant - from) / (to - from));
    total[hour + 1] = (total[hour] as number) + weight * (lengthOf(hour) / HOUR);
  }
  const sum = total[hours] as number;
  return {
    instantAt: (share) => {
      const wanted = share * sum;
      // The first hour by whose end more than that has happened; in the last, all may have.
      const hour = Math.min(hours - 1, countBefore(total, wanted, true) - 1);
      const before = total[hour] as number;
      const inHour = (wanted - before) / ((total[hour + 1] as number) - before);
      return Math.min(to, Math.floor(startOf(hour) + inHour * lengthOf(hour)));
    },
    shareAt: (instant) => {
      if (instant <= from) return 0;
      if (instant >= to) return 1;
      const hour = Math.floor((instant - base) / HOUR);
      const before = total[hour] as number;
      const inHour = (instant - startOf(hour)) / lengthOf(hour);
      return (before + ((total[hour + 1] as number) - before) * inHour) / sum;
    },
  };
}

function weightOfHour(instant: number): number {
  const day = seoulDay(instant);
  // 1970-01-01 was a Thursday.
  const weekday = (day + 3) % 7;
  const hour = Math.floor((instant - startOfSeoulDay(day)) / HOUR);
  return ((weekday >= 5 ? WEEKEND : WORKDAY)[hour] as number) * (WEEKDAYS[weekday] as number);
}

/** How much goes on at an instant: 1 is the most of any hour of a week. */
export function busyness(instant: number): number {
  return weightOfHour(instant) / BUSIEST;
}

/**
 * The instant of the same day in Asia/Seoul at which people would do it; whole seconds.
 *
 * @param luck 0 to 1: early or late in the day
 */
export function atUsualHour(instant: number, luck: number): number {
  const day = seoulDay(instant);
  const curve = (day + 3) % 7 >= 5 ? WEEKEND : WORKDAY;
  let left = luck * curve.reduce((sum, weight) => sum + weight, 0);
  let hour = 0;
  while (hour < 23 && left >= (curve[hour] as number)) left -= curve[hour++] as number;
  const within = Math.min(left / (curve[hour] as number), 0.999);
  return wholeSeconds(startOfSeoulDay(day) + (hour + within) * HOUR);
}

/** `days` later at a usual hour, but after `base` in any case: within the hour where the hour is before it. */
export function daysLater(base: number, days: number, luck: number): number {
  const instant = atUsualHour(base + days * DAY, luck);
  return instant > base ? instant : wholeSeconds(base + 60_000 + luck * HOUR);
}
