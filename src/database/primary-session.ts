import type pg from 'pg';
import { OperationError } from '../errors.js';
import { backendPid } from './connect.js';
import { isTransactionPooled } from './pooler.js';

/** @throws OperationError POOLER_TRANSACTION_MODE where session locks and settings would mean nothing */
export async function assertSessionMode(client: pg.Client, openSecond: () => pg.Client): Promise<void> {
  if (!(await isTransactionPooled(client, backendPid(client), openSecond))) return;
  throw new OperationError(
    'POOLER_TRANSACTION_MODE',
    'the connection goes through a pooler in transaction mode, where no lock keeps two runs apart',
    { hint: 'Point the database URL at PostgreSQL itself, or at a pool in session mode.' },
  );
}

/**
 * @param participle what cannot be done to a standby: «migrated», «maintained»
 * @throws OperationError DATABASE_READ_ONLY
 */
export async function assertWritable(client: pg.ClientBase, participle: string): Promise<void> {
  const { rows } = await client.query<{ standby: boolean; read_only: string }>(
    `select pg_is_in_recovery() as standby, current_setting('default_transaction_read_only') as read_only`,
  );
  const [row] = rows;
  if (row?.standby !== true && row?.read_only !== 'on') return;
  throw new OperationError(
    'DATABASE_READ_ONLY',
    row.standby
      ? `this server is a standby, and a standby cannot be ${participle}`
      : 'this session is read-only',
    {
      hint: row.standby
        ? 'Point the database URL at the primary.'
        : 'default_transaction_read_only is on for this role or database; use another role, or turn it off.',
    },
  );
}
