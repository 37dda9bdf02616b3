import { groupRooms } from '../vocabulary/index.js';
import type { SeedTable } from '../seed-table.js';
import { lastRead } from '../world/last-read.js';
import { NEVER, optionalTimestamp, timestampValue } from '../world/time.js';
import type { World } from '../world/world.js';

type GroupRoom = (typeof groupRooms)[number];

export function chatRooms({ history, rooms, chatTotals, partnerships, requests }: World): SeedTable {
  const subject = history.draw('chat_rooms.name');
  const group = (row: number): GroupRoom | undefined => {
    const number = rooms.group[row] as number;
    return number < 0 ? undefined : groupRooms[subject.below(groupRooms.length, number)];
  };
  const endedAt = (row: number): number => {
    const partnership = rooms.partnership[row] as number;
    return partnership < 0 ? NEVER : (partnerships.endedAt[partnership] as number);
  };
  const lastAt = (row: number): number | undefined =>
    (chatTotals.lastRow[row] as number) < 0 ? undefined : chatTotals.lastAt[row];
  return {
    table: 'chat_rooms',
    rowCount: rooms.count,
    columns: {
      id: (row) => row + 1,
      room_type: (row) => (group(row) === undefined ? 'DIRECT' : 'GROUP'),
      name: (row) => group(row)?.name ?? null,
      description: (row) => group(row)?.description ?? null,
      // The room of two is made by whoever accepts the request.
      created_by_user_id: (row) => {
        const partnership = rooms.partnership[row] as number;
        const first = rooms.memberUser[rooms.firstMember[row] as number] as number;
        if (partnership < 0) return first + 1;
        return (requests.target[partnerships.request[partnership] as number] as number) + 1;
      },
      is_active: (row) => endedAt(row) === NEVER,
      last_message_at: (row) => optionalTimestamp(lastAt(row) ?? NEVER),
      created_at: (row) => timestampValue(rooms.createdAt[row] as number),
      updated_at: (row) => {
        const latest = Math.max(rooms.createdAt[row] as number, lastAt(row) ?? 0);
        const ended = endedAt(row);
        return timestampValue(ended === NEVER ? latest : Math.max(latest, ended));
      },
    },
  };
}

export function chatParticipants(world: World): SeedTable {
  const { history, rooms } = world;
  const roomOf = rooms.memberRoom;
  const leaver = history.draw('chat_participants.leaver');
  const nth = (row: number): number => row - (rooms.firstMember[roomOf[row] as number] as number);
  return {
    table: 'chat_participants',
    rowCount: roomOf.length,
    columns: {
      id: (row) => row + 1,
      room_id: (row) => (roomOf[row] as number) + 1,
      user_id: (row) => (rooms.memberUser[row] as number) + 1,
      role: (row) => (nth(row) === 0 && rooms.group[roomOf[row] as number] !== -1 ? 'ADMIN' : 'MEMBER'),
      joined_at: (row) => timestampValue(rooms.memberJoinedAt[row] as number),
      last_read_message_id: (row) => {
        const read = lastRead(world, row);
        return read < 0 ? null : read + 1;
      },
      is_active: (row) => {
        if (rooms.memberLeftAt[row] !== NEVER) return false;
        const room = roomOf[row] as number;
        const partnership = rooms.partnership[room] as number;
        if (partnership < 0 || world.partnerships.endedAt[partnership] === NEVER) return true;
        // One of the two has ended it.
        return nth(row) !== (leaver.bits(room) & 1);
      },
    },
  };
}
