import { sql, type Kysely, type Selectable } from 'kysely';
import type { DB, Notification } from '../../generated/db.js';
import type { ReadKysely } from '../database/read-kysely.js';
import { compileOnce } from './compile-once.js';
import { assertLimit, beyond, pageByInstant, type Page, type PageOptions } from './page.js';
import { parsePosition, type Position, type TimeOrder } from './position.js';

/** A literal, not a parameter: only so is the partial index of unread notifications known to fit. */
const UNREAD = sql.lit(false);

export interface ListUnreadNotificationsOptions extends PageOptions {
  readonly userId: string;
}

export type UnreadNotification = Omit<Selectable<Notification>, 'user_id' | 'is_read' | 'read_at'>;

/**
 * A page of a user's unread notifications, newest first: by `created_at`, then `id`, both descending. Default 20 rows.
 * What has expired by the server's clock is left out.
 *
 * Cost: as many index entries and rows as the page has, and the expired ones between them.
 *
 * Index: `idx_notifications_unread` in its order.
 *
 * @throws UsageError USAGE_INVALID_OPTION: limit; CURSOR_INVALID
 */
export async function listUnreadNotifications(
  db: ReadKysely,
  options: ListUnreadNotificationsOptions,
): Promise<Page<UnreadNotification>> {
  const limit = assertLimit(options.limit ?? 20);
  const position = parsePosition(ORDER, options.after);
  const values = { userId: options.userId, limit: limit + 1, at: '', id: '', ...position };
  return pageByInstant(
    await selectPage(db, values, { goesOn: position !== undefined }),
    'created_at',
    limit,
    ORDER,
  );
}

const ORDER: TimeOrder = [
  { column: 'notifications.created_at', direction: 'desc' },
  { column: 'notifications.id', direction: 'desc' },
];

interface Values extends Position {
  readonly userId: string;
  readonly limit: number;
}

const selectPage = compileOnce((db: ReadKysely, values: Values, { goesOn }: { goesOn: boolean }) =>
  db
    .selectFrom('notifications')
    .select(['id', 'type', 'title', 'message', 'data_json', 'priority', 'expires_at'])
    .where('user_id', '=', values.userId)
    .where('is_read', '=', UNREAD)
    // As no index takes it: PostgreSQL would read everybody's that have not expired. And as it is taken to hold for every
    // second row: by the statistics it hardly ever does, as they know nothing of unread ones, and all would be sorted.
    .where(sql<boolean>`coalesce(expires_at > now(), true)`)
    .select(sql<string>`notifications.created_at::text`.as('created_at'))
    .$if(goesOn, (query) => query.where(beyond(ORDER, values)))
    .orderBy('notifications.created_at', 'desc')
    .orderBy('notifications.id', 'desc')
    .limit(values.limit),
);

export interface MarkNotificationsReadOptions {
  readonly userId: string;
  /** Default: all unread ones of the user. */
  readonly ids?: readonly string[] | undefined;
}

/**
 * Marks notifications of a user as read, now. One statement; what was read before keeps its `read_at`, and another
 * user's notifications are left alone.
 *
 * Cost: one row written a notification that becomes read.
 *
 * Index: `notifications_pkey` with `ids`, else `idx_notifications_unread`.
 *
 * @returns how many became read
 */
export async function markNotificationsRead(
  db: Kysely<DB>,
  { userId, ids }: MarkNotificationsReadOptions,
): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('notifications')
    .set({ is_read: true, read_at: sql`now()` })
    .where('user_id', '=', userId)
    .where('is_read', '=', UNREAD)
    .$if(ids !== undefined, (query) => query.where(sql<boolean>`id = any(${ids}::bigint[])`))
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
