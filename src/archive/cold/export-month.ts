import { elapsedMs } from '../../database/duration.js';
import { withMaintenanceSession, type MaintenanceSession } from '../../database/maintenance-session.js';
import { withConnection } from '../../database/connect.js';
import { withRunLedger } from '../../database/run-ledger.js';
import { OperationError } from '../../errors.js';
import { packageVersion } from '../../package-root.js';
import { formatMonth } from '../../partitioning/month.js';
import { assertLockTimeout } from '../options.js';
import { findMonth, isArchived } from './archived-month.js';
import { coldTask } from './cold-run.js';
import {
  assertNotLive,
  checkExported,
  exportArchived,
  isThere,
  type ExportedTable,
  type ExportMonthOptions,
} from './export-archived.js';
import { coldScope, type ColdScope } from './options.js';

export type { ExportedTable, ExportMonthOptions } from './export-archived.js';

export interface ExportMonthResult {
  /** `2025-01` */
  readonly month: string;
  readonly directory: string;
  readonly dryRun: boolean;
  readonly tables: readonly ExportedTable[];
}

/**
 * Writes the archived month of each table to `DIR/<table>/<month>/`: data, manifest and checksums, which appear there
 * together or not at all. With `drop` the archived month is dropped after the copy was verified in this run: its rows go in
 * one transaction that proves that none of them changed since. Killed at any moment it leaves no half copy and no half month; run
 * again it goes on with what is missing. An existing copy is verified, never replaced. Holds the maintenance lease.
 *
 * Reply and last-read pointers at dropped messages keep their values, as the month can be brought back.
 *
 * @throws OperationError COLD_MONTH_MISSING; COLD_MONTH_LIVE when the live table has rows of the month; COLD_COPY_EXISTS
 * when another copy is there; COLD_DISK_FULL; COLD_FILE_UNWRITABLE; COLD_DATABASE_DIFFERS, and nothing was dropped;
 * UsageError; BusyError BUSY_MAINTENANCE_RUNNING
 */
export async function exportMonth(options: ExportMonthOptions): Promise<ExportMonthResult> {
  const { connection, signal, waitMs, dryRun = false, onEvent } = options;
  assertLockTimeout(options.lockTimeoutMs);
  const scope = coldScope(options);
  if (dryRun) return planExport(options, scope);
  return withMaintenanceSession(
    {
      connection,
      applicationName: 'studymate-db archive export',
      waitMs,
      signal,
      onWait: (holder) => onEvent?.({ type: 'waiting', holder }),
    },
    (session) => exportMonthIn(session, options),
  );
}

/** The same in a session that holds the lease already. */
export async function exportMonthIn(
  session: MaintenanceSession,
  options: ExportMonthOptions,
): Promise<ExportMonthResult> {
  const { directory, fileFormat = 'csv.gz', drop = false } = options;
  const { month, policies } = coldScope(options);
  const tables = policies.map(({ table }) => table);
  const run = {
    command: 'archive export',
    options: { month: formatMonth(month), directory, tables, fileFormat, drop },
    toolVersion: packageVersion(),
  };
  return withRunLedger(session.client, run, async (ledger) => {
    const exported: ExportedTable[] = [];
    for (const policy of policies) {
      const place = await findMonth(session.client, policy, month);
      const task = coldTask(options, month, policy);
      exported.push(
        isArchived(place)
          ? await exportArchived(session, ledger, options, place, task)
          : await checkExported(session, ledger, options, place, task),
      );
    }
    return result(options, month, exported);
  });
}

async function planExport(
  options: ExportMonthOptions,
  { month, policies }: ColdScope,
): Promise<ExportMonthResult> {
  const { connection, signal, drop = false } = options;
  return withConnection(
    connection,
    { applicationName: 'studymate-db archive export', signal },
    async ({ client }) => {
      const tables: ExportedTable[] = [];
      for (const policy of policies) {
        const startedAt = performance.now();
        const place = await findMonth(client, policy, month);
        const task = coldTask(options, month, policy);
        const existed = await isThere(task.folder);
        const archived = isArchived(place);
        if (archived) await assertNotLive(client, place, task, drop);
        tables.push({
          table: policy.table,
          folder: task.folder,
          action: archived ? (existed ? 'unchanged' : 'exported') : existed ? 'cold' : 'none',
          dropped: archived && drop,
          rows: undefined,
          bytes: undefined,
          durationMs: elapsedMs(startedAt),
          heldMs: undefined,
        });
      }
      return result(options, month, tables);
    },
  );
}

function result(
  { directory, dryRun = false }: ExportMonthOptions,
  month: Date,
  tables: readonly ExportedTable[],
): ExportMonthResult {
  if (tables.every(({ action }) => action === 'none')) {
    throw new OperationError('COLD_MONTH_MISSING', `the archive has no ${formatMonth(month)}`, {
      detail: `Neither in ${tables.map(({ table }) => table).join(' nor in ')}.`,
      hint: 'Only archived months are exported; «studymate-db archive status» shows them.',
    });
  }
  return { month: formatMonth(month), directory, dryRun, tables };
}
