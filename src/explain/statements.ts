import type { Kysely } from 'kysely';
import type { DB } from '../../generated/db.js';
import { UsageError } from '../errors.js';
import { listLearningDays } from '../queries/learning-days.js';
import { expireRequests, listPendingRequests } from '../queries/matching-requests.js';
import { listUnreadNotifications, markNotificationsRead } from '../queries/notifications.js';
import { listPartnerCandidates } from '../queries/partner-candidates.js';
import { acceptRequest, rejectRequest, requestPartnership } from '../queries/partnerships.js';
import { markRoomRead } from '../queries/read-position.js';
import { revokeRefreshTokens, rotateRefreshToken } from '../queries/refresh-tokens.js';
import { listRoomMessages } from '../queries/room-messages.js';
import { sendMessage } from '../queries/send-message.js';
import { listUpcomingSessions } from '../queries/sessions.js';
import { listUserRooms } from '../queries/user-rooms.js';
import {
  cursorParameter,
  dayParameter,
  flagParameter,
  idParameter,
  instantParameter,
  limitParameter,
  mostCommon,
  secretParameter,
  textParameter,
  valueOf,
  type ParameterSet,
  type ValuesOf,
} from './parameters.js';

/** Something that can be explained by name. */
export interface NamedStatement {
  readonly name: string;
  readonly description: string;
  /** It writes, so it is only run when that is allowed, and then undone. */
  readonly writes: boolean;
  readonly parameters: ParameterSet;
  readonly run: (db: Kysely<DB>, values: Readonly<Record<string, unknown>>) => Promise<unknown>;
}

function define<const Set extends ParameterSet>(
  name: string,
  description: string,
  parameters: Set,
  run: (db: Kysely<DB>, values: ValuesOf<Set>) => Promise<unknown>,
): NamedStatement {
  // The values come from parseParameters and resolveParameters, which keep to the set.
  return {
    name,
    description,
    writes: false,
    parameters,
    run: (db, values) => run(db, values as ValuesOf<Set>),
  };
}

const writing = (statement: NamedStatement): NamedStatement => ({ ...statement, writes: true });

const page = { limit: limitParameter, after: cursorParameter };
const busiestRoom = idParameter(mostCommon('chat_messages', 'room_id'));
const memberOfRoom = idParameter(
  valueOf(
    `select user_id from chat_participants where room_id = $1 and is_active order by id limit 1`,
    'roomId',
  ),
);
const pendingRequest = idParameter(
  valueOf(`select id from matching_requests where status = 'PENDING' order by id desc limit 1`),
);
const targetOfRequest = idParameter(
  valueOf(`select target_id from matching_requests where id = $1`, 'requestId'),
);
const inSevenDays = instantParameter(valueOf(`select now() + interval '7 days'`));

/** What `explain NAME` knows: the hot queries of the library. Another feature adds its own by a list like this one. */
export const hotQueries: readonly NamedStatement[] = [
  define(
    'listRoomMessages',
    "a page of a room's messages",
    {
      roomId: busiestRoom,
      now: instantParameter(
        valueOf(`select max(created_at) from chat_messages where room_id = $1`, 'roomId'),
      ),
      includeArchive: flagParameter,
      ...page,
    },
    listRoomMessages,
  ),
  define(
    'listUserRooms',
    'the rooms of a user, latest activity first',
    { userId: idParameter(mostCommon('chat_participants', 'user_id')), ...page },
    listUserRooms,
  ),
  define(
    'listPendingRequests',
    'the requests a user has not answered',
    { userId: idParameter(mostCommon('matching_requests', 'target_id')), ...page },
    listPendingRequests,
  ),
  define(
    'listPartnerCandidates',
    'people who teach what a user learns',
    {
      userId: idParameter(mostCommon('user_languages', 'user_id')),
      ...page,
    },
    listPartnerCandidates,
  ),
  define(
    'listUpcomingSessions',
    'the sessions a user takes part in next',
    { userId: idParameter(mostCommon('session_participants', 'user_id')), ...page },
    listUpcomingSessions,
  ),
  define(
    'listUnreadNotifications',
    'a page of what a user has not read',
    { userId: idParameter(mostCommon('notifications', 'user_id')), ...page },
    listUnreadNotifications,
  ),
  define(
    'listLearningDays',
    'what a learner achieved in a period',
    {
      userId: idParameter(mostCommon('learning_analytics', 'user_id')),
      from: dayParameter(
        valueOf(`select (max(date) - 30)::text from learning_analytics where user_id = $1`, 'userId'),
      ),
      to: dayParameter(
        valueOf(`select (max(date) + 1)::text from learning_analytics where user_id = $1`, 'userId'),
      ),
    },
    listLearningDays,
  ),
  ...[
    define(
      'sendMessage',
      'a message into a room',
      {
        roomId: busiestRoom,
        senderId: memberOfRoom,
        content: textParameter(() => Promise.resolve('explained')),
      },
      sendMessage,
    ),
    define(
      'markRoomRead',
      'a participant has read up to a message',
      {
        roomId: busiestRoom,
        userId: memberOfRoom,
        messageId: idParameter(
          valueOf(
            `select id from chat_messages where room_id = $1 order by created_at desc, id desc limit 1`,
            'roomId',
          ),
        ),
      },
      markRoomRead,
    ),
    define(
      'markNotificationsRead',
      'a user has read all notifications',
      { userId: idParameter(mostCommon('notifications', 'user_id')) },
      markNotificationsRead,
    ),
    define('expireRequests', 'pending requests whose time is up', { limit: limitParameter }, expireRequests),
    define(
      'requestPartnership',
      'a request to another user',
      {
        requesterId: idParameter(mostCommon('matching_requests', 'requester_id')),
        targetId: idParameter(
          valueOf(`select id from users where id <> $1 order by id desc limit 1`, 'requesterId'),
        ),
        expiresAt: inSevenDays,
      },
      requestPartnership,
    ),
    define(
      'acceptRequest',
      'the answer yes to a request',
      { requestId: pendingRequest, userId: targetOfRequest },
      acceptRequest,
    ),
    define(
      'rejectRequest',
      'the answer no to a request',
      { requestId: pendingRequest, userId: targetOfRequest },
      rejectRequest,
    ),
    define(
      'rotateRefreshToken',
      'a refresh token spent for its successor',
      {
        token: secretParameter(
          valueOf(`select token from refresh_tokens where not is_used order by id desc limit 1`),
        ),
        newToken: secretParameter(() => Promise.resolve('explained by studymate-db')),
        expiresAt: inSevenDays,
      },
      rotateRefreshToken,
    ),
    define(
      'revokeRefreshTokens',
      'every refresh token of a user',
      { userId: idParameter(mostCommon('refresh_tokens', 'user_id')) },
      revokeRefreshTokens,
    ),
  ].map(writing),
];

/** @throws UsageError EXPLAIN_STATEMENT_UNKNOWN */
export function findStatement(
  name: string,
  statements: readonly NamedStatement[] = hotQueries,
): NamedStatement {
  const found = statements.find((statement) => statement.name.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  throw new UsageError('EXPLAIN_STATEMENT_UNKNOWN', `there is no statement called ${name}`, {
    detail: `Known are ${statements.map((statement) => statement.name).join(', ')}.`,
    hint: 'Name one of these, or explain a statement of your own with --sql FILE.',
  });
}
