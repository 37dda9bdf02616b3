import { Option, type Command } from 'commander';
import type { ColdEvent } from '../../archive/cold/events.js';
import type { ExportMonthResult } from '../../archive/cold/export-month.js';
import type { ImportMonthResult } from '../../archive/cold/import-month.js';
import type { ColdFileFormat, ColdWriteOptions } from '../../archive/cold/options.js';
import type { VerifyExportResult } from '../../archive/cold/verify-export.js';
import { resolveConnection } from '../../config.js';
import { formatDuration, parseDurationMs } from '../../database/duration.js';
import { describeSession } from '../../database/session-description.js';
import { EXIT } from '../exit-codes.js';
import { withDatabase } from '../options.js';
import type { Column, Outcome } from '../output.js';
import type { Progress } from '../progress.js';
import { runCommand, type CommandContext, type OutputFlags, type SetExitCode } from '../run-command.js';

interface Flags extends OutputFlags {
  readonly databaseUrl?: string;
  readonly to?: string;
  readonly from?: string;
  readonly table?: readonly string[];
  readonly fileFormat?: ColdFileFormat;
  readonly drop?: boolean;
  readonly offline?: boolean;
  readonly skipErased?: boolean;
  readonly dryRun?: boolean;
  readonly lockTimeout?: string;
  readonly wait?: string;
}

/** Adds `export`, `verify` and `import` to the archive command. */
export function registerColdCopies(archive: Command, setExitCode: SetExitCode): void {
  const act = (
    command: Command,
    action: (month: string, flags: Flags, context: CommandContext) => Promise<Outcome>,
  ): Command =>
    command
      .argument('<month>', 'as in 2025-01, UTC')
      .option('--table <name...>', 'chat_messages or user_activity_logs (default: both)')
      .action(async (month: string, flags: Flags) =>
        setExitCode(await runCommand(flags, (context) => action(month, flags, context))),
      );

  act(
    writing(withDatabase(archive.command('export').description('write a cold copy of an archived month')))
      .requiredOption('--to <dir>', 'folder of the cold copies')
      .addOption(
        new Option('--file-format <format>', 'how the rows are written')
          .choices(['csv.gz', 'parquet'])
          .default('csv.gz'),
      )
      .option('--drop', 'drop the archived month once its copy is verified'),
    async (month, flags, context) => {
      const { exportMonth } = await import('../../archive/cold/export-month.js');
      const { fileFormat, drop, to = '' } = flags;
      return showExport(
        await exportMonth({ ...writeOptions(month, flags, context), directory: to, fileFormat, drop }),
      );
    },
  ).addHelpText(
    'after',
    `
Examples:
  studymate-db archive export 2025-01 --to /backup/studymate           a copy, and the month stays
  studymate-db archive export 2025-01 --to /backup/studymate --drop    verified, then dropped
  studymate-db archive export 2025-01 --to DIR --file-format parquet   for DuckDB, pandas, Spark`,
  );
  act(
    withDatabase(archive.command('verify').description('prove cold copies: files, and against the database'))
      .requiredOption('--from <dir>', 'folder of the cold copies')
      .option('--offline', 'the files alone, without a database'),
    async (month, flags, { signal, progress }) => {
      const { verifyExport } = await import('../../archive/cold/verify-export.js');
      const { offline = false, from = '', table } = flags;
      return showVerify(
        await verifyExport({
          connection: offline ? '' : resolveConnection(flags),
          month,
          directory: from,
          tables: table,
          offline,
          signal,
          onEvent: (event) => reportColdEvent(progress, event),
        }),
      );
    },
  );
  act(
    writing(withDatabase(archive.command('import').description('bring a month back from its cold copy')))
      .requiredOption('--from <dir>', 'folder of the cold copies')
      .option('--skip-erased', 'leave out rows whose user or room was deleted since the export'),
    async (month, flags, context) => {
      const { importMonth } = await import('../../archive/cold/import-month.js');
      const { skipErased, from = '' } = flags;
      return showImport(
        await importMonth({ ...writeOptions(month, flags, context), directory: from, skipErased }),
      );
    },
  );
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

function writeOptions(
  month: string,
  flags: Flags,
  { signal, progress }: CommandContext,
): Omit<ColdWriteOptions, 'directory'> {
  return {
    connection: resolveConnection(flags),
    month,
    tables: flags.table,
    lockTimeoutMs: parseDurationMs(flags.lockTimeout ?? '200ms', '--lock-timeout'),
    waitMs: parseDurationMs(flags.wait ?? '0s', '--wait'),
    dryRun: flags.dryRun,
    signal,
    onEvent: (event) => reportColdEvent(progress, event),
  };
}

function reportColdEvent(progress: Progress, event: ColdEvent): void {
  progress.report({ ...event }, describe(event));
}

function describe(event: ColdEvent): string {
  switch (event.type) {
    case 'waiting':
      return `waiting for another run: ${describeSession(event.holder)}`;
    case 'phase':
      return `${event.table} ${event.month}: ${event.phase}`;
    case 'progress':
      return `${event.table} ${event.month}: ${event.phase}, ${(event.bytes / 1e6).toFixed(0)} MB of text`;
    case 'lock-retry':
      return [
        `${event.table} ${event.month}: no lock; try ${event.attempt + 1} of ${event.retries + 1} in ${formatDuration(event.delayMs)}`,
        ...event.blockers.map((blocker) => `  blocked by ${describeSession(blocker)}`),
      ].join('\n');
  }
}

const table: Column = { key: 'table', label: 'table' };
const rowCount: Column = { key: 'rows', label: 'rows', align: 'right' };
const folder: Column = { key: 'folder', label: 'folder' };

function showExport(result: ExportMonthResult): Outcome {
  const { dryRun } = result;
  return {
    data: result,
    columns: [
      table,
      { key: 'action', label: dryRun ? 'would be' : 'copy' },
      { key: 'dropped', label: dryRun ? 'would be dropped' : 'dropped' },
      rowCount,
      { key: 'bytes', label: 'bytes', align: 'right' },
      folder,
    ],
    rows: result.tables.map(({ table, action, dropped, rows, bytes, folder }) => ({
      table,
      action,
      dropped,
      rows: rows ?? null,
      bytes: bytes ?? null,
      folder,
    })),
    summary: dryRun ? 'nothing was written' : undefined,
  };
}

function showVerify(result: VerifyExportResult): Outcome {
  return {
    data: result,
    columns: [
      table,
      { key: 'state', label: 'state' },
      rowCount,
      { key: 'code', label: 'code' },
      { key: 'finding', label: 'finding' },
      folder,
    ],
    rows: result.tables.map(({ table, state, rows, folder, findings: [finding] }) => ({
      table,
      state,
      rows: rows ?? null,
      code: finding?.code ?? null,
      finding: finding === undefined ? null : [finding.message, finding.detail].filter(Boolean).join('\n'),
      folder,
    })),
    summary: result.verified
      ? result.tables.some(({ state }) => state === 'cold')
        ? 'whole; a month that is cold is in its copy only'
        : 'verified'
      : 'not verified',
    exitCode: result.verified ? EXIT.done : EXIT.found,
  };
}

function showImport(result: ImportMonthResult): Outcome {
  const { dryRun } = result;
  return {
    data: result,
    columns: [
      table,
      { key: 'action', label: dryRun ? 'would be' : 'month' },
      rowCount,
      { key: 'erasedRows', label: 'left out', align: 'right' },
      { key: 'clearedRows', label: 'cleared', align: 'right' },
      folder,
    ],
    rows: result.tables.map(({ table, action, rows, erasedRows, clearedRows, folder }) => ({
      table,
      action,
      rows: rows ?? null,
      erasedRows,
      clearedRows,
      folder,
    })),
    summary: dryRun ? 'nothing was written' : undefined,
  };
}
