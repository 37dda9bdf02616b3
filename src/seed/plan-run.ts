import type { ClientBase } from 'pg';
import type { SeedPlan } from '../../seeds/seed-plan.js';
import { OperationError, UsageError } from '../errors.js';
import { formatMonth } from '../partitioning/month.js';
import type { TableLoad } from './assert-schema.js';
import { pointerProofs } from './pointer-proofs.js';
import { planMonths } from './seed-months.js';

export interface PlannedTable {
  readonly table: string;
  readonly rows: number;
  /** Partitions that will be made, as in `2025-01`. */
  readonly newMonths: readonly string[];
}

export interface PlannedRun {
  /** In the order of loading. */
  readonly toLoad: readonly PlannedTable[];
  /** There already, from an earlier run of the same world. */
  readonly kept: readonly { readonly table: string; readonly rows: number }[];
}

export interface PlanRunInput {
  readonly plan: SeedPlan;
  readonly loads: ReadonlyMap<string, TableLoad>;
  /** Tables of this world that are loaded. */
  readonly present: ReadonlySet<string>;
  readonly only: readonly string[] | undefined;
}

/**
 * Decides what a run loads. Reads only.
 *
 * @throws UsageError USAGE_INVALID_OPTION when `only` names no table of the world; OperationError
 * SEED_PARENTS_MISSING when it leaves out one that is referenced and not there
 */
export async function planRun(client: ClientBase, input: PlanRunInput): Promise<PlannedRun> {
  const { plan, loads, present, only } = input;
  const names = plan.tables.map(({ table }) => table);
  assertKnown(names, only);
  const wanted = plan.tables.filter(({ table }) => only === undefined || only.includes(table));
  const missing = wanted.filter(({ table }) => !present.has(table));
  assertParents(
    input,
    new Set([...present, ...missing.map(({ table }) => table)]),
    missing.map(({ table }) => table),
  );
  const toLoad: PlannedTable[] = [];
  for (const seedTable of missing) {
    const partitioned = loads.get(seedTable.table)?.target.partitioned === true;
    const months = partitioned ? (await planMonths(client, seedTable)).missing : [];
    toLoad.push({ table: seedTable.table, rows: seedTable.rowCount, newMonths: months.map(formatMonth) });
  }
  return {
    toLoad,
    kept: wanted
      .filter(({ table }) => present.has(table))
      .map(({ table, rowCount }) => ({ table, rows: rowCount })),
  };
}

function assertKnown(names: readonly string[], only: readonly string[] | undefined): void {
  const unknown = (only ?? []).filter((name) => !names.includes(name));
  if (unknown.length === 0 && only?.length !== 0) return;
  const problem =
    unknown.length === 0 ? 'no table is named' : `«${unknown.join('», «')}» is no table of the world`;
  throw new UsageError('USAGE_INVALID_OPTION', `--only: ${problem}`, {
    hint: `The tables are ${names.join(', ')}.`,
  });
}

function assertParents(
  { plan, loads }: PlanRunInput,
  there: ReadonlySet<string>,
  toLoad: readonly string[],
): void {
  const lacking = toLoad.flatMap((table) => {
    const pointedAt = pointerProofs.filter((proof) => proof.table === table).flatMap(({ tables }) => tables);
    const parents = new Set([...(loads.get(table)?.target.references ?? []), ...pointedAt]);
    const absent = [...parents].filter(
      (parent) =>
        parent !== table && plan.tables.some((other) => other.table === parent) && !there.has(parent),
    );
    return absent.length === 0 ? [] : [{ table, absent }];
  });
  if (lacking.length === 0) return;
  const needed = plan.tables
    .map(({ table }) => table)
    .filter((name) => lacking.some(({ absent }) => absent.includes(name)));
  throw new OperationError('SEED_PARENTS_MISSING', 'tables that would be referenced are not loaded', {
    detail: lacking.map(({ table, absent }) => `${table} references ${absent.join(', ')}`).join('\n'),
    hint: `Add them to --only: ${needed.join(' ')}.`,
  });
}
