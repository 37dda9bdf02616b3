import type { ClientBase } from 'pg';
import {
  withMaintenanceSession,
  type MaintenanceSession,
  type MaintenanceSessionOptions,
} from '../database/maintenance-session.js';
import { withRunLedger, type RunLedger } from '../database/run-ledger.js';
import { OperationError } from '../errors.js';
import { packageVersion } from '../package-root.js';
import { observeBuilds } from './build-progress.js';
import type { IndexListener } from './concurrent-events.js';
import { DEFAULT_LOCK_TIMEOUT_MS, type ConcurrentContext } from './concurrent-statement.js';

/** How long the statements of a run wait for what is in their way. */
export interface IndexLockOptions {
  /**
   * Longest wait of a CONCURRENTLY for one transaction, in milliseconds; default 300,000 (five minutes). Readers and
   * writers go on meanwhile.
   */
  readonly lockTimeoutMs?: number | undefined;
  /** Longest wait for a lock that others wait behind, in milliseconds; default 200. */
  readonly shortLockTimeoutMs?: number | undefined;
  /** How often that is tried again; default 30. */
  readonly retries?: number | undefined;
  readonly onEvent?: IndexListener | undefined;
}

export type IndexSessionOptions = Pick<MaintenanceSessionOptions, 'connection' | 'waitMs' | 'signal'>;

/** A maintenance session for one command, which tells who it waits for. */
export function withIndexSession<T>(
  command: string,
  { connection, waitMs, signal, onEvent }: IndexSessionOptions & Pick<IndexLockOptions, 'onEvent'>,
  work: (session: MaintenanceSession) => Promise<T>,
): Promise<T> {
  return withMaintenanceSession(
    {
      connection,
      applicationName: `studymate-db ${command}`,
      waitMs,
      signal,
      onWait: (holder) => onEvent?.({ type: 'waiting', holder }),
    },
    work,
  );
}

/** A run in the ledger, with a second connection that watches its builds. */
export async function withIndexRun<T>(
  session: MaintenanceSession,
  run: { readonly command: string; readonly options: Readonly<Record<string, unknown>> },
  { lockTimeoutMs = DEFAULT_LOCK_TIMEOUT_MS, shortLockTimeoutMs, retries, onEvent }: IndexLockOptions,
  work: (context: ConcurrentContext, ledger: RunLedger) => Promise<T>,
): Promise<T> {
  await assertLedger(session.client);
  const observer = observeBuilds(session);
  const lock = { lockTimeoutMs: shortLockTimeoutMs, retries };
  try {
    return await withRunLedger(session.client, { ...run, toolVersion: packageVersion() }, (ledger) =>
      work({ session, observer, lockTimeoutMs, lock, onEvent }, ledger),
    );
  } finally {
    await observer.close();
  }
}

/** @throws OperationError INDEX_TABLE_MISSING */
export async function assertLedger(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ found: boolean }>(
    `select to_regclass('studymate.runs') is not null as found`,
  );
  if (rows[0]?.found === true) return;
  throw new OperationError('INDEX_TABLE_MISSING', 'there is no table studymate.runs', {
    hint: 'Apply the migrations with «studymate-db migrate», or point the database URL at the right database.',
  });
}

/** What a run that failed in part writes to the ledger; its result tells the rest. */
export class RunFailed extends Error {}
