import type pg from 'pg';
import { describe, expect, it } from 'vitest';
import { createDatabase } from '../../src/database/create-database.js';
import { sessions } from '../../src/reports/product/sessions.js';
import { useDatabase } from '../support/database.js';
import { useReportWorld } from '../support/report-world.js';
import { insertUser } from '../support/rows.js';
import {
  expectRows,
  groupsOf,
  HOUR,
  insertSession,
  isWhole,
  isWithin,
  localDay,
  type ParticipantRow,
  periodOf,
  periodsOf,
  presentOf,
  rowsOf,
  type SessionRow,
  share,
  sum,
  type Window,
  windows,
} from './report-matching-support.js';

const world = useReportWorld(insertEdges);
const empty = useDatabase();
const AMID_EDGES = '2026-02-12T01:00:00Z';
const zeros = {
  planned: 0,
  completed: 0,
  cancelled: 0,
  cancelledLate: 0,
  noShowHost: 0,
  noShowGuest: 0,
  neverClosed: 0,
  open: 0,
  completion: null,
  onTime: null,
  plannedMinutes: 0,
  actualMinutes: 0,
};

/** After the world, around midnight of 11 February 2026 in Seoul. */
async function insertEdges(client: pg.Client): Promise<void> {
  const users = [];
  for (let user = 0; user < 3; user++) users.push(await insertUser(client));
  const [host = '', guest = '', third = ''] = users;
  const both = [
    { user: host, came: true },
    { user: guest, came: true },
  ];
  const hostAlone = [
    { user: host, came: true },
    { user: guest, came: false },
  ];
  const guestAlone = [
    { user: host, came: false },
    { user: guest, came: true },
  ];
  await insertSession(client, '2026-02-10T14:59:00Z', both, {
    actual_start_time: '2026-02-10T15:04:00Z',
    actual_end_time: '2026-02-10T15:30:00Z',
  });
  await insertSession(client, '2026-02-10T15:00:00Z', hostAlone);
  await insertSession(client, '2026-02-11T01:00:00Z', both, { status: 'IN_PROGRESS' });
  await insertSession(client, '2026-02-11T02:00:00Z', guestAlone, { status: 'SCHEDULED' });
  const cancelled = { status: 'CANCELLED' };
  const start = '2026-02-11T03:00:00Z';
  await insertSession(client, start, both, { ...cancelled, updated_at: '2026-02-10T03:00:00Z' });
  await insertSession(client, start, both, { ...cancelled, updated_at: '2026-02-10T02:59:59Z' });
  await insertSession(client, start, [], { ...cancelled, updated_at: start });
  await insertSession(client, start, [...hostAlone, { user: third, came: true }], {
    session_type: 'GROUP_VIDEO',
    actual_start_time: '2026-02-11T03:05:01Z',
  });
  await insertSession(client, start, both, {
    actual_start_time: '2026-02-11T02:50:00Z',
    actual_end_time: '2026-02-11T02:49:00Z',
  });
  // Nobody wrote down who came.
  await insertSession(client, start, [
    { user: host, came: false },
    { user: guest, came: false },
  ]);
  await insertSession(client, '2026-02-12T00:00:00Z', both, { status: 'IN_PROGRESS' });
}

it('tells sessions apart at the edges', async () => {
  const window = { from: '2026-02-09', to: '2026-02-14', timeZone: 'Asia/Seoul' };
  const eleventh = {
    planned: 9,
    completed: 3,
    cancelled: 3,
    cancelledLate: 1,
    noShowHost: 1,
    noShowGuest: 1,
    neverClosed: 1,
    completion: 0.5,
    onTime: 0.5,
  };
  const open = { ...zeros, period: '2026-02-12', planned: 1, open: 1, complete: false };
  // The last one has its planned end at half past midnight.
  const asOf = '2026-02-12T01:29:59Z';
  expectRows(await rowsOf(world.db, sessions, { ...window, asOf }), [
    { ...zeros, period: '2026-02-09', complete: true },
    {
      ...zeros,
      period: '2026-02-10',
      planned: 1,
      completed: 1,
      completion: 1,
      onTime: 1,
      plannedMinutes: 30,
      actualMinutes: 26,
      complete: true,
    },
    { ...zeros, ...eleventh, period: '2026-02-11', complete: true },
    open,
    { ...zeros, period: '2026-02-13', complete: false },
  ]);
  const later = await rowsOf(world.db, sessions, { ...window, asOf: '2026-02-12T01:30:00Z' });
  expectRows(later.slice(3, 4), [{ ...open, open: 0, neverClosed: 1 }]);
});

it('begins and ends a window at local midnight', async () => {
  const plannedOn = async (from: string, to: string, timeZone: string): Promise<number[]> => {
    const rows = await rowsOf(world.db, sessions, { from, to, timeZone });
    return rows.map(({ planned }) => planned);
  };
  expect(await plannedOn('2026-02-10', '2026-02-11', 'Asia/Seoul')).toEqual([1]);
  expect(await plannedOn('2026-02-11', '2026-02-12', 'Asia/Seoul')).toEqual([9]);
  expect(await plannedOn('2026-02-10', '2026-02-11', 'America/New_York')).toEqual([10]);
  expect(await plannedOn('2026-02-11', '2026-02-12', 'America/New_York')).toEqual([1]);
});

describe('as the rows say', () => {
  const cases = windows.flatMap((window) => (['day', 'week'] as const).map((by) => ({ ...window, by })));
  it.each(cases)('$timeZone, from $from until $to by $by', async ({ by, ...window }) => {
    const asOf = presentOf(window, AMID_EDGES);
    const rows = await rowsOf(world.db, sessions, { ...window, by, asOf: asOf.toISOString() });
    expectRows(rows, await countSessions(window, by, asOf));
  });
});

it('has what the proofs are about', async () => {
  const [, , whole] = windows;
  const rows = await countSessions(whole as Window, 'week', new Date(AMID_EDGES));
  for (const name of ['completed', 'cancelled', 'cancelledLate', 'neverClosed', 'open'] as const)
    expect(sum(rows.map((row) => row[name]))).toBeGreaterThan(0);
});

it('tells of an empty database', async () => {
  const db = createDatabase({ connectionString: empty.url });
  const rows = await rowsOf(db, sessions, { from: '2025-12-29', to: '2026-01-06', by: 'week' });
  expect(rows).toEqual([
    { ...zeros, period: '2025-12-29', complete: false },
    { ...zeros, period: '2026-01-05', complete: false },
  ]);
  await db.close();
});

/** Counts one session after the other. */
async function countSessions(window: Window, by: 'day' | 'week', asOf: Date) {
  const planned = await world.rows<SessionRow>('learning_sessions');
  const participants = await world.rows<ParticipantRow>('session_participants');
  const guests = groupsOf([], participants, ({ session_id }) => session_id);
  const periods = groupsOf(
    periodsOf(by, window),
    planned.filter((session) => isWithin(window, session.scheduled_start_time)),
    (session) => periodOf(by, localDay(window.timeZone, session.scheduled_start_time)),
  );
  return [...periods].map(([period, members]) => {
    const row = { ...zeros };
    let [started, onTime] = [0, 0];
    for (const session of members) {
      const { scheduled_start_time: start, scheduled_end_time: end } = session;
      row.planned++;
      const invited = guests.get(session.id) ?? [];
      const came = invited.filter(({ joined_at }) => joined_at !== null);
      if (session.status === 'CANCELLED') {
        row.cancelled++;
        const noticeMs = start.getTime() - session.updated_at.getTime();
        if (noticeMs <= 24 * HOUR && session.created_by_user_id !== null) row.cancelledLate++;
      } else if (session.status !== 'COMPLETED' && end.getTime() + HOUR > asOf.getTime()) row.open++;
      else if (came.length === 1 && invited.length > 1) {
        if (came[0]?.role === 'HOST') row.noShowGuest++;
        else row.noShowHost++;
      } else if (session.status !== 'COMPLETED') row.neverClosed++;
      else {
        row.completed++;
        const { actual_start_time: began, actual_end_time: finished } = session;
        if (began === null) continue;
        started++;
        if (began.getTime() - start.getTime() <= HOUR / 12) onTime++;
        if (finished === null || finished < began) continue;
        row.plannedMinutes += (end.getTime() - start.getTime()) / 60_000;
        row.actualMinutes += (finished.getTime() - began.getTime()) / 60_000;
      }
    }
    const { completed, noShowHost, noShowGuest, cancelledLate, open } = row;
    return {
      ...row,
      period,
      completion: share(completed, completed + noShowHost + noShowGuest + cancelledLate),
      onTime: share(onTime, started),
      complete: isWhole(by, period, window, asOf) && open === 0,
    };
  });
}
