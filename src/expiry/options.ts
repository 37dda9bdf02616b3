import { UsageError } from '../errors.js';
import type { ExpiryListener } from './events.js';

export interface ExpiryOptions {
  /** Milliseconds that what is deleted stays after it expired; default 86,400,000 (a day). Marks are made at once. */
  readonly graceMs?: number | undefined;
  /** Milliseconds after which no further batch begins; default 3,600,000 (an hour). The next run goes on. */
  readonly maxDurationMs?: number | undefined;
  /** A replica further behind than this, in milliseconds, holds the next batch back; default 30,000, 0 for any. */
  readonly maxReplicationLagMs?: number | undefined;
  /** The same in bytes of WAL not replayed; default 268,435,456 (256 MB), 0 for any. */
  readonly maxReplicationLagBytes?: number | undefined;
  /**
   * A transaction in this database older than this, in milliseconds, holds the next batch back: what is deleted while
   * it lasts cannot be vacuumed. Default 3,600,000 (an hour), 0 for any.
   */
  readonly maxTransactionAgeMs?: number | undefined;
  /** Longest wait for replicas or a transaction before the run stops, in milliseconds; default 60,000. */
  readonly maxWaitMs?: number | undefined;
  /** How often to try again when a whole table is locked (it is tried for 200 ms); default 10, about 5 s. */
  readonly lockRetries?: number | undefined;
  /** Count what is due, write nothing. */
  readonly dryRun?: boolean | undefined;
  readonly onEvent?: ExpiryListener | undefined;
}

export type ExpirySettings = Readonly<Record<Exclude<keyof ExpiryOptions, 'onEvent' | 'dryRun'>, number>>;

const defaults: ExpirySettings = {
  graceMs: 86_400_000,
  maxDurationMs: 3_600_000,
  maxReplicationLagMs: 30_000,
  maxReplicationLagBytes: 256 * 2 ** 20,
  maxTransactionAgeMs: 3_600_000,
  maxWaitMs: 60_000,
  lockRetries: 10,
};

/** @throws UsageError USAGE_INVALID_OPTION */
export function expirySettings(options: ExpiryOptions): ExpirySettings {
  const entries = Object.entries(defaults).map(([name, fallback]) => {
    const value = options[name as keyof ExpirySettings] ?? fallback;
    if (Number.isFinite(value) && value >= 0) return [name, value] as const;
    throw new UsageError('USAGE_INVALID_OPTION', `${name} is ${value}`, {
      hint: 'Give a number of 0 or more.',
    });
  });
  return Object.fromEntries(entries) as unknown as ExpirySettings;
}
