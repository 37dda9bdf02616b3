import { drawFor, type Draw } from './draw.js';
import { createRhythm, type Rhythm } from './rhythm.js';
import type { ResolvedSeedOptions } from '../seed-plan.js';

/** The time in which everything happens. */
export interface History {
  readonly options: ResolvedSeedOptions;
  /** When the platform opened. */
  readonly from: number;
  /** The reference date: nothing has happened at or after it. */
  readonly to: number;
  readonly signups: Rhythm;
  /** The first day of each month of the history, UTC, and the reference date as the end of the last. */
  readonly monthStarts: readonly number[];
  /** @param name `table.column` */
  draw(name: string): Draw;
}

/** Platforms open with a campaign: a quarter of all users in this part of the history. */
const OPENING = 0.03;

export function createHistory(options: ResolvedSeedOptions): History {
  const { referenceDate, months, seed } = options;
  const to = referenceDate.getTime();
  const from = monthsBefore(referenceDate, months);
  const draws = new Map<string, Draw>();
  const draw = (name: string): Draw => {
    const known = draws.get(name) ?? drawFor(seed, name);
    draws.set(name, known);
    return known;
  };
  const signups = createRhythm({
    from,
    to,
    growth: (progress) => (progress < OPENING ? 0.25 / OPENING : 0.5 + 0.6 * progress),
    days: draw('history.signup_days'),
  });
  return { options, from, to, signups, monthStarts: listMonthStarts(from, to), draw };
}

/** The same day and time of an earlier month, or that month's last day. */
function monthsBefore(instant: Date, months: number): number {
  const year = instant.getUTCFullYear();
  const month = instant.getUTCMonth() - months;
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const midnight = Date.UTC(year, instant.getUTCMonth(), instant.getUTCDate());
  return Date.UTC(year, month, Math.min(instant.getUTCDate(), lastDay)) + (instant.getTime() - midnight);
}

function listMonthStarts(from: number, to: number): number[] {
  const first = new Date(from);
  const starts: number[] = [];
  for (let ahead = 0; ; ahead++) {
    const start = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + ahead, 1);
    if (start >= to) return [...starts, to];
    starts.push(start);
  }
}
