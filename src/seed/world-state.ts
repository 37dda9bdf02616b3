import type { ClientBase } from 'pg';
import type { SeedPlan } from '../../seeds/seed-plan.js';
import { quoteLiteral, quoteQualified } from '../database/identifier.js';
import { OperationError } from '../errors.js';
import { partitionPolicies } from '../partitioning/policy.js';
import type { SeedLedger } from './seed-ledger.js';
import { SEEDED_SCHEMA } from './target-table.js';

/** The tables of the world, and the archives that its rows move to. */
export interface WorldTables {
  readonly tables: readonly string[];
  /** By the live table. */
  readonly archives: ReadonlyMap<string, string>;
}

export function worldTables(plan: SeedPlan): WorldTables {
  const tables = plan.tables.map(({ table }) => table);
  return {
    tables,
    archives: new Map(
      partitionPolicies
        .filter(({ schema, table }) => schema === SEEDED_SCHEMA && tables.includes(table))
        .map(({ table, archiveTable }) => [table, archiveTable]),
    ),
  };
}

/** Those of the tables, and their archives, that hold a row. */
export async function listTablesWithRows(
  client: ClientBase,
  { tables, archives }: WorldTables,
): Promise<readonly string[]> {
  const all = [...tables, ...archives.values()];
  const present = await client.query<{ name: string }>(
    `select c.relname as name
     from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname = any ($2) and c.relkind in ('r', 'p')`,
    [SEEDED_SCHEMA, all],
  );
  const found = new Set(present.rows.map(({ name }) => name));
  const questions = all
    .filter((name) => found.has(name))
    .map(
      (name) =>
        `select ${quoteLiteral(name)} as name where exists (select from ${quoteQualified(SEEDED_SCHEMA, name)})`,
    );
  if (questions.length === 0) return [];
  const { rows } = await client.query<{ name: string }>(questions.join(' union all '));
  const holding = new Set(rows.map(({ name }) => name));
  return all.filter((name) => holding.has(name));
}

/**
 * Which tables of this world are there already. One that is recorded but was emptied since counts as missing.
 *
 * @throws OperationError SEED_DATABASE_NOT_EMPTY when there are rows that this world did not bring
 */
export function assertOwnRowsOnly(
  { tables, archives }: WorldTables,
  withRows: readonly string[],
  ledger: SeedLedger,
): ReadonlySet<string> {
  const own = new Set<string>();
  for (const table of tables) {
    const record = ledger.loaded.get(table);
    if (record === undefined) continue;
    const places = [table, archives.get(table)];
    if (record.rowCount === 0 || withRows.some((name) => places.includes(name))) own.add(table);
  }
  const liveOf = new Map([...archives].map(([live, archive]) => [archive, live]));
  const foreign = withRows.filter((name) => !ledger.loaded.has(liveOf.get(name) ?? name));
  if (foreign.length === 0) return own;
  const others = ledger.otherWorlds.length > 0 ? `\nSeeded before: ${ledger.otherWorlds.join('; ')}.` : '';
  throw new OperationError('SEED_DATABASE_NOT_EMPTY', 'the database has rows that this seed did not bring', {
    detail: `Rows are in ${foreign.join(', ')}.${others}`,
    hint: 'Seed an empty database, repeat the options of the seed that is there, or throw the rows away with --reset.',
  });
}
