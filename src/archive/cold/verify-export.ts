import { withConnection } from '../../database/connect.js';
import type { ConnectionSettings } from '../../database/connection-settings.js';
import { OperationError } from '../../errors.js';
import { formatMonth } from '../../partitioning/month.js';
import { findMonth, isArchived, type MonthPlace } from './archived-month.js';
import { checkCopy, type ColdFinding } from './check-copy.js';
import { coldTask, type ColdTask } from './cold-run.js';
import { compareMonth } from './compare-month.js';
import type { Manifest } from './manifest.js';
import { coldScope, type ColdOptions } from './options.js';

export interface VerifyExportOptions extends ColdOptions {
  /** Checks the files alone, without a connection; default false. */
  readonly offline?: boolean | undefined;
}

export interface VerifyExportResult {
  /** `2025-01` */
  readonly month: string;
  readonly directory: string;
  /** Whether there is no finding at all. */
  readonly verified: boolean;
  readonly tables: readonly VerifiedTable[];
}

export interface VerifiedTable {
  readonly table: string;
  readonly folder: string;
  /**
   * `equal`: the files are whole and the archive has the same rows; `cold`: whole, and the month is in the copy only;
   * `intact`: whole, and the database was not asked; `none`: no copy, and nothing to be copied; `found`: see findings.
   */
  readonly state: 'equal' | 'cold' | 'intact' | 'none' | 'found';
  /** As the manifest says; undefined without a manifest that can be trusted. */
  readonly rows: number | undefined;
  readonly exportedAt: string | undefined;
  readonly findings: readonly ColdFinding[];
}

/**
 * Proves the cold copies of a month: manifest, files and rows against each other, and against the archive as one
 * snapshot shows it. Changes nothing and locks nobody out; a standby will do.
 *
 * @throws OperationError COLD_COPY_MISSING when neither the folder nor the archive has the month; COLD_FILE_UNREADABLE
 */
export async function verifyExport(options: VerifyExportOptions): Promise<VerifyExportResult> {
  const { connection, directory, signal, offline = false } = options;
  const { month, policies } = coldScope(options);
  const tables: VerifiedTable[] = [];
  for (const policy of policies) {
    const task = coldTask(options, month, policy);
    const place = offline
      ? undefined
      : await withConnection(
          connection,
          { applicationName: 'studymate-db archive verify', signal },
          ({ client }) => findMonth(client, policy, month),
        );
    tables.push((await verifyTable(connection, place, task)).verified);
    signal?.throwIfAborted();
  }
  if (tables.every(({ state }) => state === 'none')) {
    throw new OperationError(
      'COLD_COPY_MISSING',
      `there is no cold copy of ${formatMonth(month)} in ${directory}`,
      {
        hint: `It would be in ${tables.map(({ folder }) => folder).join(' or ')}; give the folder that was given to export.`,
      },
    );
  }
  return {
    month: formatMonth(month),
    directory,
    verified: tables.every(({ findings }) => findings.length === 0),
    tables,
  };
}

/** @param place undefined to leave the database out */
export async function verifyTable(
  connection: ConnectionSettings | string,
  place: MonthPlace | undefined,
  task: ColdTask,
): Promise<{
  readonly verified: VerifiedTable;
  readonly manifest: Manifest | undefined;
  /** Of the rows that were compared; undefined when none were. */
  readonly fingerprint: string | undefined;
}> {
  const { folder, policy, signal } = task;
  const archived = place !== undefined && isArchived(place) ? place : undefined;
  const { manifest, findings } = await checkCopy(folder, task, task.phase('check files'));
  const facts = { table: policy.table, folder, rows: manifest?.rows, exportedAt: manifest?.exportedAt };
  if (findings[0]?.code === 'COLD_COPY_MISSING' && archived === undefined) {
    return { verified: { ...facts, state: 'none', findings: [] }, manifest, fingerprint: undefined };
  }
  if (manifest === undefined || findings.length > 0) {
    return { verified: { ...facts, state: 'found', findings }, manifest, fingerprint: undefined };
  }
  if (archived === undefined) {
    const state = place === undefined ? 'intact' : 'cold';
    return { verified: { ...facts, state, findings }, manifest, fingerprint: undefined };
  }
  task.phase('count');
  const compared = await compareMonth(connection, archived, manifest, { signal });
  const state = compared.findings.length === 0 ? 'equal' : 'found';
  return {
    verified: { ...facts, state, findings: compared.findings },
    manifest,
    fingerprint: compared.fingerprint,
  };
}
