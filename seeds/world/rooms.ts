import { permute, type Draw } from './draw.js';
import type { History } from './history.js';
import type { Partnerships, Requests } from './matches.js';
import { countBefore, instantsOf, orderByTime } from './order-by-time.js';
import type { People } from './people.js';
import { daysLater } from './rhythm.js';
import { DAY, MINUTE, NEVER, SECOND, wholeSeconds } from './time.js';

/** The chat rooms in the order in which they were made, and who is in them. */
export interface Rooms {
  readonly count: number;
  /** Of a room of two; -1 for a group. */
  readonly partnership: Int32Array;
  /** Number of the group; -1 for a room of two. */
  readonly group: Int32Array;
  readonly createdAt: Float64Array;
  /** From then on nothing is written there any more; NEVER while the room lives. */
  readonly quietAt: Float64Array;
  /** The sums of the weights of a room and all before it: how much is written in each. */
  readonly weightUpTo: Float64Array;
  /** The room's first place among all members; one entry more than rooms. */
  readonly firstMember: Int32Array;
  /** Of each member. */
  readonly memberRoom: Int32Array;
  readonly memberUser: Int32Array;
  readonly memberJoinedAt: Float64Array;
  readonly memberLeftAt: Float64Array;
}

interface Group {
  readonly createdAt: number;
  readonly members: readonly number[];
  readonly joinedAt: readonly number[];
}

const MOST_MEMBERS = 14;

export function createRooms(
  history: History,
  people: People,
  requests: Requests,
  partnerships: Partnerships,
): Rooms {
  const groups = createGroups(history, people, Math.ceil(partnerships.count / 22));
  const pairs = partnerships.count;
  const openedAt = (index: number): number =>
    index < pairs ? (partnerships.startedAt[index] as number) : (groups[index - pairs] as Group).createdAt;
  const order = orderByTime(pairs + groups.length, openedAt, history);
  const count = order.length;
  const size = (index: number): number =>
    index < pairs ? 2 : (groups[index - pairs] as Group).members.length;
  const firstMember = new Int32Array(count + 1);
  order.forEach((index, room) => (firstMember[room + 1] = (firstMember[room] as number) + size(index)));
  const members = firstMember[count] as number;
  const rooms = {
    count,
    partnership: order.map((index) => (index < pairs ? index : -1)),
    group: order.map((index) => (index < pairs ? -1 : index - pairs)),
    createdAt: instantsOf(order, openedAt),
    quietAt: new Float64Array(count).fill(NEVER),
    weightUpTo: new Float64Array(count),
    firstMember,
    memberRoom: new Int32Array(members),
    memberUser: new Int32Array(members),
    memberJoinedAt: new Float64Array(members),
    memberLeftAt: new Float64Array(members).fill(NEVER),
  };
  const leave = history.draw('chat_participants.is_active');
  order.forEach((index, room) => {
    const first = firstMember[room] as number;
    rooms.memberRoom.fill(room, first, firstMember[room + 1]);
    if (index < pairs) {
      const request = partnerships.request[index] as number;
      rooms.memberUser.set(
        [requests.requester[request] as number, requests.target[request] as number],
        first,
      );
      rooms.memberJoinedAt.fill(openedAt(index), first, first + 2);
      return;
    }
    const group = groups[index - pairs] as Group;
    rooms.memberUser.set(group.members, first);
    rooms.memberJoinedAt.set(group.joinedAt, first);
    group.joinedAt.forEach((joined, member) => {
      // The first two stay, so that there is always somebody to talk.
      if (member < 2 || !leave.chance(0.15, first + member)) return;
      const left = wholeSeconds(joined + (1 + 60 * leave.wait(first + member, 1)) * DAY);
      if (left < history.to) rooms.memberLeftAt[first + member] = left;
    });
  });
  setLives(history, rooms, partnerships);
  return rooms;
}

/** Room 0, the founders', never falls quiet. */
function setLives(history: History, rooms: Rooms, partnerships: Partnerships): void {
  const quiet = history.draw('chat_rooms.last_message_at');
  const weight = history.draw('chat_rooms.weight');
  let total = 0;
  for (let room = 0; room < rooms.count; room++) {
    const partnership = rooms.partnership[room] as number;
    const created = rooms.createdAt[room] as number;
    const ended = partnership >= 0 ? (partnerships.endedAt[partnership] as number) : NEVER;
    const silent =
      room > 0 && quiet.chance(0.3, room) ? created + (1 + 45 * quiet.wait(room, 1)) * DAY : NEVER;
    rooms.quietAt[room] = Math.min(ended, silent < history.to ? wholeSeconds(silent) : NEVER);
    const size = (rooms.firstMember[room + 1] as number) - (rooms.firstMember[room] as number);
    const tie = partnership < 0 ? size * 0.6 : partnerships.isRegular(partnership) ? 2 : 0.8;
    total += tie * heavyTail(weight, room);
    rooms.weightUpTo[room] = total;
  }
}

/** As Zipf's law with exponent 0.625: of many rooms, the busiest hundredth has about a sixth of it all. */
function heavyTail(draw: Draw, room: number): number {
  const luck = (draw.bits(room) + 1) / 0x1_0000_0001;
  return 1 / (Math.sqrt(luck) * Math.sqrt(Math.sqrt(Math.sqrt(luck))));
}

/** Groups of people who speak Korean or English natively, for whom there are conversations in every mixture. */
function createGroups(history: History, people: People, count: number): Group[] {
  const open = history.draw('chat_rooms.created_at');
  const sizes = history.draw('chat_rooms.size');
  const chosen = history.draw('chat_participants.user_id');
  const joining = history.draw('chat_participants.joined_at');
  const speakers: number[] = [];
  for (let user = 0; user < people.count; user++)
    if (people.onboardedAt[user] !== NEVER && ['ko', 'en'].includes(people.native(user))) speakers.push(user);
  const joinedAt = speakers.map((user) => people.joinedAt[user] as number);
  const groups: Group[] = [];
  for (let group = 0; group < count; group++) {
    const idea = history.signups.instantAt((group + 0.2 + 0.8 * open.unit(group)) / count);
    const available = countBefore(joinedAt, idea);
    const size = Math.min(available, MOST_MEMBERS, 3 + Math.floor(2.2 * sizes.wait(group)));
    if (size < 3) continue;
    const members: number[] = [];
    const joins: number[] = [];
    let previous = 0;
    for (let member = 0; member < size; member++) {
      const user = speakers[permute(available, chosen.bits(group), member)] as number;
      const ready = Math.max(idea, people.onboardedAt[user] as number, previous) + SECOND;
      const joined =
        member < 2
          ? wholeSeconds(ready + member * MINUTE)
          : daysLater(ready, 6 * joining.wait(group, 2 * member), joining.unit(group, 2 * member + 1));
      if (joined >= history.to) break;
      members.push(user);
      joins.push(joined);
      previous = joined;
    }
    if (members.length >= 2) groups.push({ createdAt: joins[0] as number, members, joinedAt: joins });
  }
  return groups;
}
