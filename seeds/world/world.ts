import { createAccounts, type Accounts } from './accounts.js';
import { createAttendance, type Attendance } from './attendance.js';
import { createBurstMaker, findEarlyBursts, type BurstMaker } from './bursts.js';
import { sumUpChat, type ChatTotals } from './chat-totals.js';
import { createChat, type Chat } from './chat.js';
import { createHistory, type History } from './history.js';
import {
  createLearningDays,
  listSessionsAttended,
  type LearningDays,
  type SessionsAttended,
} from './learning-days.js';
import { createLogins, type Logins } from './logins.js';
import { createPartnerships, createRequests, type Partnerships, type Requests } from './matches.js';
import { createOpenings, type Openings } from './openings.js';
import { createPeople, type People } from './people.js';
import { createRooms, type Rooms } from './rooms.js';
import type { ResolvedSeedOptions } from '../seed-plan.js';
import { createSessions, type Sessions } from './sessions.js';
import { createLevelTests, type LevelTests } from './tests-taken.js';

/**
 * What happened, from which the tables are read off. Each part is made when it is first asked for, from the parts
 * above it, and holds a few numbers a user, room or session; of messages, never more than a block.
 */
export interface World {
  readonly history: History;
  readonly people: People;
  readonly logins: Logins;
  readonly tests: LevelTests;
  readonly requests: Requests;
  readonly partnerships: Partnerships;
  readonly rooms: Rooms;
  readonly openings: Openings;
  readonly accounts: Accounts;
  readonly bursts: BurstMaker;
  readonly chat: Chat;
  readonly chatTotals: ChatTotals;
  readonly sessions: Sessions;
  readonly attendance: Attendance;
  readonly attended: SessionsAttended;
  readonly learningDays: LearningDays;
}

export function createWorld(options: ResolvedSeedOptions): World {
  const history = createHistory(options);
  const world: World = lazily({
    history: () => history,
    people: () => createPeople(history),
    logins: () => createLogins(history, world.people),
    tests: () => createLevelTests(history, world.people),
    requests: () => createRequests(history, world.people),
    partnerships: () => createPartnerships(history, world.requests),
    rooms: () => createRooms(history, world.people, world.requests, world.partnerships),
    openings: () => createOpenings(history, world.rooms, world.partnerships),
    accounts: () =>
      createAccounts(history, world.people, world.logins, world.requests, world.rooms, world.tests),
    bursts: () => createBurstMaker(history, world.rooms, world.openings),
    chat: () =>
      createChat(
        history,
        world.people,
        world.rooms,
        world.bursts,
        findEarlyBursts(world.bursts, world.rooms),
      ),
    chatTotals: () => sumUpChat(world.chat, world.rooms),
    sessions: () => createSessions(history, world.requests, world.partnerships, world.rooms, world.openings),
    attendance: () => createAttendance(history, world.sessions),
    attended: () => listSessionsAttended(history, world.people, world.sessions, world.attendance),
    learningDays: () => createLearningDays(world),
  });
  return world;
}

/** An object whose properties are made at the first look, once. */
export function lazily<Parts extends object>(makers: {
  readonly [Name in keyof Parts]: () => Parts[Name];
}): Parts {
  const parts = {};
  for (const name of Object.keys(makers) as (keyof Parts)[]) {
    let made: { readonly value: Parts[typeof name] } | undefined;
    Object.defineProperty(parts, name, {
      enumerable: true,
      get: () => (made ??= { value: makers[name]() }).value,
    });
  }
  return parts as Parts;
}
