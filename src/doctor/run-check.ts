import type { Check, CheckContext } from './check.js';
import { notVisible } from './check.js';
import type { CheckFinding, Finding } from './finding.js';
import { StudymateError } from '../errors.js';
import { formatDuration } from '../database/duration.js';
import { hasSqlState, SQLSTATE } from '../database/sqlstate.js';

export interface CheckLimits {
  /** Of each statement, in milliseconds. */
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
}

/**
 * Runs one check in a transaction that cannot write, waits for no lock longer than `lockTimeoutMs`, and names every
 * relation with its schema. What the check throws becomes a finding of it, so that the others have their turn.
 *
 * @throws what broke the connection; the reason of the signal
 */
export async function runCheck(
  check: Check,
  context: CheckContext,
  limits: CheckLimits,
  signal: AbortSignal | undefined,
): Promise<readonly CheckFinding[]> {
  const { client } = context;
  const named = (findings: readonly Finding[]): readonly CheckFinding[] =>
    findings.map((finding) => ({ check: check.name, ...finding }));
  signal?.throwIfAborted();
  try {
    if (check.usesIndexes === true) await context.indexes();
    await client.query(
      `begin isolation level repeatable read read only;
       set local statement_timeout = ${Math.trunc(limits.statementTimeoutMs)};
       set local lock_timeout = ${Math.trunc(limits.lockTimeoutMs)};
       set local search_path = ''`,
    );
    return named(await check.run(context));
  } catch (error) {
    signal?.throwIfAborted();
    // Only a connection that is gone refuses this.
    await client.query('rollback').catch(() => {
      throw error;
    });
    return named([couldNotLook(context, limits, error)]);
  } finally {
    await client.query('rollback').catch(() => undefined);
  }
}

function couldNotLook(context: CheckContext, limits: CheckLimits, error: unknown): Finding {
  const message = error instanceof Error ? error.message : String(error);
  if (hasSqlState(error, SQLSTATE.insufficientPrivilege)) {
    return notVisible(context, 'check', message, {
      needs: 'the rights of the owner of the tables, or select on them',
      fix: 'Run doctor as a member of the role that owns the tables, such as the one that runs «studymate-db maintain».',
    });
  }
  const finding = (what: string, fix: string): Finding => ({
    severity: 'warn',
    object: 'check',
    what: `it could not look: ${what}`,
    why: 'What is not seen is not well: trouble there goes unnoticed.',
    fix,
  });
  if (hasSqlState(error, SQLSTATE.queryCanceled)) {
    return finding(
      `a statement took longer than ${formatDuration(limits.statementTimeoutMs)}`,
      'Run again when the server is less busy, or with a longer --timeout.',
    );
  }
  if (hasSqlState(error, SQLSTATE.lockNotAvailable)) {
    return finding(
      `${message}: somebody holds a table exclusively`,
      'Run again when it is free; the check «locks» tells who is in the way.',
    );
  }
  const hint = error instanceof StudymateError ? (error as StudymateError).hint : undefined;
  return finding(message, hint ?? 'Run again; if it stays, report it as a bug of studymate-db.');
}
