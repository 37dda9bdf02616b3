import { sql, type Kysely } from 'kysely';
import type { DB } from '../../generated/db.js';
import type { ReadKysely } from '../database/read-kysely.js';
import { compileOnce } from './compile-once.js';
import { assertLimit, beyond, pageByInstant, type Page, type PageOptions } from './page.js';
import { parsePosition, type Position, type TimeOrder } from './position.js';

/** A literal, not a parameter: only so is the partial index of pending requests known to fit. */
const PENDING = sql.lit('PENDING' as const);

export interface ListPendingRequestsOptions extends PageOptions {
  /** The one who is asked. */
  readonly userId: string;
}

export interface PendingRequest {
  readonly id: string;
  readonly message: string | null;
  readonly expires_at: Date;
  readonly created_at: Date;
  readonly requester_id: string;
  readonly english_name: string;
  readonly korean_name: string | null;
  readonly profile_image_url: string | null;
}

/**
 * A page of the requests that wait for a user's answer, with who asks: those that expire first come first, by
 * `expires_at`, then `id`. Default 20 rows. What has expired by the server's clock is left out, also before
 * `expireRequests` has come by.
 *
 * Cost: one index range, and one look-up by key a row.
 *
 * Index: `idx_matching_active_requests` in its order, `users_pkey`.
 *
 * @throws UsageError USAGE_INVALID_OPTION: limit; CURSOR_INVALID
 */
export async function listPendingRequests(
  db: ReadKysely,
  options: ListPendingRequestsOptions,
): Promise<Page<PendingRequest>> {
  const limit = assertLimit(options.limit ?? 20);
  const position = parsePosition(ORDER, options.after);
  const values = { userId: options.userId, limit: limit + 1, at: '', id: '', ...position };
  return pageByInstant(
    await selectPage(db, values, { goesOn: position !== undefined }),
    'expires_at',
    limit,
    ORDER,
  );
}

const ORDER: TimeOrder = [
  { column: 'r.expires_at', direction: 'asc' },
  { column: 'r.id', direction: 'asc' },
];

interface Values extends Position {
  readonly userId: string;
  readonly limit: number;
}

const selectPage = compileOnce((db: ReadKysely, values: Values, { goesOn }: { goesOn: boolean }) =>
  db
    // The page is cut before who asks is looked up: every request has a requester. Joined first, it is the statistics
    // that decide whether the page or everything that waits for the user is looked up.
    .selectFrom((page) =>
      page
        .selectFrom('matching_requests as r')
        .select(['r.id', 'r.message', 'r.created_at', 'r.requester_id', 'r.expires_at'])
        .where('r.target_id', '=', values.userId)
        .where('r.status', '=', PENDING)
        .where('r.expires_at', '>', sql<Date>`now()`)
        .$if(goesOn, (query) => query.where(beyond(ORDER, values)))
        .orderBy('r.expires_at', 'asc')
        .orderBy('r.id', 'asc')
        .limit(values.limit)
        .as('r'),
    )
    .innerJoin('users as u', 'u.id', 'r.requester_id')
    .select(['r.id', 'r.message', 'r.created_at', 'r.requester_id'])
    .select(['u.english_name', 'u.korean_name', 'u.profile_image_url'])
    .select(sql<string>`r.expires_at::text`.as('expires_at'))
    .orderBy('r.expires_at', 'asc')
    .orderBy('r.id', 'asc'),
);

export interface ExpireRequestsOptions {
  /** Requests a batch, 1 to 10,000; default 1,000. */
  readonly limit?: number | undefined;
}

export interface ExpiredRequest {
  readonly id: string;
  readonly requester_id: string;
  readonly target_id: string;
}

/**
 * Turns one batch of pending requests whose time is up, by the server's clock, into EXPIRED, the longest overdue
 * first, and returns them. Call it until it returns fewer than `limit`.
 *
 * Requests that somebody is answering at this moment are skipped, not waited for; several callers at once share the
 * work and none gets a request twice.
 *
 * Cost: one index range and one row written a request.
 *
 * Index: `idx_matching_expiry`, `matching_requests_pkey`.
 *
 * @throws UsageError USAGE_INVALID_OPTION: limit
 */
export async function expireRequests(
  db: Kysely<DB>,
  options: ExpireRequestsOptions = {},
): Promise<ExpiredRequest[]> {
  return (
    db
      .with('due', (cte) =>
        cte
          .selectFrom('matching_requests')
          .select('id')
          .where('status', '=', PENDING)
          .where('expires_at', '<=', sql<Date>`now()`)
          .orderBy('expires_at')
          .limit(assertLimit(options.limit ?? 1_000, 10_000))
          .forUpdate()
          .skipLocked(),
      )
      .updateTable('matching_requests')
      .set({ status: 'EXPIRED' })
      // As an array: a join of so many rows may be planned as a scan of the table.
      .where(sql<boolean>`id = any (array(select id from due))`)
      .returning(['id', 'requester_id', 'target_id'])
      .execute()
  );
}
