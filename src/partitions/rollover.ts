import { withMaintenanceSession, type MaintenanceSession } from '../database/maintenance-session.js';
import { withRunLedger, type RunLedger } from '../database/run-ledger.js';
import { packageVersion } from '../package-root.js';
import type { PartitionPolicy } from '../partitioning/policy.js';
import { performStep } from './perform-step.js';
import {
  DEFAULT_ROWS_PER_STEP,
  isDrain,
  planRollover,
  type RolloverObstacle,
  type RolloverStep,
} from './plan-rollover.js';
import { assertMigrated, readState, serverTime } from './read-state.js';
import type { RolloverOptions, RolloverPartitionsOptions } from './rollover-options.js';
import { selectPolicies } from './select-policies.js';
import { asFailure, stepError, type StepFailure, type StepResult } from './step-result.js';

export interface RolloverResult {
  readonly now: Date;
  readonly tables: readonly TableResult[];
  /** Steps that failed, and months that could not be made; 0 when everything is as the policy wants it. */
  readonly failed: number;
}

export interface TableResult {
  /** Schema-qualified. */
  readonly table: string;
  readonly steps: readonly StepResult[];
  readonly obstacles: readonly RolloverObstacle[];
  /** Rows of the default partition that belong to no month, and stay there. */
  readonly rowsWithoutMonth: number;
  /** Why nothing could be done about this table at all. */
  readonly error?: StepFailure | undefined;
}

/**
 * Makes the months that the policies want and that are not there, and moves the rows of the default partitions to
 * the months they belong to. Idempotent; interrupted or killed anywhere, the next run finishes. One month a
 * transaction, each of them in the run ledger. What fails is told in the result and stops nothing else.
 *
 * Every lock is waited for `lockTimeoutMs` at most, and a writer behind us no longer than that and the transaction
 * itself takes.
 *
 * @throws BusyError BUSY_MAINTENANCE_RUNNING; UsageError USAGE_INVALID_OPTION; OperationError
 * PARTITION_TABLE_MISSING where there is no migrated database; what withMaintenanceSession throws
 */
export function rolloverPartitions(options: RolloverPartitionsOptions): Promise<RolloverResult> {
  return runUnderNewLease('partition rollover', options, rolloverUnderLease);
}

/**
 * The part of rolloverPartitions() that empties the default partitions: rows to their months, which are made, and
 * late rows of archived months to the archive. Makes no other month.
 *
 * @throws what rolloverPartitions throws
 */
export function drainPartitions(options: RolloverPartitionsOptions): Promise<RolloverResult> {
  return runUnderNewLease('partition drain', options, drainUnderLease);
}

/** rolloverPartitions() within a session that already holds the lease. */
export function rolloverUnderLease(
  session: MaintenanceSession,
  options: RolloverOptions = {},
): Promise<RolloverResult> {
  return run(session, 'partition rollover', options, () => true);
}

/** drainPartitions() within a session that already holds the lease. */
export function drainUnderLease(
  session: MaintenanceSession,
  options: RolloverOptions = {},
): Promise<RolloverResult> {
  return run(session, 'partition drain', options, isDrain);
}

function runUnderNewLease(
  command: string,
  options: RolloverPartitionsOptions,
  work: (session: MaintenanceSession, options: RolloverOptions) => Promise<RolloverResult>,
): Promise<RolloverResult> {
  const { connection, waitMs, signal, onEvent } = options;
  selectPolicies(options);
  return withMaintenanceSession(
    {
      connection,
      applicationName: `studymate-db ${command}`,
      waitMs,
      signal,
      onWait: (holder) => onEvent?.({ type: 'waiting', holder }),
    },
    (session) => work(session, options),
  );
}

async function run(
  session: MaintenanceSession,
  command: string,
  options: RolloverOptions,
  wanted: (step: RolloverStep) => boolean,
): Promise<RolloverResult> {
  const { client } = session;
  const policies = selectPolicies(options);
  const now = options.now ?? (await serverTime(client));
  await assertMigrated(client, policies);
  const { premakeMonths, retentionMonths, tables, rowsPerStep } = options;
  return withRunLedger(
    client,
    {
      command,
      options: { now, tables, premakeMonths, retentionMonths, rowsPerStep },
      toolVersion: packageVersion(),
    },
    async (ledger) => {
      const results: TableResult[] = [];
      for (const policy of policies) {
        results.push(await rolloverTable(session, ledger, policy, now, options, wanted));
      }
      const failed = results.reduce(
        (sum, { steps, obstacles, error }) =>
          sum + steps.filter(({ result }) => result === 'failed').length + obstacles.length + (error ? 1 : 0),
        0,
      );
      return { now, tables: results, failed };
    },
  );
}

/** Plans anew after each step: what others did meanwhile counts, and what is no longer needed is not done. */
async function rolloverTable(
  session: MaintenanceSession,
  ledger: RunLedger,
  policy: PartitionPolicy,
  now: Date,
  options: RolloverOptions,
  wanted: (step: RolloverStep) => boolean,
): Promise<TableResult> {
  const { client } = session;
  const table = `${policy.schema}.${policy.table}`;
  const { lockTimeoutMs, retries, onEvent, rowsPerStep = DEFAULT_ROWS_PER_STEP } = options;
  const steps: StepResult[] = [];
  const tried = new Set<string>();
  try {
    for (;;) {
      const state = await readState(client, policy, now);
      const plan = planRollover(state, { rowsPerStep });
      const step = plan.steps.find((next) => wanted(next) && !tried.has(keyOf(next)));
      if (step === undefined) {
        const { obstacles, rowsWithoutMonth } = plan;
        return { table, steps, obstacles, rowsWithoutMonth };
      }
      tried.add(keyOf(step));
      onEvent?.({ type: 'step-started', table, ...step });
      const result = await performStep(
        {
          session,
          ledger,
          live: state.live,
          archive: state.archive,
          rowsPerStep,
          lock: {
            lockTimeoutMs,
            retries,
            onRetry: (retry) => onEvent?.({ type: 'lock-retry', table, month: step.month, ...retry }),
          },
          onRowsMoved: (rows) => onEvent?.({ type: 'rows-moved', table, month: step.month, rows }),
        },
        step,
      );
      steps.push(result);
      onEvent?.({ type: 'step-ended', table, ...result });
    }
  } catch (error) {
    return {
      table,
      steps,
      obstacles: [],
      rowsWithoutMonth: 0,
      error: asFailure(stepError(error, { signal: session.signal })),
    };
  }
}

function keyOf({ action, month }: RolloverStep): string {
  return `${action} ${month.toISOString()}`;
}
