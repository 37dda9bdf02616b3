import { sql, type CompiledQuery, type DatabaseConnection, type Driver, type QueryResult } from 'kysely';
import type { ClientBase } from 'pg';
import { UsageError } from '../errors.js';
import { streamUnsupported } from './database-error.js';
import { kyselyOn } from './kysely-on.js';
import type { PoolConnection } from './pool-connection.js';
import type { ReadKysely } from './read-kysely.js';

export type ReadWork<T> = (db: ReadKysely) => Promise<T>;

export interface ReadTransactionOptions {
  /** `primary`: there, though read-only, for what is to be known of that server itself. Default: as `read`. */
  readonly on?: 'primary' | undefined;
  /** Of each statement, in milliseconds; 0 is without limit. Default: that of the sessions. */
  readonly statementTimeoutMs?: number | undefined;
  /** Cancels the running statement on the server. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs `work` in a transaction of one snapshot that cannot write. */
export async function runReadTransaction<T>(
  connection: PoolConnection,
  work: ReadWork<T>,
  { statementTimeoutMs, signal }: ReadTransactionOptions,
): Promise<T> {
  const db = kyselyOn(new ConnectionDriver(connection));
  const run = async (): Promise<T> => {
    await connection.run('begin isolation level repeatable read read only');
    try {
      if (statementTimeoutMs !== undefined)
        await sql`select set_config('statement_timeout', ${String(statementTimeoutMs)}, true)`.execute(db);
      return await work(db);
    } finally {
      // There is nothing to keep.
      await connection.rollback();
    }
  };
  return signal === undefined ? run() : connection.withSignal(signal, run);
}

/**
 * The driver's own client under a read transaction, for what was written for it. An abort does not cancel what it runs;
 * the statement timeout does.
 */
export function clientOf(db: ReadKysely): Promise<ClientBase> {
  return db.getExecutor().provideConnection((connection) => {
    if (connection instanceof SnapshotConnection) return Promise.resolve(connection.client);
    throw new TypeError('the database is not that of a read transaction');
  });
}

class SnapshotConnection implements DatabaseConnection {
  readonly #connection: PoolConnection;

  constructor(connection: PoolConnection) {
    this.#connection = connection;
  }

  get client(): ClientBase {
    return this.#connection.client;
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return this.#connection.executeQuery(query);
  }

  /** @throws UsageError USAGE_STREAM_UNSUPPORTED */
  streamQuery(): never {
    throw streamUnsupported();
  }
}

/** Everything on one connection that is in a transaction already. */
class ConnectionDriver implements Driver {
  readonly #connection: DatabaseConnection;

  constructor(connection: PoolConnection) {
    this.#connection = new SnapshotConnection(connection);
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  acquireConnection(): Promise<DatabaseConnection> {
    return Promise.resolve(this.#connection);
  }

  beginTransaction(): Promise<void> {
    return Promise.reject(
      new UsageError('USAGE_TRANSACTION', 'a read transaction has no transactions within', {
        hint: 'It is one snapshot already, and writes nothing that could be undone.',
      }),
    );
  }

  commitTransaction(): Promise<void> {
    return this.beginTransaction();
  }

  rollbackTransaction(): Promise<void> {
    return this.beginTransaction();
  }

  releaseConnection(): Promise<void> {
    return Promise.resolve();
  }

  /** The connection is released by whoever acquired it. */
  destroy(): Promise<void> {
    return Promise.resolve();
  }
}
