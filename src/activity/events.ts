import type { LockRetry } from '../database/lock-retry.js';

export type ActivityEvent =
  /** After every batch; `added` is of the run so far. */
  | { readonly type: 'batch'; readonly readId: string; readonly added: number; readonly durationMs: number }
  | ({ readonly type: 'lock-retry' } & LockRetry);

export type ActivityListener = (event: ActivityEvent) => void;
