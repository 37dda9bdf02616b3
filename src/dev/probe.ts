import pg from 'pg';
import { isServerError, hasSqlState, SQLSTATE } from '../database/sqlstate.js';
import { formatServerVersion } from '../database/connect.js';
import { quoteIdentifier } from '../database/identifier.js';
import { SUPERUSER } from './data-directory.js';
import type { ServerRecord } from './server-directory.js';

export const HOST = '127.0.0.1';

/** What a server says when asked who it is. */
export type Probe =
  | { readonly answer: 'ours'; readonly serverVersion: string }
  /** A PostgreSQL whose system identifier is another, or one that does not know our password. */
  | { readonly answer: 'foreign' }
  /** Ours or not: it takes no connections at the moment (SQLSTATE 57P03). */
  | { readonly answer: 'not now' }
  | { readonly answer: 'none' };

/** Asks the server at `port` for its system identifier. Changes nothing; waits 5 seconds at most. */
export async function probeServer(port: number, record: ServerRecord): Promise<Probe> {
  const client = newClient(port, record, 5_000);
  try {
    await client.connect();
    const { rows } = await client.query<{ system_identifier: string; version: string }>(
      `select system_identifier::text, current_setting('server_version_num') as version from pg_control_system()`,
    );
    const row = rows[0];
    if (row?.system_identifier !== record.systemIdentifier) return { answer: 'foreign' };
    return { answer: 'ours', serverVersion: formatServerVersion(Number(row.version)) };
  } catch (error) {
    if (hasSqlState(error, SQLSTATE.cannotConnectNow, SQLSTATE.adminShutdown, SQLSTATE.tooManyConnections)) {
      return { answer: 'not now' };
    }
    return { answer: isServerError(error) ? 'foreign' : 'none' };
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Makes the database `studymate`, unless it is there. */
export async function ensureDatabase(port: number, record: ServerRecord): Promise<void> {
  const client = newClient(port, record, 60_000);
  try {
    await client.connect();
    const { rowCount } = await client.query('select from pg_database where datname = $1', [SUPERUSER]);
    if (rowCount === 0) await client.query(`create database ${quoteIdentifier(SUPERUSER)}`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

export function connectionString(port: number, record: ServerRecord): string {
  return `postgres://${SUPERUSER}:${record.password}@${HOST}:${port}/${SUPERUSER}`;
}

function newClient(port: number, { password }: ServerRecord, queryTimeoutMs: number): pg.Client {
  const client = new pg.Client({
    ...{ host: HOST, port, user: SUPERUSER, password, database: 'postgres' },
    // Said out loud, or pg would take it from PGSSLMODE.
    ssl: false,
    application_name: 'studymate-db dev',
    connectionTimeoutMillis: 5_000,
    query_timeout: queryTimeoutMs,
  });
  // The server may close the connection while it waits for us: the query says so.
  client.on('error', () => undefined);
  return client;
}
