import type { History } from './history.js';
import type { Logins } from './logins.js';
import type { Requests } from './matches.js';
import type { People } from './people.js';
import type { Rooms } from './rooms.js';
import type { LevelTests } from './tests-taken.js';
import { DAY, NEVER } from './time.js';

export interface Accounts {
  /** Some who never found a partner, or gave up before they could look for one, have closed their account. */
  isActive(user: number): boolean;
  /** When a closed account was closed: after everything else its owner did. */
  closedAt(user: number): number;
}

export function createAccounts(
  history: History,
  people: People,
  logins: Logins,
  requests: Requests,
  rooms: Rooms,
  tests: LevelTests,
): Accounts {
  const closing = history.draw('users.is_active');
  const lastActive = people.joinedAt.slice();
  const see = (user: number, at: number): void => {
    if (at !== NEVER && at > (lastActive[user] as number)) lastActive[user] = at;
  };
  logins.user.forEach((user, login) => see(user, logins.lastSeenAt(login)));
  tests.user.forEach((user, test) => {
    see(user, tests.startedAt[test] as number);
    see(user, tests.completedAt[test] as number);
  });
  for (let request = 0; request < requests.count; request++)
    for (const user of [requests.requester[request] as number, requests.target[request] as number]) {
      see(user, requests.createdAt[request] as number);
      see(user, requests.respondedAt[request] as number);
    }
  const hasRoom = new Uint8Array(people.count);
  for (const user of rooms.memberUser) hasRoom[user] = 1;
  return {
    isActive: (user) =>
      hasRoom[user] === 1 ||
      (lastActive[user] as number) > history.to - 21 * DAY ||
      !closing.chance(0.5, user),
    closedAt: (user) => lastActive[user] as number,
  };
}
