import type { ConnectionSettings } from '../database/connection-settings.js';
import type { MigrateListener } from './events.js';

export interface MigrateOptions {
  /** Where the database is; the role must own the tables and may create in the database. */
  readonly connection: ConnectionSettings | string;
  /** Folder of `NNNN_name.sql` files; default: the migrations of this package. */
  readonly directory?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface MigrateRunOptions extends MigrateOptions {
  /** Longest wait for a lock, in milliseconds, inside a transaction; default 200. Below deadlock_timeout (1 s). */
  readonly lockTimeoutMs?: number | undefined;
  /** How often a file is tried again after a lock timeout or a deadlock; default 20, about a minute in all. */
  readonly lockRetries?: number | undefined;
  /** Longest wait for a lock of CONCURRENTLY and its like, which block nobody while they wait; default 1 h. */
  readonly concurrentLockTimeoutMs?: number | undefined;
  /** Longest wait for another run, in milliseconds; default 60,000. */
  readonly waitMs?: number | undefined;
  /** Only says what would be run. Writes nothing, takes no lock. */
  readonly dryRun?: boolean | undefined;
  readonly onEvent?: MigrateListener | undefined;
}

export interface RunSettings {
  readonly lockTimeoutMs: number;
  readonly lockRetries: number;
  readonly concurrentLockTimeoutMs: number;
  readonly waitMs: number;
  readonly signal: AbortSignal | undefined;
  readonly emit: MigrateListener;
}

export function runSettings(options: MigrateRunOptions): RunSettings {
  return {
    lockTimeoutMs: options.lockTimeoutMs ?? 200,
    lockRetries: options.lockRetries ?? 20,
    concurrentLockTimeoutMs: options.concurrentLockTimeoutMs ?? 3_600_000,
    waitMs: options.waitMs ?? 60_000,
    signal: options.signal,
    emit: options.onEvent ?? (() => undefined),
  };
}
