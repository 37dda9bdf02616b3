import type { Command } from 'commander';
import { resolveConnection } from '../../config.js';
import { formatBytes } from '../../database/bytes.js';
import { parseConnectionString, type ConnectionSettings } from '../../database/connection-settings.js';
import { UsageError } from '../../errors.js';
import type { IndexFinding } from '../../indexes/index-findings.js';
import type { ReportIndexesResult } from '../../indexes/report-indexes.js';
import type { TakeSnapshotResult } from '../../indexes/take-snapshot.js';
import { EXIT } from '../exit-codes.js';
import { withDatabase } from '../options.js';
import type { Format, Outcome } from '../output.js';
import { runCommand, type OutputFlags, type SetExitCode } from '../run-command.js';

interface Flags extends OutputFlags {
  readonly databaseUrl?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly exact?: boolean;
  readonly exitCode?: boolean;
  readonly unusedDays: string;
  readonly statements: string;
  readonly replica: readonly string[];
  readonly keepDays: string;
}

export function registerIndexReport(index: Command, setExitCode: SetExitCode): void {
  withDatabase(index.command('report').description('what there is to do about indexes, and why'))
    .option('--schema <name>', 'of one schema')
    .option('--table <name>', 'of one table, or partitioned table')
    .option('--exact', 'read every page with pgstatindex, instead of estimating bloat')
    .option('--unused-days <days>', 'observed days without a scan until an index counts as unused', '35')
    .option(
      '--statements <count>',
      'top statements the planner is asked about, where hypopg is installed',
      '50',
    )
    .option('--exit-code', 'exit 3 when there is something to do')
    .action(async (flags: Flags) =>
      setExitCode(
        await runCommand(flags, async ({ signal, progress }) => {
          const { reportIndexes } = await import('../../indexes/report-indexes.js');
          const result = await reportIndexes({
            connection: resolveConnection(flags),
            schema: flags.schema,
            table: flags.table,
            exact: flags.exact,
            unusedDays: days(flags.unusedDays, '--unused-days'),
            statements: statementCount(flags.statements),
            signal,
          });
          for (const notice of result.notices) progress.report({ type: 'notice', notice }, notice);
          return showReport(result, flags);
        }),
      ),
    );
}

export function registerIndexSnapshot(index: Command, setExitCode: SetExitCode): void {
  withDatabase(
    index.command('snapshot').description('keep what the usage counters say now; for cron, once a day'),
  )
    .option(
      '--replica <name=url>',
      'a replica to read as well, under a name that stays the same; may be repeated',
      (value: string, before: readonly string[]) => [...before, value],
      [],
    )
    .option('--keep-days <days>', 'forget readings older than that', '180')
    .action(async (flags: Flags) =>
      setExitCode(
        await runCommand(flags, async ({ signal }) => {
          const { takeIndexSnapshot } = await import('../../indexes/take-snapshot.js');
          return showSnapshot(
            await takeIndexSnapshot({
              connection: resolveConnection(flags),
              replicas: Object.fromEntries(flags.replica.map(parseReplica)),
              keepDays: days(flags.keepDays, '--keep-days'),
              signal,
            }),
          );
        }),
      ),
    );
}

function days(text: string, option: string): number {
  if (/^\d{1,4}$/.test(text) && Number(text) > 0) return Number(text);
  throw new UsageError('USAGE_INVALID_OPTION', `${option}: «${text}» is not a number of days`, {
    hint: 'Write a whole number from 1 to 9999.',
  });
}

function statementCount(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new UsageError('USAGE_INVALID_OPTION', `--statements: «${text}» is not a number of statements`, {
    hint: 'Write a whole number from 0 to 9999.',
  });
}

function parseReplica(text: string): [string, ConnectionSettings] {
  const separator = text.indexOf('=');
  const name = text.slice(0, Math.max(0, separator));
  if (/^[\w.-]+$/.test(name) && name !== 'primary')
    return [name, parseConnectionString(text.slice(separator + 1))];
  throw new UsageError('USAGE_INVALID_OPTION', '--replica: no name before the URL', {
    hint: 'Write --replica NAME=postgres://…, with a name of letters, digits, dots and dashes other than «primary».',
  });
}

function showReport(result: ReportIndexesResult, flags: Flags): Outcome {
  const { findings, scansSince, readings } = result;
  const people = flags.format === 'table' || flags.format === 'markdown';
  const saves = findings.reduce((sum, { savesBytes }) => sum + (savesBytes ?? 0), 0);
  return {
    data: { ...result, scansSince: scansSince ?? null },
    columns: [
      { key: 'kind', label: 'finding' },
      ...(people ? [] : [{ key: 'schema', label: 'schema' }]),
      { key: 'table', label: 'table' },
      { key: 'index', label: 'index' },
      ...(people
        ? [{ key: 'what', label: 'what, why it matters, and what mends it' }]
        : [
            { key: 'what', label: 'what' },
            { key: 'why', label: 'why it matters' },
          ]),
      { key: 'savesBytes', label: 'saves', align: 'right' },
      ...(people ? [] : [{ key: 'fix', label: 'fix' }]),
      ...(people
        ? []
        : [
            { key: 'undo', label: 'undo' },
            { key: 'costBefore', label: 'cost before' },
            { key: 'costAfter', label: 'cost after' },
          ]),
    ],
    rows: findings.map(({ undo, planner, ...finding }) => ({
      ...finding,
      index: finding.index ?? null,
      what: people ? forPeople(finding, flags.format) : finding.what,
      savesBytes:
        finding.savesBytes === undefined
          ? null
          : people
            ? formatBytes(finding.savesBytes)
            : finding.savesBytes,
      fix: finding.fix ?? null,
      undo: undo.join(';\n') || null,
      costBefore: planner?.costBefore ?? null,
      costAfter: planner?.costAfter ?? null,
    })),
    summary: [
      findings.length === 0
        ? 'nothing to do'
        : `${findings.length} findings; mending them gives back ${formatBytes(saves)}`,
      `scans since ${scansSince?.toISOString() ?? 'the statistics began'}`,
      ...readings.map(
        ({ server, count, from, to }) =>
          `${count} readings of ${server} from ${from.toISOString()} to ${to.toISOString()}`,
      ),
    ].join('; '),
    exitCode: flags.exitCode === true && findings.length > 0 ? EXIT.found : EXIT.done,
  };
}

/** One below the other, in lines that a terminal has room for; a statement is never broken, to be copied whole. */
function forPeople({ what, why, fix }: Pick<IndexFinding, 'what' | 'why' | 'fix'>, format: Format): string {
  const sentences = [what, why].flatMap((text) => (format === 'table' ? wrap(text, 90) : [text]));
  return [...sentences, ...(fix === undefined ? [] : [`→ ${fix}`])].join('\n');
}

function wrap(text: string, width: number): readonly string[] {
  return text.split(' ').reduce<readonly string[]>((lines, word) => {
    const last = lines.at(-1);
    return last !== undefined && last.length + word.length < width
      ? [...lines.slice(0, -1), `${last} ${word}`]
      : [...lines, word];
  }, []);
}

function showSnapshot({ readings }: TakeSnapshotResult): Outcome {
  return {
    data: { readings },
    columns: [
      { key: 'server', label: 'server' },
      { key: 'indexes', label: 'indexes', align: 'right' },
      { key: 'countedSince', label: 'scans counted since' },
    ],
    rows: readings.map((reading) => ({ ...reading, countedSince: reading.countedSince ?? null })),
  };
}
