import type { Kysely } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DB } from '../../generated/db.js';
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
import { loadActivity } from '../support/load-activity.js';
import { loadMessages, type LoadedMessages } from '../support/load-messages.js';
import { explainAll, type PlanShape } from '../support/plan.js';
import { useQueries } from '../support/query-database.js';

/**
 * What each hot query promises of its plan, on a million messages in twelve live months, two archived months behind
 * them, and 20,000 users. A change that loses an index, or prunes no more, changes a line here.
 */
const queries = useQueries();
const tomorrow = new Date(Date.now() + 86_400_000);
let loaded: LoadedMessages;

beforeAll(async () => {
  loaded = await loadMessages(queries.client, { messages: 1_000_000, archivedMonths: 2 });
  await loadActivity(queries.client, loaded.users);
}, 180_000);

const plansOf = async (work: (db: Kysely<DB>) => Promise<unknown>): Promise<PlanShape[]> =>
  (await explainAll(queries.client, await queries.statementsOf(work))).map(({ scans, ...plan }) => ({
    ...plan,
    // The same columns, for all requests or the pending ones; either will do, and PostgreSQL 18 takes the former.
    scans: scans.map((scan) => scan.replace('idx_target_pending', 'idx_matching_active_requests')).sort(),
  }));
const scansOf = async (work: (db: Kysely<DB>) => Promise<unknown>): Promise<(readonly string[])[]> =>
  (await plansOf(work)).map(({ scans }) => scans);

async function one(sql: string): Promise<string> {
  const { rows } = await queries.client.query<{ value: string }>(sql);
  if (rows[0] === undefined) throw new Error('the loaded data lacks what the test needs');
  return rows[0].value;
}

/** A room with few messages in every month. */
const QUIET_ROOM = '19000';
/** A user with three rooms. */
const USER = '101';

describe("a room's page", () => {
  it('is read in the order of the index, from the months of its window alone', async () => {
    const first = await listRoomMessages(queries.db, { roomId: loaded.busyRoom });
    const plans = await plansOf((db) => listRoomMessages(db, { roomId: loaded.busyRoom, after: first.next }));
    expect(plans).toHaveLength(1);
    expect(plans[0]?.scans).toEqual([
      expect.stringMatching(/^chat_messages by idx_chat_messages_room_time in [12] partition/),
    ]);
    expect(plans[0]?.plannedPartitions).toBeLessThanOrEqual(3);
    expect(plans[0]?.buffers).toBeLessThan(70);
  });

  it('without a cursor also looks at the months to come and at the default partition, and at none before', async () => {
    const plans = await plansOf((db) => listRoomMessages(db, { roomId: loaded.busyRoom }));
    expect(plans).toHaveLength(1);
    // Two or three of the past, three ahead, the default one.
    expect(plans[0]?.plannedPartitions).toBeLessThanOrEqual(7);
    expect(plans[0]?.buffers).toBeLessThan(80);
  });

  it('that the window does not fill costs a second statement, one descent a month', async () => {
    const plans = await plansOf((db) => listRoomMessages(db, { roomId: QUIET_ROOM }));
    expect(plans).toHaveLength(2);
    expect(plans[1]?.scans).toEqual(['chat_messages by idx_chat_messages_room_time in 11 partitions']);
    expect(plans[1]?.buffers).toBeLessThan(110);
  });

  it('goes on into the archive by its own index, and plans no archived month inside the window', async () => {
    const { next } = await listRoomMessages(queries.db, { roomId: QUIET_ROOM, limit: 3 });
    const plans = await plansOf((db) =>
      listRoomMessages(db, { roomId: QUIET_ROOM, after: next, includeArchive: true }),
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
    const [plan] = await plansOf((db) => listUserRooms(db, { userId: USER }));
    expect(plan?.scans).toEqual(scans);
    expect(plan?.buffers).toBeLessThan(600);
  });

  it('are found alike for a user with three hundred, and looked into for the page only', async () => {
    const [plan] = await plansOf((db) => listUserRooms(db, { userId: loaded.busyUser }));
    expect(plan?.scans).toEqual(scans);
    // Three pages a room of the user, and some hundred a room of the page at worst.
    expect(plan?.buffers).toBeLessThan(4_000);
  });
});

describe('writing in a room', () => {
  it('sends a message, also an answer, by two keys', async () => {
    const replyToId = await one(`select max(id) as value from chat_messages where room_id = 1`);
    for (const reply of [{}, { replyToId }]) {
      const [plan] = await plansOf((db) =>
        sendMessage(db, { roomId: loaded.busyRoom, senderId: loaded.busyUser, content: 'x', ...reply }),
      );
      expect(plan?.scans).toEqual([
        'chat_participants by unique_room_participant',
        'chat_rooms by chat_rooms_pkey',
      ]);
    }
  });

  it('marks it read by the keys of the messages, in the live months only', async () => {
    const messageId = await one(`select max(id) as value from chat_messages where room_id = 1`);
    const [plan] = await plansOf((db) =>
      markRoomRead(db, { roomId: loaded.busyRoom, userId: loaded.busyUser, messageId }),
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
    expect(await scansOf((db) => listPendingRequests(db, { userId: loaded.busyUser }))).toEqual([
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
      `select id as value from matching_requests where target_id = 1 and status = 'PENDING' and expires_at > now() limit 1`,
    );
    const accepted = await scansOf((db) => acceptRequest(db, { requestId, userId: loaded.busyUser }));
    const asked = await scansOf((db) =>
      requestPartnership(db, { requesterId: loaded.busyUser, targetId: '5555', expiresAt: tomorrow }),
    );
    expect([...new Set([...accepted, ...asked].flat())].sort()).toEqual([
      'matching_requests by idx_matching_active_requests',
      'matching_requests by idx_requester_status',
      'matching_requests by matching_requests_pkey',
      'user_partnerships by unique_partnership_pair',
    ]);
  });

  it('looks for candidates by language, a bounded number of them', async () => {
    const [plan] = await plansOf((db) => listPartnerCandidates(db, { userId: loaded.busyUser }));
    expect(plan?.scans).toEqual([
      'matching_preferences by unique_user_preferences',
      'matching_requests by idx_matching_active_requests',
      'matching_requests by idx_requester_status',
      'user_languages by idx_language_users',
      'user_languages by unique_user_language',
      'user_partnerships by idx_partnership_activity',
      'user_partnerships by unique_partnership',
      'user_partnerships by unique_partnership_pair',
      'users by users_pkey',
    ]);
    expect(plan?.buffers).toBeLessThan(5_000);
  });

  it('finds that nobody speaks a language without reading everybody’s', async () => {
    await queries.client.query(
      `insert into user_languages (user_id, language_code, language_type) values ($1, 'fr', 'LEARNING')`,
      [loaded.busyUser],
    );
    const [plan] = await plansOf((db) => listPartnerCandidates(db, { userId: loaded.busyUser, learn: 'fr' }));
    expect(plan?.scans).toContain('user_languages by idx_language_users');
    expect(plan?.buffers).toBeLessThan(60);
  });
});

describe('everything else', () => {
  it('lists upcoming sessions by the user’s participations', async () => {
    expect(await scansOf((db) => listUpcomingSessions(db, { userId: loaded.busyUser }))).toEqual([
      ['learning_sessions by learning_sessions_pkey', 'session_participants by idx_user_sessions'],
    ]);
  });

  it('reads a page of unread notifications in the order of the partial index', async () => {
    const { next, rows } = await listUnreadNotifications(queries.db, { userId: loaded.busyUser });
    for (const after of [undefined, next]) {
      const [plan] = await plansOf((db) => listUnreadNotifications(db, { userId: loaded.busyUser, after }));
      expect(plan?.scans).toEqual(['notifications by idx_notifications_unread']);
      expect(plan?.buffers).toBeLessThan(60);
    }
    const ids = rows.map(({ id }) => id);
    expect(await scansOf((db) => markNotificationsRead(db, { userId: loaded.busyUser, ids }))).toEqual([
      ['notifications by notifications_pkey'],
    ]);
    expect(await scansOf((db) => markNotificationsRead(db, { userId: USER }))).toEqual([
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
    expect(await scansOf((db) => revokeRefreshTokens(db, { userId: USER }))).toEqual([
      ['users by users_pkey'],
      ['refresh_tokens by idx_user_active_tokens'],
    ]);
  });

  it('reads the days of a learner by the unique index', async () => {
    const period = { userId: loaded.busyUser, from: '2000-01-01', to: '2100-01-01' };
    expect(await scansOf((db) => listLearningDays(db, { ...period, languageCode: 'en' }))).toEqual([
      ['learning_analytics by unique_user_date_lang'],
    ]);
    expect(await scansOf((db) => listLearningDays(db, period))).toEqual([
      ['learning_analytics by unique_user_date_lang'],
    ]);
  });
});
