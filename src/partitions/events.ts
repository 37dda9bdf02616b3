import type { SessionInfo } from '../database/advisory-lock.js';
import type { LockRetry } from '../database/lock-retry.js';
import type { RolloverStep } from './plan-rollover.js';
import type { StepResult } from './step-result.js';

/** What a run tells while it works. */
export type PartitionEvent =
  | { readonly type: 'waiting'; readonly holder: SessionInfo | undefined }
  | ({ readonly type: 'step-started'; readonly table: string } & RolloverStep)
  | ({ readonly type: 'lock-retry'; readonly table: string; readonly month: Date } & LockRetry)
  | { readonly type: 'rows-moved'; readonly table: string; readonly month: Date; readonly rows: number }
  | ({ readonly type: 'step-ended'; readonly table: string } & StepResult);
