import { permute } from './draw.js';
import type { History } from './history.js';
import { listOfInstants, listOfIntegers, type NumberList } from './number-list.js';
import { countBefore, instantsOf, orderByTime } from './order-by-time.js';
import type { People } from './people.js';
import { daysLater } from './rhythm.js';
import { DAY, MINUTE, NEVER, wholeSeconds } from './time.js';

export type RequestStatus = 'PENDING' | 'ACCEPTED' | 'REJECTED' | 'EXPIRED';

/** Who asked whom, in the order of asking. */
export interface Requests {
  readonly count: number;
  readonly requester: Int32Array;
  readonly target: Int32Array;
  readonly createdAt: Float64Array;
  readonly respondedAt: Float64Array;
  /** Of whoever wrote it: the number under which its texts are drawn. */
  readonly key: Int32Array;
  status(request: number): RequestStatus;
}

/** The accepted requests, in the order of accepting. */
export interface Partnerships {
  readonly count: number;
  readonly request: Int32Array;
  readonly startedAt: Float64Array;
  /** NEVER while it goes on. */
  readonly endedAt: Float64Array;
  isRegular(partnership: number): boolean;
}

export const REQUEST_LIFETIME = 7 * DAY;
const MOST_REQUESTS = 12;

/**
 * Each pair comes from whoever of the two joined later, so that no pair comes twice; who asks is drawn apart. A few
 * people look for many partners, and a third of all look among those who are long there.
 */
export function createRequests(history: History, people: People): Requests {
  const eager = history.draw('matching_requests.requester_id');
  const choice = history.draw('matching_requests.target_id');
  const delay = history.draw('matching_requests.created_at');
  const owners = listOfIntegers();
  const others = listOfIntegers();
  const asked = listOfInstants();
  for (let user = 0; user < people.count; user++) {
    if (people.onboardedAt[user] === NEVER) continue;
    const pool = people.partnersFor(user);
    const available = countBefore(pool, user);
    const wanted = user === 1 ? 1 : Math.min(MOST_REQUESTS, Math.floor(1 + 2.6 * eager.wait(user)));
    const wellKnown = Math.max(wanted, Math.ceil(available * 0.15));
    const range = choice.chance(0.34, user, 1) ? Math.min(wellKnown, available) : available;
    let at = 0;
    for (let nth = 0; nth < Math.min(wanted, range); nth++) {
      const other = pool[permute(range, choice.bits(user), nth)] as number;
      const ready = Math.max(people.onboardedAt[user] as number, people.onboardedAt[other] as number, at);
      const days = delay.wait(user, 2 * nth) * (nth === 0 ? 1 : 17);
      at = daysLater(ready, user === 1 ? 0 : days, delay.unit(user, 2 * nth + 1));
      if (at >= history.to) break;
      owners.push(user);
      others.push(other);
      asked.push(at);
    }
  }
  return inOrder(history, owners, others, asked);
}

function inOrder(history: History, owners: NumberList, others: NumberList, asked: NumberList): Requests {
  const order = orderByTime(asked.length, (index) => asked.at(index), history);
  const direction = history.draw('matching_requests.direction');
  const answer = history.draw('matching_requests.status');
  const patience = history.draw('matching_requests.responded_at');
  const requester = new Int32Array(order.length);
  const target = new Int32Array(order.length);
  const createdAt = new Float64Array(order.length);
  const respondedAt = new Float64Array(order.length).fill(NEVER);
  const key = new Int32Array(order.length);
  order.forEach((index, row) => {
    const owner = owners.at(index);
    const other = others.at(index);
    // As many pairs as users at most have the same number; enough for texts.
    key[row] = Math.imul(owner, 0x9e3779b1) ^ other;
    const ownerAsks = direction.chance(0.6, key[row]);
    requester[row] = ownerAsks ? owner : other;
    target[row] = ownerAsks ? other : owner;
    const created = asked.at(index);
    createdAt[row] = created;
    if (owner === 1) respondedAt[row] = created + MINUTE;
    else if (answer.chance(0.8, key[row], 1)) {
      const responded = daysLater(created, patience.wait(key[row]), patience.unit(key[row], 1));
      if (responded < Math.min(created + REQUEST_LIFETIME, history.to)) respondedAt[row] = responded;
    }
  });
  const status = (request: number): RequestStatus => {
    if (respondedAt[request] === NEVER)
      return (createdAt[request] as number) + REQUEST_LIFETIME > history.to ? 'PENDING' : 'EXPIRED';
    const isFounders = (requester[request] as number) + (target[request] as number) === 1;
    return isFounders || answer.chance(0.7, key[request] as number) ? 'ACCEPTED' : 'REJECTED';
  };
  return { count: order.length, requester, target, createdAt, respondedAt, key, status };
}

export function createPartnerships(history: History, requests: Requests): Partnerships {
  const request = orderByTime(
    requests.count,
    (index) => (requests.status(index) === 'ACCEPTED' ? (requests.respondedAt[index] as number) : NEVER),
    history,
  );
  const kind = history.draw('user_partnerships.partnership_type');
  const end = history.draw('user_partnerships.is_active');
  const keyOf = (partnership: number): number => requests.key[request[partnership] as number] as number;
  const startedAt = instantsOf(request, (index) => requests.respondedAt[index] as number);
  const endedAt = startedAt.map((started, partnership) => {
    if (partnership === 0 || !end.chance(0.24, keyOf(partnership))) return NEVER;
    const ended = wholeSeconds(started + (3 + 80 * end.wait(keyOf(partnership), 1)) * DAY);
    return ended < history.to ? ended : NEVER;
  });
  return {
    count: request.length,
    request,
    startedAt,
    endedAt,
    isRegular: (partnership) => kind.chance(0.35, keyOf(partnership)),
  };
}
