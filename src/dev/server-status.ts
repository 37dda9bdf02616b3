import { dataDirectoryOwner } from './account.js';
import { findPostmaster } from './postmaster.js';
import { connectionString, HOST } from './probe.js';
import { dataDirectoryOf, exists, readRecord, serverDirectory, type Major } from './server-directory.js';
import type { ServerOptions, StartedServer } from './start-server.js';

export type ServerStatus =
  | (Omit<StartedServer, 'state' | 'setAside'> & { readonly state: 'running' })
  | {
      /**
       * absent: never started here. unresponsive: it says it is ready, and does not answer as ours (a password that
       * was changed, no free connection). The rest is PostgreSQL's own.
       */
      readonly state: 'absent' | 'stopped' | 'starting' | 'stopping' | 'unresponsive';
      readonly major: Major;
      readonly dataDirectory: string;
      /** Of the postmaster, unless absent or stopped. */
      readonly pid?: number | undefined;
    };

/**
 * Tells what the development server of `directory` is doing. «running» is said only of a server that has just answered
 * with the system identifier on record. Changes nothing and waits for nobody.
 *
 * @throws OperationError DEV_DIRECTORY_DENIED
 */
export async function serverStatus(options: ServerOptions = {}): Promise<ServerStatus> {
  const server = serverDirectory(options);
  const { major } = server;
  const record = await readRecord(server);
  const dataDirectory = dataDirectoryOf(server, record);
  if (record === undefined || !(await exists(dataDirectory)))
    return { state: 'absent', major, dataDirectory };
  const postmaster = await findPostmaster(dataDirectory, record, await dataDirectoryOwner(dataDirectory));
  if (postmaster.state === 'stopped') return { state: 'stopped', major, dataDirectory };
  if (postmaster.state !== 'running')
    return { state: postmaster.state, major, dataDirectory, pid: postmaster.pid };
  const { pid, port, serverVersion } = postmaster;
  const { systemIdentifier, binaries } = record;
  return {
    ...{
      state: 'running',
      connectionString: connectionString(port, record),
      host: HOST,
      port,
      major,
      serverVersion,
    },
    ...{ dataDirectory, binaries, pid, systemIdentifier },
  };
}
