import { BusyError, ConnectError, OperationError, UsageError } from '../errors.js';
import { asConnectError } from './connect-error.js';
import { describeConnection, type ConnectionSettings } from './connection-settings.js';
import { hasSqlState, isServerError, SQLSTATE } from './sqlstate.js';

/** Class 08, class 57P, and the two timeouts of idle and long transactions: with these the server ends the session. */
const sessionEnds = /^(?:08...|57P..|25P0[34])$/;

/** True when the server reported the error and ended the session with it. */
export function endsSession(error: unknown): boolean {
  return isServerError(error) && sessionEnds.test(error.code);
}

export function connectionLost(settings: ConnectionSettings, cause: unknown): OperationError {
  return new OperationError('CONNECTION_LOST', `the connection to ${describeConnection(settings)} was lost`, {
    detail: cause instanceof Error ? cause.message : undefined,
    hint: 'What was not committed was rolled back by the server; a statement outside a transaction may have been carried out.',
    cause,
  });
}

export function transactionInDoubt(settings: ConnectionSettings, cause: unknown): OperationError {
  return new OperationError(
    'TRANSACTION_IN_DOUBT',
    `the connection to ${describeConnection(settings)} was lost during COMMIT`,
    {
      detail: 'The server committed the transaction or rolled it back; which of the two is not known.',
      hint: 'Look whether its effect is there before doing it again.',
      cause,
    },
  );
}

export function transactionAborted(): OperationError {
  return new OperationError(
    'TRANSACTION_ABORTED',
    'the transaction was rolled back by its COMMIT: a statement in it had failed',
    {
      hint: 'Let the error of the statement leave the transaction; or run what may fail in a withTransaction of its own inside, which is a savepoint.',
    },
  );
}

export function databaseClosed(): OperationError {
  return new OperationError('DATABASE_CLOSED', 'the database was closed', {
    hint: 'Close it after the last query, or create another one.',
  });
}

/** @param detail who holds the connections */
export function poolExhausted(pool: string, waitedMs: number, detail: string): BusyError {
  return new BusyError(
    'BUSY_POOL_EXHAUSTED',
    `no connection of the pool «${pool}» came free within ${waitedMs} ms`,
    {
      detail,
      hint: 'Hold connections for less time, look for one that is not given back with leakDetectionThresholdMs, or raise maximumPoolSize.',
    },
  );
}

export function connectFailed(error: unknown, settings: ConnectionSettings): Error {
  if (!hasSqlState(error, SQLSTATE.protocolViolation)) return asConnectError(error, settings);
  return new ConnectError(
    'CONNECT_PARAMETERS_REFUSED',
    `${describeConnection(settings)} refused the parameters of the session`,
    {
      detail: (error as Error).message,
      hint: 'A pooler such as PgBouncer in transaction mode cannot keep read-only sessions and timeouts apart; connect to PostgreSQL itself.',
      cause: error,
    },
  );
}

export function streamUnsupported(): UsageError {
  return new UsageError('USAGE_STREAM_UNSUPPORTED', 'this database does not stream rows', {
    hint: 'Read large results page by page, with keysetPage.',
  });
}
