import type { History } from './history.js';
import type { Openings } from './openings.js';
import { countBefore } from './order-by-time.js';
import { createRhythm, type Rhythm } from './rhythm.js';
import type { Rooms } from './rooms.js';
import { HOUR, MINUTE, NEVER, SECOND } from './time.js';

/**
 * People write in bursts: one conversation in one room, a few minutes long. Bursts are made a block of consecutive
 * messages at a time; a block has a span of time of its own, in which its bursts overlap as they like. So any block
 * can be made alone, and in whole blocks messages are in the order of time.
 */
export interface BurstMaker {
  /** Messages of all blocks. */
  readonly count: number;
  /** Messages a block; the last may have fewer. */
  readonly blockSize: number;
  readonly blocks: number;
  /** No message of the block is before it, none of the blocks before is after it. */
  opensAt(block: number): number;
  /** Makes the bursts of a block. What it gives is overwritten by the next call. */
  make(block: number): Bursts;
}

/** A slot is a message of the block, burst after burst. */
export interface Bursts {
  readonly count: number;
  readonly slots: number;
  /** First slot of each burst; one entry more than bursts. */
  readonly firstSlot: Int32Array;
  readonly room: Int32Array;
  readonly startsAt: Float64Array;
  readonly endsAt: Float64Array;
  /** Instant of each slot. */
  readonly instant: Float64Array;
}

export const MOST_SLOTS = 16_384;
const TRIES = 24;
/** Bursts with which partners begin, for each message of a block, at most: six of ten bursts. */
const MOST_OPENINGS = 0.06;

export function createBurstMaker(history: History, rooms: Rooms, openings: Openings): BurstMaker {
  const count = rooms.count === 0 ? 0 : history.options.messages;
  const rhythm = createRhythm({
    from: rooms.createdAt[0] ?? history.from,
    to: history.to,
    growth: (progress) => 0.01 + Math.min(1, progress / 0.02) * (0.3 + 0.7 * progress),
    days: history.draw('chat_messages.days'),
  });
  const perFourHours = (count / (history.to - history.from)) * 4 * HOUR;
  let blockSize = 1_024;
  while (blockSize < perFourHours && blockSize < MOST_SLOTS) blockSize *= 2;
  const blocks = Math.ceil(count / blockSize);
  const space = {
    firstSlot: new Int32Array(blockSize),
    room: new Int32Array(blockSize),
    startsAt: new Float64Array(blockSize),
    endsAt: new Float64Array(blockSize),
    instant: new Float64Array(blockSize),
  };
  const make = createMake({ history, rooms, openings, rhythm, count, blockSize, space });
  const opensAt = (block: number): number => rhythm.instantAt((block * blockSize) / count);
  return { count, blockSize, blocks, opensAt, make };
}

interface Setting {
  readonly history: History;
  readonly rooms: Rooms;
  readonly openings: Openings;
  readonly rhythm: Rhythm;
  readonly count: number;
  readonly blockSize: number;
  readonly space: Omit<Bursts, 'count' | 'slots'>;
}

function createMake({
  history,
  rooms,
  openings,
  rhythm,
  count,
  blockSize,
  space,
}: Setting): BurstMaker['make'] {
  const { firstSlot, room, startsAt, endsAt, instant } = space;
  const length = history.draw('chat_messages.burst_length');
  const start = history.draw('chat_messages.burst_start');
  const where = history.draw('chat_messages.room_id');
  const pause = history.draw('chat_messages.pause');
  const canTalk = (chosen: number, from: number, to: number): boolean => {
    const second = (rooms.firstMember[chosen] as number) + 1;
    return (rooms.quietAt[chosen] as number) > to && (rooms.memberJoinedAt[second] as number) <= from;
  };
  // Rooms there are at the beginning of a block, and at its end: where those of its bursts are looked for.
  let fewest = 0;
  let most = 0;
  const chooseRoom = (burst: number, from: number, to: number): number => {
    const made = countBefore(rooms.createdAt, from, true, fewest, most);
    const total = rooms.weightUpTo[made - 1] as number;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const chosen = countBefore(rooms.weightUpTo, where.unit(burst, attempt) * total, true, 0, made);
      if (canTalk(chosen, from, to)) return chosen;
    }
    return 0;
  };
  return (block) => {
    const first = block * blockSize;
    const slots = Math.min(blockSize, count - first);
    const lower = first / count;
    const upper = (first + slots) / count;
    const opens = rhythm.instantAt(lower);
    const closes = rhythm.instantAt(upper);
    fewest = countBefore(rooms.createdAt, opens, true);
    most = countBefore(rooms.createdAt, closes, true, fewest);
    // Where more want to begin than there are messages for, those who do are spread evenly over the block.
    const firstOpening = openings.countBefore(opens);
    const due = openings.countBefore(closes) - firstOpening;
    const kept = Math.min(due, Math.floor(slots * MOST_OPENINGS));
    let bursts = 0;
    for (let slot = 0; slot < slots; bursts++) {
      const name = first + slot;
      const drawn = length.unit(name);
      let size = 4 + Math.floor(17 * drawn * drawn);
      if (slots - slot - size < 4) size = slots - slot;
      let duration = 0;
      for (let next = slot; next < slot + size; next++) {
        instant[next] = duration;
        const bits = pause.unit(first + next);
        duration += 3 * SECOND + (bits < 0.97 ? bits * bits * 70 * SECOND : (bits - 0.97) * 200 * MINUTE);
      }
      const squeeze = Math.min(1, (closes - opens) / duration);
      duration *= squeeze;
      const roomToOpen =
        bursts < kept ? (openings.room[firstOpening + Math.floor((bursts * due) / kept)] as number) : -1;
      const wish =
        roomToOpen < 0
          ? rhythm.instantAt(lower + start.unit(name) * (upper - lower))
          : (openings.at[roomToOpen] as number);
      const startsHere = Math.max(opens, Math.min(wish, Math.floor(closes - duration)));
      let last = 0;
      for (let next = slot; next < slot + size; next++) {
        last = startsHere + Math.floor((instant[next] as number) * squeeze);
        instant[next] = last;
      }
      firstSlot[bursts] = slot;
      startsAt[bursts] = startsHere;
      endsAt[bursts] = last;
      room[bursts] =
        roomToOpen >= 0 && canTalk(roomToOpen, startsHere, last)
          ? roomToOpen
          : chooseRoom(name, startsHere, last);
      slot += size;
    }
    firstSlot[bursts] = slots;
    return { count: bursts, slots, ...space };
  };
}

/** By room, the number of the first slot of its first two bursts; -1 where there is none. */
export interface EarlyBursts {
  readonly first: Int32Array;
  readonly second: Int32Array;
}

export function findEarlyBursts(maker: BurstMaker, rooms: Rooms): EarlyBursts {
  const first = new Int32Array(rooms.count).fill(-1);
  const second = new Int32Array(rooms.count).fill(-1);
  const firstAt = new Float64Array(rooms.count).fill(NEVER);
  const secondAt = new Float64Array(rooms.count).fill(NEVER);
  for (let block = 0; block < maker.blocks; block++) {
    const { count, firstSlot, room, startsAt } = maker.make(block);
    for (let burst = 0; burst < count; burst++) {
      const where = room[burst] as number;
      const at = startsAt[burst] as number;
      if (at >= (secondAt[where] as number)) continue;
      const name = block * maker.blockSize + (firstSlot[burst] as number);
      const isFirst = at < (firstAt[where] as number);
      second[where] = isFirst ? (first[where] as number) : name;
      secondAt[where] = isFirst ? (firstAt[where] as number) : at;
      if (!isFirst) continue;
      first[where] = name;
      firstAt[where] = at;
    }
  }
  return { first, second };
}
