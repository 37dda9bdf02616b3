import { ConnectError, OperationError } from '../errors.js';
import { ConnectionPool } from './connection-pool.js';
import { parseLsn, type Lsn } from './lsn.js';
import type { PoolConnection } from './pool-connection.js';
import type { PoolSettings } from './pool-settings.js';
import { ServerMonitor } from './server-monitor.js';
import { hasSqlState, SQLSTATE } from './sqlstate.js';

/** A replica that answers, as of its last answer. */
export interface ReplicaView {
  /** Tells one run of the server from the next: after a restart it may show an older state than before. */
  readonly startedAt: string;
  readonly replayed: Lsn;
  readonly reportedLagMs: number;
}

interface ProbeRow {
  readonly standby: boolean;
  readonly started_at: string;
  readonly replayed: string | null;
  readonly lag_ms: string | null;
}

const probeSql = `
  select pg_is_in_recovery() as standby,
    pg_postmaster_start_time()::text as started_at,
    pg_last_wal_replay_lsn()::text as replayed,
    (extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000)::text as lag_ms`;

/** One standby: its connections for reading, and what is known of it. */
export class Replica {
  readonly pool: ConnectionPool;
  readonly #monitor: ServerMonitor;
  readonly #startedAt = new WeakMap<object, string>();
  #view: ReplicaView | undefined;
  #announced: 'in' | 'out' = 'in';
  #probing: Promise<void> | undefined;
  #closed = false;

  constructor(settings: PoolSettings) {
    this.pool = new ConnectionPool(settings);
    this.#monitor = new ServerMonitor(settings);
  }

  get name(): string {
    return this.pool.settings.name;
  }

  /** Undefined while it is out: not asked yet, dead, or not a standby. */
  get view(): ReplicaView | undefined {
    return this.#view;
  }

  /** Asks how it is; those who ask meanwhile share the answer. Never fails. */
  probe(): Promise<void> {
    return (this.#probing ??= this.#probe().finally(() => (this.#probing = undefined)));
  }

  /** @throws what `work` throws; see `isAtFault` */
  async read<T>(work: (connection: PoolConnection) => Promise<T>): Promise<T> {
    const connection = await this.pool.acquire();
    try {
      await this.#assertSameRun(connection);
      return await work(connection);
    } finally {
      this.pool.release(connection);
    }
  }

  /** True when the same read may succeed elsewhere. The replica is out then until it answers again. */
  isAtFault(error: unknown): boolean {
    // Replay had to remove what the statement was reading; the replica itself is well.
    if (hasSqlState(error, SQLSTATE.serializationFailure, SQLSTATE.deadlockDetected)) return true;
    const gone =
      error instanceof ConnectError ||
      (error instanceof OperationError && error.code === 'CONNECTION_LOST') ||
      error instanceof ReplicaRestarted;
    if (!gone) return false;
    this.#view = undefined;
    void this.probe();
    return true;
  }

  async close(drainTimeoutMs: number): Promise<void> {
    this.#closed = true;
    await Promise.all([this.#monitor.close(), this.pool.close(drainTimeoutMs)]);
  }

  async #probe(): Promise<void> {
    try {
      const row = await this.#monitor.ask<ProbeRow>(probeSql);
      const replayed = parseLsn(row.replayed ?? '');
      if (!row.standby || replayed === undefined) {
        this.#out('It is not a standby: it was promoted, or never was one.');
        return;
      }
      const reportedLagMs = row.lag_ms === null ? Infinity : Number(row.lag_ms);
      this.#in({ startedAt: row.started_at, replayed, reportedLagMs });
    } catch (error) {
      if (this.#closed) return;
      const reason = error instanceof Error ? error : new Error(String(error));
      this.#out(reason.message);
      // What runs there now would wait for an answer that does not come.
      if (reason instanceof OperationError) this.pool.abandon(reason);
    }
  }

  #in(view: ReplicaView): void {
    this.#view = view;
    if (this.#announced === 'in') return;
    this.#announced = 'in';
    this.pool.settings.hooks.onWarning({
      code: 'REPLICA_BACK',
      message: `the ${this.name} answers again and gets reads`,
    });
  }

  #out(detail: string): void {
    this.#view = undefined;
    if (this.#announced === 'out') return;
    this.#announced = 'out';
    this.pool.settings.hooks.onWarning({
      code: 'REPLICA_OUT',
      message: `the ${this.name} gets no reads`,
      detail,
      hint: 'Reads go to the other replicas or to the primary; it is taken back by itself.',
    });
  }

  /** What was replayed counts only for a connection to the very server that said so. */
  async #assertSameRun(connection: PoolConnection): Promise<void> {
    const { client } = connection;
    let startedAt = this.#startedAt.get(client);
    if (startedAt === undefined) {
      const { rows } = await connection.run('select pg_postmaster_start_time()::text as started_at');
      startedAt = (rows[0] as Pick<ProbeRow, 'started_at'>).started_at;
      this.#startedAt.set(client, startedAt);
    }
    if (startedAt !== this.#view?.startedAt) throw new ReplicaRestarted(this.name);
  }
}

class ReplicaRestarted extends Error {
  constructor(name: string) {
    super(`the ${name} was restarted or replaced`);
    this.name = 'ReplicaRestarted';
  }
}
