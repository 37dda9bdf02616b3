import { setTimeout as delay } from 'node:timers/promises';
import type { ConnectionPool } from './connection-pool.js';
import { settledWithin } from './deadline.js';
import { LogHistory, type Lag } from './log-history.js';
import { parseLsn, type Lsn } from './lsn.js';
import type { PoolConnection } from './pool-connection.js';
import type { Replica } from './replica.js';
import type { ServerMonitor } from './server-monitor.js';
import type { WritePosition } from './write-position.js';

export interface ReadRouterOptions {
  /** Where reads go that no replica can serve: read-only sessions on the primary. */
  readonly primary: ConnectionPool;
  readonly primaryMonitor: ServerMonitor;
  readonly replicas: readonly Replica[];
  readonly maximumLagMs: number;
  readonly maximumLagBytes: number;
  readonly replayWaitMs: number;
  readonly replicaPollMs: number;
}

export interface ReplicaStatus {
  readonly name: string;
  /** out: it does not answer, or is no standby; lagging: behind the limits, so that it gets no reads. */
  readonly state: 'in' | 'lagging' | 'out';
  /** Undefined while it is out. */
  readonly lag: Lag | undefined;
}

/** Longest pause between two looks at the replicas while a read waits, in milliseconds. */
const MAXIMUM_PAUSE_MS = 16;

/** Finds for each read the server that may serve it. */
export class ReadRouter {
  readonly #options: ReadRouterOptions;
  readonly #history: LogHistory;
  #firstLook: Promise<void> | undefined;
  #hasLooked = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #turn = 0;

  constructor(options: ReadRouterOptions) {
    this.#options = options;
    this.#history = new LogHistory(options.maximumLagMs);
  }

  /**
   * Runs `work` on a replica that has replayed everything up to `position` and is within the limits of lag; on the
   * primary when none is found in time, or when the replicas fail under it.
   */
  async read<T>(position: WritePosition, work: (connection: PoolConnection) => Promise<T>): Promise<T> {
    const failed = new Set<Replica>();
    for (;;) {
      const replica = await this.#choose(position, failed);
      if (replica === undefined) return this.readPrimary(work);
      try {
        return await replica.read(work);
      } catch (error) {
        if (!replica.isAtFault(error)) throw error;
        failed.add(replica);
      }
    }
  }

  get status(): readonly ReplicaStatus[] {
    return this.#options.replicas.map((replica) => {
      const lag = this.#lagOf(replica);
      const state = lag === undefined ? 'out' : this.#isWithinLimits(lag) ? 'in' : 'lagging';
      return { name: replica.name, state, lag };
    });
  }

  async close(drainTimeoutMs: number): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const { primary, primaryMonitor, replicas } = this.#options;
    await Promise.all([
      ...replicas.map((replica) => replica.close(drainTimeoutMs)),
      primary.close(drainTimeoutMs),
    ]);
    await primaryMonitor.close();
  }

  /** Runs `work` in a read-only session on the primary. */
  async readPrimary<T>(work: (connection: PoolConnection) => Promise<T>): Promise<T> {
    const { primary } = this.#options;
    const connection = await primary.acquire();
    try {
      return await work(connection);
    } finally {
      primary.release(connection);
    }
  }

  async #choose(position: WritePosition, failed: ReadonlySet<Replica>): Promise<Replica | undefined> {
    const { replicas, replayWaitMs } = this.#options;
    if (replicas.length === 0 || this.#closed) return undefined;
    const deadline = performance.now() + replayWaitMs;
    const left = (): number => Math.max(0, deadline - performance.now());
    this.#firstLook ??= this.#look().finally(() => (this.#hasLooked = true));
    if (!this.#hasLooked) await settledWithin(this.#firstLook, replayWaitMs);
    let after: Lsn;
    try {
      after = await position.lsn();
    } catch {
      // The primary does not say how far it is, so no replica is known to be far enough.
      return undefined;
    }
    for (let pause = 0; ; pause = Math.min(pause * 2 + 1, MAXIMUM_PAUSE_MS)) {
      const candidates = replicas.filter((replica) => !failed.has(replica) && this.#isIn(replica));
      const ready = candidates.filter(({ view }) => view !== undefined && view.replayed >= after);
      if (ready.length > 0) return this.#leastBusy(ready);
      if (candidates.length === 0 || left() === 0) return undefined;
      await delay(Math.min(pause, left()));
      await settledWithin(Promise.race(candidates.map((replica) => replica.probe())), left());
    }
  }

  #leastBusy(replicas: readonly Replica[]): Replica | undefined {
    const busy = ({ pool: { status } }: Replica): number => status.inUse + status.waiting;
    const least = Math.min(...replicas.map(busy));
    const idlest = replicas.filter((replica) => busy(replica) === least);
    return idlest[this.#turn++ % idlest.length];
  }

  #isIn(replica: Replica): boolean {
    const lag = this.#lagOf(replica);
    return lag !== undefined && this.#isWithinLimits(lag);
  }

  #isWithinLimits({ lagMs, lagBytes }: Lag): boolean {
    return lagMs <= this.#options.maximumLagMs && lagBytes <= this.#options.maximumLagBytes;
  }

  #lagOf({ view }: Replica): Lag | undefined {
    return view && this.#history.lagOf(view.replayed, view.reportedLagMs);
  }

  /** Looks at all servers once, and again and again from then on. */
  async #look(): Promise<void> {
    const { primaryMonitor, replicas, replicaPollMs } = this.#options;
    await Promise.all([this.#sample(primaryMonitor), ...replicas.map((replica) => replica.probe())]);
    if (this.#closed) return;
    // Many processes should not ask in step.
    const pauseMs = replicaPollMs * (0.8 + Math.random() * 0.4);
    this.#timer = setTimeout(() => void this.#look(), pauseMs).unref();
  }

  async #sample(primaryMonitor: ServerMonitor): Promise<void> {
    try {
      const { lsn } = await primaryMonitor.ask<{ lsn: string }>('select pg_current_wal_lsn()::text as lsn');
      const parsed = parseLsn(lsn);
      if (parsed !== undefined) this.#history.add(parsed, performance.now());
    } catch {
      // Replicas serve on while the primary is away; its own callers see the error.
    }
  }
}
