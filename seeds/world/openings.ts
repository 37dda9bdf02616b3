import type { History } from './history.js';
import type { Partnerships } from './matches.js';
import { countOrdered, orderByTime } from './order-by-time.js';
import { daysLater } from './rhythm.js';
import type { Rooms } from './rooms.js';
import { HOUR, NEVER } from './time.js';

/** When new partners first write to each other. */
export interface Openings {
  /** By room; NEVER for groups, and for the two who leave it to chance whether and when they talk. */
  readonly at: Float64Array;
  /** The rooms that have an opening, in the order of it. */
  readonly room: Int32Array;
  /** How many openings there are before an instant. */
  countBefore(instant: number): number;
}

/** Regular partners hardly ever wait, and most others do not: within hours, a few of them after days. */
export function createOpenings(history: History, rooms: Rooms, partnerships: Partnerships): Openings {
  const keen = history.draw('chat_rooms.is_opened');
  const delay = history.draw('chat_rooms.opened_at');
  const at = new Float64Array(rooms.count).fill(NEVER);
  for (let room = 0; room < rooms.count; room++) {
    const partnership = rooms.partnership[room] as number;
    if (partnership < 0 || !keen.chance(partnerships.isRegular(partnership) ? 0.92 : 0.7, room)) continue;
    const opened = daysLater(rooms.createdAt[room] as number, 0.5 * delay.wait(room), delay.unit(room, 1));
    if (opened + HOUR < Math.min(rooms.quietAt[room] as number, history.to)) at[room] = opened;
  }
  const room = orderByTime(rooms.count, (index) => at[index] as number, history);
  return {
    at,
    room,
    countBefore: (instant) =>
      countOrdered(room.length, (nth) => (at[room[nth] as number] as number) < instant),
  };
}
