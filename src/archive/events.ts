import type { SessionInfo } from '../database/advisory-lock.js';

/** What a run tells while it works. */
export type ArchiveEvent =
  /** Another run holds the lease. */
  | { readonly type: 'waiting'; readonly holder: SessionInfo | undefined }
  | { readonly type: 'step-started'; readonly action: ArchiveStepAction; readonly partition: string }
  /** The bounds of the partition are proved; nobody was blocked meanwhile. */
  | { readonly type: 'proved'; readonly partition: string; readonly durationMs: number }
  | {
      readonly type: 'index-built';
      readonly partition: string;
      readonly index: string;
      readonly durationMs: number;
    }
  | {
      readonly type: 'lock-retry';
      readonly partition: string;
      readonly attempt: number;
      readonly retries: number;
      readonly delayMs: number;
      readonly blockers: readonly SessionInfo[];
    }
  /** Rows were moved and committed. */
  | {
      readonly type: 'batch';
      readonly partition: string;
      readonly rows: number;
      readonly totalRows: number;
      /** How much of the partition has been gone through, 0 to 1. */
      readonly fraction: number;
    }
  | ({ readonly type: 'step-done' } & ArchiveStep);

export type ArchiveListener = (event: ArchiveEvent) => void;

/**
 * `swap`: a partition went to the archive whole; `move`: rows of one; `drain`: late rows of the default partition;
 * `drop`: a partition that was emptied; `keys`: an archived partition got its foreign keys; `restore`: a partition
 * came back whole; `return`: rows came back.
 */
export type ArchiveStepAction = 'swap' | 'move' | 'drain' | 'drop' | 'keys' | 'restore' | 'return';

export interface ArchiveStep {
  /** Schema-qualified. */
  readonly table: string;
  readonly action: ArchiveStepAction | 'refused';
  /** As in `2025-01`; undefined for a partition that is no month. */
  readonly month: string | undefined;
  /** Schema-qualified name, as it was before. */
  readonly partition: string;
  readonly result: 'done' | 'skipped' | 'failed';
  /** Rows that moved; of a swap as counted just before its locks, undefined where there is nothing to count. */
  readonly rows: number | undefined;
  readonly durationMs: number;
  /** Milliseconds until the attempt began that got its locks. */
  readonly lockWaitMs: number | undefined;
  /** Milliseconds for which the locks were held; of rows that moved, the longest batch. */
  readonly heldMs: number | undefined;
  /** Why it was skipped. */
  readonly reason?: string | undefined;
  readonly error?: ArchiveStepError | undefined;
}

export interface ArchiveStepError {
  readonly code: string;
  readonly message: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
}
