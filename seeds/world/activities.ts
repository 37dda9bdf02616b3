import { mergeEvents, type Events } from './events.js';
import { countBefore, countOrdered } from './order-by-time.js';
import { NEVER } from './time.js';
import type { World } from './world.js';

type QuietKind =
  | 'SIGN_UP'
  | 'LOGIN'
  | 'ONBOARDING_COMPLETED'
  | 'MATCH_REQUESTED'
  | 'MATCH_ANSWERED'
  | 'SESSION_JOINED'
  | 'LEVEL_TEST_FINISHED';
export type ActivityKind = QuietKind | 'ROOM_OPENED';

type Writable<Shape> = { -readonly [Name in keyof Shape]: Shape[Name] };

/** What happened; overwritten when another one is asked for. */
export interface Activity {
  readonly kind: ActivityKind;
  readonly user: number;
  readonly instant: number;
  /** Which request, login, session, test or room it was; by kind. */
  readonly subject: number;
  /** Of ROOM_OPENED: the row of the message. */
  readonly message: number;
}

export interface Activities {
  readonly count: number;
  at(row: number): Activity;
  /** How many come before each of the instants, which ascend. */
  countsBefore(instants: readonly number[]): Int32Array;
}

/**
 * Conversations are as many as there are messages by ten, so they are not listed: a stretch of rows, one for each
 * block of messages, is merged when one of its rows is asked for. The others are listed.
 */
export function createActivities(world: World): Activities {
  const { chat, chatTotals, bursts, rooms } = world;
  const quiet = listQuiet(world);
  const stretches = Math.max(1, chat.blocks);
  const openings = Float64Array.from({ length: stretches - 1 }, (_, before) => bursts.opensAt(before + 1));
  const quietBefore = quiet.countsBefore(openings);
  const firstRow = Int32Array.from({ length: stretches + 1 }, (_, stretch) => {
    if (stretch === 0) return 0;
    const opened = chatTotals.burstsBefore[Math.min(stretch, chat.blocks)] as number;
    return opened + (stretch === stretches ? quiet.count : (quietBefore[stretch - 1] as number));
  });
  const count = firstRow[stretches] as number;
  const activity: Writable<Activity> = { kind: 'SIGN_UP', user: 0, instant: 0, subject: 0, message: 0 };
  let merged = -1;
  let order = new Int32Array(0);
  // A quiet one by its number, a conversation by its message's place in the block, counted down from -1.
  const merge = (stretch: number): void => {
    if (stretch === merged) return;
    merged = stretch;
    const size = (firstRow[stretch + 1] as number) - (firstRow[stretch] as number);
    const block = chat.blocks === 0 ? undefined : chat.open(stretch);
    const openings = block?.openings ?? new Int32Array(0);
    let next = (firstRow[stretch] as number) - (chatTotals.burstsBefore[stretch] as number);
    let opening = 0;
    const end = next + size - openings.length;
    if (order.length < size) order = new Int32Array(2 * size);
    for (let at = 0; at < size; at++) {
      const place = openings[opening];
      const instant = place === undefined ? NEVER : (block?.instant[place] as number);
      if (next < end && quiet.at(next) <= instant) order[at] = next++;
      else {
        order[at] = -1 - (place as number);
        opening++;
      }
    }
  };
  const openingsBefore = (instant: number): number => {
    const stretch = countOrdered(chat.blocks, (block) => bursts.opensAt(block) < instant) - 1;
    if (stretch < 0) return 0;
    const { openings, instant: instants } = chat.open(stretch);
    const within = countOrdered(
      openings.length,
      (nth) => (instants[openings[nth] as number] as number) < instant,
    );
    return (chatTotals.burstsBefore[stretch] as number) + within;
  };
  return {
    count,
    at: (row) => {
      if (merged < 0 || row < (firstRow[merged] as number) || row >= (firstRow[merged + 1] as number))
        merge(countBefore(firstRow, row, true) - 1);
      const entry = order[row - (firstRow[merged] as number)] as number;
      if (entry >= 0) return describeQuiet(world, quiet, entry, activity);
      const block = chat.open(merged);
      const place = -1 - entry;
      activity.kind = 'ROOM_OPENED';
      activity.user = rooms.memberUser[block.member[place] as number] as number;
      activity.instant = block.instant[place] as number;
      activity.subject = block.room[place] as number;
      activity.message = block.firstRow + place;
      return activity;
    },
    countsBefore: (instants) =>
      quiet.countsBefore(instants).map((before, nth) => before + openingsBefore(instants[nth] as number)),
  };
}

function listQuiet({
  history,
  people,
  logins,
  requests,
  sessions,
  attendance,
  tests,
}: World): Events<QuietKind> {
  return mergeEvents<QuietKind>(history, [
    { kind: 'SIGN_UP', count: people.count, at: (user) => people.joinedAt[user] as number },
    { kind: 'LOGIN', count: logins.count, at: (login) => logins.at[login] as number },
    { kind: 'ONBOARDING_COMPLETED', count: people.count, at: (user) => people.onboardedAt[user] as number },
    {
      kind: 'MATCH_REQUESTED',
      count: requests.count,
      at: (request) => requests.createdAt[request] as number,
    },
    {
      kind: 'MATCH_ANSWERED',
      count: requests.count,
      at: (request) => requests.respondedAt[request] as number,
    },
    {
      kind: 'SESSION_JOINED',
      count: sessions.participantUser.length,
      at: (participant) => attendance.joinedAt(participant),
    },
    { kind: 'LEVEL_TEST_FINISHED', count: tests.count, at: (test) => tests.completedAt[test] as number },
  ]);
}

function describeQuiet(
  { logins, requests, sessions, attendance, tests }: World,
  quiet: Events<QuietKind>,
  event: number,
  activity: Writable<Activity>,
): Activity {
  const kind = quiet.kind(event);
  const subject = quiet.subject(event);
  activity.kind = kind;
  activity.subject = subject;
  activity.instant = quiet.at(event);
  switch (kind) {
    case 'SIGN_UP':
    case 'ONBOARDING_COMPLETED':
      activity.user = subject;
      break;
    case 'LOGIN':
      activity.user = logins.user[subject] as number;
      break;
    case 'MATCH_REQUESTED':
      activity.user = requests.requester[subject] as number;
      break;
    case 'MATCH_ANSWERED':
      activity.user = requests.target[subject] as number;
      break;
    case 'SESSION_JOINED':
      activity.user = sessions.participantUser[subject] as number;
      activity.subject = attendance.sessionOf(subject);
      break;
    case 'LEVEL_TEST_FINISHED':
      activity.user = tests.user[subject] as number;
  }
  return activity;
}
