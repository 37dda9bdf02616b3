import type { GuardSettings } from '../database/maintenance-guards.js';
import { UsageError } from '../errors.js';
import type { IndexLockOptions } from './concurrent-run.js';
import type { IndexFilter } from './index-catalog.js';
import type { MaintenanceWindow } from './maintenance-window.js';

export interface ReindexOptions extends IndexFilter, IndexLockOptions, Partial<GuardSettings> {
  /**
   * Indexes to rebuild, by name or qualified name: a leaf, or a partitioned index with all of its leaves. What is named,
   * also by `table`, is rebuilt whatever its method, bloat and last rebuild; minima that are given still hold.
   */
  readonly indexes?: readonly string[] | undefined;
  /**
   * Rebuilds the btrees of months that are over, too, once and with fillfactor 100: nothing is inserted there any more.
   * Default false.
   */
  readonly closedMonths?: boolean | undefined;
  /** Smallest index worth it, in bytes; default 10 MB, for named ones 0. */
  readonly minimumBytes?: number | undefined;
  /** Smallest part that a rebuild gives back, 0 to 1; default 0.3, for named ones 0. */
  readonly minimumBloat?: number | undefined;
  /** Days until an index may be rebuilt again by rule; default 10. */
  readonly cooldownDays?: number | undefined;
  /** Reads every page with pgstatindex() instead of estimating; default false. */
  readonly exact?: boolean | undefined;
  /** Most indexes in one run; default: all that there are. */
  readonly maxIndexes?: number | undefined;
  /** Indexes larger than this are left out, in bytes; default: none. */
  readonly maxBytes?: number | undefined;
  /** Nothing begins outside of these; default: always open. */
  readonly windows?: readonly MaintenanceWindow[] | undefined;
  /** Free space on the disk of the indexes, which the server cannot tell: twice an index must fit. */
  readonly freeBytes?: number | undefined;
  /** Tells the time, for windows and months; default: the clock of this machine. */
  readonly clock?: (() => Date) | undefined;
}

export interface ReindexSettings extends Required<GuardSettings> {
  readonly filter: IndexFilter;
  readonly indexes: readonly string[];
  /** Named by the caller, so that the rules do not apply. */
  readonly named: boolean;
  readonly closedMonths: boolean;
  readonly minimumBytes: number;
  readonly minimumBloat: number;
  readonly cooldownDays: number;
  readonly exact: boolean;
  readonly maxIndexes: number;
  readonly maxBytes: number;
  readonly windows: readonly MaintenanceWindow[];
  readonly freeBytes: number | undefined;
  readonly clock: () => Date;
}

/** @throws UsageError USAGE_INVALID_OPTION */
export function reindexSettings(options: ReindexOptions): ReindexSettings {
  const { indexes = [], closedMonths = false, schema, table } = options;
  const named = indexes.length > 0 || (table !== undefined && !closedMonths);
  const settings: ReindexSettings = {
    filter: { schema, table },
    indexes,
    named,
    closedMonths,
    minimumBytes: options.minimumBytes ?? (named ? 0 : 10 * 1024 * 1024),
    minimumBloat: options.minimumBloat ?? (named ? 0 : 0.3),
    cooldownDays: options.cooldownDays ?? 10,
    exact: options.exact ?? false,
    maxIndexes: options.maxIndexes ?? Infinity,
    maxBytes: options.maxBytes ?? Infinity,
    windows: options.windows ?? [],
    freeBytes: options.freeBytes,
    clock: options.clock ?? (() => new Date()),
    maxDurationMs: options.maxDurationMs ?? 7_200_000,
    maxReplicationLagMs: options.maxReplicationLagMs ?? 30_000,
    maxReplicationLagBytes: options.maxReplicationLagBytes ?? 268_435_456,
    maxTransactionAgeMs: options.maxTransactionAgeMs ?? 600_000,
    maxWaitMs: options.maxWaitMs ?? 60_000,
  };
  const { minimumBloat, minimumBytes, cooldownDays, maxIndexes, maxBytes, freeBytes = 0 } = settings;
  if (!(minimumBloat >= 0 && minimumBloat <= 1)) refuse('minimumBloat', 'a share from 0 to 1');
  for (const [option, value] of Object.entries({
    minimumBytes,
    cooldownDays,
    maxIndexes,
    maxBytes,
    freeBytes,
  }))
    if (!(value >= 0)) refuse(option, 'a number from 0');
  return settings;
}

function refuse(option: string, what: string): never {
  throw new UsageError('USAGE_INVALID_OPTION', `${option} is not ${what}`, {
    hint: 'docs/index-maintenance.md has every option with its range.',
  });
}
