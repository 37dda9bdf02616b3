import { withMaintenanceSession, type MaintenanceSession } from '../database/maintenance-session.js';
import { withRunLedger } from '../database/run-ledger.js';
import { OperationError } from '../errors.js';
import { packageVersion } from '../package-root.js';
import { formatMonth } from '../partitioning/month.js';
import { objectName, type ArchiveRun } from './archive-run.js';
import type { Granularity } from './decide-actions.js';
import type { ArchiveStep } from './events.js';
import { addMissingKeys } from './foreign-keys.js';
import {
  assertLockTimeout,
  type ArchiveConnection,
  type ArchiveLease,
  type ArchiveScope,
  type ArchiveWork,
} from './options.js';
import { dropAfterMove, performAction } from './perform-action.js';
import { readSituation, resolveTasks, type Situation, type Task } from './situation.js';
import { attemptStep, refuseStep } from './step-report.js';

export interface RunArchiveOptions extends ArchiveConnection, ArchiveLease, ArchiveScope, ArchiveWork {}

export interface ArchiveResult {
  /** Its row in studymate.runs. */
  readonly runId: string;
  readonly granularity: Granularity;
  readonly tables: readonly { readonly table: string; readonly cutoff: Date }[];
  /** In the order in which they were done; none when nothing was due. */
  readonly steps: readonly ArchiveStep[];
  readonly failed: number;
}

/**
 * Moves what is older than the cutoff from chat_messages and user_activity_logs to their archives: a whole month by
 * changing the parent of its partition, in one short transaction, and what cannot go whole row by row, in batches.
 *
 * At every moment a snapshot of a table and its archive has each row exactly once, whatever is killed. Replies and
 * last-read pointers keep their targets. A run that was interrupted is finished by the next, which finds the state in
 * the catalog. Holds the maintenance lease. Trouble with one month or table does not keep the others from their turn:
 * it is in the result, and in the ledger.
 *
 * @throws UsageError USAGE_INVALID_OPTION; BusyError BUSY_MAINTENANCE_RUNNING; OperationError PARTITION_TABLE_MISSING
 * and what withMaintenanceSession throws
 */
export async function runArchive(options: RunArchiveOptions): Promise<ArchiveResult> {
  const { connection, waitMs, signal, onEvent } = options;
  assertLockTimeout(options.lockTimeoutMs);
  return withMaintenanceSession(
    {
      connection,
      applicationName: 'studymate-db archive run',
      waitMs,
      signal,
      onWait: (holder) => onEvent?.({ type: 'waiting', holder }),
    },
    (session) => archiveUnderLease(session, options),
  );
}

/** The same for a caller who holds the lease, as maintenance of several kinds does. Keeps a ledger row of its own. */
export async function archiveUnderLease(
  session: MaintenanceSession,
  options: ArchiveScope & ArchiveWork = {},
): Promise<ArchiveResult> {
  assertLockTimeout(options.lockTimeoutMs);
  const tasks = await resolveTasks(session.client, options);
  const granularity = options.granularity ?? 'month';
  const tables = tasks.map(({ policy, cutoff }) => ({
    table: objectName({ schema: policy.schema, name: policy.table }),
    cutoff,
  }));
  let result: ArchiveResult | undefined;
  try {
    await withRunLedger(
      session.client,
      { command: 'archive run', options: { granularity, tables }, toolVersion: packageVersion() },
      async (ledger) => {
        const { lockTimeoutMs = 200, retries = 30, onEvent = () => undefined } = options;
        const run: ArchiveRun = { session, ledger, lockTimeoutMs, retries, onEvent };
        const steps: ArchiveStep[] = [];
        for (const task of tasks) steps.push(...(await archiveTable(run, task)));
        const failed = steps.filter((step) => step.result === 'failed');
        result = { runId: ledger.runId, granularity, tables, steps, failed: failed.length };
        if (failed.length > 0) throw incomplete(failed);
      },
    );
  } catch (error) {
    if (result === undefined) throw error;
  }
  return result as ArchiveResult;
}

/** For the ledger; the caller gets the result. */
function incomplete(failed: readonly ArchiveStep[]): OperationError {
  return new OperationError('ARCHIVE_INCOMPLETE', `${failed.length} steps failed`, {
    detail: failed.map(({ partition, error }) => `${partition}: ${error?.message}`).join('\n'),
  });
}

async function archiveTable(run: ArchiveRun, task: Task): Promise<readonly ArchiveStep[]> {
  const situation = await readSituation(run.session.client, task);
  const name = objectName({ schema: task.policy.schema, name: task.policy.table });
  if (situation.obstacle !== undefined) {
    return [await refuseStep(run, { table: name, month: undefined, partition: name }, situation.obstacle)];
  }
  const steps: ArchiveStep[] = [];
  for (const action of situation.actions)
    steps.push(...(await archivePartition(run, situation, name, action)));
  steps.push(...(await completeKeys(run, situation, name)));
  return steps;
}

async function archivePartition(
  run: ArchiveRun,
  { table }: Situation,
  name: string,
  action: Situation['actions'][number],
): Promise<readonly ArchiveStep[]> {
  const month = monthText(action);
  const identity = { table: name, month, partition: objectName(action.partition) };
  if (action.kind === 'refused') return [await refuseStep(run, identity, action.error)];
  const step = await attemptStep(run, { ...identity, action: action.kind }, () =>
    performAction(run, table, action),
  );
  if (step.result === 'failed' || action.kind !== 'move' || action.before !== undefined) return [step];
  const dropped = await attemptStep(run, { ...identity, action: 'drop' }, async () => ({
    rows: undefined,
    ...(await dropAfterMove(run, table, action)),
  }));
  return step.rows === 0 ? [dropped] : [step, dropped];
}

function monthText(action: Situation['actions'][number]): string | undefined {
  const month = action.kind === 'swap' || action.kind === 'move' ? action.partition.month : action.month;
  return month && formatMonth(month);
}

/** Of months that came into the archive in another way. */
async function completeKeys(
  run: ArchiveRun,
  { table }: Situation,
  name: string,
): Promise<readonly ArchiveStep[]> {
  const steps: ArchiveStep[] = [];
  for (const partition of table.archive.partitions) {
    if ((table.relations.get(partition.oid)?.missingKeys ?? 0) === 0) continue;
    const month = partition.month && formatMonth(partition.month);
    const identity = { table: name, action: 'keys', month, partition: objectName(partition) } as const;
    steps.push(
      await attemptStep(run, identity, async () => {
        const { lockWaitMs, heldMs } = await addMissingKeys(run, table, partition);
        return { rows: undefined, lockWaitMs, heldMs };
      }),
    );
  }
  return steps;
}
