import { OperationError } from '../errors.js';
import { readLedger, recordRun } from './ledger.js';
import { indexByName } from './migrate.js';
import { assertNoProblems, defaultMigrationsDirectory, readMigrationFolder } from './migration-folder.js';
import { runSettings, type MigrateRunOptions } from './options.js';
import { withMigrationLock, withMigrationSession, type MigrationSession } from './session.js';

export interface BaselineOptions extends MigrateRunOptions {
  /** The last migration whose effect the database already has. */
  readonly name: string;
}

export interface BaselineResult {
  readonly dryRun: boolean;
  /** Recorded as applied without being run, in order. */
  readonly migrations: readonly string[];
}

/**
 * Takes over a database whose schema was made by other means: records every migration up to and including
 * `name` as applied, runs none. All or nothing. It believes the caller; compare the catalogs first.
 *
 * @throws OperationError MIGRATION_BASELINE_REFUSED when the ledger already knows a migration
 */
export async function baselineMigrations(options: BaselineOptions): Promise<BaselineResult> {
  const { files, problems } = await readMigrationFolder(options.directory ?? defaultMigrationsDirectory());
  assertNoProblems(problems);
  const taken = files.slice(0, indexByName(files, options.name) + 1);
  const migrations = taken.map(({ name }) => name);
  return withMigrationSession(options, async (session) => {
    await assertEmptyLedger(session);
    if (options.dryRun === true) return { dryRun: true, migrations };
    return withMigrationLock(session, runSettings(options), async () => {
      await assertEmptyLedger(session);
      const { client } = session;
      await client.query('begin');
      for (const { name, checksum } of taken) {
        await client.query('insert into studymate.migrations (name, run_on) values ($1, now())', [name]);
        await recordRun(client, { name, action: 'baseline', checksum, startedAt: new Date() }, 'done');
      }
      await client.query('commit');
      return { dryRun: false, migrations };
    });
  });
}

async function assertEmptyLedger({ client }: MigrationSession): Promise<void> {
  const { applied } = await readLedger(client);
  if (applied.length === 0) return;
  throw new OperationError(
    'MIGRATION_BASELINE_REFUSED',
    `this database already has ${applied.length} ${applied.length === 1 ? 'migration' : 'migrations'} in its ledger`,
    { hint: 'A baseline is for a database that was never migrated; use «studymate-db migrate up».' },
  );
}
