import type { SeedTable } from '../seed-table.js';
import { childrenFrom } from '../world/children.js';
import { LOGIN_LIFETIME } from '../world/logins.js';
import { timestampValue } from '../world/time.js';
import type { World } from '../world/world.js';
import { createDevices } from './devices.js';
import { createTokenBytes } from './tokens.js';

/** The tokens of a login: each is spent for the next, the last is still good or has run out. */
export function refreshTokens({ history, logins }: World): SeedTable {
  const tokens = childrenFrom(logins.firstToken);
  const token = createTokenBytes('rt_', history.draw('refresh_tokens.token'));
  const issuedAt = (row: number): number => logins.tokenIssuedAt(tokens.parent(row), tokens.nth(row));
  return {
    table: 'refresh_tokens',
    rowCount: tokens.count,
    columns: {
      id: (row) => row + 1,
      user_id: (row) => (logins.user[tokens.parent(row)] as number) + 1,
      token,
      expires_at: (row) => timestampValue(issuedAt(row) + LOGIN_LIFETIME),
      is_used: (row) => row + 1 < (logins.firstToken[tokens.parent(row) + 1] as number),
      created_at: (row) => timestampValue(issuedAt(row)),
    },
  };
}

export function userSessions(world: World): SeedTable {
  const { history, logins, accounts } = world;
  const token = createTokenBytes('st_', history.draw('user_sessions.session_token'));
  const closing = history.draw('user_sessions.is_active');
  const devices = createDevices(world);
  const user = (row: number): number => logins.user[row] as number;
  const lastSeen = (row: number): number => logins.lastSeenAt(row);
  return {
    table: 'user_sessions',
    rowCount: logins.count,
    columns: {
      id: (row) => row + 1,
      user_id: (row) => user(row) + 1,
      session_token: token,
      ip_address: (row) => devices.address(user(row), row),
      user_agent: (row) => devices.userAgent(user(row), row),
      expires_at: (row) => timestampValue(lastSeen(row) + LOGIN_LIFETIME),
      last_activity_at: (row) => timestampValue(lastSeen(row)),
      is_active: (row) =>
        lastSeen(row) + LOGIN_LIFETIME > history.to &&
        accounts.isActive(user(row)) &&
        !closing.chance(0.2, row),
      created_at: (row) => timestampValue(logins.at[row] as number),
    },
  };
}
