import type { CheckConstraint, ForeignKeyConstraint, UniqueConstraint } from '../../generated/db.js';
import { isServerError, SQLSTATE, type ServerError } from './sqlstate.js';

/**
 * True for an error of the server that a unique or primary key was violated (23505), of that name if one is given. Found
 * as well when the error is the `cause` of another. The server names the index of the partition that was hit; it counts
 * as that of the table.
 *
 * @example
 * if (isUniqueViolation(error, 'users_email_key')) return { status: 'email is taken' };
 */
export function isUniqueViolation(error: unknown, constraint?: UniqueConstraint): boolean {
  return violates(error, SQLSTATE.uniqueViolation, constraint);
}

/** As `isUniqueViolation`, for a row that refers to one that is not there, or is referred to (23503). */
export function isForeignKeyViolation(error: unknown, constraint?: ForeignKeyConstraint): boolean {
  return violates(error, SQLSTATE.foreignKeyViolation, constraint);
}

/** As `isUniqueViolation`, for a value that a CHECK forbids (23514). */
export function isCheckViolation(error: unknown, constraint?: CheckConstraint): boolean {
  return violates(error, SQLSTATE.checkViolation, constraint);
}

/** True when a column that is NOT NULL was left null (23502), the column of that name if one is given. */
export function isNotNullViolation(error: unknown, column?: string): boolean {
  const found = serverErrorOf(error);
  return found?.code === SQLSTATE.notNullViolation && (column === undefined || found.column === column);
}

/** The transaction met another, was undone, and may succeed when run again (40001): `withTransaction` does so. */
export function isSerializationFailure(error: unknown): boolean {
  return serverErrorOf(error)?.code === SQLSTATE.serializationFailure;
}

/** The server ended a circle of waiting transactions by undoing this one (40P01); as `isSerializationFailure`. */
export function isDeadlock(error: unknown): boolean {
  return serverErrorOf(error)?.code === SQLSTATE.deadlockDetected;
}

/** A lock was not to be had within lock_timeout, or at once under NOWAIT (55P03). */
export function isLockTimeout(error: unknown): boolean {
  return serverErrorOf(error)?.code === SQLSTATE.lockNotAvailable;
}

/** The statement was cancelled: by statement_timeout, an administrator or an AbortSignal (57014). */
export function isQueryCanceled(error: unknown): boolean {
  return serverErrorOf(error)?.code === SQLSTATE.queryCanceled;
}

function violates(error: unknown, state: string, constraint: string | undefined): boolean {
  const found = serverErrorOf(error);
  return (
    found?.code === state &&
    (constraint === undefined || found.constraint === constraint || rootConstraint(found) === constraint)
  );
}

/** `chat_messages_y2025m01_pkey` of the partition `chat_messages_y2025m01` is `chat_messages_pkey` of its table. */
function rootConstraint({ table, constraint }: ServerError): string | undefined {
  const root = table?.replace(/_(?:y\d{4}m\d{2}|default)$/, '');
  if (table === undefined || root === undefined || constraint?.startsWith(`${table}_`) !== true)
    return undefined;
  return root + constraint.slice(table.length);
}

/** The error of the server, which others may have been wrapped around. */
function serverErrorOf(error: unknown): ServerError | undefined {
  const seen = new Set<unknown>();
  for (let inner = error; inner instanceof Error && !seen.has(inner); inner = inner.cause) {
    if (isServerError(inner)) return inner;
    seen.add(inner);
  }
  return undefined;
}
