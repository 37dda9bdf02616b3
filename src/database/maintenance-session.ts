import type pg from 'pg';
import { BusyError } from '../errors.js';
import { acquireAdvisoryLock, releaseAdvisoryLock, type SessionInfo } from './advisory-lock.js';
import { BlockerObserver } from './blocker-observer.js';
import { backendPid, clientFor, withConnection } from './connect.js';
import type { ConnectionSettings } from './connection-settings.js';
import { assertSessionMode, assertWritable } from './primary-session.js';
import { describeSession } from './session-description.js';

/** The one connection that maintains a database: direct, to a primary, holding the lease. */
export interface MaintenanceSession {
  readonly client: pg.Client;
  readonly settings: ConnectionSettings;
  readonly serverVersion: number;
  readonly pid: number;
  /** Sees, over a second connection, who blocks this one. */
  readonly observer: BlockerObserver;
  readonly signal: AbortSignal | undefined;
}

export interface MaintenanceSessionOptions {
  readonly connection: ConnectionSettings | string;
  /** Shown in pg_stat_activity: «studymate-db archive run». */
  readonly applicationName: string;
  /** Longest wait for another run, in milliseconds; default 0: cron comes again. */
  readonly waitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onWait?: ((holder: SessionInfo | undefined) => void) | undefined;
}

/**
 * Holds the maintenance lease of this database during `work`: one run at a time changes partitions, archives,
 * purges or rebuilds. archive_old_data() takes the same lock. It belongs to the session, so it goes when the
 * process dies; a statement left running is noticed by the server within a second.
 *
 * @throws BusyError BUSY_MAINTENANCE_RUNNING, naming the holder, after `waitMs`; OperationError
 * POOLER_TRANSACTION_MODE, DATABASE_READ_ONLY; what withConnection throws
 */
export async function withMaintenanceSession<T>(
  options: MaintenanceSessionOptions,
  work: (session: MaintenanceSession) => Promise<T>,
): Promise<T> {
  const { connection, applicationName, waitMs = 0, signal, onWait } = options;
  return withConnection(
    connection,
    { applicationName, signal },
    async ({ client, serverVersion, settings }) => {
      const openSecond = (): pg.Client =>
        clientFor(settings, { applicationName: `${applicationName} (observer)` });
      await assertSessionMode(client, openSecond);
      await assertWritable(client, 'maintained');
      const outcome = await acquireAdvisoryLock(client, 'maintenance', { waitMs, signal, onWait });
      if (!outcome.acquired) {
        throw new BusyError('BUSY_MAINTENANCE_RUNNING', 'another maintenance run works on this database', {
          detail: `Held by ${describeSession(outcome.holder)}`,
          hint: 'Run again when it is done, or wait with --wait.',
        });
      }
      const observer = new BlockerObserver(openSecond);
      try {
        await prepareSession(client, serverVersion);
        return await work({
          client,
          settings,
          serverVersion,
          pid: backendPid(client) ?? 0,
          observer,
          signal,
        });
      } finally {
        await observer.close();
        await releaseAdvisoryLock(client, 'maintenance').catch(() => undefined);
      }
    },
  );
}

/** Whatever timeouts the role carries. Waits for locks are bounded by whoever takes them. */
async function prepareSession(client: pg.Client, serverVersion: number): Promise<void> {
  await client.query(`
    set statement_timeout = 0;
    set idle_in_transaction_session_timeout = 0;
    ${serverVersion >= 170_000 ? 'set transaction_timeout = 0;' : ''}
    set lock_timeout = '200ms';
    do $$
    begin
      set client_connection_check_interval = '1s';
    exception when invalid_parameter_value then
      null; -- the server's platform cannot tell a closed socket
    end
    $$`);
}
