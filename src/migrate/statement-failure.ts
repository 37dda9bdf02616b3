import { OperationError } from '../errors.js';
import type { SessionInfo } from '../database/advisory-lock.js';
import { describeSession } from '../database/session-description.js';
import { isServerError, SQLSTATE } from '../database/sqlstate.js';
import { basename } from 'node:path';
import type { RunFailure } from './ledger.js';
import type { MigrationFile } from './migration-file.js';
import { caret, indexOfCharacter, positionAt } from './source-position.js';
import { needsDirective, type Statement } from './statements.js';

/**
 * A statement of a migration failed. Internal: it carries what is needed to decide on a retry and to report.
 * It has no `position` of its own on purpose: the engine prints one if there is.
 */
export class StatementFailure extends Error {
  readonly statement: Statement | undefined;
  readonly blockers: readonly SessionInfo[];

  constructor(statement: Statement | undefined, cause: unknown, blockers: readonly SessionInfo[] = []) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.statement = statement;
    this.blockers = blockers;
  }
}

/** What the ledger keeps of a failure. */
export function asRunFailure(file: MigrationFile, failure: StatementFailure): RunFailure {
  const { cause } = failure;
  const code = isServerError(cause)
    ? cause.code
    : ((cause as { code?: string } | undefined)?.code ?? 'unknown');
  return { code, message: failure.message, position: place(file, failure).text };
}

/** What the person at the terminal reads. */
export function asMigrationError(file: MigrationFile, failure: StatementFailure, retries: number): Error {
  const { cause, blockers } = failure;
  if (cause instanceof OperationError) return cause;
  const { text, excerpt } = place(file, failure);
  const left = leftBehind(file, failure);
  if (isServerError(cause) && cause.code === SQLSTATE.lockNotAvailable) {
    const who = blockers.map((blocker) => describeSession(blocker)).join('\n');
    return new OperationError(
      'MIGRATION_LOCK_TIMEOUT',
      `${text}: no lock was to be had${file.transaction ? ` in ${retries + 1} attempts` : ''}`,
      {
        detail: [excerpt, who === '' ? 'Who held it could not be observed.' : `Blocked by ${who}`].join('\n'),
        hint: `${left} End the blocking transaction (select pg_terminate_backend(PID)) or wait for it, then run again; --lock-timeout and --lock-retries set the patience.`,
        cause,
      },
    );
  }
  const server = isServerError(cause) ? cause : undefined;
  const facts = [excerpt, server?.detail, server?.where && `Context: ${server.where}`].filter(Boolean);
  return new OperationError(
    'MIGRATION_FAILED',
    `${text}: ${failure.message}${server ? ` (SQLSTATE ${server.code})` : ''}`,
    {
      detail: facts.join('\n'),
      hint: [left, server?.hint, server && advice[server.code]].filter(Boolean).join(' '),
      cause,
    },
  );
}

const advice: Readonly<Record<string, string>> = {
  [SQLSTATE.insufficientPrivilege]: 'Run migrations as the role that owns the tables.',
  [SQLSTATE.activeSqlTransaction]: needsDirective,
};

function leftBehind(file: MigrationFile, { statement }: StatementFailure): string {
  if (file.transaction) return 'The file was rolled back whole; the files before it stay applied.';
  const at = statement === undefined ? '' : ` at line ${statement.position.line}`;
  return `The statements before it are committed; the next run goes on${at}.`;
}

function place(
  file: MigrationFile,
  { statement, cause }: StatementFailure,
): { text: string; excerpt: string } {
  const name = basename(file.path);
  if (statement === undefined) return { text: name, excerpt: '' };
  const characters = isServerError(cause) && cause.position !== undefined ? Number(cause.position) - 1 : 0;
  const position = positionAt(file.text, statement.offset + indexOfCharacter(statement.text, characters));
  return { text: `${name}:${position.line}:${position.column}`, excerpt: caret(file.text, position) };
}
