import type { ConnectionSettings } from '../../database/connection-settings.js';
import { monthOf, parseMonth } from '../../partitioning/month.js';
import type { PartitionPolicy } from '../../partitioning/policy.js';
import { selectPolicies } from '../options.js';
import type { ColdListener } from './events.js';

/** How the rows are written: compressed CSV as COPY reads it, or Parquet. */
export type ColdFileFormat = 'csv.gz' | 'parquet';

export interface ColdOptions {
  readonly connection: ConnectionSettings | string;
  /** `2025-01`, or any instant of the month; UTC. */
  readonly month: string | Date;
  /** The folder with the cold copies: one folder a table in it, and in that one a month. */
  readonly directory: string;
  /** Of chat_messages and user_activity_logs; default both. */
  readonly tables?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ColdListener | undefined;
}

/** What the commands have that hold the maintenance lease. */
export interface ColdWriteOptions extends ColdOptions {
  /** Says what would be done and writes nothing; default false. */
  readonly dryRun?: boolean | undefined;
  /** Longest wait for another maintenance run, in milliseconds; default 0. */
  readonly waitMs?: number | undefined;
  /** Longest wait for one lock, in milliseconds: as long may others queue behind us. Default 200; below 1000. */
  readonly lockTimeoutMs?: number | undefined;
  /** How often to try again after a lock timeout; default 30. */
  readonly retries?: number | undefined;
}

/** What the options name, checked. */
export interface ColdScope {
  readonly month: Date;
  readonly policies: readonly PartitionPolicy[];
}

/** @throws UsageError USAGE_INVALID_OPTION */
export function coldScope({ month, tables }: Pick<ColdOptions, 'month' | 'tables'>): ColdScope {
  return {
    month: typeof month === 'string' ? parseMonth(month, 'month') : monthOf(month),
    policies: selectPolicies(tables),
  };
}
