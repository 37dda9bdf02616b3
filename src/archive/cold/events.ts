import type { SessionInfo } from '../../database/advisory-lock.js';
import type { LockRetry } from '../../database/lock-retry.js';

export type ColdPhase =
  'count' | 'write' | 'read back' | 'check files' | 'drop' | 'load' | 'attach' | 'validate';

export type ColdEvent =
  | { readonly type: 'waiting'; readonly holder: SessionInfo | undefined }
  | { readonly type: 'phase'; readonly table: string; readonly month: string; readonly phase: ColdPhase }
  | {
      readonly type: 'progress';
      readonly table: string;
      readonly month: string;
      readonly phase: ColdPhase;
      /** Bytes of the rows as text, before compression. */
      readonly bytes: number;
    }
  | ({ readonly type: 'lock-retry'; readonly table: string; readonly month: string } & LockRetry);

export type ColdListener = (event: ColdEvent) => void;

const REPORT_EVERY_MS = 2_000;

/** Counts bytes and tells of them every two seconds. */
export function byteProgress(report: (bytes: number) => void): (count: number) => void {
  let bytes = 0;
  let reportedAt = performance.now();
  return (count) => {
    bytes += count;
    if (performance.now() - reportedAt < REPORT_EVERY_MS) return;
    reportedAt = performance.now();
    report(bytes);
  };
}
