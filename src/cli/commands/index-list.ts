import type { Command } from 'commander';
import { resolveConnection } from '../../config.js';
import { formatBytes } from '../../database/bytes.js';
import type { ListedIndex, ListIndexesResult } from '../../indexes/list-indexes.js';
import { withDatabase } from '../options.js';
import type { Cell, Column, Outcome } from '../output.js';
import { runCommand, type OutputFlags, type SetExitCode } from '../run-command.js';

interface Flags extends OutputFlags {
  readonly databaseUrl?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly exact?: boolean;
  readonly leaves?: boolean;
}

export function registerIndexList(index: Command, setExitCode: SetExitCode): void {
  withDatabase(index.command('list').description('every index: size, scans, bloat and its leaves'))
    .option('--schema <name>', 'of one schema')
    .option('--table <name>', 'of one table, or partitioned table')
    .option('--exact', 'read every page with pgstatindex, instead of estimating')
    .option('--leaves', 'a line for each leaf of a partitioned index')
    .action(async (flags: Flags) =>
      setExitCode(
        await runCommand(flags, async ({ signal, progress }) => {
          const { listIndexes } = await import('../../indexes/list-indexes.js');
          const result = await listIndexes({
            connection: resolveConnection(flags),
            schema: flags.schema,
            table: flags.table,
            exact: flags.exact,
            signal,
          });
          for (const notice of result.notices) progress.report({ type: 'notice', notice }, notice);
          return flags.leaves === true ? showLeaves(result, flags) : show(result, flags);
        }),
      ),
    );
}

const right = 'right' as const;

function show({ indexes, scansSince, notices }: ListIndexesResult, flags: Flags): Outcome {
  const people = flags.format === 'table' || flags.format === 'markdown';
  const columns: readonly Column[] = [
    { key: 'table', label: 'table' },
    { key: 'index', label: 'index' },
    { key: 'method', label: 'method' },
    { key: 'size', label: people ? 'size' : 'size bytes', align: right },
    { key: 'scans', label: 'scans', align: right },
    { key: 'bloat', label: 'bloat', align: right },
    { key: 'strip', label: 'scans by month' },
    { key: 'leaves', label: 'leaves' },
    { key: 'state', label: 'state' },
  ];
  return {
    data: { scansSince: scansSince ?? null, notices, indexes: indexes.map(machineRow) },
    columns,
    rows: people ? indexes.map(peopleRow) : indexes.map(machineRow),
    summary: `${indexes.length} indexes, ${formatBytes(indexes.reduce((sum, { index }) => sum + index.sizeBytes, 0))}; scans since ${scansSince?.toISOString() ?? 'the statistics began'}`,
  };
}

function machineRow({ index, leaves, strip, bloat }: ListedIndex): Record<string, Cell> {
  return {
    schema: index.schema,
    table: index.table.name,
    index: index.name,
    method: index.method,
    size: index.sizeBytes,
    scans: index.scans,
    bloat: bloat.bloatRatio ?? null,
    bloatBytes: bloat.bloatBytes ?? null,
    bloatReason: bloat.reason ?? null,
    bloatStale: bloat.stale,
    bloatExact: bloat.exact,
    partitioned: index.partitioned,
    hot: leaves.hot,
    cold: leaves.cold,
    premade: leaves.premade,
    invalid: leaves.invalid,
    missing: leaves.missing,
    unattached: leaves.unattached,
    strip,
    state: stateOf({ index, leaves }),
    definition: index.definition,
  };
}

function peopleRow(listed: ListedIndex): Record<string, Cell> {
  const { index, leaves, strip } = listed;
  return {
    table: qualified(index.table),
    index: index.name,
    method: index.method,
    size: formatBytes(index.sizeBytes),
    scans: index.scans,
    bloat: bloatText(listed),
    strip,
    leaves: index.partitioned ? leafText(leaves) : '',
    state: stateOf(listed),
  };
}

/** `63 %`, `63 % ?` when the statistics are stale, nothing when there is no estimate. */
function bloatText({ bloat }: ListedIndex): string {
  if (bloat.bloatRatio === undefined) return 'not estimated';
  return `${Math.round(bloat.bloatRatio * 100)} %${bloat.stale ? ' ?' : ''}`;
}

function leafText(leaves: ListedIndex['leaves']): string {
  return Object.entries(leaves)
    .filter(([, count]) => Number(count) > 0)
    .map(([state, count]) => `${String(count)} ${state}`)
    .join(', ');
}

function stateOf({ index, leaves }: Pick<ListedIndex, 'index' | 'leaves'>): string {
  if (index.table.isPartition) return 'stands alone on a partition';
  if (leaves.invalid > 0 || leaves.missing > 0 || leaves.unattached > 0) return 'incomplete';
  return index.valid ? '' : 'invalid';
}

function qualified({ schema, name }: { schema: string; name: string }): string {
  return schema === 'public' ? name : `${schema}.${name}`;
}

function showLeaves({ indexes, scansSince, notices }: ListIndexesResult, flags: Flags): Outcome {
  const people = flags.format === 'table' || flags.format === 'markdown';
  const rows = indexes.flatMap(({ index, bloat }) =>
    index.leaves.map((leaf) => {
      const ratio = bloat.byLeaf.get(leaf.oid);
      const known = ratio?.exact?.bloatRatio ?? ratio?.bloatRatio;
      return {
        index: index.name,
        partition: qualified({ schema: leaf.tableSchema, name: leaf.tableName }),
        leaf: leaf.name,
        from: leaf.lowerBound ?? null,
        size: people ? formatBytes(leaf.sizeBytes) : leaf.sizeBytes,
        scans: leaf.scans,
        lastScan: leaf.lastScanAt ?? null,
        bloat: people
          ? known === undefined
            ? 'not estimated'
            : `${Math.round(known * 100)} %`
          : (known ?? null),
        valid: leaf.valid && leaf.ready && leaf.live,
      };
    }),
  );
  return {
    data: { scansSince: scansSince ?? null, notices, leaves: rows },
    columns: [
      { key: 'index', label: 'index' },
      { key: 'partition', label: 'table or partition' },
      { key: 'leaf', label: 'leaf' },
      { key: 'from', label: 'from' },
      { key: 'size', label: people ? 'size' : 'size bytes', align: right },
      { key: 'scans', label: 'scans', align: right },
      { key: 'lastScan', label: 'last scan' },
      { key: 'bloat', label: 'bloat', align: right },
      { key: 'valid', label: 'valid' },
    ],
    rows,
  };
}
