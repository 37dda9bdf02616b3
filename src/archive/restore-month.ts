import { withMaintenanceSession, type MaintenanceSession } from '../database/maintenance-session.js';
import { withRunLedger } from '../database/run-ledger.js';
import { OperationError } from '../errors.js';
import { packageVersion } from '../package-root.js';
import { addMonths, formatMonth, monthOf, parseMonth } from '../partitioning/month.js';
import { partitionName } from '../partitioning/partition-name.js';
import type { Partition } from '../partitioning/partition-set.js';
import { objectName, type ArchiveRun } from './archive-run.js';
import { partitionSql, readArchiveTable, rootSql, type ArchiveTable } from './archive-table.js';
import { coverage, overlap } from './decide-actions.js';
import { dropEmptied } from './drop-emptied.js';
import type { ArchiveStep } from './events.js';
import { addMissingKeys } from './foreign-keys.js';
import { moveRows } from './move-rows.js';
import {
  assertLockTimeout,
  selectPolicies,
  type ArchiveConnection,
  type ArchiveLease,
  type ArchiveScope,
  type ArchiveWork,
} from './options.js';
import type { StepOutcome } from './perform-action.js';
import { findPartitionObstacle, findTableObstacle, relationOf } from './preflight.js';
import { restorePartition } from './restore-partition.js';
import { attemptStep, refuseStep } from './step-report.js';

export interface RestoreMonthOptions
  extends ArchiveConnection, ArchiveLease, ArchiveWork, Pick<ArchiveScope, 'tables'> {
  /** As in `2025-01`, or a Date in it. */
  readonly month: string | Date;
  /** Says what would be done, writes nothing; default false. */
  readonly dryRun?: boolean | undefined;
}

export interface RestoreResult {
  /** Its row in studymate.runs; undefined for a dry run. */
  readonly runId: string | undefined;
  readonly dryRun: boolean;
  readonly month: string;
  readonly steps: readonly ArchiveStep[];
  readonly failed: number;
}

/**
 * Brings a month back from the archive: whole, by changing the parent of its partition, as it went; row by row where
 * the live table has the month already. Late rows of the month in the default partition come along. A month that is
 * live is left as it is. The next `runArchive` takes it to the archive again when it is due.
 *
 * @throws UsageError USAGE_INVALID_OPTION; BusyError BUSY_MAINTENANCE_RUNNING; OperationError ARCHIVE_MONTH_MISSING
 * when no table has the month; what withMaintenanceSession throws
 */
export async function restoreMonth(options: RestoreMonthOptions): Promise<RestoreResult> {
  const { connection, waitMs, signal, onEvent } = options;
  assertLockTimeout(options.lockTimeoutMs);
  const month =
    typeof options.month === 'string' ? parseMonth(options.month, 'month') : monthOf(options.month);
  const policies = selectPolicies(options.tables);
  return withMaintenanceSession(
    {
      connection,
      applicationName: 'studymate-db archive restore',
      waitMs,
      signal,
      onWait: (holder) => onEvent?.({ type: 'waiting', holder }),
    },
    async (session) => {
      const tables: ArchiveTable[] = [];
      for (const policy of policies) tables.push(await readArchiveTable(session.client, policy));
      assertKnown(tables, month);
      return restoreUnderLease(session, options, month, tables);
    },
  );
}

async function restoreUnderLease(
  session: MaintenanceSession,
  options: RestoreMonthOptions,
  month: Date,
  tables: readonly ArchiveTable[],
): Promise<RestoreResult> {
  const { lockTimeoutMs = 200, retries = 30, dryRun = false, onEvent = () => undefined } = options;
  const text = formatMonth(month);
  if (dryRun) return dryRestore(text, month, tables);
  let result: RestoreResult | undefined;
  try {
    await withRunLedger(
      session.client,
      { command: 'archive restore', options: { month: text }, toolVersion: packageVersion() },
      async (ledger) => {
        const run: ArchiveRun = { session, ledger, lockTimeoutMs, retries, onEvent };
        const steps: ArchiveStep[] = [];
        for (const table of tables) steps.push(...(await restoreTable(run, table, month)));
        const failed = steps.filter((step) => step.result === 'failed').length;
        result = { runId: ledger.runId, dryRun, month: text, steps, failed };
        if (failed > 0) throw new OperationError('ARCHIVE_INCOMPLETE', `${failed} steps failed`);
      },
    );
  } catch (error) {
    if (result === undefined) throw error;
  }
  return result as RestoreResult;
}

function dryRestore(text: string, month: Date, tables: readonly ArchiveTable[]): RestoreResult {
  const steps = tables.flatMap((table) =>
    archivedPartitions(table, month).map((partition): ArchiveStep => ({
      table: tableName(table),
      action:
        coverage(table.live, partition.lowerBound, partition.upperBound) === 'none' ? 'restore' : 'return',
      month: text,
      partition: objectName(partition),
      result: 'skipped',
      rows: partition.estimatedRows,
      durationMs: 0,
      lockWaitMs: undefined,
      heldMs: undefined,
      reason: 'dry run',
    })),
  );
  return { runId: undefined, dryRun: true, month: text, steps, failed: 0 };
}

function assertKnown(tables: readonly ArchiveTable[], month: Date): void {
  const known = tables.some(
    ({ live, archive }) =>
      coverage(archive, month, addMonths(month, 1)) !== 'none' ||
      coverage(live, month, addMonths(month, 1)) !== 'none',
  );
  if (known) return;
  throw new OperationError('ARCHIVE_MONTH_MISSING', `there is no month ${formatMonth(month)} to restore`, {
    detail: `Neither in ${tables.map(({ archive }) => archive.table).join(', ')} nor live.`,
    hint: '«studymate-db archive status» says which months are archived; one that was exported and dropped is imported first.',
  });
}

function archivedPartitions({ archive }: ArchiveTable, month: Date): readonly Partition[] {
  const end = addMonths(month, 1);
  return archive.partitions.filter(
    ({ lowerBound, upperBound }) =>
      lowerBound !== undefined && upperBound !== undefined && lowerBound < end && upperBound > month,
  );
}

async function restoreTable(
  run: ArchiveRun,
  table: ArchiveTable,
  month: Date,
): Promise<readonly ArchiveStep[]> {
  const identity = { table: tableName(table), month: formatMonth(month), partition: tableName(table) };
  const obstacle = await findTableObstacle(run.session.client, table);
  if (obstacle !== undefined) return [await refuseStep(run, identity, obstacle)];
  const steps: ArchiveStep[] = [];
  for (const partition of archivedPartitions(table, month)) {
    steps.push(
      ...(await restoreOne(run, table, { ...identity, partition: objectName(partition) }, partition)),
    );
  }
  return steps;
}

async function restoreOne(
  run: ArchiveRun,
  table: ArchiveTable,
  identity: { readonly table: string; readonly month: string; readonly partition: string },
  partition: Partition,
): Promise<readonly ArchiveStep[]> {
  const obstacle = findPartitionObstacle(table, partition);
  if (obstacle !== undefined) return [await refuseStep(run, identity, obstacle)];
  switch (coverage(table.live, partition.lowerBound, partition.upperBound)) {
    case 'none':
      return [
        await attemptStep(run, { ...identity, action: 'restore' }, async () => {
          await addMissingKeys(run, table, partition);
          return restorePartition(run, table, partition, {
            bound: relationOf(table, partition.oid).bound ?? '',
            name: partitionName(table.live.table, partition.lowerBound ?? new Date(Number.NaN)),
          });
        }),
      ];
    case 'part':
      return [await refuseStep(run, identity, overlap(table.live, partition.name))];
    case 'all':
      return returnRows(run, table, identity, partition);
  }
}

/** The live table has the month: its partition gets the rows, and that of the archive is dropped. */
async function returnRows(
  run: ArchiveRun,
  table: ArchiveTable,
  identity: { readonly table: string; readonly month: string; readonly partition: string },
  partition: Partition,
): Promise<readonly ArchiveStep[]> {
  const { live, archive, columns } = table;
  const step = await attemptStep(run, { ...identity, action: 'return' }, (): Promise<StepOutcome> =>
    moveRows(run, {
      action: 'return',
      partition,
      source: partitionSql(partition),
      target: rootSql(live),
      columns,
      controlColumn: live.controlColumn,
      from: undefined,
      before: undefined,
      detail: { table: identity.table },
    }),
  );
  if (step.result === 'failed') return [step];
  const dropped = await attemptStep(run, { ...identity, action: 'drop' }, async () => {
    const { result, lockWaitMs, heldMs } = await dropEmptied(run, rootSql(archive), partition);
    return {
      rows: undefined,
      lockWaitMs,
      heldMs,
      ...(result.dropped
        ? {}
        : ({ result: 'skipped', reason: 'an older transaction may still see its rows' } as const)),
    };
  });
  return [step, dropped];
}

function tableName({ live }: ArchiveTable): string {
  return objectName({ schema: live.schema, name: live.table });
}
