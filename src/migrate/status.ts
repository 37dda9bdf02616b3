import { compareHistory, isConflict, type MigrationStatus } from './history.js';
import { readLedger } from './ledger.js';
import type { MigrationProblem } from './migration-file.js';
import { defaultMigrationsDirectory, readMigrationFolder } from './migration-folder.js';
import type { MigrateOptions } from './options.js';
import { withMigrationSession } from './session.js';
import { readStatements } from './statements.js';

export interface MigrateStatusResult {
  /** In the order of their numbers. */
  readonly migrations: readonly MigrationStatus[];
  /** How many `up` would run. */
  readonly pending: number;
  /** How many stop `up` until something is decided: edited, missing, out of order. */
  readonly conflicts: number;
}

/** Compares the files with the ledger. Reads only, takes no lock; works on a database never migrated. */
export async function migrateStatus(options: MigrateOptions): Promise<MigrateStatusResult> {
  const { files } = await readMigrationFolder(options.directory ?? defaultMigrationsDirectory());
  const ledger = await withMigrationSession(options, ({ client }) => readLedger(client));
  const migrations = compareHistory(files, ledger);
  return {
    migrations,
    pending: migrations.filter(({ state }) =>
      ['pending', 'failed', 'interrupted', 'out of order'].includes(state),
    ).length,
    conflicts: migrations.filter(isConflict).length,
  };
}

export interface MigrateCheckResult {
  readonly files: number;
  readonly statements: number;
  readonly problems: readonly MigrationProblem[];
}

/**
 * Reads the files without a database: names, markers, syntax by PostgreSQL's own parser, and whether each
 * statement can run the way its file says. A file without a Down part is reported too.
 */
export async function checkMigrations(directory = defaultMigrationsDirectory()): Promise<MigrateCheckResult> {
  const { files, problems } = await readMigrationFolder(directory);
  const found = [...problems];
  let statements = 0;
  for (const file of files) {
    if (file.down === undefined) {
      found.push({
        file: `${file.name}.sql`,
        position: undefined,
        message: 'there is no Down part, so it cannot be reverted',
        hint: 'Write «-- Down Migration» with the SQL that undoes it.',
      });
    }
    for (const section of [file.up, file.down]) {
      if (section === undefined) continue;
      const parsed = await readStatements(file, section, { syntax: true });
      statements += parsed.statements.length;
      found.push(...parsed.problems);
    }
  }
  return { files: files.length, statements, problems: found };
}
