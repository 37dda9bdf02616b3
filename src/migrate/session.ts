import type pg from 'pg';
import { acquireAdvisoryLock, releaseAdvisoryLock } from '../database/advisory-lock.js';
import { BlockerObserver } from '../database/blocker-observer.js';
import { backendPid, clientFor, withConnection } from '../database/connect.js';
import { assertSessionMode, assertWritable } from '../database/primary-session.js';
import { describeSession } from '../database/session-description.js';
import { hasSqlState, SQLSTATE } from '../database/sqlstate.js';
import { BusyError, OperationError } from '../errors.js';
import { ensureLedger } from './ledger.js';
import type { MigrateOptions, RunSettings } from './options.js';

const applicationName = 'studymate-db migrate';

export interface MigrationSession {
  readonly client: pg.Client;
  readonly serverVersion: number;
  readonly pid: number;
  readonly observer: BlockerObserver;
}

/** Opens the one connection that migrates: direct, to a primary, with its own observer of blockers. */
export async function withMigrationSession<T>(
  options: MigrateOptions,
  work: (session: MigrationSession) => Promise<T>,
): Promise<T> {
  const { connection, signal } = options;
  return withConnection(
    connection,
    { applicationName, signal, pipeline: true },
    async ({ client, serverVersion, settings }) => {
      const openSecond = (): pg.Client =>
        clientFor(settings, { applicationName: `${applicationName} (observer)` });
      await assertSessionMode(client, openSecond);
      const observer = new BlockerObserver(openSecond);
      try {
        return await work({ client, serverVersion, pid: backendPid(client) ?? 0, observer });
      } finally {
        await observer.close();
      }
    },
  );
}

/**
 * Holds the migration lock of this database during `work`, with the ledger in place. The lock belongs to the
 * session, so it goes when the process dies.
 *
 * @throws BusyError BUSY_MIGRATION_RUNNING, naming the holder, after `waitMs`
 */
export async function withMigrationLock<T>(
  session: MigrationSession,
  { waitMs, signal, emit }: Pick<RunSettings, 'waitMs' | 'signal' | 'emit'>,
  work: () => Promise<T>,
): Promise<T> {
  const { client } = session;
  await assertWritable(client, 'migrated');
  const outcome = await acquireAdvisoryLock(client, 'migrate', {
    waitMs,
    signal,
    onWait: (holder) => emit({ type: 'waiting', holder }),
  });
  if (!outcome.acquired) {
    throw new BusyError('BUSY_MIGRATION_RUNNING', 'another run is migrating this database', {
      detail: `Held by ${describeSession(outcome.holder)}`,
      hint: 'Run again when it is done, or wait longer with --wait.',
    });
  }
  try {
    await prepareSession(session, 200);
    await ensureLedger(client).catch(refuseMissingPrivilege);
    return await work();
  } finally {
    await releaseAdvisoryLock(client, 'migrate').catch(() => undefined);
  }
}

/**
 * Gives every file the same session, whatever the file before it has set (a pg_dump empties search_path) and
 * whatever timeouts the role carries. The server notices within a second when this process is killed, instead
 * of running a statement, and holding its locks, for nobody.
 */
export async function prepareSession(
  { client, serverVersion }: Pick<MigrationSession, 'client' | 'serverVersion'>,
  lockTimeoutMs: number,
): Promise<void> {
  await client.query(`
    reset all;
    reset role;
    set time zone 'UTC';
    set search_path to public;
    set statement_timeout = 0;
    set idle_in_transaction_session_timeout = 0;
    ${serverVersion >= 170_000 ? 'set transaction_timeout = 0;' : ''}
    set lock_timeout = ${Math.trunc(lockTimeoutMs)};
    do $$
    begin
      set client_connection_check_interval = '1s';
    exception when invalid_parameter_value then
      null; -- the server's platform cannot tell a closed socket
    end
    $$`);
}

function refuseMissingPrivilege(error: unknown): never {
  if (!hasSqlState(error, SQLSTATE.insufficientPrivilege)) throw error;
  throw new OperationError('DATABASE_PERMISSION_DENIED', 'this role may not create what migrations need', {
    detail: (error as Error).message,
    hint: 'Run migrations as the owner of the database, or as a superuser: grant create on database … and on schema public to the role.',
    cause: error,
  });
}
