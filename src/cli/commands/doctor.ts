import { Option, type Command } from 'commander';
import { resolveConnection } from '../../config.js';
import { parseDurationMs } from '../../database/duration.js';
import type { DoctorResult, RunDoctorOptions } from '../../doctor/run-doctor.js';
import { UsageError } from '../../errors.js';
import { doctorOutcome, nagiosError, nagiosOutcome } from '../doctor-output.js';
import { withDatabase } from '../options.js';
import { runCommand, type CommandContext, type OutputFlags, type SetExitCode } from '../run-command.js';

interface Flags extends OutputFlags {
  readonly databaseUrl?: string;
  readonly only?: string;
  readonly rules?: string;
  readonly failOn?: 'warn' | 'error';
  readonly timeout: string;
  readonly migrations?: string;
  readonly nagios?: boolean;
}

export function registerDoctor(program: Command, setExitCode: SetExitCode): void {
  withDatabase(
    program
      .command('doctor')
      .description('the health of the database: what is wrong, why it matters here, and what mends it'),
  )
    .option('--only <checks>', 'only these checks, with commas between')
    .option('--rules <file>', 'JSON with what is ignored, why and until when, and other thresholds')
    .addOption(
      new Option('--fail-on <severity>', 'exit 3 when a finding is as grave').choices(['warn', 'error']),
    )
    .option('--timeout <duration>', 'longest time for each statement of a check', '10s')
    .option(
      '--migrations <folder>',
      'the files the database is compared with (default: those of this package)',
    )
    .addOption(
      new Option(
        '--nagios',
        'one line with figures, and the exit codes of Nagios: 0 ok, 1 warning, 2 critical, 3 unknown',
      ).conflicts('failOn'),
    )
    .addHelpText(
      'after',
      `
With --verbose, what the rules ignore is shown too.

Examples:
  studymate-db doctor                                everything
  studymate-db doctor --only locks,transactions      who is in the way right now
  studymate-db doctor --rules doctor.json --fail-on warn
  studymate-db doctor --nagios                       for Nagios, Icinga and their like`,
    )
    .action(async (flags: Flags) =>
      setExitCode(
        flags.nagios === true
          ? await runCommand({ ...flags, format: 'table' }, (context) =>
              diagnose(flags, context).then(nagiosOutcome).catch(nagiosError),
            )
          : await runCommand(flags, async (context) =>
              doctorOutcome(await diagnose(flags, context), {
                format: flags.format,
                failOn: flags.failOn,
                verbose: flags.verbose === true,
              }),
            ),
      ),
    );
}

async function diagnose(flags: Flags, { signal }: CommandContext): Promise<DoctorResult> {
  const { checkNames, runDoctor } = await import('../../doctor/run-doctor.js');
  const { readRulesFile } = await import('../../doctor/rules.js');
  const statementTimeoutMs = parseDurationMs(flags.timeout, '--timeout');
  if (statementTimeoutMs === 0) {
    throw new UsageError('USAGE_INVALID_OPTION', '--timeout cannot be 0', {
      hint: 'To PostgreSQL 0 means to run for ever; give a time of 1ms or more.',
    });
  }
  const options: Omit<RunDoctorOptions, 'connection'> = {
    only: flags.only?.split(',').map((name) => name.trim()),
    rules: flags.rules === undefined ? undefined : await readRulesFile(flags.rules, checkNames),
    statementTimeoutMs,
    migrationsDirectory: flags.migrations,
    signal,
  };
  return runDoctor({ ...options, connection: resolveConnection(flags) });
}
