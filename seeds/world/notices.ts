import { mergeEvents, type Events } from './events.js';
import { lastRead } from './last-read.js';
import { indexesWhere } from './order-by-time.js';
import { HOUR, MINUTE, NEVER, SECOND, wholeSeconds } from './time.js';
import type { World } from './world.js';

/** What users are told about; the subject is, in this order, a request, a participant of a session, a test, …  */
export type NoticeKind =
  | 'MATCH_REQUEST'
  | 'MATCH_ACCEPTED'
  | 'MATCH_REJECTED'
  | 'SESSION_INVITATION'
  | 'SESSION_REMINDER'
  | 'SESSION_CANCELLED'
  | 'LEVEL_TEST_RESULT'
  | 'BADGE_EARNED'
  | 'NEW_MESSAGE';

export interface Notices {
  readonly events: Events<NoticeKind>;
  /** Members with messages they have not read. */
  readonly unread: Int32Array;
}

export const REMINDED_BEFORE = 10 * MINUTE;

/** Everything people are told, in the order of time. Nobody is told of what they did themselves. */
export function createNotices(world: World): Notices {
  const { history, requests, partnerships, sessions, attendance, attended, tests, rooms, chatTotals } = world;
  const unread = indexesWhere(
    rooms.memberUser.length,
    (member) =>
      rooms.memberLeftAt[member] === NEVER &&
      lastRead(world, member) < (chatTotals.lastRow[rooms.memberRoom[member] as number] as number),
  );
  const sessionOf = (participant: number): number => attendance.sessionOf(participant);
  const participants = sessions.participantUser.length;
  const events = mergeEvents<NoticeKind>(history, [
    { kind: 'MATCH_REQUEST', count: requests.count, at: (request) => requests.createdAt[request] as number },
    {
      kind: 'MATCH_ACCEPTED',
      count: partnerships.count,
      at: (partnership) => partnerships.startedAt[partnership] as number,
    },
    {
      kind: 'MATCH_REJECTED',
      count: requests.count,
      at: (request) =>
        requests.status(request) === 'REJECTED' ? (requests.respondedAt[request] as number) : NEVER,
    },
    {
      kind: 'SESSION_INVITATION',
      count: participants,
      at: (participant) =>
        attendance.isHost(participant) ? NEVER : (sessions.createdAt[sessionOf(participant)] as number),
    },
    {
      kind: 'SESSION_REMINDER',
      count: participants,
      at: (participant) => {
        const session = sessionOf(participant);
        const at = (sessions.startsAt[session] as number) - REMINDED_BEFORE;
        const isOff = sessions.cancelledAt(session) <= at;
        return isOff || (sessions.createdAt[session] as number) > at - HOUR ? NEVER : at;
      },
    },
    {
      kind: 'SESSION_CANCELLED',
      count: participants,
      at: (participant) =>
        attendance.isHost(participant) ? NEVER : sessions.cancelledAt(sessionOf(participant)),
    },
    { kind: 'LEVEL_TEST_RESULT', count: tests.count, at: (test) => tests.completedAt[test] as number },
    {
      kind: 'BADGE_EARNED',
      count: attended.participant.length,
      at: (nth) =>
        attended.badge[nth] === 0
          ? NEVER
          : sessions.finishedAt(sessionOf(attended.participant[nth] as number)),
    },
    {
      kind: 'NEW_MESSAGE',
      count: unread.length,
      at: (nth) =>
        wholeSeconds(chatTotals.lastAt[rooms.memberRoom[unread[nth] as number] as number] as number) + SECOND,
    },
  ]);
  return { events, unread };
}
