import type pg from 'pg';
import { describe, expect, it } from 'vitest';
import { createDatabase } from '../../src/database/create-database.js';
import { matchingFunnel } from '../../src/reports/product/matching-funnel.js';
import { useDatabase } from '../support/database.js';
import { useReportWorld } from '../support/report-world.js';
import { insertMessage, insertRoom, insertRow, insertUser, type Values } from '../support/rows.js';
import {
  DAY,
  expectRows,
  HOUR,
  insertSession,
  isWithin,
  meetingsOfPairs,
  type ParticipantRow,
  presentOf,
  rowsOf,
  type SessionRow,
  share,
  type Window,
  windows,
} from './report-matching-support.js';

interface RequestRow extends pg.QueryResultRow {
  readonly requester_id: string;
  readonly target_id: string;
  readonly status: string;
  readonly created_at: Date;
  readonly responded_at: Date | null;
  readonly expires_at: Date;
}

interface MessageRow extends pg.QueryResultRow {
  readonly room_id: string;
  readonly sender_id: string;
  readonly message_type: string;
  readonly created_at: Date;
}

const world = useReportWorld(insertEdges);
const empty = useDatabase();
const AMID_EDGES = '2026-03-20T00:00:00Z';
const steps = ['requested', 'accepted', 'first message', 'first session', 'second session'];

/** After the world: requests of 2 February 2026 in Seoul, and of just before and after. */
async function insertEdges(client: pg.Client): Promise<void> {
  const ask = async (values: Values) => {
    const [one, other] = [await insertUser(client), await insertUser(client)];
    await insertRow(client, 'matching_requests', {
      requester_id: one,
      target_id: other,
      created_at: '2026-02-01T15:00:00Z',
      expires_at: '2026-02-09T15:00:00Z',
      ...values,
    });
    const say = async (at: string, message: Values = {}, room: Values = {}): Promise<void> => {
      const id = await insertRoom(client, { created_by_user_id: one, ...room });
      for (const user of [one, other])
        await insertRow(client, 'chat_participants', { room_id: id, user_id: user });
      await insertMessage(client, { room_id: id, sender_id: other, created_at: at, ...message });
    };
    const both = [
      { user: one, came: true },
      { user: other, came: true },
    ];
    const meet = (at: string, values: Values = {}) => insertSession(client, at, both, values);
    return { one, other, say, meet };
  };
  const accepted = (at: string | null) => ask({ status: 'ACCEPTED', responded_at: at });
  await ask({ created_at: '2026-02-01T14:59:59.999Z' });
  await ask({ created_at: '2026-02-02T15:00:00Z' });
  // Expired to the second, pending for one more, rejected, expired.
  await ask({ expires_at: AMID_EDGES });
  await ask({ expires_at: '2026-03-20T00:00:01Z' });
  await ask({ status: 'REJECTED', responded_at: '2026-02-02T00:00:00Z' });
  await ask({ status: 'EXPIRED' });

  const slow = await accepted('2026-02-02T00:00:00Z');
  await slow.say('2026-02-03T23:59:59.999Z');
  await slow.meet('2026-02-15T23:59:59Z');
  await slow.meet('2026-03-15T23:59:59Z');
  await (await accepted('2026-02-02T00:00:00Z')).say('2026-02-04T00:00:00Z');
  const strange = await accepted('2026-02-02T00:00:00Z');
  await strange.say('2026-02-02T01:00:00Z', { message_type: 'SYSTEM' });
  await strange.say('2026-02-02T01:00:00Z', {}, { room_type: 'GROUP' });
  const alone = await accepted('2026-02-02T00:00:00Z');
  await alone.say('2026-02-02T00:00:00Z', { sender_id: alone.one });
  await alone.meet('2026-02-01T23:59:59Z');
  await alone.meet('2026-02-03T00:00:00Z', { session_type: 'GROUP_VIDEO' });
  await alone.meet('2026-02-03T00:00:00Z', { status: 'CANCELLED' });
  await insertSession(client, '2026-02-03T00:00:00Z', [
    { user: alone.one, came: true },
    { user: alone.other, came: false },
  ]);
  const late = await accepted('2026-02-10T00:00:00Z');
  await late.say('2026-02-10T01:00:00Z');
  await late.meet('2026-02-23T23:45:00Z', { actual_start_time: '2026-02-24T00:00:00Z' });
  for (const isMetAgain of [true, false]) {
    const recent = await accepted('2026-02-20T00:00:00Z');
    await recent.say('2026-02-20T01:00:00Z');
    await recent.meet('2026-03-01T00:00:00Z');
    if (isMetAgain) await recent.meet('2026-03-10T00:00:00Z');
  }
  await (await accepted(null)).say('2026-02-03T14:59:59Z');
  await accepted('2026-03-18T00:00:01Z');
}

it('tells steps apart at the edges', async () => {
  const window = { from: '2026-02-02', to: '2026-02-03', timeZone: 'Asia/Seoul' };
  const rows = await rowsOf(world.db, matchingFunnel, { ...window, asOf: AMID_EDGES });
  const other = { rejected: null, expired: null, complete: false };
  expectRows(rows, [
    {
      ...other,
      step: steps[0],
      requests: 13,
      share: 1,
      ofStepBefore: null,
      lost: 0,
      open: 0,
      complete: true,
    },
    {
      ...other,
      step: steps[1],
      requests: 9,
      share: 9 / 13,
      ofStepBefore: 0.75,
      lost: 3,
      rejected: 1,
      expired: 2,
      open: 1,
    },
    { ...other, step: steps[2], requests: 6, share: 6 / 13, ofStepBefore: 0.75, lost: 2, open: 1 },
    { ...other, step: steps[3], requests: 3, share: 3 / 13, ofStepBefore: 0.5, lost: 3, open: 0 },
    { ...other, step: steps[4], requests: 1, share: 1 / 13, ofStepBefore: 0, lost: 1, open: 1 },
  ]);
});

describe('as the rows say', () => {
  it.each(windows)('$timeZone, from $from until $to', async (window) => {
    const asOf = presentOf(window, AMID_EDGES);
    const rows = await rowsOf(world.db, matchingFunnel, { ...window, asOf: asOf.toISOString() });
    expectRows(rows, await countRequests(window, asOf));
  });
});

it('reads archived messages', async () => {
  const { rows: last } = await world.client.query<{ last: Date }>(
    'select max(created_at) as last from chat_messages_archive',
  );
  // Within these requests all that followed in 48 hours is in the archive.
  const window = { from: '2025-03-31', to: '2025-06-01', timeZone: 'Asia/Seoul' };
  expect(last[0]?.last.toISOString()).toMatch(/^2025-06/);
  const rows = await rowsOf(world.db, matchingFunnel, window);
  expect(rows.map(({ step }) => step)).toEqual(steps);
  expect(rows[2]?.requests).toBeGreaterThan(0);
});

it('tells of an empty database', async () => {
  const db = createDatabase({ connectionString: empty.url });
  const nothing = { requests: 0, share: null, ofStepBefore: null, lost: 0, open: 0, complete: true };
  expect(await rowsOf(db, matchingFunnel, {})).toEqual(
    steps.map((step) => {
      const isAccepted = step === 'accepted';
      return { ...nothing, step, rejected: isAccepted ? 0 : null, expired: isAccepted ? 0 : null };
    }),
  );
  await db.close();
});

/** Follows one request after the other. */
async function countRequests(window: Window, asOf: Date) {
  const now = asOf.getTime();
  const wrote = await readFirstMessages();
  const meetings = meetingsOfPairs(
    await world.rows<SessionRow>('learning_sessions'),
    await world.rows<ParticipantRow>('session_participants'),
  );
  const rows = steps.map((step) => ({ step, requests: 0, lost: 0, open: 0, madeInTime: 0, over: 0 }));
  let [rejected, expired] = [0, 0];
  /** Whether the request goes on to the next step. */
  const take = (step: number, isMade: boolean, isOver: boolean): boolean => {
    const row = rows[step];
    if (row === undefined) throw new Error('there are five');
    if (isOver) row.over++;
    if (isMade) row.requests++;
    if (isMade && isOver) row.madeInTime++;
    if (!isMade && isOver) row.lost++;
    if (!isMade && !isOver) row.open++;
    return isMade;
  };
  for (const request of await world.rows<RequestRow>('matching_requests')) {
    if (!isWithin(window, request.created_at)) continue;
    take(0, true, true);
    const isPending = request.status === 'PENDING' && request.expires_at.getTime() > now;
    if (request.status === 'REJECTED') rejected++;
    else if (request.status !== 'ACCEPTED' && !isPending) expired++;
    if (!take(1, request.status === 'ACCEPTED', !isPending)) continue;
    const at = (request.responded_at ?? request.created_at).getTime();
    const { requester_id: one, target_id: other } = request;
    const hasWritten = wrote(one, other).some((sent) => sent >= at && sent < at + 48 * HOUR);
    if (!take(2, hasWritten, at + 48 * HOUR <= now)) continue;
    const [first, second] = meetings(one, other).filter((meeting) => meeting.at >= at);
    const hasMet = first !== undefined && first.at < at + 14 * DAY;
    if (!take(3, hasMet, at + 14 * DAY <= now) || first === undefined) continue;
    const hasMetAgain = second !== undefined && second.at < first.at + 28 * DAY;
    take(4, hasMetAgain, first.at + 28 * DAY <= now);
  }
  return rows.map(({ madeInTime, over, ...row }, step) => ({
    ...row,
    share: share(row.requests, rows[0]?.requests ?? 0),
    ofStepBefore: step === 0 ? null : share(madeInTime, over),
    rejected: step === 1 ? rejected : null,
    expired: step === 1 ? expired : null,
    complete: rows.slice(0, step + 1).every(({ open }) => open === 0),
  }));
}

/** When two people wrote in rooms of two that both are in. */
async function readFirstMessages(): Promise<(one: string, other: string) => readonly number[]> {
  const direct = new Set<string>();
  for (const room of await world.rows<{ id: string; room_type: string }>('chat_rooms'))
    if (room.room_type === 'DIRECT') direct.add(room.id);
  const members = new Map<string, string[]>();
  for (const { room_id: room, user_id: user } of await world.rows<{ room_id: string; user_id: string }>(
    'chat_participants',
  ))
    members.set(room, [...(members.get(room) ?? []), user]);
  const sent = new Map<string, number[]>();
  for (const message of await world.rows<MessageRow>('chat_messages')) {
    if (!direct.has(message.room_id) || message.message_type === 'SYSTEM') continue;
    for (const member of members.get(message.room_id) ?? [])
      for (const key of [`${message.sender_id}:${member}`, `${member}:${message.sender_id}`])
        sent.set(key, [...(sent.get(key) ?? []), message.created_at.getTime()]);
  }
  return (one, other) => sent.get(`${one}:${other}`) ?? [];
}
