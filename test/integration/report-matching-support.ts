import type pg from 'pg';
import { expect } from 'vitest';
import type { Database } from '../../src/database/create-database.js';
import type { ColumnSet, RowOf } from '../../src/reports/columns.js';
import { addDays, type ParameterSet } from '../../src/reports/parameters.js';
import type { SqlReport } from '../../src/reports/report.js';
import { runAnyReport } from '../../src/reports/run-report.js';
import { WORLD_END } from '../support/report-world.js';
import { insertRow, type Values } from '../support/rows.js';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** Local days; the last is not part of it. */
export interface Window {
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
}

const spans = [
  { from: '2025-10-06', to: '2025-11-12' },
  // Its first month is archived.
  { from: '2025-06-10', to: '2025-07-24' },
  { from: '2025-03-01', to: '2026-04-01' },
  // Before the first row.
  { from: '2023-01-01', to: '2023-02-01' },
];

export const windows: readonly Window[] = ['Asia/Seoul', 'America/New_York'].flatMap((timeZone) =>
  spans.map((span) => ({ ...span, timeZone })),
);

/** The present of a window: of the one that has all of history in it, amid the rows that tests add after the world. */
export function presentOf({ to }: Window, amid: string): Date {
  return to > '2026-01-01' ? new Date(amid) : WORLD_END;
}

/** The rows of a report, typed. */
export async function rowsOf<Parameters extends ParameterSet, Columns extends ColumnSet>(
  db: Database,
  report: SqlReport<Parameters, Columns>,
  given: Readonly<Record<string, unknown>>,
): Promise<readonly RowOf<Columns>[]> {
  const { rows } = await runAnyReport(db, report, given, { now: WORLD_END });
  return rows as readonly RowOf<Columns>[];
}

const formats = new Map<string, Intl.DateTimeFormat>();

export function localDay(timeZone: string, instant: Date): string {
  // Making one takes longer than using it.
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  formats.set(timeZone, format);
  return format.format(instant);
}

export function isWithin({ from, to, timeZone }: Window, instant: Date): boolean {
  const day = localDay(timeZone, instant);
  return day >= from && day < to;
}

export type Period = 'day' | 'week' | 'month';

/** The first day of the day, week from Monday or month that a day is in. */
export function periodOf(by: Period, day: string): string {
  if (by === 'day') return day;
  if (by === 'month') return `${day.slice(0, 7)}-01`;
  return addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));
}

/** The periods a window has days in. */
export function periodsOf(by: Period, { from, to }: Window): string[] {
  const periods = new Set<string>();
  for (let day = from; day < to; day = addDays(day, 1)) periods.add(periodOf(by, day));
  return [...periods];
}

/** Whether all of a period's days are in the window and, where people live, before the present. */
export function isWhole(by: Period, period: string, { from, to, timeZone }: Window, asOf: Date): boolean {
  let last = period;
  while (periodOf(by, addDays(last, 1)) === period) last = addDays(last, 1);
  return period >= from && last < to && localDay(timeZone, asOf) > last;
}

/** Values by their keys, which are all there, whatever the values. */
export function groupsOf<Key, Value>(
  keys: readonly Key[],
  values: readonly Value[],
  keyOf: (value: Value) => Key,
): ReadonlyMap<Key, readonly Value[]> {
  const groups = new Map<Key, Value[]>(keys.map((key) => [key, []]));
  for (const value of values) groups.set(keyOf(value), [...(groups.get(keyOf(value)) ?? []), value]);
  return groups;
}

export function share(part: number, all: number): number | null {
  return all === 0 ? null : part / all;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Between the two neighbours, as a straight line. */
export function percentile(values: readonly number[], quantile: number): number | null {
  const sorted = values.toSorted((one, other) => one - other);
  const place = quantile * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return below === undefined || above === undefined ? null : below + (above - below) * (place % 1);
}

export interface Wait {
  readonly time: number;
  /** False: nobody knows how much longer it would have been. */
  readonly isOver: boolean;
}

/** When so many had their waits end, by Kaplan and Meier: one wait after the other leaves those who wait. */
export function waitOf(waits: readonly Wait[], quantile: number): number | null {
  // Of the same time, those that ended come first.
  const sorted = waits.toSorted(
    (one, other) => one.time - other.time || Number(other.isOver) - Number(one.isOver),
  );
  let stillWaiting = 1;
  for (const [index, { time, isOver }] of sorted.entries()) {
    if (isOver) stillWaiting *= 1 - 1 / (sorted.length - index);
    if (isOver && stillWaiting <= 1 - quantile + 1e-9) return time;
  }
  return null;
}

/** Rows as equal as floating point lets them be. */
export function expectRows(rows: readonly object[], expected: readonly object[]): void {
  const rounded = (row: object): object =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]: [string, unknown]) => [
        name,
        typeof value === 'number' ? expect.closeTo(value, 6) : value,
      ]),
    );
  expect(rows).toEqual(expected.map(rounded));
}

export interface SessionRow extends pg.QueryResultRow {
  readonly id: string;
  readonly session_type: string;
  readonly status: string;
  readonly scheduled_start_time: Date;
  readonly scheduled_end_time: Date;
  readonly actual_start_time: Date | null;
  readonly actual_end_time: Date | null;
  readonly created_by_user_id: string | null;
  readonly updated_at: Date;
}

export interface ParticipantRow extends pg.QueryResultRow {
  readonly session_id: string;
  readonly user_id: string;
  readonly role: string;
  readonly joined_at: Date | null;
  readonly rating_given: number | null;
}

export interface Guest {
  readonly user: string;
  readonly came: boolean;
  readonly rating?: number | null;
}

/** A session of 30 minutes with its participants, the first the host; returns the id. */
export async function insertSession(
  client: pg.ClientBase,
  start: string,
  guests: readonly Guest[],
  values: Values = {},
): Promise<string> {
  const { id } = await insertRow(client, 'learning_sessions', {
    session_type: 'VIDEO_1V1',
    status: 'COMPLETED',
    scheduled_start_time: start,
    scheduled_end_time: new Date(Date.parse(start) + HOUR / 2),
    created_by_user_id: guests[0]?.user ?? null,
    ...values,
  });
  for (const [place, { user, came, rating }] of guests.entries())
    await insertRow(client, 'session_participants', {
      session_id: id,
      user_id: user,
      role: place === 0 ? 'HOST' : 'PARTICIPANT',
      joined_at: came ? start : null,
      rating_given: rating ?? null,
    });
  return id;
}

/** Sessions of exactly one time or more for each two people: by `one:other`, in the order they began. */
export function meetingsOfPairs(
  sessions: readonly SessionRow[],
  participants: readonly ParticipantRow[],
): (one: string, other: string) => readonly { readonly at: number; readonly ratings: readonly number[] }[] {
  const guests = new Map<string, ParticipantRow[]>();
  for (const guest of participants)
    guests.set(guest.session_id, [...(guests.get(guest.session_id) ?? []), guest]);
  const meetings = new Map<string, { at: number; ratings: number[] }[]>();
  for (const session of sessions) {
    if (session.status !== 'COMPLETED' || session.session_type === 'GROUP_VIDEO') continue;
    const invited = guests.get(session.id) ?? [];
    for (const one of invited)
      for (const other of invited) {
        const cameAlone = (one.joined_at === null) !== (other.joined_at === null);
        if (one === other || cameAlone) continue;
        const key = `${one.user_id}:${other.user_id}`;
        const at = (session.actual_start_time ?? session.scheduled_start_time).getTime();
        const ratings = [one.rating_given, other.rating_given].filter((rating) => rating !== null);
        meetings.set(key, [...(meetings.get(key) ?? []), { at, ratings }]);
      }
  }
  return (one, other) =>
    (meetings.get(`${one}:${other}`) ?? []).toSorted((first, second) => first.at - second.at);
}
