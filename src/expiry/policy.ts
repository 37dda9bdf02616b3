/** What becomes of the rows of a table whose `expires_at` has passed. */
export interface ExpiryPolicy {
  readonly schema: 'public';
  readonly table: string;
  readonly action: 'delete' | 'mark';
  /** Of a statement without its WHERE. */
  readonly change: string;
  /** SQL condition besides `expires_at`: what is marked already is not due again. */
  readonly pending?: string;
}

/**
 * The tables with an `expires_at`, in the order in which they take turns.
 *
 * A mark says what is true already (readers go by `expires_at` themselves), so it is made at once; what is deleted
 * waits for the grace period.
 */
export const expiryPolicies: readonly ExpiryPolicy[] = [
  {
    // The same as `expireRequests`: the status alone. `responded_at` stays null, nobody has responded.
    schema: 'public',
    table: 'matching_requests',
    action: 'mark',
    change: `update public.matching_requests set status = 'EXPIRED'`,
    pending: `status = 'PENDING'`,
  },
  {
    // The row is all that tells where the file is: whoever deletes files still needs it, and deletes it afterwards.
    schema: 'public',
    table: 'session_recordings',
    action: 'mark',
    change: 'update public.session_recordings set is_available = false',
    pending: 'is_available',
  },
  {
    // Spent ones too, but no sooner: until it expires, a spent token that is presented again tells of a thief.
    schema: 'public',
    table: 'refresh_tokens',
    action: 'delete',
    change: 'delete from public.refresh_tokens',
  },
  {
    // Not marked: is_active says that nobody logged out, and the row holds an address and a user agent.
    schema: 'public',
    table: 'user_sessions',
    action: 'delete',
    change: 'delete from public.user_sessions',
  },
  {
    schema: 'public',
    table: 'notifications',
    action: 'delete',
    change: 'delete from public.notifications',
  },
];
