import { withConnection } from '../../database/connect.js';
import { elapsedMs } from '../../database/duration.js';
import { withMaintenanceSession, type MaintenanceSession } from '../../database/maintenance-session.js';
import { withRunLedger, type RunLedger } from '../../database/run-ledger.js';
import { OperationError } from '../../errors.js';
import { packageVersion } from '../../package-root.js';
import { formatMonth } from '../../partitioning/month.js';
import { assertLockTimeout } from '../options.js';
import { countLiveRows, findMonth, isArchived, type MonthPlace } from './archived-month.js';
import { assertNoFindings, checkCopy } from './check-copy.js';
import { archiveRun, coldTask, type ColdTask } from './cold-run.js';
import { compareMonth } from './compare-month.js';
import { dropEmptyTable } from './drop-month.js';
import type { ErasedRows } from './gone-parents.js';
import { assertColumnsFit, importTable, NOTHING_ERASED, proveKeys } from './import-table.js';
import type { Manifest } from './manifest.js';
import { coldScope, type ColdScope, type ColdWriteOptions } from './options.js';

export interface ImportMonthOptions extends ColdWriteOptions {
  /**
   * Leaves out the rows of users and rooms that were deleted since the export, and clears the pointers that deleting
   * them clears; default false: such a month is refused.
   */
  readonly skipErased?: boolean | undefined;
}

export interface ImportMonthResult {
  /** `2025-01` */
  readonly month: string;
  readonly directory: string;
  readonly dryRun: boolean;
  readonly tables: readonly ImportedTable[];
}

export interface ImportedTable {
  readonly table: string;
  readonly folder: string;
  /** `imported`; `unchanged`: the archive has these rows already; `none`: there is no copy. In a dry run, what would be. */
  readonly action: 'imported' | 'unchanged' | 'none';
  /** Rows of the copy. */
  readonly rows: number | undefined;
  /** Rows that were left out, as their user or room is gone. */
  readonly erasedRows: number;
  /** Rows whose pointer at a user was set null, as that one is gone. */
  readonly clearedRows: number;
  readonly durationMs: number;
}

/**
 * Brings archived months back from their cold copies. The copy is checked first, the rows are proved equal to it inside
 * the transaction that makes the partition, and only then is it attached: killed at any moment, the archive has the
 * month whole or not at all. Run again it finds it there. Holds the maintenance lease.
 *
 * Replies and last-read pointers that pointed at the month while it was cold find their messages again.
 *
 * @throws OperationError COLD_COPY_MISSING, or what is wrong with the copy (COLD_FILE_CHANGED and its like);
 * COLD_MONTH_PRESENT when the database has other rows of the month; COLD_COLUMNS_CHANGED; COLD_PARENTS_GONE;
 * COLD_ROWS_REFUSED; ARCHIVE_LOCK_TIMEOUT; UsageError; BusyError BUSY_MAINTENANCE_RUNNING
 */
export async function importMonth(options: ImportMonthOptions): Promise<ImportMonthResult> {
  const { connection, signal, waitMs, dryRun = false, onEvent } = options;
  assertLockTimeout(options.lockTimeoutMs);
  const scope = coldScope(options);
  const applicationName = 'studymate-db archive import';
  if (dryRun) {
    return withConnection(connection, { applicationName, signal }, ({ client, settings }) =>
      importTables(options, scope, async (task, manifest) => {
        const place = await findMonth(client, task.policy, task.month);
        const present = await isPresent({ client, settings }, place, task, manifest);
        await assertColumnsFit(client, place.table, manifest);
        return { present, erased: NOTHING_ERASED };
      }),
    );
  }
  return withMaintenanceSession(
    {
      connection,
      applicationName,
      waitMs,
      signal,
      onWait: (holder) => onEvent?.({ type: 'waiting', holder }),
    },
    (session) => importMonthIn(session, options),
  );
}

/** The same in a session that holds the lease already. */
export async function importMonthIn(
  session: MaintenanceSession,
  options: ImportMonthOptions,
): Promise<ImportMonthResult> {
  const { directory, skipErased = false } = options;
  const scope = coldScope(options);
  const { month, policies } = scope;
  const tables = policies.map(({ table }) => table);
  const run = {
    command: 'archive import',
    options: { month: formatMonth(month), directory, tables, skipErased },
    toolVersion: packageVersion(),
  };
  return withRunLedger(session.client, run, (ledger) =>
    importTables(options, scope, (task, manifest) => bringBack(session, ledger, options, task, manifest)),
  );
}

interface BroughtBack {
  readonly present: boolean;
  readonly erased: ErasedRows;
}

async function importTables(
  options: ImportMonthOptions,
  { month, policies }: ColdScope,
  bring: (task: ColdTask, manifest: Manifest) => Promise<BroughtBack>,
): Promise<ImportMonthResult> {
  const { directory, dryRun = false } = options;
  const tables: ImportedTable[] = [];
  for (const policy of policies) {
    const startedAt = performance.now();
    const task = coldTask(options, month, policy);
    const { manifest, findings } = await checkCopy(task.folder, task, task.phase('check files'));
    options.signal?.throwIfAborted();
    const missing = findings[0]?.code === 'COLD_COPY_MISSING';
    if (!missing) assertNoFindings(findings, 'Nothing was imported. Look for another copy.');
    const brought = manifest && (await bring(task, manifest));
    tables.push({
      table: policy.table,
      folder: task.folder,
      action: brought === undefined ? 'none' : brought.present ? 'unchanged' : 'imported',
      rows: manifest?.rows,
      erasedRows: brought?.erased.deleted ?? 0,
      clearedRows: brought?.erased.cleared ?? 0,
      durationMs: elapsedMs(startedAt),
    });
  }
  if (tables.every(({ action }) => action === 'none')) {
    throw new OperationError(
      'COLD_COPY_MISSING',
      `there is no cold copy of ${formatMonth(month)} in ${directory}`,
      {
        hint: `It would be in ${tables.map(({ folder }) => folder).join(' or ')}; give the folder that was given to export.`,
      },
    );
  }
  return { month: formatMonth(month), directory, dryRun, tables };
}

async function bringBack(
  session: MaintenanceSession,
  ledger: RunLedger,
  options: ImportMonthOptions,
  task: ColdTask,
  manifest: Manifest,
): Promise<BroughtBack> {
  const run = archiveRun(session, ledger, options, task);
  // What a killed import has still to do.
  await proveKeys(run, task);
  const place = await findMonth(session.client, task.policy, task.month);
  if (await isPresent(session, place, task, manifest)) return { present: true, erased: NOTHING_ERASED };
  await assertColumnsFit(session.client, place.table, manifest);
  // Of a drop that was killed just before its end.
  await dropEmptyTable(run, place.table, task);
  const erased = await importTable(run, place.table, manifest, task, options.skipErased === true);
  const late = await proveKeys(run, task);
  return {
    present: false,
    erased: { deleted: erased.deleted + late.deleted, cleared: erased.cleared + late.cleared },
  };
}

/** @throws OperationError COLD_MONTH_PRESENT when the database has the month with other rows, archived or live */
async function isPresent(
  { client, settings }: Pick<MaintenanceSession, 'client' | 'settings'>,
  place: MonthPlace,
  task: ColdTask,
  manifest: Manifest,
): Promise<boolean> {
  const name = `${task.policy.table} ${formatMonth(task.month)}`;
  if (isArchived(place)) {
    const { findings } = await compareMonth(settings, place, manifest, {
      signal: task.signal,
      allowNewColumns: true,
    });
    if (findings.length === 0) return true;
    throw new OperationError('COLD_MONTH_PRESENT', `the archive has another ${name}`, {
      detail: findings.map(({ message, detail }) => `${message}\n${detail ?? ''}`).join('\n'),
      hint: 'Nothing was imported. To put the copy in its place, first «archive export --drop» what is there to another folder.',
    });
  }
  const { partition } = await countLiveRows(client, place, task.month);
  if (partition === 0) return false;
  throw new OperationError('COLD_MONTH_PRESENT', `${name} is in the live table`, {
    detail: `It has ${partition} rows there.`,
    hint: 'Nothing was imported: those rows may be the same. Archive the month, and compare it with «archive verify».',
  });
}
