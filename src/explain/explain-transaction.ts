import type pg from 'pg';
import { withConnection, type Connection } from '../database/connect.js';
import type { ConnectionSettings } from '../database/connection-settings.js';

export interface ExplainTransactionOptions {
  readonly connection: ConnectionSettings | string;
  /** Whether statements may write; they are undone either way. */
  readonly write: boolean;
  /** Milliseconds for each statement; 0 means no limit. */
  readonly statementTimeoutMs: number;
  /** Milliseconds to wait for a lock. */
  readonly lockTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `work` in a transaction that is always rolled back, read-only unless told otherwise. No statement of it may end
 * the transaction: everything goes by the extended protocol, which takes one statement a message, behind EXPLAIN.
 */
export async function inRolledBackTransaction<T>(
  options: ExplainTransactionOptions,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const { connection, write, statementTimeoutMs, lockTimeoutMs, signal } = options;
  return withConnection(connection, { applicationName: 'studymate-db explain', signal }, async (opened) => {
    const { client } = opened;
    await client.query(write ? 'begin read write' : 'begin read only');
    try {
      await client.query(
        `select set_config('statement_timeout', $1, true), set_config('lock_timeout', $2, true)`,
        [String(statementTimeoutMs), String(lockTimeoutMs)],
      );
      return await work(opened);
    } finally {
      // The connection is closed right after; a server that is gone has rolled back by itself.
      await client.query('rollback').catch(() => undefined);
    }
  });
}

/** Sends one statement and no more: the server refuses several in one message of the extended protocol. */
export function queryOne<Row extends pg.QueryResultRow>(
  client: pg.ClientBase,
  text: string,
  values: readonly unknown[],
): Promise<pg.QueryResult<Row>> {
  // Without values pg would take the simple protocol, which takes any number of statements.
  const config = { text, values: [...values], queryMode: 'extended' };
  return client.query<Row>(config);
}
