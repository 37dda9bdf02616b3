import type { ConnectionSettings } from '../database/connection-settings.js';
import { UsageError } from '../errors.js';
import { partitionPolicies, type PartitionPolicy } from '../partitioning/policy.js';
import type { Granularity } from './decide-actions.js';
import type { ArchiveListener } from './events.js';

/** Which rows are archived. */
export interface ArchiveScope {
  /**
   * `month` (default): only months that are over before the cutoff. `day`: exact to the cutoff, the rows of the month
   * that holds it one by one. Either may follow the other.
   */
  readonly granularity?: Granularity | undefined;
  /**
   * `6 months`, `180 days`, a date as in `2025-03-01`, or a Date; never after the start of the current month. Ages
   * count from the start of the UTC day. Default: the retention of each table, six months.
   */
  readonly olderThan?: string | Date | undefined;
  /** Of chat_messages and user_activity_logs; default both. */
  readonly tables?: readonly string[] | undefined;
  /** Default: the server's clock. */
  readonly now?: Date | undefined;
}

/** How a run waits for locks. */
export interface ArchiveWork {
  /** Longest wait for one lock, in milliseconds: as long may others queue behind us. Default 200; below 1000. */
  readonly lockTimeoutMs?: number | undefined;
  /** How often to try again; default 30. */
  readonly retries?: number | undefined;
  readonly onEvent?: ArchiveListener | undefined;
}

export interface ArchiveConnection {
  readonly connection: ConnectionSettings | string;
  readonly signal?: AbortSignal | undefined;
}

export interface ArchiveLease {
  /** Longest wait for another maintenance run, in milliseconds; default 0. */
  readonly waitMs?: number | undefined;
}

/** @throws UsageError USAGE_INVALID_OPTION for a table that is not archived */
export function selectPolicies(tables: readonly string[] | undefined): readonly PartitionPolicy[] {
  if (tables === undefined) return partitionPolicies;
  const known = partitionPolicies.map(({ table }) => table);
  for (const table of tables) {
    if (known.includes(table)) continue;
    throw new UsageError('USAGE_INVALID_OPTION', `--table: ${table} is no table with an archive`, {
      hint: `Name one of ${known.join(', ')}.`,
    });
  }
  return partitionPolicies.filter(({ table }) => tables.includes(table));
}

/** PostgreSQL reads 0 as «wait for ever», and from deadlock_timeout on it would kill others for us. */
export function assertLockTimeout(lockTimeoutMs: number | undefined): void {
  if (lockTimeoutMs === undefined || (lockTimeoutMs >= 1 && lockTimeoutMs < 1_000)) return;
  throw new UsageError('USAGE_INVALID_OPTION', `--lock-timeout cannot be ${lockTimeoutMs} ms`, {
    hint: 'Give 1ms to 999ms: as long may the application wait behind us, and after 1s the server breaks deadlocks.',
  });
}
