import { ConnectionPool, type PoolStatus } from './connection-pool.js';
import type { DatabaseOptions } from './database-options.js';
import type { Lsn } from './lsn.js';
import { parseLsn } from './lsn.js';
import { ReadRouter, type ReplicaStatus } from './read-router.js';
import { Replica } from './replica.js';
import { resolveOptions } from './resolve-options.js';
import { ServerMonitor } from './server-monitor.js';
import { openSession, type Session } from './session.js';
import { parseToken } from './write-position.js';

/** One primary, its replicas, and the connections to them. It is a session itself: that of the whole process. */
export interface Database extends Session {
  /**
   * A caller of its own, such as one HTTP request or one user: its reads show what it wrote, and do not wait for what
   * others wrote. It holds nothing and needs no closing.
   *
   * @param token what `token()` gave, in another request or process
   * @throws UsageError SESSION_TOKEN_INVALID
   */
  session(token?: string): Session;

  /** The pools and replicas as they are now, for metrics and health checks. Asks nobody. */
  status(): DatabaseStatus;

  /**
   * Refuses new queries (OperationError DATABASE_CLOSED), lets those that run or wait for a connection finish, and
   * closes every connection. What still runs after `drainTimeoutMs` is cancelled on the server and fails. Can be called
   * again, and resolves once everything is closed.
   *
   * @param options.drainTimeoutMs milliseconds; default 10,000
   */
  close(options?: { readonly drainTimeoutMs?: number | undefined }): Promise<void>;

  [Symbol.asyncDispose](): Promise<void>;
}

export interface DatabaseStatus {
  /** The primary, the primary for reading, and each replica. */
  readonly pools: readonly PoolStatus[];
  readonly replicas: readonly ReplicaStatus[];
}

const DRAIN_TIMEOUT_MS = 10_000;

/**
 * Gives a database with typed queries. Nothing is connected before the first query, and an idle database does not keep
 * the process from ending. Pool and network failures reject the query they hit and nothing else.
 *
 * Values arrive as generated/db.ts says in every time zone (see `typeParsers`); sessions are in UTC with search_path
 * public.
 *
 * @throws UsageError CONFIG_INVALID, with every problem at once
 * @example
 * const database = createDatabase({ connectionString, replicas: [replicaUrl] });
 * const user = await database.read.selectFrom('users').select('english_name').where('id', '=', id).executeTakeFirst();
 * await database.close();
 */
export function createDatabase(options: DatabaseOptions): Database {
  const resolved = resolveOptions(options);
  const pool = new ConnectionPool(resolved.primary);
  const readPool = new ConnectionPool({ ...resolved.primary, name: 'primary (read only)', readOnly: true });
  const primaryMonitor = new ServerMonitor({ ...resolved.primary, readOnly: true });
  const replicas = resolved.replicas.map((settings) => new Replica(settings));
  const router = new ReadRouter({ ...resolved, primary: readPool, primaryMonitor, replicas });
  const parts = { pool, router, currentLsn: () => currentLsn(primaryMonitor) };

  const close: Database['close'] = async ({ drainTimeoutMs = DRAIN_TIMEOUT_MS } = {}) => {
    await Promise.all([pool.close(drainTimeoutMs), router.close(drainTimeoutMs)]);
  };
  return {
    ...openSession(parts),
    session: (token) => openSession(parts, token === undefined ? undefined : parseToken(token)),
    status: () => ({
      pools: [pool, readPool, ...replicas.map((replica) => replica.pool)].map(({ status }) => status),
      replicas: router.status,
    }),
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

/**
 * The end of the log, as far as it has been given out: with synchronous_commit off, a commit may be answered before it
 * is written.
 */
async function currentLsn(primary: ServerMonitor): Promise<Lsn> {
  const { lsn } = await primary.ask<{ lsn: string }>('select pg_current_wal_insert_lsn()::text as lsn');
  const position = parseLsn(lsn) ?? 0n;
  // When the last record fills its page, the insert position is behind the header of the next one, which a replica
  // reaches only with the next record.
  return position % 8192n === 24n ? position - 24n : position;
}
