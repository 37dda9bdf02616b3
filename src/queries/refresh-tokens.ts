import { sql, type Kysely } from 'kysely';
import type { DB } from '../../generated/db.js';
import { withTransaction } from '../database/with-transaction.js';
import { compileOnce } from './compile-once.js';

export interface RotateRefreshTokenOptions {
  /** The token presented, as it is stored: store a digest, not the token itself. */
  readonly token: string;
  /** Its successor, as it is to be stored; new and random. */
  readonly newToken: string;
  /** Until when the successor is good. */
  readonly expiresAt: Date;
}

export type RotateRefreshTokenResult =
  | { readonly outcome: 'rotated'; readonly userId: string; readonly tokenId: string }
  /** Spent before: all tokens of the user are revoked. `revoked`: how many still were good. */
  | { readonly outcome: 'reused'; readonly userId: string; readonly revoked: number }
  /** Another call spent or revoked it at this very moment. Nothing was issued or revoked. */
  | { readonly outcome: 'superseded'; readonly userId: string }
  | { readonly outcome: 'expired'; readonly userId: string }
  | { readonly outcome: 'unknown' };

/**
 * Spends a refresh token and issues its successor, in one statement. A token that was spent before and would still be
 * good tells that somebody else has it: every token of its user is revoked, and the user must log in again.
 *
 * Of two calls with the same token at once one rotates; the other, which saw it unspent, gets `superseded` and takes
 * nothing down: a client that sends twice is no thief, and one who comes later is found out. A rotation that crosses a
 * revocation is either seen by it or issues nothing.
 *
 * The outcome is a value, not an error: an error would roll the revocation back where this runs in a transaction. A
 * replay is answered in a transaction given, or in one of its own; commit it.
 *
 * Cost: one look-up by key, two rows. After a reuse: the good tokens of the user.
 *
 * Index: `idx_refresh_token`, `users_pkey`, `idx_user_active_tokens`.
 *
 * @throws the server's 23505 `idx_refresh_token`: `newToken` is taken; nothing was spent
 */
export async function rotateRefreshToken(
  db: Kysely<DB>,
  options: RotateRefreshTokenOptions,
): Promise<RotateRefreshTokenResult> {
  const [presented] = await spendToken(db, options, {});
  if (presented === undefined) return { outcome: 'unknown' };
  const userId = presented.user_id;
  if (presented.issued_id !== null) return { outcome: 'rotated', userId, tokenId: presented.issued_id };
  if (!presented.is_good) return { outcome: 'expired', userId };
  if (!presented.is_used) return { outcome: 'superseded', userId };
  return { outcome: 'reused', userId, revoked: await revokeRefreshTokens(db, { userId }) };
}

const spendToken = compileOnce((db: Kysely<DB>, { token, newToken, expiresAt }: RotateRefreshTokenOptions) =>
  db
    // The user's row first, as a revocation locks it first: neither waits for what the other holds.
    .with('presented', (cte) =>
      cte
        .selectFrom('refresh_tokens as t')
        .innerJoin('users as u', 'u.id', 't.user_id')
        .select(['t.id', 't.user_id', 't.is_used', isGood.as('is_good')])
        .where('t.token', '=', token)
        .modifyEnd(sql`for key share of u`),
    )
    .with('spent', (cte) =>
      cte
        .updateTable('refresh_tokens as t')
        .from('presented as p')
        .set({ is_used: true })
        .whereRef('t.id', '=', 'p.id')
        .where('t.is_used', '=', false)
        .where(isGood)
        .returning('t.user_id'),
    )
    .with('issued', (cte) =>
      cte
        .insertInto('refresh_tokens')
        .columns(['user_id', 'token', 'expires_at'])
        .expression((insert) =>
          insert
            .selectFrom('spent')
            .select(['user_id', sql<string>`${newToken}::varchar`.as('token')])
            .select(sql<Date>`${expiresAt}::timestamptz`.as('expires_at')),
        )
        .returning('id'),
    )
    .selectFrom('presented as p')
    .leftJoin('issued as i', (join) => join.onTrue())
    .select(['p.user_id', 'p.is_used', 'p.is_good', 'i.id as issued_id']),
);

/**
 * Revokes every token of a user: from now on each is expired, spent ones included, so that an old one presented later
 * does not count as reuse and take a new login down. Runs in the transaction given, or in one of its own.
 *
 * Waits for rotations under way, and revokes what they issue; those that come after find their token expired. Holds
 * the user's row until the end of the transaction.
 *
 * Index: `users_pkey`, `idx_user_active_tokens`.
 *
 * @returns how many tokens were good until now
 */
export function revokeRefreshTokens(
  db: Kysely<DB>,
  { userId }: { readonly userId: string },
): Promise<number> {
  return withTransaction(db, async (trx) => {
    await trx.selectFrom('users').select('id').where('id', '=', userId).forUpdate().execute();
    // A statement of its own: its snapshot must be younger than the lock.
    const revoked = await trx
      .updateTable('refresh_tokens as t')
      .set({ expires_at: sql`now()` })
      .where('t.user_id', '=', userId)
      .where('t.expires_at', '>', sql<Date>`now()`)
      .returning('t.is_used')
      .execute();
    return revoked.filter(({ is_used }) => !is_used).length;
  });
}

/** By the clock of this moment: `now()` of a transaction that began before a revocation would not see it. */
const isGood = sql<boolean>`t.expires_at > clock_timestamp()`;
