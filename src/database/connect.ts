import pg from 'pg';
import { ConnectError, OperationError, StudymateError } from '../errors.js';
import { asConnectError } from './connect-error.js';
import { describeConnection, parseConnectionString, type ConnectionSettings } from './connection-settings.js';
import { decideTls } from './tls.js';
import { hasSqlState, SQLSTATE } from './sqlstate.js';

export interface ConnectOptions {
  /** Shown in pg_stat_activity, so that a DBA sees who we are. */
  readonly applicationName: string;
  /** Milliseconds until giving up on the connection itself; default 10,000. */
  readonly connectionTimeoutMs?: number | undefined;
  /** Sends queries without waiting for the answers to those before; default false. */
  readonly pipeline?: boolean | undefined;
  /** On abort the running statement is cancelled on the server, and the connection is closed. */
  readonly signal?: AbortSignal | undefined;
}

export const MINIMUM_SERVER_VERSION = 150_000;

export interface Connection {
  readonly client: pg.Client;
  readonly settings: ConnectionSettings;
  /** As in `server_version_num`: 150018 is 15.18. */
  readonly serverVersion: number;
}

/**
 * Connects, checks that the server is PostgreSQL 15 or later, runs `work`, and closes the connection whatever
 * happens. The session is in UTC, with `search_path` set to `public`, whatever the role's defaults are.
 *
 * @throws ConnectError when the server cannot be reached or refuses; OperationError CONNECTION_LOST when the
 * connection breaks during `work`; the signal's reason when aborted.
 */
export async function withConnection<T>(
  target: ConnectionSettings | string,
  options: ConnectOptions,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const settings = typeof target === 'string' ? parseConnectionString(target) : target;
  const { signal } = options;
  signal?.throwIfAborted();
  const client = clientFor(settings, options);
  let lost: Error | undefined;
  client.on('error', (error) => (lost = error));
  let serverVersion: number;
  try {
    await client.connect();
    serverVersion = await startSession(client);
  } catch (error) {
    await endQuietly(client);
    throw asConnectError(error, settings);
  }
  const cancel = (): void => void cancelStatement(client, settings);
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    if (serverVersion < MINIMUM_SERVER_VERSION) {
      throw new ConnectError(
        'CONNECT_SERVER_TOO_OLD',
        `the server runs PostgreSQL ${formatServerVersion(serverVersion)}, and 15 is the oldest supported`,
        { hint: 'Upgrade the server, or point the database URL at another one.' },
      );
    }
    return await work({ client, settings, serverVersion });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw error instanceof StudymateError ? error : asOperationError(error, settings, lost);
  } finally {
    signal?.removeEventListener('abort', cancel);
    await endQuietly(client);
  }
}

/** A client of these settings, not connected yet. */
export function clientFor(settings: ConnectionSettings, options: Omit<ConnectOptions, 'signal'>): pg.Client {
  return new pg.Client({
    ...clientFields(settings),
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectionTimeoutMs ?? 10_000,
    keepAlive: true,
    pipeline: options.pipeline ?? false,
  });
}

/** What pg.Client wants; a field left undefined falls to pg's own defaults (localhost, 5432, ~/.pgpass). */
function clientFields(settings: ConnectionSettings): pg.ClientConfig {
  const where = describeConnection(settings);
  // What is not verified was asked for by name; its warnings are for services, which connect unattended.
  const fields: pg.ClientConfig = { ssl: decideTls(settings, { allowUnverifiedTls: true, where }).ssl };
  if (settings.host !== undefined) fields.host = settings.host;
  if (settings.port !== undefined) fields.port = settings.port;
  if (settings.user !== undefined) fields.user = settings.user;
  if (settings.database !== undefined) fields.database = settings.database;
  if (settings.password !== undefined) fields.password = settings.password;
  return fields;
}

async function startSession(client: pg.Client): Promise<number> {
  // A simple-protocol message may hold several statements: one round trip.
  const results = (await client.query(
    `set time zone 'UTC'; set search_path to public; show server_version_num`,
  )) as unknown as pg.QueryResult<{ server_version_num: string }>[];
  return Number(results[2]?.rows[0]?.server_version_num);
}

/**
 * Asks the server, over a second connection, to cancel what the first one runs. Closing the socket is not
 * enough: the backend would run its statement to the end.
 */
async function cancelStatement(client: pg.Client, settings: ConnectionSettings): Promise<void> {
  const pid = backendPid(client);
  if (pid === undefined) return;
  const canceller = clientFor(settings, {
    applicationName: 'studymate-db cancel',
    connectionTimeoutMs: 5_000,
  });
  canceller.on('error', () => undefined);
  try {
    await canceller.connect();
    await canceller.query('select pg_cancel_backend($1)', [pid]);
  } catch {
    // The server is unreachable: there is nothing left to cancel through, and the first connection says so.
  } finally {
    await endQuietly(canceller);
  }
}

/** The process id the server announced at connect time. A pooler announces a made-up one. */
export function backendPid(client: pg.ClientBase): number | undefined {
  return (client as pg.ClientBase & { readonly processID?: number }).processID;
}

async function endQuietly(client: pg.Client): Promise<void> {
  await client.end().catch(() => undefined);
}

export function formatServerVersion(serverVersion: number): string {
  return `${Math.floor(serverVersion / 10_000)}.${serverVersion % 10_000}`;
}

/** What the server or the network may do to any statement; everything else is for the caller to explain. */
function asOperationError(error: unknown, settings: ConnectionSettings, lost: Error | undefined): unknown {
  if (lost !== undefined || hasSqlState(error, SQLSTATE.adminShutdown, SQLSTATE.crashShutdown)) {
    return connectionLost(settings, error);
  }
  if (!hasSqlState(error, SQLSTATE.insufficientPrivilege)) return error;
  return new OperationError(
    'DATABASE_PERMISSION_DENIED',
    `the role may not do this on ${describeConnection(settings)}`,
    {
      detail: (error as Error).message,
      hint: 'Use the role that owns the tables, or have it granted what the detail names.',
      cause: error,
    },
  );
}

function connectionLost(settings: ConnectionSettings, cause: unknown): OperationError {
  return new OperationError('CONNECTION_LOST', `the connection to ${describeConnection(settings)} was lost`, {
    detail: cause instanceof Error ? cause.message : undefined,
    hint: 'What was not committed was rolled back by the server; run the command again.',
    cause,
  });
}
