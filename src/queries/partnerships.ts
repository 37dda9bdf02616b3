import { sql, type Kysely, type Transaction } from 'kysely';
import type { DB, MatchingRequestStatus } from '../../generated/db.js';
import { withTransaction } from '../database/with-transaction.js';

export interface RequestPartnershipOptions {
  readonly requesterId: string;
  readonly targetId: string;
  readonly message?: string | undefined;
  /** Until when it can be answered. */
  readonly expiresAt: Date;
}

export type RequestPartnershipResult =
  /** The request was made, or the same one was pending already. */
  | { readonly outcome: 'requested' | 'already requested'; readonly requestId: string }
  /** The target has asked already: accept that request. */
  | { readonly outcome: 'asked by target'; readonly requestId: string }
  | { readonly outcome: 'already partners'; readonly partnershipId: string };

export interface AnswerRequestOptions {
  readonly requestId: string;
  /** Who answers: the request's target. */
  readonly userId: string;
}

export interface AcceptRequestOptions extends AnswerRequestOptions {
  /** 0 to 100. */
  readonly compatibilityScore?: number | undefined;
}

export type AcceptRequestResult =
  /** `created`: by this call; else the two were partners already, or are again. */
  | { readonly outcome: 'accepted'; readonly partnershipId: string; readonly created: boolean }
  | { readonly outcome: 'rejected' | 'expired' | 'unknown' };

/**
 * Asks for a partnership, unless the two are partners or one has a pending request to the other. Two people who ask
 * each other at once, or one who asks twice, end with one request. Runs in the transaction given, or in one of its own.
 *
 * Cost: four look-ups by index, one row. Holds an advisory lock on the pair, as `acceptRequest` does.
 *
 * Index: `unique_partnership_pair`, `idx_requester_status`.
 *
 * @throws the server's 23514 `different_users` for a request to oneself, 23503 for a user who does not exist
 */
export function requestPartnership(
  db: Kysely<DB>,
  { requesterId, targetId, message, expiresAt }: RequestPartnershipOptions,
): Promise<RequestPartnershipResult> {
  return withTransaction(db, async (trx) => {
    await lockPair(trx, requesterId, targetId);
    const partnership = await trx
      .selectFrom('user_partnerships')
      .select('id')
      .where(isPair(requesterId, targetId))
      .where('is_active', '=', true)
      .executeTakeFirst();
    if (partnership !== undefined) return { outcome: 'already partners', partnershipId: partnership.id };
    const pending = await trx
      .selectFrom('matching_requests')
      .select(['id', 'requester_id'])
      .where(isBetween(requesterId, targetId))
      .where('status', '=', 'PENDING')
      // No condition that an index takes: while few are pending, PostgreSQL would read everybody's.
      .where(sql<boolean>`(expires_at > now()) is true`)
      .orderBy('id')
      .executeTakeFirst();
    if (pending !== undefined) {
      const outcome = pending.requester_id === requesterId ? 'already requested' : 'asked by target';
      return { outcome, requestId: pending.id };
    }
    const { id } = await trx
      .insertInto('matching_requests')
      .values({
        requester_id: requesterId,
        target_id: targetId,
        message: message ?? null,
        expires_at: expiresAt,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return { outcome: 'requested', requestId: id };
  });
}

/**
 * Accepts a pending request: it and every other pending request between the two become ACCEPTED, and the two become
 * partners. A partnership that had ended goes on again. Runs in the transaction given, or in one of its own.
 *
 * Exactly one partnership comes of it, whoever accepts what at the same time: both of two crossing requests, or one
 * request twice. Accepting what has been accepted returns the partnership again. An advisory lock on the pair keeps
 * crossing calls from deadlocking; the unique index on the pair holds also against writers that don't take it.
 *
 * Cost: five short statements by key.
 *
 * Index: `matching_requests_pkey`, `idx_requester_status`, `unique_partnership_pair`.
 *
 * @returns `unknown` when there is no such request to this user
 */
export function acceptRequest(db: Kysely<DB>, options: AcceptRequestOptions): Promise<AcceptRequestResult> {
  return withTransaction(db, async (trx) => {
    const asked = await findRequest(trx, options);
    if (asked === undefined) return { outcome: 'unknown' };
    const requester = asked.requester_id;
    await lockPair(trx, requester, options.userId);
    const status = (await answer(trx, options, 'ACCEPTED')) ?? (await findRequest(trx, options))?.status;
    if (status !== 'ACCEPTED') return { outcome: outcomes[status ?? 'EXPIRED'] };
    await trx
      .updateTable('matching_requests')
      .set({ status: 'ACCEPTED', responded_at: sql`now()` })
      .where(isBetween(requester, options.userId))
      .where('status', '=', 'PENDING')
      .execute();
    return { outcome: 'accepted', ...(await makePartners(trx, requester, options)) };
  });
}

/**
 * Turns a pending request down. One statement; of a rejection and an acceptance at once, the first to commit counts.
 *
 * Index: `matching_requests_pkey`.
 *
 * @returns false when there is no such request to this user that could still be answered
 */
export async function rejectRequest(db: Kysely<DB>, options: AnswerRequestOptions): Promise<boolean> {
  return (await answer(db, options, 'REJECTED')) !== undefined;
}

/** A request that is still PENDING was not answered because its time is up. */
const outcomes = {
  PENDING: 'expired',
  EXPIRED: 'expired',
  REJECTED: 'rejected',
} as const satisfies Record<Exclude<MatchingRequestStatus, 'ACCEPTED'>, string>;

function findRequest(trx: Transaction<DB>, { requestId, userId }: AnswerRequestOptions) {
  return trx
    .selectFrom('matching_requests')
    .select(['requester_id', 'status'])
    .where('id', '=', requestId)
    .where('target_id', '=', userId)
    .executeTakeFirst();
}

async function answer<Status extends MatchingRequestStatus>(
  db: Kysely<DB>,
  { requestId, userId }: AnswerRequestOptions,
  status: Status,
): Promise<Status | undefined> {
  const { numUpdatedRows } = await db
    .updateTable('matching_requests')
    .set({ status, responded_at: sql`now()` })
    .where('id', '=', requestId)
    .where('target_id', '=', userId)
    .where('status', '=', 'PENDING')
    .where('expires_at', '>', sql<Date>`now()`)
    .executeTakeFirst();
  return numUpdatedRows > 0n ? status : undefined;
}

async function makePartners(
  trx: Transaction<DB>,
  requester: string,
  { userId, compatibilityScore }: AcceptRequestOptions,
): Promise<{ partnershipId: string; created: boolean }> {
  const made = await trx
    .insertInto('user_partnerships')
    .values({ user_id_1: requester, user_id_2: userId, compatibility_score: compatibilityScore ?? null })
    // Without a target: either of the two unique indexes may be the one that a concurrent insert is seen in first.
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (made !== undefined) return { partnershipId: made.id, created: true };
  const { id } = await trx
    .updateTable('user_partnerships')
    .set({ is_active: true })
    .where(isPair(requester, userId))
    .returning('id')
    .executeTakeFirstOrThrow();
  return { partnershipId: id, created: false };
}

/** Until the end of the transaction nobody else asks or accepts between the two. */
async function lockPair(trx: Transaction<DB>, one: string, other: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(
    'studymate:pair:' || least(${one}::bigint, ${other}::bigint) || ':' || greatest(${one}::bigint, ${other}::bigint), 0
  ))`.execute(trx);
}

/** As the unique index `unique_partnership_pair` has it. */
function isPair(one: string, other: string) {
  return sql<boolean>`(least(user_id_1, user_id_2), greatest(user_id_1, user_id_2))
    = (least(${one}::bigint, ${other}::bigint), greatest(${one}::bigint, ${other}::bigint))`;
}

function isBetween(one: string, other: string) {
  return sql<boolean>`(requester_id, target_id) in (
    (${one}::bigint, ${other}::bigint), (${other}::bigint, ${one}::bigint))`;
}
