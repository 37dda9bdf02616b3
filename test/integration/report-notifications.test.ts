import type pg from 'pg';
import { beforeAll, expect, it } from 'vitest';
import { createDatabase } from '../../src/database/create-database.js';
import { notifications } from '../../src/reports/product/notifications.js';
import { runAnyReport } from '../../src/reports/run-report.js';
import { useDatabase } from '../support/database.js';
import { localDay, proofCases, quantile, rounded, type ProofCase } from '../support/report-proof.js';
import { useReportWorld, WORLD_END } from '../support/report-world.js';
import { insertRow, insertUser, type Values } from '../support/rows.js';

interface Notification extends pg.QueryResultRow {
  readonly type: string;
  readonly priority: string;
  readonly is_read: boolean;
  readonly read_at: Date | null;
  readonly expires_at: Date | null;
  readonly created_at: Date;
}

const priorities = ['URGENT', 'HIGH', 'NORMAL', 'LOW'];
const world = useReportWorld(insertEdges);
const empty = useDatabase();
let sent: readonly Notification[] = [];
beforeAll(async () => {
  sent = await world.rows<Notification>('notifications');
});

/** Of types that the seeded world does not know. The window of the test by hand is 10 and 11 September in Seoul. */
async function insertEdges(client: pg.Client): Promise<void> {
  const user_id = await insertUser(client);
  const tell = (created_at: string, values: Values): Promise<unknown> =>
    insertRow(client, 'notifications', {
      user_id,
      type: 'EDGE',
      title: 'A title',
      message: 'A text',
      created_at,
      ...values,
    });
  const read = (read_at: string | null): Values => ({ is_read: true, read_at });
  // The first instant of the window, read at once, after 100 s, at a time not known or not told, and before it was made.
  await tell('2025-09-09T15:00:00Z', read('2025-09-09T15:00:00Z'));
  await tell('2025-09-09T15:00:00Z', read('2025-09-09T15:01:40Z'));
  await tell('2025-09-09T15:00:00Z', read(null));
  await tell('2025-09-09T15:00:00Z', read('infinity'));
  await tell('2025-09-10T15:00:00Z', read('2025-09-10T14:00:00Z'));
  // Expired at the instant of the test, a moment later, never.
  await tell('2025-09-11T14:59:59.999999Z', { expires_at: '2025-10-01T00:00:00Z' });
  await tell('2025-09-11T14:59:59.999999Z', { expires_at: '2025-10-01T00:00:00.001Z' });
  await tell('2025-09-11T14:59:59.999999Z', { priority: 'URGENT' });
  // Read, and expired since: read.
  await tell('2025-09-10T00:00:00Z', {
    ...read('2025-09-10T00:00:10Z'),
    expires_at: '2025-09-11T00:00:00Z',
    priority: 'LOW',
  });
  // Outside.
  await tell('2025-09-09T14:59:59.999999Z', {});
  await tell('2025-09-11T15:00:00Z', {});
}

function expectedRows({ timeZone, from, to }: ProofCase, by: 'window' | 'day', asOf: Date): object[] {
  const dayOf = localDay(timeZone);
  const groups = new Map<string, Notification[]>();
  for (const notification of sent) {
    const day = dayOf(notification.created_at);
    if (day < from || day >= to) continue;
    const rank = priorities.indexOf(notification.priority);
    const key = [by === 'day' ? day : '', notification.type, rank].join('|');
    groups.set(key, [...(groups.get(key) ?? []), notification]);
  }
  return [...groups.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, group]) => {
      const [day = '', type = '', rank] = key.split('|');
      const read = group.filter(({ is_read }) => is_read);
      const expired = group.filter(
        ({ is_read, expires_at }) => !is_read && expires_at !== null && expires_at <= asOf,
      );
      const times = read.flatMap(({ read_at, created_at }) =>
        // Not null, and not Infinity.
        !(read_at instanceof Date) ? [] : Math.max(0, (Number(read_at) - Number(created_at)) / 1_000),
      );
      const unread = group.length - read.length - expired.length;
      return {
        day: by === 'day' ? day : null,
        type,
        priority: priorities[Number(rank)],
        sent: group.length,
        read: read.length,
        readRate: read.length / group.length,
        medianTimeToRead: quantile(times, 0.5),
        p90TimeToRead: quantile(times, 0.9),
        unread,
        expired: expired.length,
        complete: unread === 0,
      };
    });
}

it.each(proofCases)('counts those of $from to $to in $timeZone', async (window) => {
  for (const by of ['window', 'day'] as const) {
    const { rows } = await runAnyReport(world.db, notifications, { ...window, by }, { now: WORLD_END });
    expect(rounded(rows)).toEqual(rounded(expectedRows(window, by, WORLD_END)));
    expect(rows.length > 0).toBe(window.from !== '2020-01-01');
  }
});

it('tells the read from the expired and from those that may still be read', async () => {
  const window = { from: '2025-09-10', to: '2025-09-12', asOf: '2025-10-01T00:00:00Z' };
  const { rows } = await runAnyReport(world.db, notifications, window, {});
  expect(rows.filter(({ type }) => type === 'EDGE')).toEqual([
    {
      day: null,
      type: 'EDGE',
      priority: 'URGENT',
      sent: 1,
      read: 0,
      readRate: 0,
      medianTimeToRead: null,
      p90TimeToRead: null,
      unread: 1,
      expired: 0,
      complete: false,
    },
    {
      day: null,
      type: 'EDGE',
      priority: 'NORMAL',
      sent: 7,
      read: 5,
      readRate: 5 / 7,
      // Of 0, 0 and 100 seconds.
      medianTimeToRead: 0,
      p90TimeToRead: 80,
      unread: 1,
      expired: 1,
      complete: false,
    },
    {
      day: null,
      type: 'EDGE',
      priority: 'LOW',
      sent: 1,
      read: 1,
      readRate: 1,
      medianTimeToRead: 10,
      p90TimeToRead: 10,
      unread: 0,
      expired: 0,
      complete: true,
    },
  ]);
  const daily = await runAnyReport(world.db, notifications, { ...window, by: 'day' }, {});
  expect(
    daily.rows
      .filter(({ type }) => type === 'EDGE')
      .map(({ day, priority, sent: count }) => [day, priority, count]),
  ).toEqual([
    ['2025-09-10', 'NORMAL', 4],
    ['2025-09-10', 'LOW', 1],
    ['2025-09-11', 'URGENT', 1],
    ['2025-09-11', 'NORMAL', 3],
  ]);
});

it('has no rows without notifications', async () => {
  const db = createDatabase({ connectionString: empty.url });
  expect((await runAnyReport(db, notifications, {}, {})).rows).toEqual([]);
  expect((await runAnyReport(db, notifications, { by: 'day' }, {})).rows).toEqual([]);
  await db.close();
});
