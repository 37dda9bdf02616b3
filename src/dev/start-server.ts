import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperationError, UsageError } from '../errors.js';
import { serverAccount } from './account.js';
import { findBinaries } from './binaries.js';
import {
  dataDirectoryState,
  initializeDataDirectory,
  readSystemIdentifier,
  removeLeftovers,
  setAside,
} from './data-directory.js';
import { launch, type Launched } from './launch.js';
import { withLock } from './lock.js';
import { placeBinaries } from './place-binaries.js';
import { disownStalePid, findPostmaster, isPostmaster, readPostmasterFile } from './postmaster.js';
import { connectionString, ensureDatabase, HOST } from './probe.js';
import type { Account } from './program.js';
import {
  dataDirectoryOf,
  directoryDenied,
  makeServerDirectory,
  readRecord,
  serverDirectory,
  serverHome,
  writeRecord,
  type Major,
  type ServerDirectory,
  type ServerRecord,
} from './server-directory.js';
import { endOrphanedBackends } from './shut-down.js';

export interface ServerOptions {
  /** Default: `.studymate` in the current folder. */
  readonly directory?: string | undefined;
  /** Default 17; with `systemBinaries`, the newest the system has. */
  readonly major?: Major | undefined;
  /** Cancels the wait; a server that this call was starting is stopped again. */
  readonly signal?: AbortSignal | undefined;
}

export interface StartOptions extends ServerOptions {
  /** Wished, not demanded: when it is taken another is used. Default: that of the last start, else any free one. */
  readonly port?: number | undefined;
  /** true: a PostgreSQL 15 or later of this system; a string: the folder that holds its `initdb` and `postgres`. */
  readonly systemBinaries?: boolean | string | undefined;
  /** Server parameters for this start, over postgresql.conf. Without them the server is durable, as in production. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
  /** Milliseconds for another run to let go, and for the server to be ready; default 120,000. */
  readonly timeoutMs?: number | undefined;
}

export interface StartedServer {
  /** Works as it is, and holds the password. */
  readonly connectionString: string;
  readonly host: string;
  readonly port: number;
  readonly major: Major;
  /** As in 17.10. */
  readonly serverVersion: string;
  readonly dataDirectory: string;
  readonly binaries: 'package' | 'system';
  readonly pid: number;
  readonly systemIdentifier: string;
  readonly state: 'started' | 'already running';
  /** Where an unusable data directory was moved to, if there was one. */
  readonly setAside?: string | undefined;
}

/**
 * Starts the development server of `directory`, or finds it running, and gives its connection string: a real
 * PostgreSQL on the loopback interface, with a database `studymate` and a superuser of that name who logs in with a
 * random password (kept in `<directory>/pg<major>/server.json`, mode 0600). It runs on until `stopServer`.
 *
 * Safe to call at any time, by several processes at once: one works, the others wait and find it running. A server
 * is taken for this directory's own only if its process works in our data directory and it answers with the system
 * identifier on record; any other is never touched. Dying at any moment, kill -9 included, leaves nothing that the
 * next call does not clear away. No account is created and no package is written to.
 *
 * @throws OperationError DEV_BINARIES_MISSING, DEV_NO_UNPRIVILEGED_ACCOUNT, DEV_DIRECTORY_DENIED, DEV_START_FAILED;
 * BusyError BUSY_DEV_SERVER; UsageError USAGE_INVALID_OPTION; the signal's reason. Nothing runs after any of them,
 * unless the detail says so.
 */
export async function startServer(options: StartOptions = {}): Promise<StartedServer> {
  const { port, signal, systemBinaries, timeoutMs = 120_000 } = options;
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new UsageError('USAGE_INVALID_OPTION', `${port} is not a port`, {
      hint: 'Give a whole number from 1 to 65535.',
    });
  }
  const major = options.major ?? (systemBinaries ? (await findBinaries(options)).major : undefined);
  const server = serverDirectory({ directory: options.directory, major });
  await makeServerDirectory(server);
  return withLock(server.path, { waitMs: timeoutMs, signal }, () =>
    startLocked(server, { ...options, timeoutMs }),
  );
}

type LockedOptions = StartOptions & { readonly timeoutMs: number };

async function startLocked(server: ServerDirectory, options: LockedOptions): Promise<StartedServer> {
  const onRecord = await readRecord(server);
  const account = await serverAccount(dataDirectoryOf(server, onRecord));
  const home = await serverHome(server, onRecord, account);
  const data = join(home, 'data');
  await removeLeftovers(home);

  const aside = await setAsideUnusable(server, data, onRecord, account);
  const usable = onRecord !== undefined && (await dataDirectoryState(data)) === 'complete';
  if (usable) {
    const running = await waitUntilSettled(server, data, onRecord, account, options);
    if (running !== undefined) return finish(server, data, onRecord, running, 'already running');
    await disownStalePid(data);
    await endOrphanedBackends(data, account);
  }

  const found = await findBinaries({ major: server.major, systemBinaries: options.systemBinaries });
  const binaries = await placeBinaries(found, home, account);
  if (!usable) {
    const elsewhere = home === server.path ? {} : { dataDirectory: data };
    await initializeDataDirectory({
      ...{ major: server.major, binaries, home, account, signal: options.signal },
      sync: options.settings?.['fsync'] !== 'off',
      record: (made) =>
        writeRecord(server, { ...made, ...elsewhere, port: onRecord?.port, binaries: found.source }),
    });
  }
  const record = await readRecord(server);
  if (record === undefined)
    throw directoryDenied(server.recordPath, new Error('It was removed while the server started.'));
  const launched = await launch({
    ...{ server, record, binaries, home, account, timeoutMs: options.timeoutMs, signal: options.signal },
    wishedPort: options.port ?? record.port,
    settings: options.settings ?? {},
  });
  const renewed = { ...record, port: launched.port, binaries: found.source };
  await writeRecord(server, renewed);
  return { ...(await finish(server, data, renewed, launched, 'started')), ...(aside && { setAside: aside }) };
}

/** The last step, of an adopted server too: the run that started it may have died before it made the database. */
async function finish(
  { major }: ServerDirectory,
  dataDirectory: string,
  record: ServerRecord,
  { pid, port, serverVersion }: Launched,
  state: StartedServer['state'],
): Promise<StartedServer> {
  await ensureDatabase(port, record);
  const { systemIdentifier, binaries } = record;
  return {
    ...{ connectionString: connectionString(port, record), host: HOST, port, major, serverVersion },
    ...{ dataDirectory, binaries, pid, systemIdentifier, state },
  };
}

/**
 * Moves away a data directory that no server can run on (half made), or that nobody can log in to (its record is
 * gone). One that carries another identifier than the record's was put there by someone, and is left alone.
 */
async function setAsideUnusable(
  { path }: ServerDirectory,
  data: string,
  record: ServerRecord | undefined,
  account: Account | undefined,
): Promise<string | undefined> {
  const state = await dataDirectoryState(data);
  if (state === 'missing') return undefined;
  if (state === 'complete' && record !== undefined) {
    const systemIdentifier = await readSystemIdentifier(data);
    if (systemIdentifier === record.systemIdentifier) return undefined;
    throw new OperationError('DEV_START_FAILED', `${data} is not the data directory that was made here`, {
      detail: `Its system identifier is ${systemIdentifier}; on record is ${record.systemIdentifier}.`,
      hint: `Put the original back, or move ${path} away to start with an empty database.`,
    });
  }
  const file = await readPostmasterFile(data);
  if (file !== undefined && (await isPostmaster(file.pid, data, account))) {
    throw new OperationError(
      'DEV_START_FAILED',
      `process ${file.pid} runs on ${data}, and cannot be proved to be ours`,
      {
        detail:
          state === 'complete'
            ? `The record ${join(path, 'server.json')} is missing.`
            : 'The data directory is incomplete.',
        hint: `Stop it with «kill -INT ${file.pid}», then try again.`,
      },
    );
  }
  return setAside(data);
}

/** Milliseconds for a server that says it is ready to answer us, before we give up on it. */
const UNRESPONSIVE_MS = 10_000;

/** Waits while a postmaster starts or stops. @returns the running one; undefined when none runs */
async function waitUntilSettled(
  { major }: ServerDirectory,
  data: string,
  record: ServerRecord,
  account: Account | undefined,
  { signal, timeoutMs }: LockedOptions,
): Promise<Launched | undefined> {
  const begun = Date.now();
  for (;;) {
    signal?.throwIfAborted();
    const postmaster = await findPostmaster(data, record, account);
    if (postmaster.state === 'stopped') return undefined;
    if (postmaster.state === 'running') return postmaster;
    if (Date.now() - begun > (postmaster.state === 'unresponsive' ? UNRESPONSIVE_MS : timeoutMs)) {
      throw new OperationError(
        'DEV_START_FAILED',
        `PostgreSQL ${major} runs as process ${postmaster.pid}, and does not answer`,
        {
          detail: `Its state is ${postmaster.state}.`,
          hint: 'Stop it with «studymate-db dev stop», then start it again.',
        },
      );
    }
    await sleep(30);
  }
}
