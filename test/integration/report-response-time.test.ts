import type pg from 'pg';
import { describe, expect, it } from 'vitest';
import { createDatabase } from '../../src/database/create-database.js';
import { responseTime } from '../../src/reports/product/response-time.js';
import { useDatabase } from '../support/database.js';
import { useReportWorld } from '../support/report-world.js';
import { insertRow, insertUser, type Values } from '../support/rows.js';
import {
  expectRows,
  groupsOf,
  HOUR,
  isWhole,
  isWithin,
  localDay,
  periodOf,
  periodsOf,
  presentOf,
  rowsOf,
  share,
  type Wait,
  waitOf,
  type Window,
  windows,
} from './report-matching-support.js';

interface RequestRow extends pg.QueryResultRow {
  readonly status: string;
  readonly created_at: Date;
  readonly responded_at: Date | null;
  readonly expires_at: Date;
}

const world = useReportWorld(insertEdges);
const empty = useDatabase();
const AMID_EDGES = '2026-02-23T00:00:00Z';
const nothing = {
  requests: 0,
  accepted: 0,
  rejected: 0,
  expired: 0,
  pending: 0,
  acceptance: null,
  p50Hours: null,
  p90Hours: null,
};

/** After the world, in the weeks from 2, 9, 16 and 23 February 2026 in Seoul. */
async function insertEdges(client: pg.Client): Promise<void> {
  const [one, other] = [await insertUser(client), await insertUser(client)];
  const ask = async (at: string, hours: number | null, values: Values): Promise<void> => {
    await insertRow(client, 'matching_requests', {
      requester_id: one,
      target_id: other,
      created_at: at,
      responded_at: hours === null ? null : new Date(Date.parse(at) + hours * HOUR),
      expires_at: new Date(Date.parse(at) + 168 * HOUR),
      ...values,
    });
  };
  const [accepted, rejected] = [{ status: 'ACCEPTED' }, { status: 'REJECTED' }];
  await ask('2026-02-01T14:59:59Z', 1, accepted);
  await ask('2026-02-01T15:00:00Z', 1, accepted);
  await ask('2026-02-01T15:00:00Z', 2, rejected);
  await ask('2026-02-01T15:00:00Z', null, { status: 'EXPIRED', expires_at: '2026-02-01T18:00:00Z' });
  await ask('2026-02-08T14:59:59Z', 4, accepted);
  // Expired at the present and not marked, and answered without a time.
  await ask('2026-02-08T00:00:00Z', null, { expires_at: AMID_EDGES });
  await ask('2026-02-08T00:00:00Z', null, accepted);
  for (let hour = 1; hour <= 10; hour++)
    await ask('2026-02-08T15:00:00Z', hour, hour % 2 ? accepted : rejected);
  for (let hour = 1; hour <= 3; hour++)
    await ask('2026-02-16T00:00:00Z', null, { status: 'EXPIRED', expires_at: '2026-02-17T00:00:00Z' });
  await ask('2026-02-22T20:00:00Z', 1, rejected);
  await ask('2026-02-22T21:00:00Z', null, {});
}

it('tells answers apart at the edges', async () => {
  const window = { from: '2026-02-02', to: '2026-03-02', timeZone: 'Asia/Seoul' };
  const rows = await rowsOf(world.db, responseTime, { ...window, asOf: AMID_EDGES });
  const first = { requests: 6, accepted: 3, rejected: 1, expired: 2, acceptance: 0.5, p50Hours: 4 };
  const second = { requests: 10, accepted: 5, rejected: 5, acceptance: 0.5, p50Hours: 5, p90Hours: 9 };
  const fourth = { requests: 2, rejected: 1, pending: 1, acceptance: 0, p50Hours: 1 };
  expectRows(rows, [
    { ...nothing, ...first, period: '2026-02-02', complete: true },
    { ...nothing, ...second, period: '2026-02-09', complete: true },
    { ...nothing, period: '2026-02-16', requests: 3, expired: 3, acceptance: 0, complete: true },
    { ...nothing, ...fourth, period: '2026-02-23', complete: false },
  ]);
  const [all] = await rowsOf(world.db, responseTime, { ...window, asOf: AMID_EDGES, by: 'all' });
  expect(all).toMatchObject({ period: '2026-02-02', requests: 21, accepted: 8, pending: 1, complete: false });
});

describe('as the rows say', () => {
  const cases = windows.flatMap((window) =>
    (['day', 'week', 'month', 'all'] as const).map((by) => ({ ...window, by })),
  );
  it.each(cases)('$timeZone, from $from until $to by $by', async ({ by, ...window }) => {
    const asOf = presentOf(window, AMID_EDGES);
    const rows = await rowsOf(world.db, responseTime, { ...window, by, asOf: asOf.toISOString() });
    expectRows(rows, await countAnswers(window, by, asOf));
  });
});

it('tells of an empty database', async () => {
  const db = createDatabase({ connectionString: empty.url });
  const window = { from: '2025-12-01', to: '2025-12-08' };
  for (const by of ['week', 'all'])
    expect(await rowsOf(db, responseTime, { ...window, by })).toEqual([
      { ...nothing, period: '2025-12-01', complete: true },
    ]);
  await db.close();
});

/** Takes one request after the other. */
async function countAnswers(window: Window, by: 'day' | 'week' | 'month' | 'all', asOf: Date) {
  const requests = await world.rows<RequestRow>('matching_requests');
  const periods = groupsOf(
    by === 'all' ? [window.from] : periodsOf(by, window),
    requests.filter((request) => isWithin(window, request.created_at)),
    (request) => (by === 'all' ? window.from : periodOf(by, localDay(window.timeZone, request.created_at))),
  );
  return [...periods].map(([period, members]) => {
    const row = { ...nothing, requests: members.length };
    const waits: Wait[] = [];
    for (const { status, created_at, responded_at, expires_at } of members) {
      const wait = (until: Date, isOver: boolean): number =>
        waits.push({ time: (until.getTime() - created_at.getTime()) / HOUR, isOver });
      if (status === 'ACCEPTED') row.accepted++;
      else if (status === 'REJECTED') row.rejected++;
      else if (status === 'EXPIRED' || expires_at <= asOf) row.expired++;
      else row.pending++;
      if (responded_at !== null) wait(responded_at, true);
      else if (status === 'EXPIRED') wait(expires_at, false);
      else if (status === 'PENDING') wait(expires_at < asOf ? expires_at : asOf, false);
    }
    const isOver =
      by === 'all' ? localDay(window.timeZone, asOf) >= window.to : isWhole(by, period, window, asOf);
    return {
      ...row,
      period,
      acceptance: share(row.accepted, row.accepted + row.rejected + row.expired),
      p50Hours: waitOf(waits, 0.5),
      p90Hours: waitOf(waits, 0.9),
      complete: isOver && row.pending === 0,
    };
  });
}
