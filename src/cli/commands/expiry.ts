import type { Command } from 'commander';
import { resolveConnection } from '../../config.js';
import { parseDurationMs } from '../../database/duration.js';
import { exitCodeOf } from '../exit-codes.js';
import { expiryOptions, withExpiry, type ExpiryFlags } from '../expiry-flags.js';
import { expiryOutcome, expiryReporter } from '../expiry-output.js';
import { withDatabase } from '../options.js';
import type { Outcome } from '../output.js';
import { runCommand, type CommandContext, type OutputFlags, type SetExitCode } from '../run-command.js';

interface Flags extends OutputFlags, ExpiryFlags {
  readonly databaseUrl?: string;
  readonly wait?: string;
  readonly dryRun?: boolean;
}

export function registerExpiry(program: Command, setExitCode: SetExitCode): void {
  const expiry = program
    .command('expiry')
    .description('delete or mark what has expired: tokens, sessions, requests, notifications, recordings')
    .addHelpText(
      'after',
      `
Examples:
  studymate-db expiry plan                      count what is due; write nothing
  studymate-db expiry run                       delete and mark it, in short batches
  studymate-db expiry run --max-duration 10min  stop after ten minutes; the next run goes on`,
    );
  const act = (
    command: Command,
    action: (flags: Flags, context: CommandContext) => Promise<Outcome>,
  ): Command =>
    command.action(async (flags: Flags) =>
      setExitCode(await runCommand(flags, (context) => action(flags, context))),
    );
  act(
    withDatabase(expiry.command('plan').description('count what is due')).option(
      '--grace <duration>',
      'how long what is deleted stays after it expired',
      '24h',
    ),
    plan,
  );
  act(
    withExpiry(withDatabase(expiry.command('run').description('delete or mark what is due')))
      .option('--wait <duration>', 'longest wait for another maintenance run', '0s')
      .option('--dry-run', 'count what is due, write nothing'),
    async (flags, context) => {
      if (flags.dryRun === true) return plan(flags, context);
      const { expireRows } = await import('../../expiry/expire.js');
      const { signal, progress } = context;
      const result = await expireRows({
        ...expiryOptions(flags),
        connection: resolveConnection(flags),
        waitMs: parseDurationMs(flags.wait ?? '0', '--wait'),
        signal,
        onEvent: expiryReporter(progress),
      });
      return expiryOutcome(result, signal.aborted ? exitCodeOf(signal.reason) : undefined);
    },
  );
}

async function plan(flags: Flags, { signal }: CommandContext): Promise<Outcome> {
  const { expireRows } = await import('../../expiry/expire.js');
  const connection = resolveConnection(flags);
  const graceMs = parseDurationMs(flags.grace, '--grace');
  return expiryOutcome(await expireRows({ connection, graceMs, dryRun: true, signal }));
}
