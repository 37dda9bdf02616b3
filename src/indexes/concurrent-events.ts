import type { SessionInfo } from '../database/advisory-lock.js';
import type { LockRetry } from '../database/lock-retry.js';
import type { GuardEvent } from '../database/maintenance-guards.js';
import type { StudymateError } from '../errors.js';
import type { BuildProgress } from './build-progress.js';

/** What index reindex, heal and create tell while they work. */
export type IndexEvent =
  | { readonly type: 'waiting'; readonly holder: SessionInfo | undefined }
  | {
      readonly type: 'step-started';
      readonly action: string;
      /** Qualified name of the index or partition. */
      readonly object: string;
      readonly reason: string;
      readonly sizeBytes?: number | undefined;
    }
  /** Whenever it moved on, once a second at most. */
  | ({ readonly type: 'progress'; readonly object: string } & BuildProgress)
  | ({ readonly type: 'lock-retry'; readonly object: string } & LockRetry)
  | {
      readonly type: 'step-ended';
      readonly action: string;
      readonly object: string;
      readonly durationMs: number;
      readonly sizeBytes?: number | undefined;
      readonly error?: StudymateError | undefined;
    }
  | { readonly type: 'notice'; readonly notice: string }
  | GuardEvent;

export type IndexListener = (event: IndexEvent) => void;
