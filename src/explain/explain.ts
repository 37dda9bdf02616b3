import type { ClientBase } from 'pg';
import type { ConnectionSettings } from '../database/connection-settings.js';
import { UsageError } from '../errors.js';
import { analyzePlan, type PlanAnalysis } from './analyze-plan.js';
import { explainError } from './explain-error.js';
import { explainGeneric, explainOne, HIDDEN, redact } from './explain-one.js';
import { inRolledBackTransaction } from './explain-transaction.js';
import { parseParameters, resolveParameters, type ResolvedParameter } from './parameters.js';
import type { RawPlan } from './plan-node.js';
import { recordStatements, type Statement } from './record-statements.js';
import { readRelations } from './relations.js';
import { catalogue } from './catalogue.js';
import { findStatement, type NamedStatement } from './statements.js';
import type { MemorySettings } from './spills.js';

export interface ExplainOptions {
  readonly connection: ConnectionSettings | string;
  /** A name of the catalogue, or a statement of one's own. */
  readonly statement: string | OwnStatement;
  /** By name (`roomId`), or by number (`1`) for a statement of one's own; what is left out is taken from the database. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** Lets the statement write; it is rolled back. Default false. */
  readonly write?: boolean | undefined;
  /** Runs it and measures; default true. False plans it only. */
  readonly analyze?: boolean | undefined;
  /** Plans a statement of one's own for any values of its parameters, without running it; PostgreSQL 16. Default false. */
  readonly genericPlan?: boolean | undefined;
  /** Longest time for each statement; default 30,000. 0 is without limit. */
  readonly statementTimeoutMs?: number | undefined;
  /** Longest wait for a lock; default 2,000. */
  readonly lockTimeoutMs?: number | undefined;
  /** The present; hints name the months of the last 31 days. Default: this machine's clock. */
  readonly now?: Date | undefined;
  /** Default: the hot queries and the reports. */
  readonly catalogue?: readonly NamedStatement[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface OwnStatement {
  readonly sql: string;
  /** How messages call it: the file. */
  readonly label: string;
}

export interface ExplainedStatement {
  readonly sql: string;
  readonly analysis: PlanAnalysis;
  /** As the server gave it. */
  readonly raw: RawPlan;
}

export interface ExplainResult {
  readonly label: string;
  readonly analyzed: boolean;
  readonly wrote: boolean;
  /** Secret values are left out. */
  readonly parameters: readonly ResolvedParameter[];
  /** A hot query may send several. */
  readonly statements: readonly ExplainedStatement[];
  /** Sentences on what the run did and left. */
  readonly notes: readonly string[];
  readonly serverVersion: number;
}

export const DEFAULT_STATEMENT_TIMEOUT_MS = 30_000;
export const DEFAULT_LOCK_TIMEOUT_MS = 2_000;

/**
 * Explains a statement: runs it with EXPLAIN (ANALYZE, BUFFERS, SETTINGS, VERBOSE) and says what its plan spends, where
 * estimates are off, which partitions were left out or why not, what went to disk, and which indexes were passed over.
 *
 * Everything happens in one transaction that is rolled back, read-only unless `write` is set, under a statement and a
 * lock timeout. With `write` the statement is really carried out before it is undone: its triggers run, the rows it
 * touches stay locked until then, sequences it draws from stay advanced, and constraints deferred to COMMIT are not
 * checked. A named statement runs twice, once to learn what it sends: the second time its pages are cached.
 *
 * @throws UsageError EXPLAIN_STATEMENT_UNKNOWN, EXPLAIN_PARAMETER_INVALID, EXPLAIN_WRITE_REFUSED;
 *   OperationError EXPLAIN_STATEMENT_INVALID, EXPLAIN_SEVERAL_STATEMENTS, EXPLAIN_STATEMENT_FAILED,
 *   EXPLAIN_PARAMETER_MISSING, EXPLAIN_TIMEOUT, EXPLAIN_LOCK_TIMEOUT, EXPLAIN_GENERIC_UNSUPPORTED; ConnectError.
 *   Nothing was kept in all of these.
 */
export async function explainStatement(options: ExplainOptions): Promise<ExplainResult> {
  const { write = false, analyze = true, genericPlan = false, now = new Date() } = options;
  const prepared = prepare(options);
  const run = analyze && !genericPlan;
  const { statementTimeoutMs = DEFAULT_STATEMENT_TIMEOUT_MS, lockTimeoutMs = DEFAULT_LOCK_TIMEOUT_MS } =
    options;
  const transaction = { ...options, write, statementTimeoutMs, lockTimeoutMs };
  return inRolledBackTransaction(transaction, async (connection) => {
    const { client, serverVersion } = connection;
    const memory = await readMemorySettings(client);
    const { statements, parameters } = await prepared.statements(client, run);
    const failed = { label: prepared.label, isOwn: prepared.isOwn };
    const raws: RawPlan[] = [];
    for (const statement of statements) {
      raws.push(
        redact(
          genericPlan
            ? await explainGeneric(connection, statement, failed)
            : await explainOne(client, statement, run, failed),
          parameters,
        ),
      );
    }
    const relations = await readRelations(
      client,
      raws.map(({ Plan }) => Plan),
    );
    return {
      label: prepared.label,
      analyzed: run,
      wrote: write && run,
      parameters: parameters.map((parameter) =>
        parameter.isSecret ? { ...parameter, value: HIDDEN } : parameter,
      ),
      statements: statements.map(({ sql }, index) => {
        const raw = raws[index];
        if (raw === undefined) throw new Error('a statement has no plan');
        return { sql, raw, analysis: analyzePlan(raw, { relations, memory, now }) };
      }),
      notes: notesOf({ run, write, isOwn: prepared.isOwn, genericPlan }),
      serverVersion,
    };
  });
}

interface Prepared {
  readonly label: string;
  readonly isOwn: boolean;
  readonly statements: (
    client: ClientBase,
    run: boolean,
  ) => Promise<{ statements: readonly Statement[]; parameters: readonly ResolvedParameter[] }>;
}

/** Whatever can be refused without a server. */
function prepare(options: ExplainOptions): Prepared {
  const { statement, parameters = {}, write = false, analyze = true, genericPlan = false } = options;
  if (typeof statement !== 'string') {
    const values = positional(statement.label, parameters);
    const own = values.map((value, index) => ({
      name: String(index + 1),
      value,
      isSecret: false,
      isGiven: true,
    }));
    return {
      label: statement.label,
      isOwn: true,
      statements: () =>
        Promise.resolve({ statements: [{ sql: statement.sql, parameters: values }], parameters: own }),
    };
  }
  const named = findStatement(statement, options.catalogue ?? catalogue);
  const given = parseParameters(named.name, named.parameters, parameters);
  if (genericPlan) {
    throw new UsageError('USAGE_INVALID_OPTION', 'a generic plan is for a statement of one’s own', {
      hint: 'Use it with --sql; a named one gets its values from the database.',
    });
  }
  if (named.writes && analyze && !write) {
    throw new UsageError('EXPLAIN_WRITE_REFUSED', `${named.name} writes`, {
      hint: 'With --write it runs in a transaction that is rolled back; with --no-analyze it is planned and not run.',
    });
  }
  return {
    label: named.name,
    isOwn: false,
    statements: (client, run) => statementsOf(client, named, given, run),
  };
}

/** The statements that a named one sends, with values found in the database where none are given. */
export async function statementsOf(
  client: ClientBase,
  named: NamedStatement,
  given: Readonly<Record<string, unknown>>,
  run: boolean,
): Promise<{ statements: readonly Statement[]; parameters: readonly ResolvedParameter[] }> {
  try {
    const parameters = await resolveParameters(client, named.name, named.parameters, given);
    const values = Object.fromEntries(parameters.map(({ name, value }) => [name, value]));
    const statements = await recordStatements(run ? client : undefined, (db) => named.run(db, values));
    return { statements, parameters };
  } catch (error) {
    throw explainError(error, { label: named.name, isOwn: false, prefixLength: 0 });
  }
}

function positional(label: string, parameters: Readonly<Record<string, string>>): string[] {
  const names = Object.keys(parameters);
  const values = names.map((_, index) => parameters[String(index + 1)]);
  return values.map((value, index) => {
    if (value !== undefined) return value;
    throw new UsageError(
      'EXPLAIN_PARAMETER_INVALID',
      `the parameters of ${label} are given as ${names.join(', ')}; ${index + 1} is not among them`,
      { hint: 'Number them as the statement does: --param 1=VALUE --param 2=VALUE.' },
    );
  });
}

async function readMemorySettings(client: ClientBase): Promise<MemorySettings> {
  const { rows } = await client.query<{ work_mem_kb: string; multiplier: string }>(
    `select pg_size_bytes(current_setting('work_mem')) / 1024 as work_mem_kb,
       current_setting('hash_mem_multiplier') as multiplier`,
  );
  return { workMemKb: Number(rows[0]?.work_mem_kb), hashMemMultiplier: Number(rows[0]?.multiplier) };
}

interface RunKind {
  readonly run: boolean;
  readonly write: boolean;
  readonly isOwn: boolean;
  readonly genericPlan: boolean;
}

function notesOf({ run, write, isOwn, genericPlan }: RunKind): string[] {
  if (genericPlan) return ['Planned for any values of its parameters, and not run.'];
  if (!run) {
    return isOwn
      ? ['Planned, and not run.']
      : ['Planned, and not run: what it would send after finding rows is not shown.'];
  }
  return [
    write
      ? 'It ran in a transaction that was rolled back: triggers ran, rows it touched were locked meanwhile, sequences it drew from stay advanced, and what is deferred to COMMIT was not checked.'
      : 'It ran in a read-only transaction that was rolled back.',
    ...(isOwn ? [] : ['It ran once before it was measured, so its pages were in the cache.']),
  ];
}
