import type { Command } from 'commander';
import { resolveConnection } from '../../config.js';
import { parseDurationMs } from '../../database/duration.js';
import { UsageError } from '../../errors.js';
import type { RolloverPartitionsOptions } from '../../partitions/rollover-options.js';
import type { RolloverResult } from '../../partitions/rollover.js';
import { withDatabase } from '../options.js';
import type { Outcome } from '../output.js';
import { listOutcome, planOutcome, reportPartitionEvent, runOutcome } from '../partition-output.js';
import { runCommand, type CommandContext, type OutputFlags, type SetExitCode } from '../run-command.js';

interface Flags extends OutputFlags {
  readonly databaseUrl?: string;
  readonly table?: readonly string[];
  readonly premake?: string;
  readonly retention?: string;
  readonly exact?: boolean;
  readonly exitCode?: boolean;
  readonly dryRun?: boolean;
  readonly lockTimeout?: string;
  readonly retries?: string;
  readonly batch?: string;
  readonly wait?: string;
}

export function registerPartition(program: Command, setExitCode: SetExitCode): void {
  const partition = program
    .command('partition')
    .description('the months of chat_messages and user_activity_logs: list them, make them, mend them')
    .addHelpText(
      'after',
      `
Examples:
  studymate-db partition rollover            make the months that are missing: what cron runs, every day
  studymate-db partition rollover --dry-run  say what would be made, with the locks; write nothing
  studymate-db partition list --exit-code    3 when something is off: what monitoring runs
  studymate-db partition drain               only move rows out of the default partitions
  studymate-db partition plan --table chat_messages --premake 12`,
    );
  const act = (
    command: Command,
    action: (flags: Flags, context: CommandContext) => Promise<Outcome>,
  ): Command =>
    command.action(async (flags: Flags) =>
      setExitCode(await runCommand(flags, (context) => action(flags, context))),
    );

  act(
    scoped(partition.command('list').description('every month, live and archived, and what is off'))
      .option('--exact', 'count the rows of every partition, instead of the estimate of the last ANALYZE')
      .option('--exit-code', 'exit 3 when something is off'),
    async (flags, { signal }) => {
      const { listPartitions } = await import('../../partitions/list-partitions.js');
      const result = await listPartitions({ ...policyOptions(flags), exact: flags.exact, signal });
      return listOutcome(result, flags.exitCode === true);
    },
  );
  act(
    batched(
      scoped(partition.command('plan').description('say what a rollover would do, and its locks')),
    ).option('--exit-code', 'exit 3 when there is something to do'),
    (flags, context) => plan(flags, context, false),
  );
  act(
    writing(
      scoped(
        partition
          .command('rollover')
          .description('make the missing months, and empty the default partitions'),
      ),
    ),
    async (flags, context) => {
      if (flags.dryRun === true) return plan(flags, context, false);
      const { rolloverPartitions } = await import('../../partitions/rollover.js');
      return run(flags, context, rolloverPartitions);
    },
  );
  act(
    writing(
      scoped(
        partition.command('drain').description('move the rows of the default partitions to their months'),
      ),
    ),
    async (flags, context) => {
      if (flags.dryRun === true) return plan(flags, context, true);
      const { drainPartitions } = await import('../../partitions/rollover.js');
      return run(flags, context, drainPartitions);
    },
  );
}

function scoped(command: Command): Command {
  return withDatabase(command)
    .option('--table <name...>', 'only these tables (default: all that are kept by months)')
    .option('--premake <months>', 'months made ahead of the current one (default: 3)')
    .option('--retention <months>', 'months before the current one that stay live (default: 6)');
}

function batched(command: Command): Command {
  return command.option('--batch <rows>', 'most rows moved in one transaction', '10000');
}

function writing(command: Command): Command {
  return batched(command)
    .option('--lock-timeout <duration>', 'longest wait for a lock, and so for the writers behind it', '200ms')
    .option('--retries <count>', 'tries after a lock timeout, 0.1 s to 2 s apart', '30')
    .option('--wait <duration>', 'longest wait for another maintenance run', '0s')
    .option('--dry-run', 'say what would be done, write nothing');
}

async function plan(flags: Flags, { signal }: CommandContext, drainOnly: boolean): Promise<Outcome> {
  const { planPartitions } = await import('../../partitions/plan-partitions.js');
  const rowsPerStep = optional(flags.batch, '--batch', 1);
  const result = await planPartitions({ ...policyOptions(flags), rowsPerStep, drainOnly, signal });
  return planOutcome(result, flags.exitCode === true);
}

async function run(
  flags: Flags,
  { signal, progress }: CommandContext,
  work: (options: RolloverPartitionsOptions) => Promise<RolloverResult>,
): Promise<Outcome> {
  const lockTimeoutMs = parseDurationMs(flags.lockTimeout ?? '200ms', '--lock-timeout');
  if (lockTimeoutMs === 0) {
    throw new UsageError('USAGE_INVALID_OPTION', '--lock-timeout cannot be 0', {
      hint: 'To PostgreSQL 0 means to wait for ever; give a time of 1ms or more.',
    });
  }
  const result = await work({
    ...policyOptions(flags),
    lockTimeoutMs,
    retries: optional(flags.retries, '--retries'),
    rowsPerStep: optional(flags.batch, '--batch', 1),
    waitMs: parseDurationMs(flags.wait ?? '0s', '--wait'),
    signal,
    onEvent: (event) => reportPartitionEvent(progress, event),
  });
  return runOutcome(result);
}

function policyOptions(
  flags: Flags,
): Pick<RolloverPartitionsOptions, 'connection' | 'tables' | 'premakeMonths' | 'retentionMonths'> {
  return {
    connection: resolveConnection(flags),
    tables: flags.table,
    premakeMonths: optional(flags.premake, '--premake'),
    retentionMonths: optional(flags.retention, '--retention'),
  };
}

function optional(text: string | undefined, option: string, least = 0): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,7}$/.test(text) && Number(text) >= least) return Number(text);
  throw new UsageError('USAGE_INVALID_OPTION', `${option}: «${text}» is not a whole number`, {
    hint: `Write a number from ${least} to 9999999.`,
  });
}
