import type { Command } from 'commander';
import { formatDuration } from '../../database/duration.js';
import type { SeedResult } from '../../seed/seed.js';
import { withDatabase } from '../options.js';
import type { Column, Outcome } from '../output.js';
import { runCommand, type SetExitCode, type CommandContext } from '../run-command.js';
import { seedBars } from '../seed-bars.js';
import { seedOptions, type SeedFlags } from '../seed-flags.js';

export function registerSeed(program: Command, setExitCode: SetExitCode): void {
  withDatabase(
    program
      .command('seed')
      .description('fill an empty, migrated database with a world that is always the same'),
  )
    .option('--profile <profile>', 'size of the world: tiny, demo or load', 'demo')
    .option('--users <count>', 'users (default: of the profile)')
    .option('--messages <count>', 'chat messages (default: of the profile)')
    .option('--months <count>', 'months of history before the reference date (default: of the profile)')
    .option('--seed <number>', 'another number, another world (default: 42)')
    .option('--reference-date <day>', 'the world’s today, in UTC (default: 2026-01-01)')
    .option('--locale <locales>', 'languages of names and texts (default: ko,en)')
    .option('--only <table...>', 'load these tables only; what they reference must be there or named too')
    .option('--reset', 'throw the rows of the world’s tables and their archives away first')
    .option('--yes <database>', 'its name, to allow a reset of one that is not marked as no production')
    .option('--dry-run', 'say what would be loaded, write nothing')
    .option('--jobs <count>', 'connections, 1 or 2; the rows are the same', '1')
    .option('--wait <duration>', 'longest wait for another maintenance run', '0s')
    .addHelpText(
      'after',
      `
Examples:
  studymate-db seed --profile tiny                   a world for tests, in seconds
  studymate-db seed --users 2000 --messages 500000   another size
  studymate-db seed --dry-run                        what would be loaded
  studymate-db seed --reset --yes studymate_dev      throw away what is there, load again
  studymate-db seed --format json > manifest.json    to compare two machines

Killed or failed, it goes on where it stopped when the same command is run again.`,
    )
    .action(async (flags: SeedFlags) =>
      setExitCode(await runCommand(flags, (context) => runSeedCommand(flags, context))),
    );
}

async function runSeedCommand(flags: SeedFlags, { signal, progress }: CommandContext): Promise<Outcome> {
  const options = seedOptions(flags);
  const [{ seed }, { limitGarbage }] = await Promise.all([
    import('../../seed/seed.js'),
    import('../../seed/limit-garbage.js'),
  ]);
  limitGarbage();
  const { stderr } = process;
  const showBars =
    stderr.isTTY && flags.quiet !== true
      ? seedBars({
          write: (text) => void stderr.write(text),
          columns: () => (stderr.columns > 0 ? stderr.columns : 80),
        })
      : undefined;
  const result = await seed({
    ...options,
    signal,
    onEvent: showBars ?? ((event) => progress.report({ ...event }, undefined)),
  });
  return show(result, flags);
}

const columns: readonly Column[] = [
  { key: 'table', label: 'table' },
  { key: 'rows', label: 'rows', align: 'right' },
  { key: 'state', label: 'state' },
  { key: 'newPartitions', label: 'new partitions' },
  { key: 'checksum', label: 'checksum' },
];

function show(result: SeedResult, flags: SeedFlags): Outcome {
  const { dryRun, toLoad, kept, manifest } = result;
  const checksums = new Map(manifest.tables.map(({ table, checksum }) => [table, checksum]));
  const rowsOf = (
    tables: readonly { table: string; rows: number; newMonths?: readonly string[] }[],
    state: string,
  ): Outcome['rows'] =>
    tables.map(({ table, rows, newMonths = [] }) => ({
      table,
      rows,
      state,
      newPartitions: monthRange(newMonths),
      checksum: shorten(checksums.get(table), flags),
    }));
  return {
    data: result,
    columns,
    rows: [...rowsOf(kept, 'was there'), ...rowsOf(toLoad, dryRun ? 'would be loaded' : 'loaded')],
    summary: summarise(result),
  };
}

/** Whole for machines; on a terminal enough to tell two apart. */
function shorten(checksum: string | undefined, { format }: SeedFlags): string | null {
  return checksum === undefined ? null : format === 'table' ? checksum.slice(0, 16) : checksum;
}

function monthRange(months: readonly string[]): string | null {
  const [first] = months;
  const last = months.at(-1);
  if (first === undefined || last === undefined) return null;
  return first === last ? first : `${first} to ${last}`;
}

function summarise({ dryRun, emptied, toLoad, manifest, durationMs }: SeedResult): string {
  const rows = toLoad.reduce((sum, table) => sum + table.rows, 0).toLocaleString('en-US');
  const lines = [
    ...(emptied.length === 0 ? [] : [`${dryRun ? 'would empty' : 'emptied'} ${emptied.join(', ')}`]),
    dryRun
      ? `would load ${rows} rows into ${toLoad.length} tables`
      : toLoad.length === 0
        ? 'nothing to do: the world is there'
        : `loaded ${rows} rows into ${toLoad.length} tables in ${formatDuration(durationMs)}`,
    ...(manifest.checksum === undefined ? [] : [`manifest ${manifest.checksum}`]),
    `generator ${manifest.generatorVersion}, vocabulary ${manifest.vocabularyHash.slice(0, 16)}`,
  ];
  return lines.join('\n');
}
