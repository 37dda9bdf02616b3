import { sql } from 'kysely';
import type { ChatMessageType, ChatParticipantRole, ChatRoomType } from '../../generated/db.js';
import type { ReadKysely } from '../database/read-kysely.js';
import { compileOnce } from './compile-once.js';
import { assertLimit, beyond, pageOf, type Page, type PageOptions } from './page.js';
import { parsePosition, type Position, type TimeOrder } from './position.js';

export interface ListUserRoomsOptions extends PageOptions {
  readonly userId: string;
}

export interface UserRoom {
  readonly id: string;
  readonly room_type: ChatRoomType;
  /** Rooms of two usually have none; show the partner's. */
  readonly name: string | null;
  readonly role: ChatParticipantRole;
  readonly last_message_at: Date | null;
  readonly last_read_message_id: string | null;
  /** Messages of others after the last one read, or since the user joined; 100 stands for 100 or more. */
  readonly unread_count: number;
  /** The newest message; null when there is none, or when it has been archived or deleted since. */
  readonly last_message: LastMessage | null;
  /** The other one of a DIRECT room; null in a group, or when they are gone. */
  readonly partner: RoomPartner | null;
}

export interface LastMessage {
  readonly id: string;
  readonly sender_id: string;
  readonly message_type: ChatMessageType;
  /** The first 200 characters. */
  readonly excerpt: string | null;
  readonly created_at: Date;
}

export interface RoomPartner {
  readonly id: string;
  readonly english_name: string;
  readonly korean_name: string | null;
  readonly profile_image_url: string | null;
}

const ORDER: TimeOrder = [
  { column: 'r.active_at', direction: 'desc' },
  { column: 'r.id', direction: 'desc' },
];

/** Counting stops here, and looking through one's own messages at ten times as many. */
const UNREAD_CAP = 100;

/**
 * A page of the rooms a user is active in, with the newest message, the unread count and the partner of each: latest
 * activity first, that is by `last_message_at` (a room without messages: when it was made), then `id`, both
 * descending. Default 20 rows. Rooms whose activity changes between two pages may move from one to the other.
 *
 * Cost: all rooms of the user by key, to sort them; then, for the rooms of the page only, the newest message in the
 * month of `last_message_at`, and if it is not the last one read, that one by id (one index descent a live month)
 * and at most 1,000 messages after it. Archived messages are not looked at: they count as read, and are not shown.
 * About a millisecond and a half goes into planning, as three parts of the statement read every live month.
 *
 * Index: `idx_user_rooms`, `chat_rooms_pkey`, `idx_chat_messages_room_time`, `chat_messages_pkey`,
 * `unique_room_participant`.
 *
 * @throws UsageError USAGE_INVALID_OPTION: limit; CURSOR_INVALID. A user who does not exist has no rooms.
 */
export async function listUserRooms(db: ReadKysely, options: ListUserRoomsOptions): Promise<Page<UserRoom>> {
  const limit = assertLimit(options.limit ?? 20);
  const position = parsePosition(ORDER, options.after);
  const fetched = await selectRooms(
    db,
    { userId: options.userId, limit: limit + 1, at: '', id: '', ...position },
    { goesOn: position !== undefined },
  );
  return pageOf(fetched.map(toUserRoom), limit, ORDER);
}

interface Values extends Position {
  readonly userId: string;
  readonly limit: number;
}

interface Shape extends Record<string, boolean> {
  goesOn: boolean;
}

/** The page by itself, before anything is looked up for its rooms: laterals would run for every room of the user. */
function selectPage(db: ReadKysely, values: Values, { goesOn }: Shape) {
  return db
    .selectFrom('chat_participants as p')
    .innerJoinLateral(
      // The limit keeps it a look-up by key: without it, some hundred rooms of a user make PostgreSQL read all.
      (lateral) =>
        lateral
          .selectFrom('chat_rooms')
          .select(['id', 'room_type', 'name', 'last_message_at'])
          .select(sql<Date>`coalesce(last_message_at, created_at)`.as('active_at'))
          .whereRef('id', '=', 'p.room_id')
          .where('is_active', '=', sql.lit(true))
          .limit(sql.lit(1))
          .as('r'),
      (join) => join.onTrue(),
    )
    .select(['r.id', 'r.room_type', 'r.name', 'r.last_message_at', 'r.active_at'])
    .select(['p.user_id', 'p.role', 'p.joined_at', 'p.last_read_message_id'])
    .where('p.user_id', '=', values.userId)
    .where('p.is_active', '=', sql.lit(true))
    .$if(goesOn, (query) => query.where(beyond(ORDER, values)))
    .orderBy('r.active_at', 'desc')
    .orderBy('r.id', 'desc')
    .limit(values.limit);
}

const selectRooms = compileOnce((db: ReadKysely, values: Values, shape: Shape) => {
  const read = sql<boolean>`(newest.id = page.last_read_message_id) is not true`;
  const since = sql<Date>`coalesce(seen.created_at, page.joined_at)`;
  return db
    .selectFrom(selectPage(db, values, shape).as('page'))
    .leftJoinLateral(
      (lateral) =>
        lateral
          .selectFrom('chat_messages as m')
          .select(['m.id', 'm.sender_id', 'm.message_type', 'm.created_at'])
          .select(sql<string | null>`left(m.content, 200)`.as('excerpt'))
          .whereRef('m.room_id', '=', 'page.id')
          // Prunes every month before, and bounds the rows read whatever plan is chosen.
          .whereRef('m.created_at', '>=', 'page.last_message_at')
          .orderBy('m.created_at', 'desc')
          .orderBy('m.id', 'desc')
          .limit(sql.lit(1))
          .as('newest'),
      (join) => join.onTrue(),
    )
    .leftJoinLateral(
      (lateral) =>
        lateral
          .selectFrom('chat_messages as m')
          .select('m.created_at')
          .whereRef('m.id', '=', 'page.last_read_message_id')
          .where(read)
          .limit(sql.lit(1))
          .as('seen'),
      (join) => join.onTrue(),
    )
    .innerJoinLateral(
      (lateral) =>
        lateral
          .selectFrom((others) =>
            others
              .selectFrom((after) =>
                after
                  .selectFrom('chat_messages as m')
                  .select('m.sender_id')
                  .whereRef('m.room_id', '=', 'page.id')
                  .where('m.created_at', '>=', since)
                  .where(
                    sql<boolean>`(m.created_at, m.id) > (${since}, coalesce(page.last_read_message_id, 0))`,
                  )
                  .where(read)
                  .limit(sql.lit(10 * UNREAD_CAP))
                  .as('m'),
              )
              .select('m.sender_id')
              .whereRef('m.sender_id', '<>', 'page.user_id')
              .limit(sql.lit(UNREAD_CAP))
              .as('m'),
          )
          .select(sql<number>`count(*)::int`.as('count'))
          .as('unread'),
      (join) => join.onTrue(),
    )
    .leftJoinLateral(
      (lateral) =>
        lateral
          .selectFrom('chat_participants as o')
          .innerJoin('users as u', 'u.id', 'o.user_id')
          .select(['u.id', 'u.english_name', 'u.korean_name', 'u.profile_image_url'])
          .whereRef('o.room_id', '=', 'page.id')
          .whereRef('o.user_id', '<>', 'page.user_id')
          .where('page.room_type', '=', sql.lit('DIRECT'))
          .orderBy('o.user_id')
          .limit(sql.lit(1))
          .as('partner'),
      (join) => join.onTrue(),
    )
    .select(['page.id', 'page.room_type', 'page.name', 'page.role', 'page.last_message_at'])
    .select(['page.last_read_message_id', 'unread.count as unread_count'])
    .select(sql<string>`page.active_at::text`.as('position_at'))
    .select(['newest.id as message_id', 'newest.sender_id', 'newest.message_type', 'newest.excerpt'])
    .select(['newest.created_at as message_at', 'partner.id as partner_id', 'partner.english_name'])
    .select(['partner.korean_name', 'partner.profile_image_url'])
    .orderBy('page.active_at', 'desc')
    .orderBy('page.id', 'desc');
});

type Fetched = Awaited<ReturnType<typeof selectRooms>>[number];

function toUserRoom({
  message_id,
  sender_id,
  message_type,
  excerpt,
  message_at,
  partner_id,
  english_name,
  korean_name,
  profile_image_url,
  ...room
}: Fetched): UserRoom & { readonly position_at: string } {
  return {
    ...room,
    last_message:
      message_id === null || sender_id === null || message_type === null || message_at === null
        ? null
        : { id: message_id, sender_id, message_type, excerpt, created_at: message_at },
    partner:
      partner_id === null || english_name === null
        ? null
        : { id: partner_id, english_name, korean_name, profile_image_url },
  };
}
