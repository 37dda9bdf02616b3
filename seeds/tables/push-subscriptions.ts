import type { SeedTable } from '../seed-table.js';
import { createChildren } from '../world/children.js';
import { DAY, timestampValue } from '../world/time.js';
import type { World } from '../world/world.js';
import { createDevices } from './devices.js';
import { tokenText } from './tokens.js';

/** The browsers in which users, once they finished the onboarding, said yes; the endpoint may be dead by now. */
export function pushSubscriptions(world: World): SeedTable {
  const { history, people, accounts } = world;
  const consent = history.draw('push_subscriptions.user_id');
  const when = history.draw('push_subscriptions.created_at');
  const secret = history.draw('push_subscriptions.endpoint');
  const devices = createDevices(world);
  const subscribedAt = (user: number, nth: number): number => {
    const onboarded = people.onboardedAt[user] as number;
    return Math.floor((onboarded + nth * (1 + 40 * when.wait(user)) * DAY) / 1_000) * 1_000 + 20_000;
  };
  const rows = createChildren(people.count, (user) => {
    const wanted = consent.chance(0.58, user) ? (consent.chance(0.2, user, 1) ? 2 : 1) : 0;
    let count = 0;
    while (count < wanted && subscribedAt(user, count) < history.to) count++;
    return count;
  });
  const user = (row: number): number => rows.parent(row);
  const at = (row: number): number => timestampValue(subscribedAt(user(row), rows.nth(row)));
  return {
    table: 'push_subscriptions',
    rowCount: rows.count,
    columns: {
      id: (row) => row + 1,
      user_id: (row) => user(row) + 1,
      endpoint: (row) => `https://push.studymate.example/send/${tokenText(secret, row)}`,
      p256dh_key: (row) => keyText(`${tokenText(secret, row)}${tokenText(when, row)}`, 'BP'),
      auth_key: (row) => keyText(tokenText(consent, row), '').slice(0, 22),
      user_agent: (row) => devices.userAgent(user(row), row),
      is_active: (row) => accounts.isActive(user(row)) && !consent.chance(0.07, row, 2),
      created_at: at,
      updated_at: at,
    },
  };
}

/** As browsers write keys: base64url without padding. */
function keyText(hexadecimal: string, prefix: string): string {
  return prefix + Buffer.from(hexadecimal, 'latin1').toString('base64url');
}
