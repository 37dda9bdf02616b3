import { OperationError } from '../errors.js';
import { ConnectionPool } from './connection-pool.js';
import { describeConnection } from './connection-settings.js';
import type { PoolSettings } from './pool-settings.js';

/** A server that takes longer to answer a small question is taken for dead; milliseconds. */
export const MONITOR_TIMEOUT_MS = 2_000;

/** One connection for small questions about a server, apart from the pools, which may be full. */
export class ServerMonitor {
  readonly #pool: ConnectionPool;

  constructor(server: PoolSettings) {
    this.#pool = new ConnectionPool({
      ...server,
      name: `${server.name} monitor`,
      applicationName: `${server.applicationName} monitor`,
      maximumPoolSize: 1,
      connectionTimeoutMs: MONITOR_TIMEOUT_MS,
      statementTimeoutMs: MONITOR_TIMEOUT_MS,
      leakDetectionThresholdMs: 0,
      hooks: { ...server.hooks, onQuery: undefined, onSlowQuery: undefined, onWarning: () => undefined },
    });
  }

  /** @throws OperationError CONNECTION_LOST when there is no answer within MONITOR_TIMEOUT_MS; what the pool throws */
  async ask<Row>(sql: string): Promise<Row> {
    const timer = setTimeout(() => this.#pool.abandon(this.#silent()), MONITOR_TIMEOUT_MS);
    try {
      const connection = await this.#pool.acquire();
      try {
        const { rows } = await connection.run(sql);
        return rows[0] as Row;
      } finally {
        this.#pool.release(connection);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  close(): Promise<void> {
    return this.#pool.close(0);
  }

  #silent(): OperationError {
    const where = describeConnection(this.#pool.settings.target.settings);
    return new OperationError('CONNECTION_LOST', `${where} has not answered for ${MONITOR_TIMEOUT_MS} ms`);
  }
}
