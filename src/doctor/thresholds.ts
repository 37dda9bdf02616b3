import { UsageError } from '../errors.js';

/** From which value on something is worth a finding. Ratios are 0 to 1, times milliseconds, sizes bytes. */
export const defaultThresholds = {
  /** Minor releases behind the latest known one. */
  minorsBehindWarn: 3,
  /** Hours that daily maintenance has to make a month or archive one, before it is missed. */
  maintenanceGraceHours: 36,
  /** Statements that touch every month at once and still find room in the lock table; fewer is a warning. */
  lockTableStatements: 10,
  indexBloatRatio: 0.3,
  indexBloatBytes: 10 * 1024 * 1024,
  /** Observed days without a scan. */
  indexUnusedDays: 35,
  sequenceWarnRatio: 0.7,
  sequenceErrorRatio: 0.9,
  /** Of autovacuum_freeze_max_age, at which autovacuum freezes a table unasked: beyond it, it does not get through. */
  freezeAgeWarnRatio: 1.25,
  /** Transactions; at 2,100 million the server takes no more writes. */
  freezeAgeError: 1_000_000_000,
  /** Transactions since an archived month was frozen last, or filled. */
  archiveFreezeAge: 150_000_000,
  deadRowsRatio: 0.2,
  deadRowsMinimum: 10_000,
  /** Rows, by the size of the table, from which on the planner needs statistics. */
  analyzeMinimumRows: 1_000,
  transactionWarnMs: 15 * 60_000,
  transactionErrorMs: 60 * 60_000,
  idleInTransactionWarnMs: 5 * 60_000,
  lockWaitWarnMs: 5_000,
  lockWaitErrorMs: 60_000,
  cacheHitRatio: 0.9,
  /** Blocks read since the counters began, before the ratio means anything; 8 kB each. */
  cacheHitMinimumBlocks: 1_000_000,
  connectionsWarnRatio: 0.8,
  connectionsErrorRatio: 0.95,
  slotRetainedWarnBytes: 1024 ** 3,
  slotRetainedErrorBytes: 10 * 1024 ** 3,
  replicationLagWarnMs: 30_000,
  replicationLagWarnBytes: 256 * 1024 ** 2,
  replicationLagErrorMs: 10 * 60_000,
  replicationLagErrorBytes: 4 * 1024 ** 3,
} as const;

export type ThresholdName = keyof typeof defaultThresholds;
export type Thresholds = Readonly<Record<ThresholdName, number>>;

/**
 * The defaults with what is overridden.
 *
 * @throws UsageError USAGE_INVALID_OPTION
 */
export function resolveThresholds(overrides: Readonly<Partial<Thresholds>> = {}): Thresholds {
  for (const [name, value] of Object.entries(overrides)) {
    const problem = thresholdProblem(name, value);
    if (problem !== undefined) {
      throw new UsageError('USAGE_INVALID_OPTION', `threshold ${name}: ${problem}`, {
        hint: `Use a number of 0 or more, and one of these names: ${Object.keys(defaultThresholds).join(', ')}.`,
      });
    }
  }
  return { ...defaultThresholds, ...overrides };
}

/** What is wrong with it; undefined when nothing is. */
export function thresholdProblem(name: string, value: unknown): string | undefined {
  if (!Object.hasOwn(defaultThresholds, name)) return 'there is no such threshold';
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
    return 'it is not a number of 0 or more';
  // Beyond 1 only the age of rows goes: it is in relation to a limit that may be passed.
  if (name.endsWith('Ratio') && name !== 'freezeAgeWarnRatio' && value > 1)
    return 'a ratio is between 0 and 1';
  return undefined;
}
