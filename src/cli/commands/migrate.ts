import type { Command } from 'commander';
import { resolveConnection } from '../../config.js';
import { formatDuration } from '../../database/duration.js';
import type { MigrateResult } from '../../migrate/migrate.js';
import { EXIT } from '../exit-codes.js';
import { downCount, runOptions, type MigrateFlags } from '../migrate-flags.js';
import { withDatabase, withOutput } from '../options.js';
import type { Column, Outcome } from '../output.js';
import { runCommand, type SetExitCode, type CommandContext } from '../run-command.js';

export function registerMigrate(program: Command, setExitCode: SetExitCode): void {
  const migrate = program
    .command('migrate')
    .description('apply, revert and inspect migrations (alone: the same as «migrate up»)')
    .addHelpText(
      'after',
      `
Examples:
  studymate-db migrate                       apply what is pending
  studymate-db migrate --dry-run             say what would be applied, write nothing
  studymate-db migrate --to 0005             apply up to and including 0005
  studymate-db migrate down 2                revert the latest two
  studymate-db migrate status --exit-code    3 when something is pending or wrong
  studymate-db migrate create add-time-zone  write the next file`,
    );
  const act = (
    command: Command,
    action: (flags: MigrateFlags, context: CommandContext, argument: string) => Promise<Outcome>,
  ): void => {
    const takesArgument = command.registeredArguments.length > 0;
    command.action(async (...parameters: unknown[]) => {
      const flags = parameters[takesArgument ? 1 : 0] as MigrateFlags;
      const argument = takesArgument && typeof parameters[0] === 'string' ? parameters[0] : '';
      setExitCode(await runCommand(flags, (context) => action(flags, context, argument)));
    });
  };
  const folder = (command: Command): Command =>
    command.option('--migrations <dir>', 'folder of NNNN_name.sql files (default: the ones of this package)');
  const writing = (command: Command): Command =>
    folder(withDatabase(command))
      .option('--lock-timeout <duration>', 'longest wait for a lock inside a transaction', '200ms')
      .option('--lock-retries <count>', 'tries after a lock timeout, 0.1 s to 5 s apart', '20')
      .option(
        '--concurrent-lock-timeout <duration>',
        'longest wait of CONCURRENTLY, which blocks nobody',
        '1h',
      )
      .option('--wait <duration>', 'longest wait for another run', '60s')
      .option('--dry-run', 'say what would be done, write nothing');

  act(
    writing(
      migrate
        .command('up', { isDefault: true })
        .description('apply pending migrations in order')
        // What is no command is taken for an argument of the default one.
        .allowExcessArguments()
        .hook('preAction', ({ args: [unknown] }) => {
          if (unknown === undefined) return;
          const names = migrate.commands.map((command) => command.name()).join(', ');
          migrate.error(`error: unknown command '${unknown}'\n(There are ${names}; up stops at --to NAME.)`);
        }),
    ).option('--to <name>', 'the last one to apply: name or number'),
    async (flags, context) => {
      const { migrateUp } = await import('../../migrate/migrate.js');
      return showRun(await migrateUp({ ...runOptions(flags, context), to: flags.to }));
    },
  );
  act(
    writing(migrate.command('down').description('revert the latest migrations'))
      .argument('[count]', 'how many (default: 1)')
      .option('--all', 'revert every migration')
      .option('--yes <database>', 'its name, to allow what would destroy rows'),
    async (flags, context, count) => {
      const { migrateDown } = await import('../../migrate/migrate.js');
      return showRun(
        await migrateDown({
          ...runOptions(flags, context),
          count: downCount(count, flags),
          confirmDatabase: flags.yes,
        }),
      );
    },
  );
  act(
    writing(migrate.command('redo').description('revert the latest migration and apply it again')).option(
      '--yes <database>',
      'its name, to allow what would destroy rows',
    ),
    async (flags, context) => {
      const { migrateRedo } = await import('../../migrate/migrate.js');
      return showRun(await migrateRedo({ ...runOptions(flags, context), confirmDatabase: flags.yes }));
    },
  );
  act(
    folder(withDatabase(migrate.command('status').description('compare the files with the database'))).option(
      '--exit-code',
      'exit 3 when a migration is pending, edited, missing or out of order',
    ),
    async (flags, { signal }) => {
      const { migrateStatus } = await import('../../migrate/status.js');
      const result = await migrateStatus({
        connection: resolveConnection(flags),
        directory: flags.migrations,
        signal,
      });
      const found = result.pending + result.conflicts > 0;
      return {
        data: result,
        columns: statusColumns,
        rows: result.migrations.map(({ name, state, appliedAt, appliedBy, durationMs, error }) => ({
          name,
          state,
          appliedAt: appliedAt ?? null,
          appliedBy: appliedBy ?? null,
          duration: durationMs === undefined ? null : formatDuration(durationMs),
          error: error ?? null,
        })),
        summary: `${result.migrations.length - result.pending} applied, ${result.pending} pending${result.conflicts > 0 ? `, ${result.conflicts} in conflict` : ''}`,
        exitCode: flags.exitCode === true && found ? EXIT.found : EXIT.done,
      };
    },
  );
  act(
    folder(withOutput(migrate.command('create').description('write the next migration file')))
      .argument('<name>', 'verb-object, as in add-user-timezone')
      .option('--no-transaction', 'for CREATE INDEX CONCURRENTLY and its like'),
    async (flags, _, name) => {
      const { createMigration } = await import('../../migrate/create.js');
      const { path } = await createMigration({
        name,
        directory: flags.migrations,
        noTransaction: flags.transaction === false,
      });
      return { data: { path }, columns: [{ key: 'path', label: 'path' }], rows: [{ path }] };
    },
  );
  act(
    folder(
      withOutput(
        migrate.command('check').description('read the files without a database: names, markers, syntax'),
      ),
    ),
    async (flags) => {
      const { checkMigrations } = await import('../../migrate/status.js');
      const result = await checkMigrations(flags.migrations);
      return {
        data: result,
        columns: problemColumns,
        rows: result.problems.map(({ file, position, message, hint }) => ({
          place: position === undefined ? file : `${file}:${position.line}:${position.column}`,
          message,
          hint,
        })),
        summary: `${result.files} files, ${result.statements} statements, ${result.problems.length} problems`,
        exitCode: result.problems.length > 0 ? EXIT.found : EXIT.done,
      };
    },
  );
  act(
    writing(
      migrate.command('repair').description('accept one migration that was edited, deleted or inserted'),
    ).argument('<name>'),
    async (flags, context, name) => {
      const { repairMigration } = await import('../../migrate/repair.js');
      const result = await repairMigration({ ...runOptions(flags, context), name });
      return {
        data: result,
        columns: [
          { key: 'name', label: 'migration' },
          { key: 'repair', label: result.dryRun ? 'would be' : 'repair' },
        ],
        rows: [{ name: result.name, repair: result.repair }],
      };
    },
  );
  act(
    writing(
      migrate
        .command('baseline')
        .description('record migrations as applied, for a schema made by other means'),
    ).argument('<name>', 'the last migration whose effect the database already has'),
    async (flags, context, name) => {
      const { baselineMigrations } = await import('../../migrate/baseline.js');
      const result = await baselineMigrations({ ...runOptions(flags, context), name });
      return {
        data: result,
        columns: [{ key: 'name', label: 'migration' }],
        rows: result.migrations.map((migration) => ({ name: migration })),
        summary: `${result.migrations.length} ${result.dryRun ? 'would be recorded' : 'recorded'} as applied, none was run`,
      };
    },
  );
}

const statusColumns: readonly Column[] = [
  { key: 'name', label: 'migration' },
  { key: 'state', label: 'state' },
  { key: 'appliedAt', label: 'applied at' },
  { key: 'duration', label: 'duration', align: 'right' },
  { key: 'appliedBy', label: 'by' },
  { key: 'error', label: 'error' },
];

const problemColumns: readonly Column[] = [
  { key: 'place', label: 'where' },
  { key: 'message', label: 'problem' },
  { key: 'hint', label: 'hint' },
];

function showRun(result: MigrateResult): Outcome {
  const { migrations, dryRun, pending } = result;
  const rows = migrations.map(({ name, action, statements, transaction, durationMs }) => ({
    name,
    action,
    statements,
    transaction: transaction ? 'yes' : 'no',
    duration: durationMs === undefined ? null : formatDuration(durationMs),
  }));
  return {
    data: result,
    columns: [
      { key: 'name', label: 'migration' },
      { key: 'action', label: dryRun ? 'would go' : 'went' },
      { key: 'statements', label: 'statements', align: 'right' },
      { key: 'transaction', label: 'transaction' },
      { key: 'duration', label: 'duration', align: 'right' },
    ],
    rows,
    summary: runSummary(result) + (pending > 0 && result.action === 'up' ? `, ${pending} still pending` : ''),
  };
}

function runSummary({ action, dryRun, migrations }: MigrateResult): string {
  const count = migrations.length;
  if (count === 0)
    return action === 'up'
      ? 'nothing to do: every migration is applied'
      : 'nothing to do: no migration is applied';
  const verb = action === 'up' ? 'applied' : action === 'down' ? 'reverted' : 'run';
  return `${count} ${dryRun ? `would be ${verb}; nothing was written` : verb}`;
}
