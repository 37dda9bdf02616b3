import type { History } from './history.js';
import { listOfInstants, listOfIntegers } from './number-list.js';
import { instantsOf, orderByTime } from './order-by-time.js';
import type { People } from './people.js';
import { DAY, HOUR, wholeSeconds } from './time.js';

export const LOGIN_LIFETIME = 14 * DAY;
/** Each use after so long a time spends the refresh token and buys the next. */
const TOKEN_RENEWAL = 4 * DAY;
const MOST_LOGINS = 30;

/** When users logged in, in order. The first login is the sign-up. */
export interface Logins {
  readonly count: number;
  readonly user: Int32Array;
  readonly at: Float64Array;
  /** Not after the reference date. */
  lastSeenAt(login: number): number;
  /** The login's first place among all refresh tokens; one entry more than logins. */
  readonly firstToken: Int32Array;
  tokenIssuedAt(login: number, nth: number): number;
}

export function createLogins(history: History, people: People): Logins {
  const habit = history.draw('user_sessions.user_id');
  const when = history.draw('user_sessions.created_at');
  const stay = history.draw('user_sessions.last_activity_at');
  const users = listOfIntegers();
  const instants = listOfInstants();
  for (let user = 0; user < people.count; user++) {
    const joined = people.joinedAt[user] as number;
    const share = history.signups.shareAt(joined);
    const more = people.stepsDone[user] === 6 ? 1 + 3.5 * habit.wait(user) : habit.wait(user);
    const count = Math.min(MOST_LOGINS, Math.floor(more));
    users.push(user);
    instants.push(joined);
    for (let nth = 0; nth < count; nth++) {
      const at = history.signups.instantAt(share + (1 - share) * when.unit(user, nth));
      users.push(user);
      instants.push(wholeSeconds(Math.max(at, joined)));
    }
  }
  const order = orderByTime(users.length, (index) => instants.at(index), history);
  const at = instantsOf(order, (index) => instants.at(index));
  const lastSeenAt = (login: number): number =>
    Math.min(
      (at[login] as number) +
        wholeSeconds(HOUR / 6 + stay.unit(login) * stay.unit(login, 1) * (LOGIN_LIFETIME - HOUR)),
      wholeSeconds(history.to - 1),
    );
  const firstToken = new Int32Array(order.length + 1);
  for (let login = 0; login < order.length; login++) {
    const renewals = Math.floor((lastSeenAt(login) - (at[login] as number)) / TOKEN_RENEWAL);
    firstToken[login + 1] = (firstToken[login] as number) + 1 + renewals;
  }
  return {
    count: order.length,
    user: order.map((index) => users.at(index)),
    at,
    lastSeenAt,
    firstToken,
    tokenIssuedAt: (login, nth) => (at[login] as number) + nth * TOKEN_RENEWAL,
  };
}
