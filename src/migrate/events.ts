import type { SessionInfo } from '../database/advisory-lock.js';

/** What a run tells while it works. Nothing in it is needed to go on; listeners must not throw. */
export type MigrateEvent =
  /** Another run holds the lock; told again when the holder changes. */
  | { readonly type: 'waiting'; readonly holder: SessionInfo | undefined }
  | { readonly type: 'file-started'; readonly name: string; readonly action: 'up' | 'down' }
  /** An interrupted run without a transaction goes on after the statements it had done. */
  | { readonly type: 'resumed'; readonly name: string; readonly statementsDone: number }
  | {
      readonly type: 'statement';
      readonly name: string;
      readonly line: number;
      /** First line of the statement, at most 60 characters. */
      readonly summary: string;
      readonly durationMs: number;
    }
  /** What the server had to say about a statement: NOTICE, WARNING and their like. */
  | { readonly type: 'notice'; readonly name: string; readonly severity: string; readonly message: string }
  /** A lock was not to be had in time: everything is rolled back and tried again after `delayMs`. */
  | {
      readonly type: 'lock-retry';
      readonly name: string;
      readonly line: number;
      readonly attempt: number;
      readonly retries: number;
      readonly delayMs: number;
      readonly blockers: readonly SessionInfo[];
    }
  /** A statement without a transaction waits, which blocks nobody else. */
  | {
      readonly type: 'blocked';
      readonly name: string;
      readonly line: number;
      readonly blockers: readonly SessionInfo[];
    }
  | { readonly type: 'invalid-index-dropped'; readonly name: string; readonly index: string }
  | {
      readonly type: 'file-done';
      readonly name: string;
      readonly action: 'up' | 'down';
      readonly durationMs: number;
    };

export type MigrateListener = (event: MigrateEvent) => void;
