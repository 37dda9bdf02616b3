import type pg from 'pg';
import { quoteQualified } from '../../database/identifier.js';
import { withConnection } from '../../database/connect.js';
import type { ConnectionSettings } from '../../database/connection-settings.js';
import { hasSqlState, SQLSTATE } from '../../database/sqlstate.js';
import { BusyError, OperationError } from '../../errors.js';
import type { Partition } from '../../partitioning/partition-set.js';
import { TEXT_SETTINGS } from './columns.js';

export interface Snapshot {
  readonly client: pg.Client;
  readonly serverVersion: string;
  readonly database: string;
  /** Of the server's clock, UTC, with offset. */
  readonly takenAt: string;
}

/**
 * Runs `work` with one snapshot of the database, read only, on a connection of its own: when it breaks off in the
 * middle of a stream, nothing else is disturbed.
 */
export async function withSnapshot<T>(
  connection: ConnectionSettings | string,
  signal: AbortSignal | undefined,
  partition: Partition | undefined,
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  return withConnection(
    connection,
    { applicationName: 'studymate-db cold copy', signal },
    async ({ client, serverVersion }) => {
      await client.query(`
      set statement_timeout = 0;
      set idle_in_transaction_session_timeout = 0;
      ${serverVersion >= 170_000 ? 'set transaction_timeout = 0;' : ''}
      set lock_timeout = '10s'`);
      await client.query(`begin isolation level repeatable read read only; ${TEXT_SETTINGS}`);
      // Before the snapshot is taken: a truncate or a change of columns in between would be seen by half.
      if (partition !== undefined) await holdTable(client, partition);
      const { rows } = await client.query<Omit<Snapshot, 'client'>>(
        `select current_setting('server_version') as "serverVersion", current_database() as database, now()::text as "takenAt"`,
      );
      const [facts] = rows;
      if (facts === undefined) throw new Error('a select without a table gave no row');
      const result = await work({ client, ...facts });
      await client.query('commit');
      return result;
    },
  );
}

async function holdTable(client: pg.Client, { schema, name, oid }: Partition): Promise<void> {
  const qualified = quoteQualified(schema, name);
  try {
    await client.query(`lock table only ${qualified} in access share mode`);
  } catch (error) {
    if (hasSqlState(error, UNDEFINED_TABLE)) throw replaced(schema, name);
    if (!hasSqlState(error, SQLSTATE.lockNotAvailable)) throw error;
    throw new OperationError('ARCHIVE_LOCK_TIMEOUT', `${schema}.${name} is locked by another session`, {
      hint: 'See pg_locks for who holds it, and run it again.',
      cause: error,
    });
  }
  const { rows } = await client.query<{ oid: number }>('select $1::regclass::oid as oid', [qualified]);
  if (rows[0]?.oid !== oid) throw replaced(schema, name);
}

const UNDEFINED_TABLE = '42P01';

function replaced(schema: string, name: string): BusyError {
  return new BusyError('BUSY_MAINTENANCE_RUNNING', `${schema}.${name} was moved meanwhile`, {
    hint: 'Run it again when the other maintenance run is done.',
  });
}
