import { beforeAll, describe, expect, it } from 'vitest';
import { listLearningDays } from '../../src/queries/learning-days.js';
import { expireRequests, listPendingRequests } from '../../src/queries/matching-requests.js';
import { listUnreadNotifications, markNotificationsRead } from '../../src/queries/notifications.js';
import { listPartnerCandidates } from '../../src/queries/partner-candidates.js';
import { acceptRequest, requestPartnership } from '../../src/queries/partnerships.js';
import { markRoomRead } from '../../src/queries/read-position.js';
import { revokeRefreshTokens, rotateRefreshToken } from '../../src/queries/refresh-tokens.js';
import { listRoomMessages } from '../../src/queries/room-messages.js';
import { sendMessage } from '../../src/queries/send-message.js';
import { listUpcomingSessions } from '../../src/queries/sessions.js';
import { listUserRooms } from '../../src/queries/user-rooms.js';
import { addBusyUser, hotTables, type BusyWorld } from '../support/add-busy-user.js';
import { loadWorld } from '../support/load-world.js';
import { useQueries } from '../support/query-database.js';
import { usePlans } from '../support/use-plans.js';

/**
 * What each hot query promises of its plan, on a seeded world: a million messages in twelve live months, two archived
 * months behind them, and 10,000 users. A change that loses an index, or prunes no more, changes a line here.
 */
const queries = useQueries();
const { plansOf, scansOf } = usePlans(queries);
const tomorrow = new Date(Date.now() + 86_400_000);
let world: BusyWorld;
/** In the last month, and 31 days before it is the month before: on most days so, but not in the first days of March. */
let midMonth: Date | undefined;

beforeAll(async () => {
  const { bounds } = await loadWorld(queries.database.url, {
    messages: 1_100_000,
    users: 10_000,
    archivedMonths: 2,
    tables: hotTables,
  });
  midMonth = new Date((bounds.at(-2)?.getTime() ?? 0) + 14 * 86_400_000);
  world = await addBusyUser(queries.client);
}, 180_000);

async function one(sql: string, ...parameters: readonly string[]): Promise<string> {
  const { rows } = await queries.client.query<{ value: string }>(sql, [...parameters]);
  if (rows[0] === undefined) throw new Error('the loaded data lacks what the test needs');
  return rows[0].value;
}

it('the world has a million messages in twelve months, and older ones in two', async () => {
  expect(await one(`select count(distinct tableoid) as value from chat_messages`)).toBe('12');
  expect(await one(`select count(distinct tableoid) as value from chat_messages_archive`)).toBe('2');
  expect(Number(await one(`select count(*) as value from chat_messages`))).toBeGreaterThanOrEqual(1_000_000);
});

describe("a room's page", () => {
  it('is read in the order of the index, from the months of its window alone', async () => {
    const first = await listRoomMessages(queries.db, { roomId: world.busyRoom });
    const plans = await plansOf((db) => listRoomMessages(db, { roomId: world.busyRoom, after: first.next }));
    expect(plans).toHaveLength(1);
    expect(plans[0]?.scans).toEqual([
      expect.stringMatching(/^chat_messages by idx_chat_messages_room_time in [12] partition/),
    ]);
    expect(plans[0]?.plannedPartitions).toBeLessThanOrEqual(3);
    expect(plans[0]?.buffers).toBeLessThan(70);
  });

  it('without a cursor also looks at the months to come and at the default partition, and at none before', async () => {
    const plans = await plansOf((db) => listRoomMessages(db, { roomId: world.busyRoom }));
    expect(plans).toHaveLength(1);
    // Two or three of the past, three ahead, the default one.
    expect(plans[0]?.plannedPartitions).toBeLessThanOrEqual(7);
    expect(plans[0]?.buffers).toBeLessThan(80);
  });

  it('that the window does not fill costs a second statement, one descent a month', async () => {
    const plans = await plansOf((db) => listRoomMessages(db, { roomId: world.quietRoom, now: midMonth }));
    expect(plans).toHaveLength(2);
    expect(plans[1]?.scans).toEqual(['chat_messages by idx_chat_messages_room_time in 11 partitions']);
    expect(plans[1]?.buffers).toBeLessThan(110);
  });

  it('goes on into the archive by its own index, and plans no archived month inside the window', async () => {
    const { next } = await listRoomMessages(queries.db, { roomId: world.quietRoom, limit: 3 });
    const plans = await plansOf((db) =>
      listRoomMessages(db, { roomId: world.quietRoom, after: next, includeArchive: true }),
    );
    expect(plans[0]?.plannedPartitions).toBeLessThanOrEqual(3);
    expect(plans[1]?.scans).toEqual([
      expect.stringMatching(/^chat_messages by idx_chat_messages_room_time in 1[01] partitions$/),
      'chat_messages_archive by idx_archive_room_time in 2 partitions',
    ]);
  });
});

describe('the rooms of a user', () => {
  const scans = [
    'chat_messages by chat_messages_pkey in 12 partitions',
    expect.stringMatching(/^chat_messages by idx_chat_messages_room_time in \d+ partitions?$/),
    'chat_participants by idx_user_rooms',
    'chat_participants by unique_room_participant',
    'chat_rooms by chat_rooms_pkey',
    'users by users_pkey',
  ];

  it('are found by key, and their messages by the room’s index', async () => {
    const [plan] = await plansOf((db) => listUserRooms(db, { userId: world.user }));
    expect(plan?.scans).toEqual(scans);
    expect(plan?.buffers).toBeLessThan(600);
  });

  it('are found alike for a user with three hundred, and looked into for the page only', async () => {
    const [plan] = await plansOf((db) => listUserRooms(db, { userId: world.busyUser }));
    expect(plan?.scans).toEqual(scans);
    // Three pages a room of the user, and some hundred a room of the page at worst.
    expect(plan?.buffers).toBeLessThan(4_000);
  });
});

describe('writing in a room', () => {
  it('sends a message, also an answer, by two keys', async () => {
    for (const reply of [{}, { replyToId: world.latestMessage }]) {
      const [plan] = await plansOf((db) =>
        sendMessage(db, { roomId: world.busyRoom, senderId: world.busyUser, content: 'x', ...reply }),
      );
      expect(plan?.scans).toEqual([
        'chat_participants by unique_room_participant',
        'chat_rooms by chat_rooms_pkey',
      ]);
    }
  });

  it('marks it read by the keys of the messages, in the live months only', async () => {
    const [plan] = await plansOf((db) =>
      markRoomRead(db, { roomId: world.busyRoom, userId: world.busyUser, messageId: world.latestMessage }),
    );
    expect(plan?.scans).toEqual([
      'chat_messages by chat_messages_pkey in 12 partitions',
      'chat_participants by unique_room_participant',
    ]);
    expect(plan?.buffers).toBeLessThan(150);
  });
});

describe('matching', () => {
  it('lists pending requests by the partial index', async () => {
    expect(await scansOf((db) => listPendingRequests(db, { userId: world.busyUser }))).toEqual([
      ['matching_requests by idx_matching_active_requests', 'users by users_pkey'],
    ]);
  });

  it('expires requests by the index on when they expire', async () => {
    expect(await scansOf((db) => expireRequests(db))).toEqual([
      ['matching_requests by idx_matching_expiry', 'matching_requests by matching_requests_pkey'],
    ]);
  });

  it('accepts and asks by keys', async () => {
    const requestId = await one(
      `select id as value from matching_requests where target_id = $1 and status = 'PENDING' and expires_at > now() limit 1`,
      world.busyUser,
    );
    const accepted = await scansOf((db) => acceptRequest(db, { requestId, userId: world.busyUser }));
    const asked = await scansOf((db) =>
      requestPartnership(db, { requesterId: world.busyUser, targetId: world.stranger, expiresAt: tomorrow }),
    );
    expect([...new Set([...accepted, ...asked].flat())].sort()).toEqual([
      'matching_requests by idx_matching_active_requests',
      'matching_requests by idx_requester_status',
      'matching_requests by matching_requests_pkey',
      'user_partnerships by unique_partnership_pair',
    ]);
  });

  it('looks for candidates by language, a bounded number of them', async () => {
    const [plan] = await plansOf((db) => listPartnerCandidates(db, { userId: world.busyUser }));
    expect(plan?.scans).toEqual([
      'matching_preferences by unique_user_preferences',
      'matching_requests by idx_matching_active_requests',
      'matching_requests by idx_requester_status',
      'user_languages by idx_language_users',
      'user_languages by unique_user_language',
      'user_partnerships by idx_partnership_activity',
      'user_partnerships by idx_user_active_partnerships',
      'user_partnerships by unique_partnership_pair',
      'users by users_pkey',
    ]);
    expect(plan?.buffers).toBeLessThan(5_000);
  });

  it('finds that nobody speaks a language without reading everybody’s', async () => {
    await queries.client.query(
      `insert into user_languages (user_id, language_code, language_type) values ($1, 'de', 'LEARNING')`,
      [world.user],
    );
    const [plan] = await plansOf((db) => listPartnerCandidates(db, { userId: world.user, learn: 'de' }));
    expect(plan?.scans).toContain('user_languages by idx_language_users');
    expect(plan?.buffers).toBeLessThan(60);
  });
});

describe('everything else', () => {
  it('lists upcoming sessions by the user’s participations', async () => {
    expect(await scansOf((db) => listUpcomingSessions(db, { userId: world.busyUser }))).toEqual([
      ['learning_sessions by learning_sessions_pkey', 'session_participants by idx_user_sessions'],
    ]);
  });

  it('reads a page of unread notifications in the order of the partial index', async () => {
    const { next, rows } = await listUnreadNotifications(queries.db, { userId: world.busyUser });
    for (const after of [undefined, next]) {
      const [plan] = await plansOf((db) => listUnreadNotifications(db, { userId: world.busyUser, after }));
      expect(plan?.scans).toEqual(['notifications by idx_notifications_unread']);
      expect(plan?.buffers).toBeLessThan(60);
    }
    const ids = rows.map(({ id }) => id);
    expect(await scansOf((db) => markNotificationsRead(db, { userId: world.busyUser, ids }))).toEqual([
      ['notifications by notifications_pkey'],
    ]);
    expect(await scansOf((db) => markNotificationsRead(db, { userId: world.user }))).toEqual([
      ['notifications by idx_notifications_unread'],
    ]);
  });

  it('rotates a refresh token by keys, and revokes by the index on the user', async () => {
    const token = await one(
      `select token as value from refresh_tokens where not is_used and expires_at > now() order by id limit 1`,
    );
    expect(
      await scansOf((db) => rotateRefreshToken(db, { token, newToken: 'next', expiresAt: tomorrow })),
    ).toEqual([
      ['refresh_tokens by idx_refresh_token', 'refresh_tokens by refresh_tokens_pkey', 'users by users_pkey'],
    ]);
    expect(await scansOf((db) => revokeRefreshTokens(db, { userId: world.user }))).toEqual([
      ['users by users_pkey'],
      ['refresh_tokens by idx_user_active_tokens'],
    ]);
  });

  it('reads the days of a learner by the unique index', async () => {
    const period = { userId: world.busyUser, from: '2000-01-01', to: '2100-01-01' };
    expect(
      await scansOf((db) => listLearningDays(db, { ...period, languageCode: world.busyLanguage })),
    ).toEqual([['learning_analytics by unique_user_date_lang']]);
    expect(await scansOf((db) => listLearningDays(db, period))).toEqual([
      ['learning_analytics by unique_user_date_lang'],
    ]);
  });
});
