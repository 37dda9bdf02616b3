import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { resolveConnection } from '../../config.js';
import { parseDurationMs } from '../../database/duration.js';
import { UsageError } from '../../errors.js';
import type { MaintainOptions } from '../../maintain/options.js';
import { EXIT, exitCodeOf } from '../exit-codes.js';
import { expiryOptions, withExpiry, type ExpiryFlags } from '../expiry-flags.js';
import {
  maintainExitCode,
  maintainOutcome,
  maintainText,
  planOutcome,
  maintainReporter,
} from '../maintain-output.js';
import { withDatabase } from '../options.js';
import type { Outcome } from '../output.js';
import {
  explain,
  runCommand,
  type CommandContext,
  type OutputFlags,
  type SetExitCode,
} from '../run-command.js';

interface Flags extends OutputFlags, ExpiryFlags {
  readonly databaseUrl?: string;
  readonly wait: string;
  readonly skip?: readonly string[];
  readonly textfile?: string;
  readonly ping?: string;
  readonly dryRun?: boolean;
}

export function registerMaintain(program: Command, setExitCode: SetExitCode): void {
  const command = program
    .command('maintain')
    .description(
      'what cron runs every day: partitions made, old months archived, active days counted, expired rows removed',
    )
    .option('--skip <step...>', 'leave out rollover, archive, activity or expiry')
    .option('--wait <duration>', 'longest wait for another maintenance run', '0s')
    .option('--textfile <file>', 'metrics for the textfile collector of Prometheus; ends in .prom')
    .option('--ping <url>', 'tell healthchecks.io, or the like, how it goes')
    .option('--dry-run', 'say what would be done, write nothing')
    .addHelpText(
      'after',
      `
Examples:
  studymate-db maintain
  studymate-db maintain --dry-run                what would be done now
  studymate-db maintain --max-duration 20min     --textfile /var/lib/node_exporter/studymate.prom
  studymate-db maintain --ping https://hc-ping.com/UUID

Exits with the worst of its steps: 0 all done, 75 expiry was held back by a replica or a transaction (try again
later), 1 a step failed; the others ran all the same.`,
    );
  withExpiry(withDatabase(command)).action(async (flags: Flags) =>
    setExitCode(await runCommand(flags, (context) => maintain(flags, context))),
  );
}

async function maintain(flags: Flags, context: CommandContext): Promise<Outcome> {
  const { openMonitoring } = await import('../../maintain/monitoring.js');
  const { signal, progress } = context;
  const runId = randomUUID();
  const warn = (message: string): void =>
    progress.report({ run: runId, type: 'warning', message }, `warning: ${message}`);
  if (flags.dryRun === true) {
    const { planMaintenance } = await import('../../maintain/plan-maintenance.js');
    return planOutcome(await planMaintenance(await options(flags, context, runId)));
  }
  const { textfile, ping } = flags;
  const monitoring = openMonitoring({ textfile, ping, runId, onWarning: warn });
  monitoring.started();
  let connection: MaintainOptions['connection'] | undefined;
  try {
    const { runMaintenance } = await import('../../maintain/maintain.js');
    const all = await options(flags, context, runId);
    connection = all.connection;
    const result = await runMaintenance(all);
    const exitCode = signal.aborted ? exitCodeOf(signal.reason) : maintainExitCode(result);
    const told = await monitoring.ended({
      exitCode,
      result,
      connection,
      now: new Date(),
      text: maintainText(result, exitCode),
    });
    // Monitoring that cannot be written would look like a run that never was.
    return maintainOutcome(result, runId, exitCode === EXIT.done && !told ? EXIT.failed : exitCode);
  } catch (error) {
    await monitoring.ended({
      exitCode: exitCodeOf(error),
      result: undefined,
      connection,
      now: new Date(),
      text: explain(error),
    });
    throw error;
  }
}

async function options(
  flags: Flags,
  { signal, progress }: CommandContext,
  runId: string,
): Promise<MaintainOptions> {
  const { maintainSteps } = await import('../../maintain/steps.js');
  const skip = (flags.skip ?? [])
    .flatMap((text) => text.split(','))
    .map((text) => {
      const step = maintainSteps.find((name) => name === text);
      if (step !== undefined) return step;
      throw new UsageError('USAGE_INVALID_OPTION', `--skip: there is no step «${text}»`, {
        hint: `Name one of ${maintainSteps.join(', ')}.`,
      });
    });
  return {
    ...expiryOptions(flags),
    connection: resolveConnection(flags),
    waitMs: parseDurationMs(flags.wait, '--wait'),
    skip,
    signal,
    onEvent: maintainReporter(progress, runId),
  };
}
