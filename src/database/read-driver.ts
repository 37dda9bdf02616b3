import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';
import { UsageError } from '../errors.js';
import { untilBegun, type AbortableConnection } from './abortable-connection.js';
import { streamUnsupported } from './database-error.js';
import type { PoolConnection } from './pool-connection.js';
import type { ReadRouter } from './read-router.js';
import type { WritePosition } from './write-position.js';

/** Runs kysely on whichever server may serve the read, statement by statement. */
export class ReadDriver implements Driver {
  readonly #router: ReadRouter;
  readonly #position: WritePosition;

  constructor(router: ReadRouter, position: WritePosition) {
    this.#router = router;
    this.#position = position;
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  acquireConnection(): Promise<DatabaseConnection> {
    return Promise.resolve(new ReadConnection(this.#router, this.#position));
  }

  beginTransaction(): Promise<void> {
    return Promise.reject(
      new UsageError(
        'USAGE_TRANSACTION',
        'read has no transactions: each statement may run on another server',
        {
          hint: 'Use withTransaction with accessMode «read only», which runs on the primary.',
        },
      ),
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

  /** The pools are closed by whoever made them. */
  destroy(): Promise<void> {
    return Promise.resolve();
  }
}

class ReadConnection implements AbortableConnection {
  readonly #router: ReadRouter;
  readonly #position: WritePosition;
  #signal: AbortSignal | undefined;
  #running: PoolConnection | undefined;

  constructor(router: ReadRouter, position: WritePosition) {
    this.#router = router;
    this.#position = position;
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const signal = this.#signal;
    const execute = (connection: PoolConnection): Promise<QueryResult<R>> => connection.executeQuery(query);
    if (signal === undefined) return this.#read(execute);
    // Which connection it is, and whether there is one, is known only now.
    return untilBegun(signal, (begun) =>
      this.#read((connection) => {
        begun();
        return connection.withSignal(signal, () => execute(connection));
      }),
    );
  }

  /** @throws UsageError USAGE_STREAM_UNSUPPORTED */
  streamQuery(): never {
    throw streamUnsupported();
  }

  async withSignal<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    this.#signal = signal;
    try {
      return await work();
    } finally {
      this.#signal = undefined;
    }
  }

  async cancelQuery(): Promise<void> {
    await this.#running?.cancelQuery();
  }

  #read<T>(work: (connection: PoolConnection) => Promise<T>): Promise<T> {
    return this.#router.read(this.#position, async (connection) => {
      this.#running = connection;
      try {
        return await work(connection);
      } finally {
        this.#running = undefined;
      }
    });
  }
}
