import { permute } from './draw.js';
import type { History } from './history.js';
import type { Partnerships, Requests } from './matches.js';
import { listOfInstants, listOfIntegers, type NumberList } from './number-list.js';
import type { Openings } from './openings.js';
import { instantsOf, orderByTime } from './order-by-time.js';
import { atUsualHour } from './rhythm.js';
import type { Rooms } from './rooms.js';
import { DAY, HOUR, MINUTE, NEVER, SECOND, wholeSeconds } from './time.js';

export type SessionStatus = 'SCHEDULED' | 'IN_PROGRESS' | 'COMPLETED' | 'CANCELLED';

/** The learning sessions in the order in which they were planned, and who takes part. */
export interface Sessions {
  readonly count: number;
  /** The chat room whose members meet: a partnership's or a group's. */
  readonly room: Int32Array;
  readonly createdAt: Float64Array;
  readonly startsAt: Float64Array;
  endsAt(session: number): number;
  status(session: number): SessionStatus;
  /** NEVER where it did not begin, finish or get cancelled. */
  beganAt(session: number): number;
  finishedAt(session: number): number;
  cancelledAt(session: number): number;
  /** The session's first place among all participants; one entry more than sessions. */
  readonly firstParticipant: Int32Array;
  readonly participantUser: Int32Array;
}

/** How far ahead people plan. */
const HORIZON = 9 * DAY;
const LENGTHS = [25, 30, 30, 45, 45, 60, 60, 90];

interface Planned {
  readonly room: NumberList;
  readonly startsAt: NumberList;
  readonly createdAt: NumberList;
}

export function createSessions(
  history: History,
  requests: Requests,
  partnerships: Partnerships,
  rooms: Rooms,
  openings: Openings,
): Sessions {
  const planned = planSessions(history, partnerships, rooms, openings);
  const order = orderByTime(planned.room.length, (index) => planned.createdAt.at(index), history);
  const count = order.length;
  const plan = {
    count,
    room: order.map((index) => planned.room.at(index)),
    createdAt: instantsOf(order, (index) => planned.createdAt.at(index)),
    startsAt: instantsOf(order, (index) => planned.startsAt.at(index)),
  };
  const sessions = { ...plan, ...createFates(history, plan), firstParticipant: new Int32Array(count + 1) };
  return {
    ...sessions,
    participantUser: inviteParticipants(history, sessions, rooms, requests, partnerships),
  };
}

type Fates = Pick<Sessions, 'endsAt' | 'status' | 'beganAt' | 'finishedAt' | 'cancelledAt'>;

/** What becomes of the sessions: computed when asked, as it would take more room than the plan. */
function createFates(history: History, plan: Pick<Sessions, 'createdAt' | 'startsAt'>): Fates {
  const length = history.draw('learning_sessions.scheduled_end_time');
  const cancel = history.draw('learning_sessions.status');
  const actual = history.draw('learning_sessions.actual_start_time');
  const startsAt = (session: number): number => plan.startsAt[session] as number;
  const minutes = (session: number): number => LENGTHS[length.below(LENGTHS.length, session)] as number;
  const cancelledAt = (session: number): number => {
    if (!cancel.chance(0.15, session)) return NEVER;
    const created = plan.createdAt[session] as number;
    const share = 0.05 + 0.9 * cancel.unit(session, 1);
    const cancelled = wholeSeconds(created + share * (startsAt(session) - created));
    return cancelled < history.to ? cancelled : NEVER;
  };
  const beganAt = (session: number): number => {
    if (startsAt(session) >= history.to || cancelledAt(session) !== NEVER) return NEVER;
    return Math.min(startsAt(session) + actual.below(240, session) * SECOND, wholeSeconds(history.to - 1));
  };
  const finishedAt = (session: number): number => {
    const began = beganAt(session);
    const finished = began + wholeSeconds(minutes(session) * MINUTE * (0.8 + 0.35 * actual.unit(session, 1)));
    return finished < history.to ? finished : NEVER;
  };
  return {
    endsAt: (session) => startsAt(session) + minutes(session) * MINUTE,
    beganAt,
    finishedAt,
    cancelledAt,
    status: (session) => {
      if (cancelledAt(session) !== NEVER) return 'CANCELLED';
      if (beganAt(session) === NEVER) return 'SCHEDULED';
      return finishedAt(session) === NEVER ? 'IN_PROGRESS' : 'COMPLETED';
    },
  };
}

/**
 * Regular partners meet within days and then every two to five weeks, others later and now and then or never, groups
 * every few weeks. Partners plan it once they have begun to talk.
 */
function planSessions(
  history: History,
  partnerships: Partnerships,
  rooms: Rooms,
  openings: Openings,
): Planned {
  const rate = history.draw('learning_sessions.rate');
  const day = history.draw('learning_sessions.scheduled_start_time');
  const lead = history.draw('learning_sessions.created_at');
  const planned: Planned = {
    room: listOfIntegers(),
    startsAt: listOfInstants(),
    createdAt: listOfInstants(),
  };
  for (let room = 0; room < rooms.count; room++) {
    const partnership = rooms.partnership[room] as number;
    const isGroup = partnership < 0;
    const isRegular = !isGroup && partnerships.isRegular(partnership);
    if (!isRegular && rate.chance(0.5, room, 1)) continue;
    const gap = (isGroup ? 20 : isRegular ? 14 : 45) * (1 + 1.4 * rate.unit(room));
    const begun = openings.at[room] as number;
    const opened = (begun === NEVER ? (rooms.createdAt[room] as number) : begun) + HOUR;
    const first = isGroup ? 0.8 + 0.65 * gap : 1 + (isRegular ? 7 : 16) * day.wait(room, 2);
    const end = Math.min(rooms.quietAt[room] as number, history.to + HORIZON);
    for (let nth = 1; ; nth++) {
      const name = Math.imul(room, 0x9e3779b1) ^ nth;
      const wait = nth === 1 && !isGroup ? first : first + gap * (nth - 1.4 + 0.5 * day.unit(name));
      const about = opened + wait * DAY;
      const startsAt = quarterHour(atUsualHour(about, day.unit(name, 1)));
      if (Math.max(startsAt, about) >= end) break;
      const noticed = atUsualHour(startsAt - (1 + 6 * lead.unit(name)) * DAY, lead.unit(name, 1));
      const createdAt = Math.max(noticed, wholeSeconds(opened + 600 * SECOND * lead.unit(name, 2)));
      if (createdAt >= Math.min(startsAt - 30 * MINUTE, history.to)) continue;
      planned.room.push(room);
      planned.startsAt.push(startsAt);
      planned.createdAt.push(createdAt);
    }
  }
  return planned;
}

function quarterHour(instant: number): number {
  return Math.floor(instant / (15 * MINUTE)) * 15 * MINUTE;
}

/** The two of a partnership, or three or four of a group who are there when it is planned. The host comes first. */
function inviteParticipants(
  history: History,
  sessions: Omit<Sessions, 'participantUser'>,
  rooms: Rooms,
  requests: Requests,
  partnerships: Partnerships,
): Int32Array {
  const host = history.draw('session_participants.role');
  const size = history.draw('session_participants.count');
  const users = listOfIntegers();
  const present: number[] = [];
  for (let session = 0; session < sessions.count; session++) {
    const room = sessions.room[session] as number;
    const first = rooms.firstMember[room] as number;
    const created = sessions.createdAt[session] as number;
    const partnership = rooms.partnership[room] as number;
    if (partnership >= 0) {
      const request = partnerships.request[partnership] as number;
      const [one, other] = [requests.requester[request] as number, requests.target[request] as number];
      const isFirst = host.chance(0.5, session);
      users.push(isFirst ? one : other);
      users.push(isFirst ? other : one);
    } else {
      present.length = 0;
      for (let member = first; member < (rooms.firstMember[room + 1] as number); member++)
        if (
          (rooms.memberJoinedAt[member] as number) <= created &&
          (rooms.memberLeftAt[member] as number) > sessions.endsAt(session) + DAY
        )
          present.push(rooms.memberUser[member] as number);
      const invited = Math.min(present.length, 3 + size.below(2, session));
      for (let nth = 0; nth < invited; nth++)
        users.push(present[permute(present.length, host.bits(session), nth)] as number);
    }
    sessions.firstParticipant[session + 1] = users.length;
  }
  const participants = new Int32Array(users.length);
  for (let place = 0; place < users.length; place++) participants[place] = users.at(place);
  return participants;
}
