import { Option, type Command } from 'commander';
import { resolveConnection } from '../../config.js';
import { parseDurationMs } from '../../database/duration.js';
import type { RunArchiveOptions } from '../../archive/run-archive.js';
import {
  planOutcome,
  reportArchiveEvent,
  restoreOutcome,
  runOutcome,
  statusOutcome,
} from '../archive-output.js';
import { withDatabase } from '../options.js';
import type { Outcome } from '../output.js';
import { runCommand, type CommandContext, type OutputFlags, type SetExitCode } from '../run-command.js';
import { registerColdCopies } from './archive-cold.js';

interface Flags extends OutputFlags {
  readonly databaseUrl?: string;
  readonly granularity?: 'month' | 'day';
  readonly olderThan?: string;
  readonly table?: readonly string[];
  readonly estimate?: boolean;
  readonly exitCode?: boolean;
  readonly dryRun?: boolean;
  readonly lockTimeout?: string;
  readonly wait?: string;
}

export function registerArchive(program: Command, setExitCode: SetExitCode): void {
  const archive = program
    .command('archive')
    .description('move old messages and activity logs to their archives, and back')
    .addHelpText(
      'after',
      `
Examples:
  studymate-db archive run                           months older than six months: what cron runs
  studymate-db archive run --dry-run                 say what would move, with rows and locks; write nothing
  studymate-db archive run --granularity day         exact to the day, row by row where a month is not over
  studymate-db archive run --older-than '12 months'
  studymate-db archive status --exit-code            3 when something is due
  studymate-db archive restore 2025-01               bring a month back`,
    );
  const act = (
    command: Command,
    action: (flags: Flags, context: CommandContext, argument: string) => Promise<Outcome>,
  ): Command => {
    const takesArgument = command.registeredArguments.length > 0;
    return command.action(async (...parameters: unknown[]) => {
      const flags = parameters[takesArgument ? 1 : 0] as Flags;
      const argument = takesArgument && typeof parameters[0] === 'string' ? parameters[0] : '';
      setExitCode(await runCommand(flags, (context) => action(flags, context, argument)));
    });
  };

  act(scoped(archive.command('plan').description('say what a run would do, with rows and locks')), plan)
    .option('--estimate', 'rows from statistics instead of counting them')
    .option('--exit-code', 'exit 3 when something is due');
  act(
    writing(scoped(archive.command('run').description('move what is older than the cutoff to the archives'))),
    async (flags, context) => {
      if (flags.dryRun === true) return plan(flags, context);
      const { runArchive } = await import('../../archive/run-archive.js');
      return runOutcome(await runArchive({ ...scope(flags), ...work(flags, context) }));
    },
  );
  act(
    scoped(archive.command('status').description('where the rows are, what is due, how the last run ended')),
    status,
  )
    .option('--estimate', 'rows from statistics instead of counting them')
    .option('--exit-code', 'exit 3 when something is due');
  act(
    writing(
      named(archive.command('restore').description('bring a month back from the archive')).argument(
        '<month>',
        'as in 2025-01',
      ),
    ),
    async (flags, context, month) => {
      const { restoreMonth } = await import('../../archive/restore-month.js');
      return restoreOutcome(
        await restoreMonth({ ...work(flags, context), month, tables: flags.table, dryRun: flags.dryRun }),
      );
    },
  );
  registerColdCopies(archive, setExitCode);
}

async function plan(flags: Flags, { signal }: CommandContext): Promise<Outcome> {
  const { planArchive } = await import('../../archive/plan-archive.js');
  return planOutcome(
    await planArchive({
      ...scope(flags),
      connection: resolveConnection(flags),
      estimate: flags.estimate,
      signal,
    }),
    flags.exitCode,
  );
}

async function status(flags: Flags, { signal }: CommandContext): Promise<Outcome> {
  const { archiveStatus } = await import('../../archive/status.js');
  return statusOutcome(
    await archiveStatus({
      ...scope(flags),
      connection: resolveConnection(flags),
      estimate: flags.estimate,
      signal,
    }),
    flags.exitCode,
  );
}

function named(command: Command): Command {
  return withDatabase(command).option(
    '--table <name...>',
    'chat_messages or user_activity_logs (default: both)',
  );
}

function scoped(command: Command): Command {
  return named(command)
    .addOption(
      new Option('--granularity <unit>', 'whole months only, or exact to the cutoff')
        .choices(['month', 'day'])
        .default('month'),
    )
    .option('--older-than <age>', `'6 months', '180 days' or a date, UTC (default: the retention, 6 months)`);
}

function writing(command: Command): Command {
  return command
    .option(
      '--lock-timeout <duration>',
      'longest wait for a lock; as long may others wait behind it',
      '200ms',
    )
    .option('--wait <duration>', 'longest wait for another maintenance run', '0s')
    .option('--dry-run', 'say what would be done, write nothing');
}

function scope({
  granularity,
  olderThan,
  table,
}: Flags): Pick<RunArchiveOptions, 'granularity' | 'olderThan' | 'tables'> {
  return { granularity, olderThan, tables: table };
}

function work(
  flags: Flags,
  { signal, progress }: CommandContext,
): Pick<RunArchiveOptions, 'connection' | 'lockTimeoutMs' | 'waitMs' | 'signal' | 'onEvent'> {
  return {
    connection: resolveConnection(flags),
    lockTimeoutMs: parseDurationMs(flags.lockTimeout ?? '200ms', '--lock-timeout'),
    waitMs: parseDurationMs(flags.wait ?? '0s', '--wait'),
    signal,
    onEvent: (event) => reportArchiveEvent(progress, event),
  };
}
