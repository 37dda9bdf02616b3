import { OperationError } from '../errors.js';
import { compareHistory } from './history.js';
import { readLedger, recordRun } from './ledger.js';
import { indexByName } from './migrate.js';
import { defaultMigrationsDirectory, readMigrationFolder } from './migration-folder.js';
import { runSettings, type MigrateRunOptions } from './options.js';
import { withMigrationLock, withMigrationSession, type MigrationSession } from './session.js';
import type { MigrationFile } from './migration-file.js';

export interface RepairOptions extends MigrateRunOptions {
  /** The one migration to accept as it is now. */
  readonly name: string;
}

export interface RepairResult {
  readonly name: string;
  readonly dryRun: boolean;
  /**
   * `checksum accepted`: the file as it is now counts as what was applied. `removed from the ledger`: its file
   * is gone. `out of order accepted`: the next `up` runs it. `nothing to repair`.
   */
  readonly repair:
    'checksum accepted' | 'removed from the ledger' | 'out of order accepted' | 'nothing to repair';
}

/**
 * Accepts one migration that stops `up`: edited, missing or out of order. Changes the ledger only, never the
 * schema, in one transaction.
 *
 * @throws OperationError MIGRATION_NAME_UNKNOWN; BusyError BUSY_MIGRATION_RUNNING
 */
export async function repairMigration(options: RepairOptions): Promise<RepairResult> {
  const { files } = await readMigrationFolder(options.directory ?? defaultMigrationsDirectory());
  const dryRun = options.dryRun === true;
  return withMigrationSession(options, async (session) => {
    const repair = async (): Promise<RepairResult> => {
      const { name, state } = await findStatus(session, files, options.name);
      const file = files.find((candidate) => candidate.name === name);
      switch (state) {
        case 'edited':
          if (!dryRun) await accept(session, name, file?.checksum ?? '');
          return { name, dryRun, repair: 'checksum accepted' };
        case 'out of order':
          if (!dryRun) await accept(session, name, file?.checksum ?? '');
          return { name, dryRun, repair: 'out of order accepted' };
        case 'missing':
          if (!dryRun) await forget(session, name);
          return { name, dryRun, repair: 'removed from the ledger' };
        default:
          return { name, dryRun, repair: 'nothing to repair' };
      }
    };
    return dryRun ? repair() : withMigrationLock(session, runSettings(options), repair);
  });
}

async function findStatus(
  { client }: MigrationSession,
  files: readonly MigrationFile[],
  name: string,
): Promise<{ name: string; state: string }> {
  const statuses = compareHistory(files, await readLedger(client));
  const missing = statuses.find(
    (status) => status.state === 'missing' && status.name === name.replace(/\.sql$/, ''),
  );
  const wanted = missing?.name ?? files[indexByName(files, name)]?.name;
  const found = statuses.find((status) => status.name === wanted);
  if (found === undefined)
    throw new OperationError('MIGRATION_NAME_UNKNOWN', `there is no migration ${name}`);
  return found;
}

async function accept({ client }: MigrationSession, name: string, checksum: string): Promise<void> {
  await recordRun(client, { name, action: 'repair', checksum, startedAt: new Date() }, 'done');
}

async function forget({ client }: MigrationSession, name: string): Promise<void> {
  await client.query('begin');
  await client.query('delete from studymate.migrations where name = $1', [name]);
  await recordRun(client, { name, action: 'repair', checksum: '', startedAt: new Date() }, 'done');
  await client.query('commit');
}
