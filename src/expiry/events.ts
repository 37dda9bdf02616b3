import type { LockRetry } from '../database/lock-retry.js';
import type { GuardEvent } from '../database/maintenance-guards.js';
import type { StudymateError } from '../errors.js';

export type ExpiryEvent =
  /** After every batch; `rowCount` is of the table so far. */
  | { readonly type: 'batch'; readonly table: string; readonly rowCount: number; readonly durationMs: number }
  /** Rows of a batch are locked by others: they are left for the next run. */
  | { readonly type: 'rows-locked'; readonly table: string }
  | ({ readonly type: 'lock-retry'; readonly table: string } & LockRetry)
  | GuardEvent
  | { readonly type: 'table-failed'; readonly table: string; readonly error: StudymateError }
  | { readonly type: 'table-done'; readonly table: string; readonly rowCount: number };

export type ExpiryListener = (event: ExpiryEvent) => void;
