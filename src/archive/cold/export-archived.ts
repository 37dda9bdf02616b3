import { stat } from 'node:fs/promises';
import { elapsedMs } from '../../database/duration.js';
import type { MaintenanceSession } from '../../database/maintenance-session.js';
import type { RunLedger } from '../../database/run-ledger.js';
import { OperationError } from '../../errors.js';
import { formatMonth } from '../../partitioning/month.js';
import { objectName } from '../archive-run.js';
import { countLiveRows, type ArchivedMonth, type MonthPlace } from './archived-month.js';
import { assertNoFindings } from './check-copy.js';
import { archiveRun, type ColdTask } from './cold-run.js';
import { dropEmptyTable, dropMonth } from './drop-month.js';
import { exportTable } from './export-table.js';
import { asReadFailure, isMissing } from './file-failure.js';
import type { Manifest } from './manifest.js';
import type { ColdFileFormat, ColdWriteOptions } from './options.js';
import { verifyTable } from './verify-export.js';

export interface ExportMonthOptions extends ColdWriteOptions {
  /** Default `csv.gz`. */
  readonly fileFormat?: ColdFileFormat | undefined;
  /** Drops the archived month once its copy is verified; default false. */
  readonly drop?: boolean | undefined;
}

export interface ExportedTable {
  readonly table: string;
  readonly folder: string;
  /**
   * `exported`: written now; `unchanged`: there already, and verified; `cold`: the month is in the copy only, which is
   * whole; `none`: the table has no such month. In a dry run, what would be done; copies are not checked then.
   */
  readonly action: 'exported' | 'unchanged' | 'cold' | 'none';
  /** Whether the archived month was dropped. */
  readonly dropped: boolean;
  /** Undefined in a dry run. */
  readonly rows: number | undefined;
  /** Of the data file; undefined in a dry run. */
  readonly bytes: number | undefined;
  readonly durationMs: number;
  /** Duration of the transaction that dropped the rows: no longer were its locks held. */
  readonly heldMs: number | undefined;
}

/** Writes the copy, or verifies the one that is there; then drops the month where that is asked for. */
export async function exportArchived(
  session: MaintenanceSession,
  ledger: RunLedger,
  options: ExportMonthOptions,
  place: ArchivedMonth,
  task: ColdTask,
): Promise<ExportedTable> {
  const startedAt = performance.now();
  const { settings, client } = session;
  const { policy, folder } = task;
  const { drop = false, fileFormat = 'csv.gz' } = options;
  await assertNotLive(client, place, task, drop);
  const existed = await isThere(folder);
  let manifest: Manifest | undefined;
  if (!existed) {
    manifest = await exportTable(settings, place, task, fileFormat);
    await ledger.step({
      action: 'export',
      object: objectName(place.archived),
      result: 'done',
      rowCount: manifest.rows,
      durationMs: elapsedMs(startedAt),
      detail: { folder, bytes: manifest.file.bytes, contentChecksum: manifest.contentChecksum.value },
    });
  }
  let heldMs: number | undefined;
  if (existed || drop) {
    const proof = await verifyTable(settings, place, task);
    if (existed) assertSameCopy(proof.verified.findings, task);
    assertNoFindings(proof.verified.findings, 'Nothing was dropped. Export to another folder.');
    manifest = proof.manifest;
    if (drop && manifest !== undefined && proof.fingerprint !== undefined) {
      const run = archiveRun(session, ledger, options, task);
      ({ heldMs } = await dropMonth(run, place, task, manifest, proof.fingerprint));
    }
  }
  return {
    table: policy.table,
    folder,
    action: existed ? 'unchanged' : 'exported',
    dropped: heldMs !== undefined,
    rows: manifest?.rows,
    bytes: manifest?.file.bytes,
    durationMs: elapsedMs(startedAt),
    heldMs,
  };
}

/** The archive does not have the month: it was dropped after its copy was made, or never there. */
export async function checkExported(
  session: MaintenanceSession,
  ledger: RunLedger,
  options: ExportMonthOptions,
  place: MonthPlace,
  task: ColdTask,
): Promise<ExportedTable> {
  const startedAt = performance.now();
  const { settings } = session;
  // Of a drop that was killed just before its end.
  if (options.drop === true) {
    await dropEmptyTable(archiveRun(session, ledger, options, task), place.table, task);
  }
  const { verified, manifest } = await verifyTable(settings, place, task);
  assertNoFindings(
    verified.findings,
    `The archive does not have the month, so it cannot be exported again; look for another copy of ${task.folder}.`,
  );
  return {
    table: task.policy.table,
    folder: task.folder,
    action: manifest === undefined ? 'none' : 'cold',
    dropped: false,
    rows: manifest?.rows,
    bytes: manifest?.file.bytes,
    durationMs: elapsedMs(startedAt),
    heldMs: undefined,
  };
}

/** A copy of half a month would be taken for the whole. */
export async function assertNotLive(
  client: MaintenanceSession['client'],
  place: MonthPlace,
  { policy, month }: ColdTask,
  drop: boolean,
): Promise<void> {
  const { partition, defaultPartition } = await countLiveRows(client, place, month);
  const rows = partition + (drop ? defaultPartition : 0);
  if (rows === 0) return;
  throw new OperationError('COLD_MONTH_LIVE', `${policy.table} still has rows of ${formatMonth(month)}`, {
    detail: `${partition} rows in the month's own partition, ${defaultPartition} in the default partition.`,
    hint: 'Archive them first, with «studymate-db archive run» and «studymate-db partition rollover».',
  });
}

function assertSameCopy(
  findings: Parameters<typeof assertNoFindings>[0],
  { folder, policy, month }: ColdTask,
): void {
  if (findings.length === 0) return;
  throw new OperationError(
    'COLD_COPY_EXISTS',
    `${folder} holds another copy of ${policy.table} ${formatMonth(month)}`,
    {
      detail: findings
        .map(({ code, message, detail }) => `${message} [${code}]${detail ? `\n${detail}` : ''}`)
        .join('\n'),
      hint: 'It is not replaced: it may be the only one. Give another folder, or move that one away.',
    },
  );
}

export async function isThere(folder: string): Promise<boolean> {
  try {
    await stat(folder);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw asReadFailure(error, folder);
  }
}
