import type { ClientBase } from 'pg';
import { quoteIdentifier } from '../database/identifier.js';
import { SQLSTATE, type ServerError } from '../database/sqlstate.js';
import { readLargeTables, type LargeTable } from './hypothetical-tables.js';
import type { IndexFilter } from './index-catalog.js';
import { probeStatement, type PlannerProbe } from './planner-probe.js';
import type { StatementVerdict } from './planner-verdict.js';
import { freeIndexName, suggestIndex } from './suggest-index.js';
import { LARGE_ROWS } from './table-scans.js';
import type { TopStatement } from './top-statements.js';

export interface StatementVerdictOptions extends IndexFilter {
  /** Schema of the extension. */
  readonly hypopg: string;
  /** Names of the indexes there are, by schema. */
  readonly taken: ReadonlyMap<string, ReadonlySet<string>>;
  readonly signal?: AbortSignal | undefined;
}

interface Candidate {
  readonly table: LargeTable;
  readonly column: string;
  readonly costBefore: number;
  readonly costAfter: number;
}

/**
 * For each statement that reads a large table whole: tries an index of each column of the table that its text names,
 * and keeps the best of those that the planner would use and that halve the cost at least.
 */
export async function readStatementVerdicts(
  client: ClientBase,
  statements: readonly TopStatement[],
  options: StatementVerdictOptions,
): Promise<{ readonly verdicts: readonly StatementVerdict[]; readonly notices: readonly string[] }> {
  const { hypopg, taken, signal } = options;
  const verdicts = new Map<string, StatementVerdict>();
  const errors: ServerError[] = [];
  for (const statement of statements) {
    signal?.throwIfAborted();
    const answer = await probeStatement(client, hypopg, statement.text, async (probe) => {
      const large = await readLargeTables(client, probe.before.readWhole, {
        ...options,
        minimumRows: LARGE_ROWS,
      });
      return bestCandidates(probe, identifiersIn(statement.text), large);
    });
    signal?.throwIfAborted();
    if ('error' in answer) errors.push(answer.error);
    else {
      for (const candidate of answer.result) {
        const key = `${candidate.table.oid} ${candidate.column}`;
        verdicts.set(key, verdictOf(candidate, statement, verdicts.get(key), taken));
      }
    }
  }
  return {
    verdicts: [...verdicts.values()].sort((a, b) => b.totalMs - a.totalMs),
    notices: skippedNotice(errors, statements.length),
  };
}

async function bestCandidates(
  probe: PlannerProbe,
  identifiers: ReadonlySet<string>,
  large: readonly LargeTable[],
): Promise<readonly Candidate[]> {
  const { cost } = probe.before;
  const found: Candidate[] = [];
  for (const table of large) {
    let best: Candidate | undefined;
    for (const column of table.columns.filter((name) => identifiers.has(name))) {
      const plan = await probe.withIndex(table.tables, quoteIdentifier(column));
      if (plan?.used === true && plan.cost * 2 <= cost && plan.cost < (best?.costAfter ?? Infinity))
        best = { table, column, costBefore: cost, costAfter: plan.cost };
    }
    if (best !== undefined) found.push(best);
  }
  return found;
}

/** Whatever could be a name: too many do no harm, as the planner judges each. */
function identifiersIn(text: string): ReadonlySet<string> {
  const words = text.matchAll(/"((?:[^"]|"")+)"|[\p{L}_][\p{L}\p{N}_$]*/gu);
  return new Set(
    [...words].map(([word, quoted]) =>
      quoted === undefined ? word.toLowerCase() : quoted.replaceAll('""', '"'),
    ),
  );
}

/** Statements come in the order of the time they take: the first that wants an index speaks for it. */
function verdictOf(
  { table, column, costBefore, costAfter }: Candidate,
  { text, calls, totalMs }: TopStatement,
  earlier: StatementVerdict | undefined,
  taken: StatementVerdictOptions['taken'],
): StatementVerdict {
  if (earlier !== undefined) {
    return {
      ...earlier,
      statements: earlier.statements + 1,
      calls: earlier.calls + calls,
      totalMs: earlier.totalMs + totalMs,
    };
  }
  const { schema, name, partitioned } = table;
  const columns = [column];
  return {
    ...{ schema, table: name, columns, costBefore, costAfter, used: true },
    createStatement: suggestIndex({
      ...{ schema, table: name, partitioned, columns },
      name: freeIndexName({ table: name, columns }, taken.get(schema) ?? new Set()),
    }),
    ...{ statement: text, statements: 1, calls, totalMs },
  };
}

const REASONS: Readonly<Record<string, string>> = {
  [SQLSTATE.insufficientPrivilege]: 'of tables this role may not read',
  [SQLSTATE.queryCanceled]: 'took too long to plan',
  [SQLSTATE.lockNotAvailable]: 'of tables that are locked',
  '42P01': 'of tables not in search_path or dropped since',
  '42P18': 'with parameters of unknown type',
  [SQLSTATE.syntaxError]: 'with parameters where none may be',
};

function skippedNotice(errors: readonly ServerError[], total: number): readonly string[] {
  if (errors.length === 0) return [];
  const counts = new Map<string, number>();
  for (const { code } of errors) {
    const reason = REASONS[code] ?? `refused (${code})`;
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const reasons = [...counts].map(([reason, count]) => `${count} ${reason}`).join(', ');
  return [`${errors.length} of ${total} top statements were not judged by the planner: ${reasons}`];
}
