import type { DatabaseConnection, Driver, TransactionSettings } from 'kysely';
import type { ConnectionPool } from './connection-pool.js';
import { quoteIdentifier } from './identifier.js';
import { PoolConnection } from './pool-connection.js';
import type { WritePosition } from './write-position.js';

/** Runs kysely on a ConnectionPool, and remembers in `position` that something may have been written. */
export class PoolDriver implements Driver {
  readonly #pool: ConnectionPool;
  readonly #position: WritePosition;

  constructor(pool: ConnectionPool, position: WritePosition) {
    this.#pool = pool;
    this.#position = position;
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  acquireConnection(): Promise<DatabaseConnection> {
    return this.#pool.acquire();
  }

  async beginTransaction(
    connection: DatabaseConnection,
    { isolationLevel, accessMode }: TransactionSettings,
  ): Promise<void> {
    const isolation = isolationLevel === undefined ? '' : ` isolation level ${isolationLevel}`;
    const access = accessMode === undefined ? '' : ` ${accessMode}`;
    await own(connection).run(`begin${isolation}${access}`);
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await own(connection).commit();
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await own(connection).rollback();
  }

  async savepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await own(connection).run(`savepoint ${quoteIdentifier(name)}`);
  }

  async rollbackToSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await own(connection).run(`rollback to savepoint ${quoteIdentifier(name)}`);
  }

  async releaseSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await own(connection).run(`release savepoint ${quoteIdentifier(name)}`);
  }

  releaseConnection(connection: DatabaseConnection): Promise<void> {
    this.#pool.release(own(connection));
    // Whether a statement wrote is not to be seen from outside: a SELECT may call a function that does.
    this.#position.moved();
    return Promise.resolve();
  }

  /** The pool is closed by whoever made it. */
  destroy(): Promise<void> {
    return Promise.resolve();
  }
}

function own(connection: DatabaseConnection): PoolConnection {
  if (connection instanceof PoolConnection) return connection;
  throw new TypeError('the connection is not one of this pool');
}
