import type { SessionInfo } from '../database/advisory-lock.js';
import type { RebuildPhase } from './set-aside.js';

/** What a table goes through after its rows: the rebuilding, proofs and statistics. */
export type SeedPhase = RebuildPhase | 'proof' | 'statistics';

/** What a run tells while it works. */
export type SeedEvent =
  | { readonly type: 'waiting'; readonly holder: SessionInfo | undefined }
  | { readonly type: 'reset'; readonly tables: readonly string[] }
  /** It was loaded by an earlier run of the same world. */
  | { readonly type: 'table-kept'; readonly table: string; readonly rows: number }
  | { readonly type: 'table-started'; readonly table: string; readonly totalRows: number }
  | {
      readonly type: 'lock-retry';
      readonly table: string;
      readonly attempt: number;
      readonly blockers: readonly SessionInfo[];
    }
  | { readonly type: 'partition-made'; readonly table: string; readonly partition: string }
  | {
      readonly type: 'rows';
      readonly table: string;
      readonly rows: number;
      readonly totalRows: number;
      /** Since the first row of this table. */
      readonly rowsPerSecond: number;
      /** Until the last row, at this rate; what follows the rows is not in it. Milliseconds. */
      readonly remainingMs: number;
    }
  | { readonly type: 'phase'; readonly table: string; readonly phase: SeedPhase }
  | {
      readonly type: 'table-done';
      readonly table: string;
      readonly rows: number;
      readonly checksum: string;
      readonly durationMs: number;
    };

export type SeedListener = (event: SeedEvent) => void;
