import { UsageError } from '../errors.js';

/** Hours of some days of the week, in the local time of a zone. */
export interface MaintenanceWindow {
  /** As it was written. */
  readonly text: string;
  /** Days on which it begins: 0 is Sunday. */
  readonly days: readonly number[];
  /** Minutes after midnight, inclusive. */
  readonly from: number;
  /** Minutes after midnight, exclusive; not after `from` when it ends on the next day. */
  readonly to: number;
  readonly timeZone: string;
  /** Tells local day and time in that zone. */
  readonly clock: Intl.DateTimeFormat;
}

const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const DAY_MINUTES = 24 * 60;
const MINUTE_MS = 60_000;

/**
 * Parses `Sat 01:00-05:00 Asia/Seoul`: days (`Sat`, `Mon-Fri`, `Sat,Sun`; all of them when left out), hours of local
 * time, zone (UTC when left out). `23:00-04:00` goes over midnight and begins on the days named. Several are separated
 * by semicolons: open is what one of them opens.
 *
 * @throws UsageError USAGE_INVALID_OPTION
 */
export function parseMaintenanceWindows(text: string, option = '--window'): readonly MaintenanceWindow[] {
  return text.split(';').map((part) => parseWindow(part.trim(), option));
}

function parseWindow(text: string, option: string): MaintenanceWindow {
  const refuse = (why: string): never => {
    throw new UsageError('USAGE_INVALID_OPTION', `${option}: «${text}» ${why}`, {
      hint: 'Write days, hours and a time zone, as in «Sat 01:00-05:00 Asia/Seoul» or «Mon-Fri 23:00-04:00 UTC».',
    });
  };
  const match = /^(?:([a-z,-]+)\s+)?(\d\d):(\d\d)\s*-\s*(\d\d):(\d\d)(?:\s+(\S+))?$/i.exec(text);
  if (match === null) return refuse('is not a window');
  const [, days, fromHour, fromMinute, toHour, toMinute, timeZone = 'UTC'] = match;
  const from = minutes(fromHour, fromMinute);
  const to = minutes(toHour, toMinute);
  if (from === undefined || to === undefined || from === DAY_MINUTES)
    return refuse('has a time that no clock shows');
  if (from === to) return refuse('is empty');
  const parsed = days === undefined ? [0, 1, 2, 3, 4, 5, 6] : parseDays(days.toLowerCase());
  if (parsed === undefined) return refuse('names a day that is not one of Mon, Tue, Wed, Thu, Fri, Sat, Sun');
  const clock = clockIn(timeZone);
  if (clock === undefined) return refuse(`names a time zone that is not known: ${timeZone}`);
  return { text, days: parsed, from, to, timeZone, clock };
}

function minutes(hour = '', minute = ''): number | undefined {
  const total = Number(hour) * 60 + Number(minute);
  return Number(minute) < 60 && total <= DAY_MINUTES ? total : undefined;
}

function parseDays(text: string): readonly number[] | undefined {
  const days: number[] = [];
  for (const part of text.split(',')) {
    const [first = '', last = first, ...more] = part.split('-');
    const [from, to] = [first, last].map((name) => dayNames.findIndex((day) => day === name));
    if (from === undefined || to === undefined || from < 0 || to < 0 || more.length > 0) return undefined;
    for (let day = from; ; day = (day + 1) % 7) {
      days.push(day);
      if (day === to) break;
    }
  }
  return days;
}

function clockIn(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The window that is open at the instant; undefined when none is. The hour that summer time repeats is open twice. */
export function openWindow(windows: readonly MaintenanceWindow[], at: Date): MaintenanceWindow | undefined {
  return windows.find((window) => {
    const { day, minute } = localTime(window.clock, at);
    const yesterday = (day + 6) % 7;
    if (window.from < window.to)
      return window.days.includes(day) && minute >= window.from && minute < window.to;
    return (
      (window.days.includes(day) && minute >= window.from) ||
      (window.days.includes(yesterday) && minute < window.to)
    );
  });
}

/** The first minute at or after the instant at which one is open: within eight days, unless summer time skips it. */
export function nextOpening(windows: readonly MaintenanceWindow[], at: Date): Date | undefined {
  const start = Math.ceil(at.getTime() / MINUTE_MS) * MINUTE_MS;
  for (let minute = 0; minute <= 8 * DAY_MINUTES; minute++) {
    const instant = new Date(start + minute * MINUTE_MS);
    if (openWindow(windows, instant) !== undefined) return instant;
  }
  return undefined;
}

function localTime(clock: Intl.DateTimeFormat, at: Date): { day: number; minute: number } {
  const parts = new Map(clock.formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    day: dayNames.findIndex((name) => name === parts.get('weekday')?.toLowerCase()),
    minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
  };
}
