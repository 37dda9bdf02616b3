import pg from 'pg';
import { StudymateError } from '../errors.js';
import { connectFailed, databaseClosed, poolExhausted } from './database-error.js';
import { PoolConnection } from './pool-connection.js';
import { clientConfig, type PoolSettings } from './pool-settings.js';
import { isServerError } from './sqlstate.js';
import { typeParsers } from './type-parsers.js';
import { formatDuration } from './duration.js';

/** Sockets get that long to close, in milliseconds. */
const GOODBYE_MS = 2_000;

export interface PoolStatus {
  readonly name: string;
  readonly inUse: number;
  readonly idle: number;
  /** Callers that wait for a connection. */
  readonly waiting: number;
}

interface Holding {
  readonly since: number;
  readonly stack: string | undefined;
  readonly leakTimer: NodeJS.Timeout | undefined;
}

/**
 * The connections to one server, opened as they are needed. pg.Pool with what it lacks: it survives connections that
 * die at any moment, spreads the ends of their lives, says who holds them, and closes in an orderly way.
 */
export class ConnectionPool {
  readonly #settings: PoolSettings;
  readonly #config: pg.ClientConfig;
  readonly #pool: pg.Pool;
  readonly #lost = new WeakMap<object, Error>();
  readonly #open = new Set<object>();
  readonly #held = new Map<PoolConnection, Holding>();
  readonly #waiting = new Set<(reason: Error) => void>();
  #closing: Promise<void> | undefined;
  #onChange = (): void => undefined;

  constructor(settings: PoolSettings) {
    this.#settings = settings;
    this.#config = clientConfig(settings);
    // Assigned to the object that holds the password, which is not enumerable.
    this.#pool = new pg.Pool(
      Object.assign(clientConfig(settings), {
        max: settings.maximumPoolSize,
        idleTimeoutMillis: settings.idleTimeoutMs,
        types: typeParsers,
        // Idle connections are no reason for a process to stay.
        allowExitOnIdle: true,
      }),
    );
    // pg reads it as each connection is made, and would end connections made together together.
    Object.defineProperty(this.#pool.options, 'maxLifetimeSeconds', {
      get: () => (settings.maxLifetimeMs * (0.9 + Math.random() * 0.2)) / 1000,
    });
    this.#pool.on('connect', (client) => this.#watch(client));
    // Without a listener the end of an idle connection would end the process.
    this.#pool.on('error', (error) =>
      settings.hooks.onWarning({
        code: 'CONNECTION_LOST',
        message: `an idle connection of the pool «${settings.name}» was lost`,
        detail: error.message,
      }),
    );
  }

  get settings(): PoolSettings {
    return this.#settings;
  }

  get status(): PoolStatus {
    const { name } = this.#settings;
    return { name, inUse: this.#held.size, idle: this.#pool.idleCount, waiting: this.#waiting.size };
  }

  /**
   * A connection that the caller gives back with `release`.
   *
   * @throws OperationError DATABASE_CLOSED; BusyError BUSY_POOL_EXHAUSTED; ConnectError
   */
  async acquire(): Promise<PoolConnection> {
    if (this.#closing !== undefined) throw databaseClosed();
    const stack = this.#settings.leakDetectionThresholdMs > 0 ? callerStack() : undefined;
    const queued = this.#pool.totalCount >= this.#settings.maximumPoolSize && this.#pool.idleCount === 0;
    const client = await this.#connect().catch((error: unknown) => {
      throw this.#explain(error, queued);
    });
    const connection = new PoolConnection(
      { client, config: this.#config, lost: () => this.#lost.get(client) },
      this.#settings,
    );
    this.#held.set(connection, {
      since: performance.now(),
      stack,
      leakTimer: stack === undefined ? undefined : this.#watchForLeak(connection, stack),
    });
    return connection;
  }

  release(connection: PoolConnection): void {
    const holding = this.#held.get(connection);
    if (holding === undefined) return;
    this.#held.delete(connection);
    clearTimeout(holding.leakTimer);
    connection.client.release(connection.broken ?? this.#leftOpen(connection));
    this.#onChange();
  }

  /** Everything that is under way fails with `reason`: for a server that does not answer. */
  abandon(reason: Error): void {
    for (const refuse of [...this.#waiting]) refuse(reason);
    for (const connection of this.#held.keys()) connection.destroy(reason);
  }

  /**
   * Refuses new callers, lets those who hold a connection or wait for one finish, and closes every connection. After
   * `drainTimeoutMs` statements that still run are cancelled on the server and fail. Closing again waits for the first.
   */
  close(drainTimeoutMs: number): Promise<void> {
    return (this.#closing ??= this.#close(drainTimeoutMs));
  }

  async #close(drainTimeoutMs: number): Promise<void> {
    await this.#until(() => this.#held.size === 0 && this.#waiting.size === 0, drainTimeoutMs);
    for (const refuse of [...this.#waiting]) refuse(databaseClosed());
    const overdue = [...this.#held.keys()];
    await Promise.all(overdue.map((connection) => connection.terminate(databaseClosed())));
    // With a connection that is never given back it would never be done.
    void this.#pool.end();
    await this.#until(() => this.#open.size === 0, GOODBYE_MS);
  }

  #until(condition: () => boolean, timeoutMs: number): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#onChange = () => {
        if (!condition()) return;
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #connect(): Promise<pg.PoolClient> {
    return new Promise((resolve, reject) => {
      const refuse = (reason: Error): void => {
        this.#waiting.delete(refuse);
        reject(reason);
      };
      this.#waiting.add(refuse);
      this.#pool.connect().then(
        (client) => {
          if (this.#waiting.delete(refuse)) resolve(client);
          else client.release(true);
        },
        (error: unknown) => {
          this.#waiting.delete(refuse);
          reject(error instanceof Error ? error : new Error(String(error)));
          this.#onChange();
        },
      );
    });
  }

  /** For as long as it lives: pg.Pool listens to idle connections only, and one in use may die between statements. */
  #watch(client: pg.PoolClient): void {
    this.#open.add(client);
    client.on('error', (error) => this.#lost.set(client, error));
    client.once('end', () => {
      this.#open.delete(client);
      this.#onChange();
    });
  }

  #watchForLeak(connection: PoolConnection, stack: string): NodeJS.Timeout {
    const { leakDetectionThresholdMs, hooks, name } = this.#settings;
    return setTimeout(
      () =>
        hooks.onWarning({
          code: 'CONNECTION_LEAK',
          message: `a connection of the pool «${name}» has been held for ${formatDuration(leakDetectionThresholdMs)}`,
          detail: `Last statement: ${connection.lastSql ?? 'none'}\nHeld since:\n${stack}`,
          hint: 'Release it, or shorten what is done while it is held.',
        }),
      leakDetectionThresholdMs,
    ).unref();
  }

  /** A connection is never handed on inside a transaction of somebody else. */
  #leftOpen(connection: PoolConnection): Error | undefined {
    const status = connection.client.getTransactionStatus();
    if (status !== 'T' && status !== 'E') return undefined;
    this.#settings.hooks.onWarning({
      code: 'TRANSACTION_LEFT_OPEN',
      message: `a connection of the pool «${this.#settings.name}» came back inside a transaction, and was closed`,
      detail: `Last statement: ${connection.lastSql ?? 'none'}`,
      hint: 'Use withTransaction in place of BEGIN.',
    });
    return new Error('released inside a transaction');
  }

  #explain(error: unknown, queued: boolean): Error {
    const { name, maximumPoolSize, connectionTimeoutMs, target } = this.#settings;
    if (error instanceof StudymateError) return error;
    const fromServerOrNetwork = isServerError(error) || (error instanceof Error && 'code' in error);
    if (!queued || fromServerOrNetwork) return connectFailed(error, target.settings);
    const longest = [...this.#held.values()][0];
    const held = `${this.#held.size} of ${maximumPoolSize} connections are in use, ${this.#waiting.size} other callers wait.`;
    const holder = longest?.stack
      ? `\nHeld longest, for ${formatDuration(performance.now() - longest.since)}:\n${longest.stack}`
      : '';
    return poolExhausted(name, connectionTimeoutMs, held + holder);
  }
}

/** Deep enough to reach from the driver, below kysely, up to the caller. */
function callerStack(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 40;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = limit;
  return stack.split('\n').slice(3).join('\n');
}
