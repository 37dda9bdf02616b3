import { NEVER } from './time.js';
import type { World } from './world.js';

/**
 * The row of the message up to which a member has read; -1 for none. Whoever has not caught up has read as far as
 * they wrote themselves; nobody reads on after leaving.
 */
export function lastRead({ history, rooms, chatTotals }: World, member: number): number {
  const own = chatTotals.lastOwnRow[member] as number;
  if (rooms.memberLeftAt[member] !== NEVER) return own;
  const reading = history.draw('chat_participants.last_read_message_id');
  if (!reading.chance(0.78, member)) return own;
  const last = chatTotals.lastRow[rooms.memberRoom[member] as number] as number;
  // Whoever joined a group after its last message was written has read none of it.
  const lastAt = chatTotals.lastAt[rooms.memberRoom[member] as number] as number;
  return lastAt < (rooms.memberJoinedAt[member] as number) ? -1 : last;
}
