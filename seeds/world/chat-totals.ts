import type { Chat } from './chat.js';
import type { Rooms } from './rooms.js';

/** What one pass over all messages tells about rooms and their members. Rows count from 0; -1 for none. */
export interface ChatTotals {
  /** By room. */
  readonly lastRow: Int32Array;
  readonly lastAt: Float64Array;
  /** Place among all members of who wrote it. */
  readonly lastMember: Int32Array;
  /** By member: the last message of their own. */
  readonly lastOwnRow: Int32Array;
  /** Bursts in the blocks before each block, and of all. */
  readonly burstsBefore: Int32Array;
}

export function sumUpChat(chat: Chat, rooms: Rooms): ChatTotals {
  const totals = {
    lastRow: new Int32Array(rooms.count).fill(-1),
    lastAt: new Float64Array(rooms.count),
    lastMember: new Int32Array(rooms.count),
    lastOwnRow: new Int32Array(rooms.memberUser.length).fill(-1),
    burstsBefore: new Int32Array(chat.blocks + 1),
  };
  for (let index = 0; index < chat.blocks; index++) {
    const block = chat.open(index);
    totals.burstsBefore[index + 1] = (totals.burstsBefore[index] as number) + block.openings.length;
    for (let place = 0; place < block.size; place++) {
      const room = block.room[place] as number;
      const member = block.member[place] as number;
      const at = block.instant[place] as number;
      totals.lastRow[room] = totals.lastOwnRow[member] = block.firstRow + place;
      totals.lastMember[room] = member;
      totals.lastAt[room] = at;
    }
  }
  return totals;
}
