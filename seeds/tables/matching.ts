import type { SeedTable } from '../seed-table.js';
import { matchingMessages } from '../vocabulary/index.js';
import { REQUEST_LIFETIME } from '../world/matches.js';
import { NEVER, optionalTimestamp, timestampValue } from '../world/time.js';
import type { World } from '../world/world.js';

export function matchingRequests({ history, people, requests }: World): SeedTable {
  const words = history.draw('matching_requests.message');
  return {
    table: 'matching_requests',
    rowCount: requests.count,
    columns: {
      id: (row) => row + 1,
      requester_id: (row) => (requests.requester[row] as number) + 1,
      target_id: (row) => (requests.target[row] as number) + 1,
      message: (row) => {
        if (words.chance(0.12, row)) return null;
        const { bytes } = matchingMessages[people.native(requests.requester[row] as number)];
        return bytes[words.below(bytes.length, row, 1)] as Uint8Array;
      },
      status: (row) => requests.status(row),
      expires_at: (row) => timestampValue((requests.createdAt[row] as number) + REQUEST_LIFETIME),
      responded_at: (row) => optionalTimestamp(requests.respondedAt[row] as number),
      created_at: (row) => timestampValue(requests.createdAt[row] as number),
    },
  };
}

/** The requester comes first. Sessions of the two alone count, those of a group do not. */
export function userPartnerships({ history, requests, partnerships, rooms, sessions }: World): SeedTable {
  const score = history.draw('user_partnerships.compatibility_score');
  const total = new Int32Array(partnerships.count);
  const last = new Float64Array(partnerships.count).fill(NEVER);
  for (let session = 0; session < sessions.count; session++) {
    const partnership = rooms.partnership[sessions.room[session] as number] as number;
    if (partnership < 0 || sessions.status(session) !== 'COMPLETED') continue;
    const began = sessions.beganAt(session);
    total[partnership] = (total[partnership] as number) + 1;
    if (last[partnership] === NEVER || began > (last[partnership] as number)) last[partnership] = began;
  }
  const request = (row: number): number => partnerships.request[row] as number;
  return {
    table: 'user_partnerships',
    rowCount: partnerships.count,
    columns: {
      id: (row) => row + 1,
      user_id_1: (row) => (requests.requester[request(row)] as number) + 1,
      user_id_2: (row) => (requests.target[request(row)] as number) + 1,
      partnership_type: (row) => (partnerships.isRegular(row) ? 'REGULAR' : 'CASUAL'),
      compatibility_score: (row) =>
        Math.round(
          (partnerships.isRegular(row) ? 66 : 52) + 32 * ((score.unit(row) + score.unit(row, 1)) / 2),
        ),
      total_sessions: (row) => total[row] as number,
      last_session_at: (row) => optionalTimestamp(last[row] as number),
      is_active: (row) => partnerships.endedAt[row] === NEVER,
      created_at: (row) => timestampValue(partnerships.startedAt[row] as number),
    },
  };
}
