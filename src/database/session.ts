import type { Kysely } from 'kysely';
import type { DB } from '../../generated/db.js';
import { untilBegun } from './abortable-connection.js';
import type { ConnectionPool } from './connection-pool.js';
import { kyselyOn } from './kysely-on.js';
import type { Lsn } from './lsn.js';
import { PoolDriver } from './pool-driver.js';
import { ReadDriver } from './read-driver.js';
import type { ReadKysely } from './read-kysely.js';
import type { PoolConnection } from './pool-connection.js';
import type { ReadRouter } from './read-router.js';
import { runReadTransaction, type ReadTransactionOptions, type ReadWork } from './read-transaction.js';
import { withTransaction, type TransactionOptions, type TransactionWork } from './with-transaction.js';
import { WritePosition } from './write-position.js';

/** A caller that reads what it wrote. */
export interface Session {
  /** Reads and writes on the primary. */
  readonly primary: Kysely<DB>;
  /**
   * Reads on a replica that has replayed everything this session did on the primary, waiting up to `replayWaitMs` for
   * it; else, or without replicas, on the primary. Sessions are read-only on either. A read whose replica fails runs
   * again elsewhere.
   *
   * What others wrote may be up to `maximumLagMs` old, and two reads may come from two replicas.
   */
  readonly read: ReadKysely;
  /**
   * Runs `work` on one server, chosen as for `read`, in a read-only transaction: its statements see one snapshot. When
   * the replica fails, `work` runs again from its beginning, elsewhere.
   *
   * @throws what `work` throws; the reason of the signal
   */
  readTransaction<T>(work: ReadWork<T>, options?: ReadTransactionOptions): Promise<T>;
  /** See `withTransaction`; on the primary. */
  withTransaction<T>(work: TransactionWork<T>, options?: TransactionOptions): Promise<T>;
  /**
   * How far this session has seen the primary, as text to carry to another request or process (`session(token)`). It
   * names a position of the log and no data. Undefined when the session has not used the primary.
   */
  token(): Promise<string | undefined>;
}

export interface SessionParts {
  readonly pool: ConnectionPool;
  readonly router: ReadRouter;
  readonly currentLsn: () => Promise<Lsn>;
}

export function openSession({ pool, router, currentLsn }: SessionParts, known?: Lsn): Session {
  const position = new WritePosition(currentLsn, known);
  const primary = kyselyOn(new PoolDriver(pool, position));
  return {
    primary,
    read: kyselyOn(new ReadDriver(router, position)),
    readTransaction: (work, options = {}) => readTransaction(router, position, work, options),
    withTransaction: (work, options) => withTransaction(primary, work, options),
    token: () => position.token(),
  };
}

function readTransaction<T>(
  router: ReadRouter,
  position: WritePosition,
  work: ReadWork<T>,
  options: ReadTransactionOptions,
): Promise<T> {
  const { signal, on } = options;
  const read = (begun: () => void): Promise<T> => {
    const onConnection = (connection: PoolConnection): Promise<T> => {
      begun();
      return runReadTransaction(connection, work, options);
    };
    return on === 'primary' ? router.readPrimary(onConnection) : router.read(position, onConnection);
  };
  return signal === undefined ? read(() => undefined) : untilBegun(signal, read);
}
