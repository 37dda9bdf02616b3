import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import type pg from 'pg';
import { StudymateError } from '../errors.js';
import type { AbortableConnection } from './abortable-connection.js';
import { cancelBackend } from './cancel-backend.js';
import { backendPid } from './connect.js';
import {
  connectionLost,
  endsSession,
  streamUnsupported,
  transactionAborted,
  transactionInDoubt,
} from './database-error.js';
import { settledWithin } from './deadline.js';
import type { PoolSettings } from './pool-settings.js';
import { reportQuery } from './query-event.js';
import { hasSqlState, SQLSTATE } from './sqlstate.js';

/** Milliseconds for a statement to end after the server was asked to cancel it. */
const CANCEL_GRACE_MS = 5_000;

const affecting = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

export interface PoolClient {
  readonly client: pg.PoolClient;
  readonly config: pg.ClientConfig;
  /** Set once the socket is gone. */
  readonly lost: () => Error | undefined;
}

/** A connection for as long as one caller holds it: from `acquire` to `release` of its pool. */
export class PoolConnection implements DatabaseConnection, AbortableConnection {
  readonly #pooled: PoolClient;
  readonly #settings: PoolSettings;
  #broken: Error | undefined;
  #signal: AbortSignal | undefined;
  #turn: Promise<void> | undefined;
  #statement: Promise<pg.QueryResult<pg.QueryResultRow>> | undefined;
  #lastSql: string | undefined;

  constructor(pooled: PoolClient, settings: PoolSettings) {
    this.#pooled = pooled;
    this.#settings = settings;
  }

  get client(): pg.PoolClient {
    return this.#pooled.client;
  }

  get lastSql(): string | undefined {
    return this.#lastSql;
  }

  /** Why the connection cannot be used any more. */
  get broken(): Error | undefined {
    return this.#broken ?? this.#pooled.lost();
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { command, rowCount, rows } = await this.run(sql, parameters);
    const result = { rows: rows as R[] };
    return affecting.has(command) ? { ...result, numAffectedRows: BigInt(rowCount ?? 0) } : result;
  }

  /** @throws UsageError USAGE_STREAM_UNSUPPORTED */
  streamQuery(): never {
    throw streamUnsupported();
  }

  /**
   * One statement at a time: others wait for their turn.
   *
   * @throws what the server reported; OperationError CONNECTION_LOST; the reason of the signal, once the server has
   * stopped the statement
   */
  async run(sql: string, parameters: readonly unknown[] = []): Promise<pg.QueryResult<pg.QueryResultRow>> {
    while (this.#turn !== undefined) await this.#turn;
    const running = this.#runNow(sql, parameters);
    const next = (): void => (this.#turn = undefined);
    this.#turn = running.then(next, next);
    try {
      return await running;
    } catch (error) {
      // pg's own stack ends at the socket; here it leads to who asked.
      if (error instanceof Error && error !== this.#signal?.reason) Error.captureStackTrace(error);
      throw error;
    }
  }

  async #runNow(sql: string, parameters: readonly unknown[]): Promise<pg.QueryResult<pg.QueryResultRow>> {
    const signal = this.#signal;
    signal?.throwIfAborted();
    this.#lastSql = sql;
    let cancelling: Promise<void> | undefined;
    const cancel = (): void => void (cancelling = this.cancelQuery());
    signal?.addEventListener('abort', cancel, { once: true });
    const started = performance.now();
    try {
      const statement = this.#send(sql, parameters);
      this.#statement = statement;
      const result = await statement;
      this.#report(sql, parameters, started, { rowCount: result.rowCount ?? result.rows.length });
      return result;
    } catch (error) {
      const failure = this.#explain(error);
      this.#report(sql, parameters, started, { failure: failureCode(failure) });
      if (signal?.aborted && (this.broken || hasSqlState(error, SQLSTATE.queryCanceled))) throw signal.reason;
      throw failure;
    } finally {
      signal?.removeEventListener('abort', cancel);
      // A cancel that is still under way would hit the next statement.
      await cancelling;
      this.#statement = undefined;
    }
  }

  /** pg's promise form keeps results alive through young collections, which then take most of the time of a page. */
  #send(sql: string, parameters: readonly unknown[]): Promise<pg.QueryResult<pg.QueryResultRow>> {
    return new Promise((resolve, reject) => {
      this.client.query(sql, [...parameters], (error: Error | null | undefined, result: pg.QueryResult) => {
        if (error) reject(error);
        else resolve(result);
      });
    });
  }

  /**
   * @throws OperationError TRANSACTION_IN_DOUBT when the connection breaks before the server has answered;
   * TRANSACTION_ABORTED when the server rolled back, since a statement had failed and its error was swallowed
   */
  async commit(): Promise<void> {
    const signal = this.#signal;
    // From here on a cancel could only put the outcome in doubt.
    this.#signal = undefined;
    try {
      const { command } = await this.run('commit');
      if (command === 'ROLLBACK') throw transactionAborted();
    } catch (error) {
      // An error that the session outlives is an answer; severities cannot be asked, they are in the server's language.
      await this.rollback();
      if (this.broken) throw transactionInDoubt(this.#settings.target.settings, error);
      throw error;
    } finally {
      this.#signal = signal;
    }
  }

  /** Never fails: where it cannot be said, the connection is closed, which means the same to the server. */
  async rollback(): Promise<void> {
    const signal = this.#signal;
    this.#signal = undefined;
    try {
      const ended = this.client.getTransactionStatus() === 'I';
      if (!this.broken && !ended) await this.run('rollback');
    } catch (error) {
      this.#broken ??= error as Error;
    } finally {
      this.#signal = signal;
    }
  }

  async withSignal<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const outer = this.#signal;
    this.#signal = outer === undefined ? signal : AbortSignal.any([outer, signal]);
    try {
      return await work();
    } finally {
      this.#signal = outer;
    }
  }

  /** Cancels the running statement on the server; closes the connection if that cannot be had. */
  async cancelQuery(): Promise<void> {
    const statement = this.#statement;
    if (statement === undefined) return;
    if ((await this.#askToCancel()) && (await settledWithin(statement, CANCEL_GRACE_MS))) return;
    this.destroy(new Error('the running statement could not be cancelled'));
  }

  /** Takes the connection from its holder: a running statement is cancelled on the server, and everything fails. */
  async terminate(reason: Error): Promise<void> {
    this.#broken ??= reason;
    if (this.#statement !== undefined) await this.#askToCancel();
    this.destroy(reason);
  }

  /** Closes the socket, without a word to a server that may not be there; a running statement fails. */
  destroy(reason: Error): void {
    this.#broken ??= reason;
    void this.client.end().catch(() => undefined);
  }

  async #askToCancel(): Promise<boolean> {
    const pid = backendPid(this.client);
    return pid !== undefined && (await cancelBackend(this.#pooled.config, pid));
  }

  #report(
    sql: string,
    parameters: readonly unknown[],
    started: number,
    outcome: { readonly rowCount?: number; readonly failure?: string },
  ): void {
    const durationMs = performance.now() - started;
    reportQuery(this.#settings.hooks, { sql, parameters, durationMs, pool: this.#settings.name, ...outcome });
  }

  #explain(error: unknown): Error {
    if (!(error instanceof Error)) return new Error(String(error), { cause: error });
    if (this.broken instanceof StudymateError) return this.broken;
    if (this.broken !== undefined || endsSession(error)) {
      this.#broken ??= error;
      return connectionLost(this.#settings.target.settings, error);
    }
    return error;
  }
}

function failureCode(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
