import { Option, type Command } from 'commander';
import { resolveConnection } from '../../config.js';
import { parseDurationMs } from '../../database/duration.js';
import type { Database } from '../../database/create-database.js';
import { UsageError } from '../../errors.js';
import { languages, type Language } from '../../reports/text.js';
import { withDatabase, withOutput } from '../options.js';
import type { Outcome } from '../output.js';
import type { PrintOptions, ReportFormat } from '../report-print.js';
import { runCommand, type CommandContext, type OutputFlags, type SetExitCode } from '../run-command.js';
import { parseWatchSeconds, watch } from '../watch.js';

interface Flags extends Omit<OutputFlags, 'format'> {
  readonly format: ReportFormat;
  readonly databaseUrl?: string;
  readonly replica: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly timeZone?: string;
  readonly param: Readonly<Record<string, string>>;
  readonly language: Language;
  readonly timeout: string;
  readonly output?: string;
  readonly watch?: string;
}

const formats: readonly ReportFormat[] = ['table', 'json', 'ndjson', 'csv', 'markdown', 'html'];

export function registerReport(program: Command, setExitCode: SetExitCode): void {
  const report = withDatabase(
    program
      .command('report')
      .description('the numbers of the platform and of the database, each with its definition')
      .argument('[name]', 'a report, or all; none lists them'),
    formats,
  )
    .option('--from <day>', 'first day of the window (default: depends on the report)')
    .option('--to <day>', 'the day after its last (default: today, which is not over)')
    .option('--time-zone <name>', 'in which days begin (default: Asia/Seoul)')
    .option('--param <name=value>', 'any other parameter of the report (repeat)', collect, {})
    .option(
      '--replica <url>',
      'a streaming replica to read from, unless it lags (repeat)',
      (url: string, before: readonly string[]) => [...before, url],
      [],
    )
    .addOption(new Option('--language <language>', 'of titles and labels').choices(languages).default('en'))
    .option('--timeout <duration>', 'longest time for each statement', '30s')
    .option('--output <path>', 'write a file instead of stdout; with «all» a folder, in html a small site')
    .option('--watch <seconds>', 'draw a database report again and again, on a terminal')
    .addHelpText(
      'after',
      `
A report only reads, in one snapshot. docs/reports.md has the definition of each.

Examples:
  studymate-db report list                                     what there is
  studymate-db report list retention                           how it is counted, and its SQL
  studymate-db report active-users --from 2026-01-01 --to 2026-02-01
  studymate-db report chat --format csv --output chat.csv
  studymate-db report locks --watch 2
  studymate-db report all --format html --output site          a small site that works offline`,
    )
    .action(async (name: string | undefined, flags: Flags) =>
      setExitCode(
        await run(flags, (context) => (name === undefined ? list(flags) : show(name, flags, context))),
      ),
    );
  withOutput(report.command('list').description('the reports; of one, how its numbers come about'))
    .argument('[name]', 'a report')
    .addOption(new Option('--language <language>', 'of titles and labels').choices(languages).default('en'))
    .action(async (name: string | undefined, _own: unknown, command: Command) => {
      // What stands before «list» belongs to the command above, which has options of the same names.
      const flags = command.optsWithGlobals<Flags>();
      setExitCode(await run(flags, () => list(flags, name)));
    });
}

/** A format that only reports have is none that errors are written in. */
function run(flags: Flags, action: (context: CommandContext) => Promise<Outcome>): Promise<number> {
  const { format, ...others } = flags;
  return runCommand({ ...others, format: format === 'html' ? 'table' : format }, action);
}

async function list({ language }: Pick<Flags, 'language'>, name?: string): Promise<Outcome> {
  const { findReport, reports } = await import('../../reports/registry.js');
  const { describedReport, listedReports } = await import('../report-list.js');
  return name === undefined
    ? listedReports(Object.values(reports), language)
    : describedReport(findReport(name), language);
}

async function show(name: string, flags: Flags, { signal, progress }: CommandContext): Promise<Outcome> {
  const { findReport } = await import('../../reports/registry.js');
  const { resolveParameters } = await import('../../reports/resolve-parameters.js');
  const { from, to, timeZone, param, language, format, output } = flags;
  const statementTimeoutMs = parseDurationMs(flags.timeout, '--timeout');
  const options: PrintOptions = {
    ...{ format, language, output, statementTimeoutMs, signal, progress },
    parameters: { ...param, from, to, timeZone },
  };
  const { printAll, printReport } = await import('../report-print.js');
  if (name === 'all') {
    refuse(flags.watch !== undefined, '--watch is for one report', 'Name the report to watch.');
    return withReportDatabase(flags, (db) => printAll(db, options));
  }
  const report = findReport(name);
  // Before anything is connected to.
  resolveParameters(report, options.parameters, new Date());
  if (flags.watch === undefined) return withReportDatabase(flags, (db) => printReport(db, report, options));
  const seconds = parseWatchSeconds(flags.watch, process.stdout.isTTY);
  refuse(
    report.group !== 'database' || format !== 'table' || output !== undefined,
    '--watch draws reports of the database as tables',
    'Leave out --format and --output; numbers of the platform change by the day.',
  );
  await withReportDatabase(flags, (db) =>
    watch(seconds, signal, async () => (await printReport(db, report, options)).text ?? ''),
  );
  return { data: null, columns: [], rows: [], text: '' };
}

async function withReportDatabase<T>(flags: Flags, work: (db: Database) => Promise<T>): Promise<T> {
  const { createDatabase } = await import('../../database/create-database.js');
  const database = createDatabase({
    connectionString: resolveConnection(flags),
    replicas: flags.replica,
    applicationName: 'studymate-db report',
    maximumPoolSize: 2,
    connectionTimeoutMs: 10_000,
    // The first read waits for the first look at the replicas.
    replayWaitMs: 2_000,
  });
  try {
    return await work(database);
  } finally {
    await database.close({ drainTimeoutMs: 0 });
  }
}

function refuse(condition: boolean, message: string, hint: string): void {
  if (condition) throw new UsageError('USAGE_INVALID_OPTION', message, { hint });
}

function collect(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at < 1) {
    throw new UsageError('USAGE_INVALID_OPTION', `--param: «${text}» is not NAME=VALUE`, {
      hint: 'Write it as --param weeks=12; «studymate-db report list NAME» lists the parameters.',
    });
  }
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}
