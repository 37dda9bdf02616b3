import { setTimeout as delay } from 'node:timers/promises';
import { sql, type DatabaseConnection, type Kysely, type Transaction } from 'kysely';
import type { DB } from '../../generated/db.js';
import { UsageError } from '../errors.js';
import { isAbortable, untilBegun } from './abortable-connection.js';
import { hasSqlState, SQLSTATE } from './sqlstate.js';

export type TransactionWork<T> = (transaction: Transaction<DB>) => Promise<T>;

export interface TransactionOptions {
  /** Default: the server's default_transaction_isolation, which is read committed. */
  readonly isolationLevel?: 'read committed' | 'repeatable read' | 'serializable' | undefined;
  /** Default read write. */
  readonly accessMode?: 'read only' | 'read write' | undefined;
  /** How often the whole of `work` is run again after a serialization failure or a deadlock; default 5. */
  readonly retries?: number | undefined;
  /** Cancels the running statement on the server and rolls back. Once COMMIT is sent, it is too late. */
  readonly signal?: AbortSignal | undefined;
}

const DEFAULT_RETRIES = 5;
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Runs `work` in a transaction: commits when it resolves, rolls back when it rejects.
 *
 * After a serialization failure (40001) or a deadlock (40P01), which undo everything, `work` runs again from its
 * beginning, after a random pause that doubles from 10 ms to 1 s; whatever else it does should bear that. After `retries`
 * the server's error is thrown. Nothing is run again when the connection is lost: during COMMIT the outcome is unknown.
 *
 * Given a Transaction, it is a savepoint: when `work` rejects, its statements are undone and the transaction lives on.
 * The transaction is handed over, never found by itself: a call on the Kysely inside `work` is another transaction.
 *
 * @param database `Database.primary`, or the transaction to nest in
 * @throws what `work` throws; OperationError TRANSACTION_IN_DOUBT, TRANSACTION_ABORTED, CONNECTION_LOST;
 * UsageError USAGE_TRANSACTION for options a savepoint cannot have; the reason of the signal
 */
export async function withTransaction<T>(
  database: Kysely<DB> | Transaction<DB>,
  work: TransactionWork<T>,
  options: TransactionOptions = {},
): Promise<T> {
  if (isTransaction(database)) return withSavepoint(database, work, options);
  const { retries = DEFAULT_RETRIES } = options;
  for (let attempt = 0; ; attempt++) {
    try {
      return await runOnce(database, work, options);
    } catch (error) {
      if (attempt >= retries || !isUndone(error)) throw error;
      const longest = Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS);
      // Two that met must not meet again: the pause is anywhere up to the longest.
      await delay(Math.random() * longest);
    }
  }
}

/** The server has undone the whole transaction, and says that it may succeed when run again. */
function isUndone(error: unknown): boolean {
  return hasSqlState(error, SQLSTATE.serializationFailure, SQLSTATE.deadlockDetected);
}

async function runOnce<T>(
  database: Kysely<DB>,
  work: TransactionWork<T>,
  { isolationLevel, accessMode, signal }: TransactionOptions,
): Promise<T> {
  let builder = database.transaction();
  if (isolationLevel !== undefined) builder = builder.setIsolationLevel(isolationLevel);
  if (accessMode !== undefined) builder = builder.setAccessMode(accessMode);
  if (signal === undefined) return builder.execute(work);
  return untilBegun(signal, (begun) =>
    builder.execute(async (transaction) => {
      begun();
      const result = await withSignal(transaction, signal, () => work(transaction));
      signal.throwIfAborted();
      return result;
    }),
  );
}

interface Savepoints {
  /** Names of those that are open, outermost first. */
  readonly open: string[];
  made: number;
}

const savepointsOf = new WeakMap<DatabaseConnection, Savepoints>();

async function withSavepoint<T>(
  transaction: Transaction<DB>,
  work: TransactionWork<T>,
  { isolationLevel, accessMode, retries, signal }: TransactionOptions,
): Promise<T> {
  if ([isolationLevel, accessMode, retries].some((option) => option !== undefined)) {
    throw new UsageError(
      'USAGE_TRANSACTION',
      'a nested transaction has no isolation level, access mode or retries',
      {
        hint: 'Give them to the outermost withTransaction: the server has them for whole transactions only.',
      },
    );
  }
  const connection = await connectionOf(transaction);
  const savepoints = savepointsOf.get(connection) ?? { open: [], made: 0 };
  savepointsOf.set(connection, savepoints);
  const name = `studymate_${++savepoints.made}`;
  const run = (statement: string): Promise<unknown> =>
    sql`${sql.raw(statement)} ${sql.id(name)}`.execute(transaction);
  await run('savepoint');
  savepoints.open.push(name);
  try {
    const result = await withSignal(transaction, signal, () => work(transaction));
    assertInnermost(savepoints, name);
    await run('release savepoint');
    return result;
  } catch (error) {
    // A transaction that is gone as a whole, or a lost connection, has no savepoint left.
    await run('rollback to savepoint')
      .then(() => run('release savepoint'))
      .catch(() => undefined);
    throw error;
  } finally {
    savepoints.open.splice(savepoints.open.lastIndexOf(name), 1);
  }
}

/** Savepoints are a stack: released out of order, one would take the statements of the other with it. */
function assertInnermost({ open }: Savepoints, name: string): void {
  if (open.at(-1) === name) return;
  throw new UsageError('USAGE_TRANSACTION', 'nested transactions ran at the same time in one transaction', {
    hint: 'Await each before the next: a connection does one thing at a time.',
  });
}

async function withSignal<T>(
  transaction: Transaction<DB>,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (signal === undefined) return work();
  const connection = await connectionOf(transaction);
  return isAbortable(connection) ? connection.withSignal(signal, work) : work();
}

function connectionOf(transaction: Transaction<DB>): Promise<DatabaseConnection> {
  return transaction.getExecutor().provideConnection((connection) => Promise.resolve(connection));
}

function isTransaction(database: Kysely<DB> | Transaction<DB>): database is Transaction<DB> {
  return database.isTransaction;
}
