import { OperationError, UsageError } from '../errors.js';
import { assertNoDataLoss } from './data-loss.js';
import { assertHistoryIntact, compareHistory } from './history.js';
import { readLedger, type Ledger } from './ledger.js';
import type { MigrationFile } from './migration-file.js';
import {
  assertNoProblems,
  defaultMigrationsDirectory,
  numberOf,
  readMigrationFolder,
} from './migration-folder.js';
import { runSettings, type MigrateRunOptions } from './options.js';
import { withMigrationLock, withMigrationSession, type MigrationSession } from './session.js';
import { makeTasks, type MigrationTask } from './task.js';

export interface MigrateUpOptions extends MigrateRunOptions {
  /** Name of the last migration to apply; default: all that are pending. */
  readonly to?: string | undefined;
}

export interface MigrateRedoOptions extends MigrateRunOptions {
  /** The name of the database, to allow what would destroy rows. */
  readonly confirmDatabase?: string | undefined;
}

export interface MigrateDownOptions extends MigrateRedoOptions {
  /** How many to revert, latest first; default 1. */
  readonly count?: number | 'all' | undefined;
}

export interface MigrateResult {
  readonly action: 'up' | 'down' | 'redo';
  readonly dryRun: boolean;
  /** What was run, or would be, in that order. */
  readonly migrations: readonly MigrationRun[];
  /** What is still pending afterwards (in a dry run: beyond what it would run). */
  readonly pending: number;
}

export interface MigrationRun {
  readonly name: string;
  readonly action: 'up' | 'down';
  readonly statements: number;
  readonly transaction: boolean;
  /** Undefined in a dry run. */
  readonly durationMs: number | undefined;
}

/**
 * Applies pending migrations in order.
 *
 * Each file is one transaction (unless it says `-- studymate: no-transaction`) that never waits for a lock
 * longer than `lockTimeoutMs`; it is rolled back and tried again instead. Any number of runs may start at
 * once: one works, the others wait and then find nothing to do. Running it again after any failure or kill
 * goes on where it stopped.
 *
 * @throws OperationError MIGRATION_HISTORY_CHANGED, MIGRATION_FILE_INVALID (nothing was run), MIGRATION_FAILED,
 * MIGRATION_LOCK_TIMEOUT (that file is rolled back, the ones before it stay), BusyError BUSY_MIGRATION_RUNNING,
 * ConnectError
 */
export async function migrateUp(options: MigrateUpOptions): Promise<MigrateResult> {
  return migrate(options, 'up', (files, ledger) => selectPending(files, ledger, options.to));
}

/**
 * Reverts the latest migrations, latest first, by their Down parts. Same guarantees as `migrateUp`.
 *
 * @throws UsageError MIGRATION_DATA_LOSS when rows would go and the database was not named; OperationError MIGRATION_IRREVERSIBLE when one of them has no Down part; nothing was run
 */
export async function migrateDown(options: MigrateDownOptions): Promise<MigrateResult> {
  const count = options.count ?? 1;
  if (count !== 'all' && !(Number.isInteger(count) && count > 0)) {
    throw new UsageError('USAGE_INVALID_OPTION', `cannot revert ${count} migrations`, {
      hint: 'Give a whole number from 1, or «all».',
    });
  }
  return migrate(options, 'down', (files, ledger) => selectLatest(files, ledger, count));
}

/** Reverts the latest migration and applies it again: for writing one. Under one lock. */
export async function migrateRedo(options: MigrateRedoOptions): Promise<MigrateResult> {
  return migrate(options, 'redo', (files, ledger) => selectLatest(files, ledger, 1));
}

type Action = MigrateResult['action'];
type Select = (files: readonly MigrationFile[], ledger: Ledger) => MigrationFile[];

/** The common way: read the files, see what there is to do, parse it, and only then take the lock. */
async function migrate(options: MigrateRedoOptions, action: Action, select: Select): Promise<MigrateResult> {
  const { files, problems } = await readMigrationFolder(options.directory ?? defaultMigrationsDirectory());
  assertNoProblems(problems);
  const settings = runSettings(options);
  const dryRun = options.dryRun === true;
  return withMigrationSession(options, async (session) => {
    const ledger = await intactLedger(session, files);
    const tasks = await makeTasks(select(files, ledger), action === 'redo' ? ['down', 'up'] : [action]);
    if (dryRun || tasks.length === 0) {
      const would = action === 'up' ? tasks.length : 0;
      const pending = selectPending(files, ledger, undefined).length - would;
      return { action, dryRun, migrations: tasks.map((task) => describeRun(task, undefined)), pending };
    }
    if (action !== 'up') await assertNoDataLoss(session.client, tasks, options.confirmDatabase);
    // Loaded here, so that a run with nothing to do starts as fast as it can; while the server is busy.
    const engine = import('./run-tasks.js');
    return withMigrationLock(session, settings, async () => {
      const current = await intactLedger(session, files);
      const todo = stillToDo(tasks, action, current, select(files, current));
      const { runTasks } = await engine;
      const durations = await runTasks(session, settings, todo, current.openRuns);
      const pending = selectPending(files, await readLedger(session.client), undefined).length;
      return {
        action,
        dryRun,
        migrations: todo.map((task, index) => describeRun(task, durations[index])),
        pending,
      };
    });
  });
}

/**
 * What another run has not done while this one waited for the lock. Going down, only what was asked for at the
 * start: two people who both revert the latest migration mean the same one.
 */
function stillToDo(
  tasks: readonly MigrationTask[],
  action: Action,
  ledger: Ledger,
  selected: readonly MigrationFile[],
): MigrationTask[] {
  if (action === 'redo') return tasks.filter(({ file }) => selected.some(({ name }) => name === file.name));
  const applied = new Set(ledger.applied.map(({ name }) => name));
  return tasks.filter(({ file }) => applied.has(file.name) === (action === 'down'));
}

async function intactLedger({ client }: MigrationSession, files: readonly MigrationFile[]): Promise<Ledger> {
  const ledger = await readLedger(client);
  assertHistoryIntact(compareHistory(files, ledger));
  return ledger;
}

function selectPending(
  files: readonly MigrationFile[],
  ledger: Ledger,
  to: string | undefined,
): MigrationFile[] {
  const applied = new Set(ledger.applied.map(({ name }) => name));
  const last = to === undefined ? files.length - 1 : indexByName(files, to);
  return files.slice(0, last + 1).filter(({ name }) => !applied.has(name));
}

function selectLatest(
  files: readonly MigrationFile[],
  ledger: Ledger,
  count: number | 'all',
): MigrationFile[] {
  const byName = new Map(files.map((file) => [file.name, file]));
  const latest = ledger.applied.toReversed().slice(0, count === 'all' ? undefined : count);
  return latest.flatMap(({ name }) => byName.get(name) ?? []);
}

/** Index of a migration given by its whole name, its file name, or its number when that says which. */
export function indexByName(files: readonly MigrationFile[], name: string): number {
  const wanted = name.replace(/\.sql$/, '');
  const exact = files.findIndex((file) => file.name === wanted);
  if (exact >= 0) return exact;
  const byNumber = /^\d{1,30}$/.test(wanted)
    ? files.findIndex((file) => numberOf(file.name) === BigInt(wanted))
    : -1;
  if (byNumber >= 0) return byNumber;
  throw new OperationError('MIGRATION_NAME_UNKNOWN', `there is no migration ${name}`, {
    hint: '«studymate-db migrate status» lists their names.',
  });
}

function describeRun(task: MigrationTask, durationMs: number | undefined): MigrationRun {
  const { file, action, statements } = task;
  return {
    name: file.name,
    action,
    statements: statements.length,
    transaction: file.transaction,
    durationMs,
  };
}
