import type { ClientBase, QueryConfig } from 'pg';
import { quoteQualified } from '../database/identifier.js';
import { isServerError, SQLSTATE, type ServerError } from '../database/sqlstate.js';

/** What the planner would do with a statement. */
export interface StatementPlan {
  /** In the planner's units: a sequential page read is 1. */
  readonly cost: number;
  /** Tables and partitions read from end to end. */
  readonly readWhole: readonly { readonly schema: string; readonly table: string }[];
  readonly indexes: ReadonlySet<string>;
}

export interface PlannerProbe {
  readonly before: StatementPlan;
  /**
   * The plan as if each of these tables had an index of these columns. Undefined where such an index cannot be, as of
   * a type that has no order.
   */
  withIndex(
    tables: readonly { readonly schema: string; readonly name: string }[],
    columns: string,
  ): Promise<(StatementPlan & { readonly used: boolean }) | undefined>;
}

const PROBE = 'studymate_probe';

/**
 * Asks the planner about one statement, with parameters of any value, and never executes it. In a transaction of its
 * own that may write nothing, waits a second at most for a lock, and is rolled back; hypothetical indexes are known to
 * this session alone, and forgotten afterwards.
 *
 * @param hypopg schema of the extension
 * @returns what `work` returns, or the server's error when the statement cannot be planned by this role, from this
 * search_path, or without the types of its parameters
 */
export async function probeStatement<T>(
  client: ClientBase,
  hypopg: string,
  text: string,
  work: (probe: PlannerProbe) => Promise<T>,
): Promise<{ readonly result: T } | { readonly error: ServerError }> {
  let prepared = false;
  try {
    await client.query('begin isolation level repeatable read read only');
    await client.query(`set local plan_cache_mode = force_generic_plan; set local lock_timeout = '1s';
      set local statement_timeout = '10s'; set local enable_partition_pruning = off`);
    // One statement a message: quotes were read by the settings of whoever ran it, and ours may see several.
    const prepare: QueryConfig & { queryMode: 'extended' } = {
      text: `prepare ${PROBE} as ${text}`,
      queryMode: 'extended',
    };
    await client.query(prepare);
    prepared = true;
    const { rows } = await client.query<{ parameters: number }>(
      'select cardinality(parameter_types) as parameters from pg_prepared_statements where name = $1',
      [PROBE],
    );
    const parameters = Array.from({ length: rows[0]?.parameters ?? 0 }, () => 'null').join(', ');
    const plan = (): Promise<StatementPlan> => explain(client, parameters);
    const before = await plan();
    const result = await work({
      before,
      withIndex: async (tables, columns) => {
        await client.query('savepoint hypothetical');
        try {
          const names = await createHypothetical(client, hypopg, tables, columns);
          const after = await plan();
          return { ...after, used: names.some((name) => after.indexes.has(name)) };
        } catch (error) {
          if (!isServerError(error) || error.code === SQLSTATE.queryCanceled) throw error;
          await client.query('rollback to hypothetical');
          return undefined;
        } finally {
          await forget(client, hypopg);
        }
      },
    });
    return { result };
  } catch (error) {
    if (!isServerError(error)) throw error;
    return { error };
  } finally {
    await client.query('rollback');
    if (prepared) await client.query(`deallocate ${PROBE}`);
  }
}

async function createHypothetical(
  client: ClientBase,
  hypopg: string,
  tables: readonly { readonly schema: string; readonly name: string }[],
  columns: string,
): Promise<readonly string[]> {
  const names: string[] = [];
  for (const { schema, name } of tables) {
    const { rows } = await client.query<{ name: string }>(
      `select indexname::text as name from ${quoteQualified(hypopg, 'hypopg_create_index')}($1)`,
      [`create index on ${quoteQualified(schema, name)} (${columns})`],
    );
    names.push(...rows.map((row) => row.name));
  }
  // A generic plan is kept, and does not know of the new index.
  await client.query('discard plans');
  return names;
}

async function forget(client: ClientBase, hypopg: string): Promise<void> {
  try {
    await client.query(`select ${quoteQualified(hypopg, 'hypopg_reset')}(); discard plans`);
  } catch (error) {
    // The transaction has failed already, with an error that says more.
    if (!isServerError(error)) throw error;
  }
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Total Cost': number;
  readonly 'Index Name'?: string;
  readonly 'Relation Name'?: string;
  readonly Schema?: string;
  readonly Plans?: readonly PlanNode[];
}

async function explain(client: ClientBase, parameters: string): Promise<StatementPlan> {
  const { rows } = await client.query<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }>(
    `explain (format json, verbose) execute ${PROBE}${parameters === '' ? '' : `(${parameters})`}`,
  );
  const root = rows[0]?.['QUERY PLAN'][0]?.Plan;
  if (root === undefined) throw new Error('EXPLAIN gave no plan');
  const nodes = descendants(root);
  return {
    cost: root['Total Cost'],
    readWhole: nodes.flatMap((node) =>
      node['Node Type'] === 'Seq Scan'
        ? [{ schema: node.Schema ?? '', table: node['Relation Name'] ?? '' }]
        : [],
    ),
    indexes: new Set(nodes.flatMap((node) => node['Index Name'] ?? [])),
  };
}

function descendants(node: PlanNode): readonly PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(descendants)];
}
