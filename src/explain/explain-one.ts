import type { ClientBase } from 'pg';
import type { Connection } from '../database/connect.js';
import { OperationError } from '../errors.js';
import { explainError, type FailedStatement } from './explain-error.js';
import { queryOne } from './explain-transaction.js';
import type { ResolvedParameter } from './parameters.js';
import type { RawPlan } from './plan-node.js';
import type { Statement } from './record-statements.js';

/** EXPLAIN of one statement; the plan alone, without running it, when `run` is false. */
export async function explainOne(
  client: ClientBase,
  { sql, parameters }: Statement,
  run: boolean,
  failed: Omit<FailedStatement, 'prefixLength'>,
): Promise<RawPlan> {
  const prefix = `explain (analyze ${run ? 'on' : 'off'}, buffers, settings, verbose, format json)\n`;
  try {
    const { rows } = await queryOne<AnswerRow>(client, prefix + sql, parameters);
    return planOf(rows);
  } catch (error) {
    throw explainError(error, { ...failed, prefixLength: prefix.length });
  }
}

/** The plan for any values of the parameters. @throws OperationError EXPLAIN_GENERIC_UNSUPPORTED before PostgreSQL 16 */
export async function explainGeneric(
  { client, serverVersion }: Connection,
  { sql }: Statement,
  failed: Omit<FailedStatement, 'prefixLength'>,
): Promise<RawPlan> {
  if (serverVersion < 160_000) {
    throw new OperationError('EXPLAIN_GENERIC_UNSUPPORTED', 'a generic plan takes PostgreSQL 16 or later', {
      hint: 'Give values with --param 1=VALUE and plan with --no-analyze.',
    });
  }
  const prefix = 'prepare studymate_explain as\n';
  try {
    // Parsed as one statement or refused. EXPLAIN (GENERIC_PLAN) then needs the simple protocol: the other one would
    // have values bound to the parameters, and plan for those.
    await queryOne(client, prefix + sql, []);
    const { rows } = await client.query<AnswerRow>(
      `explain (generic_plan, settings, verbose, format json)\n${sql}`,
    );
    return planOf(rows);
  } catch (error) {
    throw explainError(error, { ...failed, prefixLength: prefix.length });
  }
}

interface AnswerRow {
  'QUERY PLAN': readonly RawPlan[];
}

function planOf(rows: readonly AnswerRow[]): RawPlan {
  const plan = rows[0]?.['QUERY PLAN'][0];
  if (plan === undefined) throw new Error('the server gave no plan');
  return plan;
}

export const HIDDEN = '(hidden)';

/** Conditions repeat the values they were planned with. */
export function redact(raw: RawPlan, parameters: readonly ResolvedParameter[]): RawPlan {
  const secrets = parameters
    .filter(({ isSecret }) => isSecret)
    .map(({ value }) => String(value).replaceAll("'", "''"));
  if (secrets.length === 0) return raw;
  return JSON.parse(JSON.stringify(raw), (_key, value: unknown) =>
    typeof value === 'string'
      ? secrets.reduce((text, secret) => text.replaceAll(`'${secret}'`, `'${HIDDEN}'`), value)
      : value,
  ) as RawPlan;
}
