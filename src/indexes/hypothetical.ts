import type { ClientBase } from 'pg';
import { quoteIdentifier, quoteQualified } from '../database/identifier.js';
import type { UncoveredForeignKey } from './find-uncovered.js';
import { readPhysicalTables } from './hypothetical-tables.js';
import type { IndexFilter } from './index-catalog.js';
import { probeStatement } from './planner-probe.js';
import type { PlannerVerdict, PlannerVerdicts } from './planner-verdict.js';
import { readStatementVerdicts } from './statement-verdicts.js';
import { readTopStatements } from './top-statements.js';

export interface HypotheticalOptions extends IndexFilter {
  readonly uncovered: readonly UncoveredForeignKey[];
  /** Names of the indexes there are, by schema. */
  readonly taken: ReadonlyMap<string, ReadonlySet<string>>;
  /** Most statements looked at; 0 for none. Default 50. */
  readonly statements?: number | undefined;
  /** Leaves out statements that were called less often; default 10. */
  readonly minimumCalls?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const extensions = `
  select e.extname::text as name, n.nspname::text as schema
    from pg_extension e join pg_namespace n on n.oid = e.extnamespace
   where e.extname in ('hypopg', 'pg_stat_statements')`;

/**
 * Asks the planner, by indexes that hypopg pretends, whether an index would be used for the foreign keys that have
 * none, and for the statements that take most time and read a large table whole. Executes none of them, writes
 * nothing, and says what could not be asked. Call it outside a transaction.
 */
export async function readPlannerVerdicts(
  client: ClientBase,
  { uncovered, statements = 50, minimumCalls = 10, ...options }: HypotheticalOptions,
): Promise<PlannerVerdicts> {
  const { rows } = await client.query<{ name: string; schema: string }>(extensions);
  const schemaOf = (extension: string): string | undefined =>
    rows.find(({ name }) => name === extension)?.schema;
  const hypopg = schemaOf('hypopg');
  if (hypopg === undefined) {
    return {
      foreignKeys: new Map(),
      statements: [],
      notices: ['hypopg is not installed: no verdict of the planner'],
    };
  }
  const foreignKeys = await readForeignKeyVerdicts(client, hypopg, uncovered, options.signal);
  if (statements === 0) return { foreignKeys, statements: [], notices: [] };
  const schema = schemaOf('pg_stat_statements');
  if (schema === undefined) {
    const notice = 'pg_stat_statements is not installed: no verdict of the planner on statements';
    return { foreignKeys, statements: [], notices: [notice] };
  }
  const top = await readTopStatements(client, { schema, minimumCalls, limit: statements });
  const { verdicts, notices } = await readStatementVerdicts(client, top.statements, { ...options, hypopg });
  return { foreignKeys, statements: verdicts, notices: [...top.notices, ...notices] };
}

/** The statement is what a delete of a referenced row makes the server ask. */
async function readForeignKeyVerdicts(
  client: ClientBase,
  hypopg: string,
  uncovered: readonly UncoveredForeignKey[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<UncoveredForeignKey, PlannerVerdict>> {
  const verdicts = new Map<UncoveredForeignKey, PlannerVerdict>();
  for (const entry of uncovered) {
    const { table, columns } = entry.foreignKey;
    const tables = await readPhysicalTables(client, table.oid);
    const names = columns.map(quoteIdentifier);
    const condition = names.map((name, position) => `${name} = $${position + 1}`).join(' and ');
    const text = `select 1 from ${quoteQualified(table.schema, table.name)} where ${condition}`;
    const answer = await probeStatement(client, hypopg, text, async (probe) => {
      const { before } = probe;
      const after = await probe.withIndex(tables, names.join(', '));
      return after && { used: after.used, costBefore: before.cost, costAfter: after.cost };
    });
    signal?.throwIfAborted();
    if ('result' in answer && answer.result !== undefined)
      verdicts.set(entry, { ...answer.result, columns, createStatement: entry.createStatement });
  }
  return verdicts;
}
