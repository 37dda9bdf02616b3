import { MOST_SLOTS, type BurstMaker, type Bursts, type EarlyBursts } from './bursts.js';
import { createThreadPicker, type ThreadChoice } from './conversations.js';
import type { History } from './history.js';
import { countBefore, countOrdered } from './order-by-time.js';
import type { People } from './people.js';
import type { Rooms } from './rooms.js';
import { TURNS_PER_THREAD, type Thread, type ThreadTurn } from '../vocabulary/index.js';

/** Consecutive messages in the order of time. Overwritten when another block is opened. */
export interface ChatBlock {
  readonly firstRow: number;
  readonly size: number;
  /** By place in the block. */
  readonly instant: Float64Array;
  readonly room: Int32Array;
  /** Place among all members of rooms. */
  readonly member: Int32Array;
  /** Row of the message answered; -1 for none. */
  readonly replyTo: Int32Array;
  readonly turn: readonly ThreadTurn[];
  /** Places of the messages that open a burst, in order. */
  readonly openings: Int32Array;
}

export interface Chat {
  readonly count: number;
  readonly blockSize: number;
  readonly blocks: number;
  /** Remembers the last block. */
  open(block: number): ChatBlock;
  /** How many messages there are before an instant. */
  countBefore(instant: number): number;
}

export function createChat(
  history: History,
  people: People,
  rooms: Rooms,
  maker: BurstMaker,
  early: EarlyBursts,
): Chat {
  const { count, blockSize, blocks } = maker;
  const speakers = createSpeakers(history, people, rooms, early);
  const answers = history.draw('chat_messages.reply_to_id');
  const keys = new Float64Array(blockSize);
  const placeOf = new Int32Array(blockSize);
  const bySlot = {
    room: new Int32Array(blockSize),
    member: new Int32Array(blockSize),
    replyTo: new Int32Array(blockSize),
    turn: new Array<ThreadTurn>(blockSize),
  };
  const byPlace = {
    instant: new Float64Array(blockSize),
    room: new Int32Array(blockSize),
    member: new Int32Array(blockSize),
    replyTo: new Int32Array(blockSize),
    turn: new Array<ThreadTurn>(blockSize),
  };
  const fill = (firstRow: number, bursts: Bursts): void => {
    for (let burst = 0; burst < bursts.count; burst++) {
      const from = bursts.firstSlot[burst] as number;
      const to = bursts.firstSlot[burst + 1] as number;
      for (let opening = from; opening < to; opening += TURNS_PER_THREAD) {
        const talk = speakers(bursts, burst, firstRow + from, opening - from);
        const end = Math.min(to, opening + TURNS_PER_THREAD);
        for (let slot = opening; slot < end; slot++) {
          const turn = talk.thread.turns[slot - opening] as ThreadTurn;
          bySlot.room[slot] = bursts.room[burst] as number;
          bySlot.member[slot] = turn.side === 0 ? talk.opener : talk.partner;
          bySlot.turn[slot] = turn;
          bySlot.replyTo[slot] =
            turn.corrects !== null
              ? opening + turn.corrects
              : slot > opening && answers.chance(0.1, firstRow + slot)
                ? slot - 1
                : -1;
        }
      }
    }
  };
  const build = (block: number): ChatBlock => {
    const bursts = maker.make(block);
    const firstRow = block * blockSize;
    const size = bursts.slots;
    fill(firstRow, bursts);
    const base = bursts.startsAt.subarray(0, bursts.count).reduce((a, b) => Math.min(a, b), Infinity);
    for (let slot = 0; slot < size; slot++)
      keys[slot] = ((bursts.instant[slot] as number) - base) * MOST_SLOTS + slot;
    keys.subarray(0, size).sort();
    for (let place = 0; place < size; place++) {
      const key = keys[place] as number;
      // The remainder of a number beyond 32 bits would cost a call of fmod().
      const slot = key - Math.floor(key / MOST_SLOTS) * MOST_SLOTS;
      placeOf[slot] = place;
      byPlace.instant[place] = bursts.instant[slot] as number;
      byPlace.room[place] = bySlot.room[slot] as number;
      byPlace.member[place] = bySlot.member[slot] as number;
      byPlace.turn[place] = bySlot.turn[slot] as ThreadTurn;
    }
    for (let slot = 0; slot < size; slot++) {
      const answered = bySlot.replyTo[slot] as number;
      byPlace.replyTo[placeOf[slot] as number] = answered < 0 ? -1 : firstRow + (placeOf[answered] as number);
    }
    const openings = bursts.firstSlot.slice(0, bursts.count).map((slot) => placeOf[slot] as number);
    return { firstRow, size, ...byPlace, openings: openings.sort() };
  };
  let current = -1;
  let opened: ChatBlock | undefined;
  const open = (block: number): ChatBlock => {
    if (opened === undefined || current !== block) {
      current = -1;
      opened = build(block);
      current = block;
    }
    return opened;
  };
  return {
    count,
    blockSize,
    blocks,
    open,
    countBefore: (instant) => countMessagesBefore(instant, maker, open),
  };
}

interface Talk {
  readonly thread: Thread;
  readonly opener: number;
  readonly partner: number;
}

/** Who talks with whom about what in each thread of a burst. */
function createSpeakers(history: History, people: People, rooms: Rooms, early: EarlyBursts) {
  const side = history.draw('chat_messages.sender_id');
  const subject = history.draw('chat_messages.content');
  const manner = history.draw('chat_rooms.manner');
  const pickThread = createThreadPicker();
  const present: number[] = [];
  // Of those who are friends one day, the first conversation is polite, and in the second they agree to drop it.
  const stageOf = (room: number, name: number, offset: number): ThreadChoice['stage'] => {
    if (early.first[room] === name) return offset === 0 ? 'first' : 'polite';
    if (manner.chance(0.45, room)) return 'polite';
    return early.second[room] === name && offset === 0 ? 'becomingCasual' : 'casual';
  };
  return (bursts: Bursts, burst: number, name: number, offset: number): Talk => {
    const room = bursts.room[burst] as number;
    const first = rooms.firstMember[room] as number;
    const end = rooms.firstMember[room + 1] as number;
    const slot = name + offset;
    let opener = first + (side.bits(slot) & 1);
    let partner = 2 * first + 1 - opener;
    if (end - first > 2) {
      present.length = 0;
      for (let member = first; member < end; member++)
        if (
          (rooms.memberJoinedAt[member] as number) <= (bursts.startsAt[burst] as number) &&
          (rooms.memberLeftAt[member] as number) > (bursts.endsAt[burst] as number)
        )
          present.push(member);
      const one = side.below(present.length, slot, 1);
      const other = (one + 1 + side.below(present.length - 1, slot, 2)) % present.length;
      opener = present[one] as number;
      partner = present[other] as number;
    }
    const choice: ThreadChoice = {
      opener: people.native(rooms.memberUser[opener] as number),
      partner: people.native(rooms.memberUser[partner] as number),
      stage: stageOf(room, name, offset),
    };
    return { thread: pickThread(choice, subject.bits(slot)), opener, partner };
  };
}

function countMessagesBefore(instant: number, maker: BurstMaker, open: Chat['open']): number {
  const low = countOrdered(maker.blocks, (block) => maker.opensAt(block) < instant);
  if (low === 0) return 0;
  const block = open(low - 1);
  return block.firstRow + countBefore(block.instant.subarray(0, block.size), instant);
}
