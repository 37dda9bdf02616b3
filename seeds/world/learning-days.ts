import type { Attendance } from './attendance.js';
import type { Chat } from './chat.js';
import type { History } from './history.js';
import { countBefore, countOrdered, instantsOf, orderByTime } from './order-by-time.js';
import type { People } from './people.js';
import type { Rooms } from './rooms.js';
import type { Sessions } from './sessions.js';
import type { LevelTests } from './tests-taken.js';
import { NEVER, seoulDay, startOfSeoulDay } from './time.js';

/** A user's sessions of these numbers earn a badge each. */
export const BADGE_SESSIONS: readonly number[] = [1, 10, 50, 100];

/** Participants who were in a finished session, in the order in which their sessions began. */
export interface SessionsAttended {
  readonly participant: Int32Array;
  beganAt(nth: number): number;
  /** How many began before an instant. */
  countBefore(instant: number): number;
  /** The number of the session where it earned its participant a badge, else 0. */
  readonly badge: Uint8Array;
}

export function listSessionsAttended(
  history: History,
  people: People,
  sessions: Sessions,
  attendance: Attendance,
): SessionsAttended {
  const beganAt = (participant: number): number =>
    attendance.seconds(participant) > 0 ? sessions.beganAt(attendance.sessionOf(participant)) : NEVER;
  const participant = orderByTime(sessions.participantUser.length, beganAt, history);
  const attended = new Int32Array(people.count);
  const badge = new Uint8Array(participant.length);
  participant.forEach((place, nth) => {
    const user = sessions.participantUser[place] as number;
    attended[user] = (attended[user] as number) + 1;
    badge[nth] = BADGE_SESSIONS.includes(attended[user]) ? attended[user] : 0;
  });
  const nthBeganAt = (nth: number): number => beganAt(participant[nth] as number);
  return {
    participant,
    beganAt: nthBeganAt,
    countBefore: (instant) => countOrdered(participant.length, (nth) => nthBeganAt(nth) < instant),
    badge,
  };
}

/**
 * What users did on one day, by user; all of it counts for the language the user mainly learns. Overwritten when
 * another day is opened.
 */
export interface LearningDay {
  /** Those who did something, ascending. */
  readonly users: Int32Array;
  readonly messages: Int32Array;
  readonly sessions: Int32Array;
  readonly seconds: Int32Array;
  readonly ratings: Int32Array;
  readonly ratingSum: Int32Array;
  readonly improvements: Int32Array;
  readonly badges: Int32Array;
}

export interface LearningDays {
  /** Numbers of days in Asia/Seoul, from 1970-01-01. */
  readonly firstDay: number;
  /** Rows before each day from the first on, and of all. */
  readonly rowsBefore: Int32Array;
  /** Remembers the last day. */
  open(day: number): LearningDay;
}

export interface LearningSources {
  readonly history: History;
  readonly people: People;
  readonly rooms: Rooms;
  readonly chat: Chat;
  readonly sessions: Sessions;
  readonly attendance: Attendance;
  readonly attended: SessionsAttended;
  readonly tests: LevelTests;
}

export function createLearningDays(sources: LearningSources): LearningDays {
  const { history } = sources;
  const firstDay = seoulDay(history.from);
  const days = seoulDay(history.to - 1) - firstDay + 1;
  const build = createDayBuilder(sources);
  const rowsBefore = new Int32Array(days + 1);
  for (let day = 0; day < days; day++)
    rowsBefore[day + 1] = (rowsBefore[day] as number) + build(firstDay + day).users.length;
  let current = NEVER;
  let opened: LearningDay | undefined;
  return {
    firstDay,
    rowsBefore,
    open: (day) => {
      if (opened === undefined || current !== day) opened = build((current = day));
      return opened;
    },
  };
}

/** Counts in arrays as long as there are users, and clears only what the day before touched. */
function createDayBuilder(sources: LearningSources): (day: number) => LearningDay {
  const { people, rooms, chat, sessions, attendance, attended, tests } = sources;
  const counts = {
    messages: new Int32Array(people.count),
    sessions: new Int32Array(people.count),
    seconds: new Int32Array(people.count),
    ratings: new Int32Array(people.count),
    ratingSum: new Int32Array(people.count),
    improvements: new Int32Array(people.count),
    badges: new Int32Array(people.count),
  };
  const completed = orderByTime(
    tests.count,
    (test) => (tests.gained[test] === 0 ? NEVER : (tests.completedAt[test] as number)),
    sources.history,
  );
  const completedAt = instantsOf(completed, (test) => tests.completedAt[test] as number);
  const all = Object.values(counts);
  const isTouched = new Uint8Array(people.count);
  const touched = new Int32Array(people.count);
  let touchedCount = 0;
  const add = (count: Int32Array, user: number, amount: number): void => {
    if (isTouched[user] === 0) {
      isTouched[user] = 1;
      touched[touchedCount++] = user;
    }
    count[user] = (count[user] as number) + amount;
  };
  const addMessages = (from: number, to: number): void => {
    for (let row = chat.countBefore(from); row < chat.count;) {
      const block = chat.open(Math.floor(row / chat.blockSize));
      for (let place = row - block.firstRow; place < block.size; place++, row++) {
        if ((block.instant[place] as number) >= to) return;
        add(counts.messages, rooms.memberUser[block.member[place] as number] as number, 1);
      }
    }
  };
  return (day) => {
    for (let nth = 0; nth < touchedCount; nth++) {
      const user = touched[nth] as number;
      isTouched[user] = 0;
      for (const count of all) count[user] = 0;
    }
    touchedCount = 0;
    const from = startOfSeoulDay(day);
    const to = startOfSeoulDay(day + 1);
    addMessages(from, to);
    const lastAttended = attended.countBefore(to);
    for (let nth = attended.countBefore(from); nth < lastAttended; nth++) {
      const place = attended.participant[nth] as number;
      const user = sessions.participantUser[place] as number;
      const rating = attendance.rating(place);
      add(counts.sessions, user, 1);
      add(counts.seconds, user, attendance.seconds(place));
      add(counts.badges, user, attended.badge[nth] === 0 ? 0 : 1);
      if (rating === null) continue;
      add(counts.ratings, user, 1);
      add(counts.ratingSum, user, rating);
    }
    const lastTest = countBefore(completedAt, to);
    for (let nth = countBefore(completedAt, from); nth < lastTest; nth++) {
      const test = completed[nth] as number;
      add(counts.improvements, tests.user[test] as number, tests.gained[test] as number);
    }
    return { users: touched.subarray(0, touchedCount).sort(), ...counts };
  };
}
