import { OperationError } from '../errors.js';
import { dataDirectoryOwner } from './account.js';
import { readSystemIdentifier } from './data-directory.js';
import { withLock } from './lock.js';
import { isPostmaster, readPostmasterFile } from './postmaster.js';
import { dataDirectoryOf, exists, readRecord, serverDirectory, type Major } from './server-directory.js';
import { endOrphanedBackends, shutDown, type ShutdownMode } from './shut-down.js';
import type { ServerOptions } from './start-server.js';

export interface StoppedServer {
  readonly state: 'stopped' | 'not running';
  readonly major: Major;
  readonly dataDirectory: string;
  /** Of the postmaster that was stopped. */
  readonly pid?: number | undefined;
  /** `immediate` when a fast shutdown took longer than 30 seconds: the next start then recovers. */
  readonly mode?: ShutdownMode | undefined;
}

/**
 * Stops the development server of `directory` and returns when its last process is gone. The data stays. Backends that
 * a killed postmaster left behind are ended too. Does nothing when no server runs; safe to call at any time.
 *
 * Only a postmaster that works in our data directory, with the system identifier on record, is ever signalled.
 *
 * @throws OperationError DEV_STOP_FAILED (the server still runs), DEV_DIRECTORY_DENIED; BusyError BUSY_DEV_SERVER
 */
export async function stopServer(
  options: ServerOptions & { readonly timeoutMs?: number } = {},
): Promise<StoppedServer> {
  const server = serverDirectory(options);
  const { major } = server;
  const notRunning = {
    state: 'not running',
    major,
    dataDirectory: dataDirectoryOf(server, undefined),
  } as const;
  if (!(await exists(server.path))) return notRunning;
  return withLock(server.path, { waitMs: options.timeoutMs ?? 120_000, signal: options.signal }, async () => {
    const record = await readRecord(server);
    const dataDirectory = dataDirectoryOf(server, record);
    const account = await dataDirectoryOwner(dataDirectory);
    const file = await readPostmasterFile(dataDirectory);
    if (file === undefined) return { ...notRunning, dataDirectory };
    const { pid } = file;
    const proved =
      record !== undefined && record.systemIdentifier === (await readSystemIdentifier(dataDirectory));
    if (!(await isPostmaster(pid, dataDirectory, account))) {
      if (proved) await endOrphanedBackends(dataDirectory, account);
      return { ...notRunning, dataDirectory };
    }
    if (!proved) {
      throw stopFailed(
        pid,
        'It cannot be proved to be ours: its system identifier is not the one on record.',
      );
    }
    const mode = await shutDown(pid, dataDirectory, account);
    if (mode === undefined) throw stopFailed(pid, 'It heeded neither a fast nor an immediate shutdown.');
    return { state: 'stopped', major, dataDirectory, pid, mode };
  });
}

function stopFailed(pid: number, detail: string): OperationError {
  return new OperationError('DEV_STOP_FAILED', `the server, process ${pid}, was not stopped`, {
    detail,
    hint: `Look at the process with «ps -fp ${pid}»; «kill -INT ${pid}» stops it if it is to be stopped.`,
  });
}
