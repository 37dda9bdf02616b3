import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, chown, mkdir, open, readFile, rename } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperationError } from '../errors.js';
import type { PlacedBinaries } from './place-binaries.js';
import { readPostmasterFile } from './postmaster.js';
import { HOST, probeServer } from './probe.js';
import { PROGRAM_ENVIRONMENT, type Account } from './program.js';
import type { ServerDirectory, ServerRecord } from './server-directory.js';

export interface LaunchOptions {
  readonly server: ServerDirectory;
  readonly record: ServerRecord;
  readonly binaries: PlacedBinaries;
  readonly home: string;
  readonly account: Account | undefined;
  readonly wishedPort: number | undefined;
  readonly settings: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Launched {
  readonly pid: number;
  readonly port: number;
  readonly serverVersion: string;
}

/**
 * Starts the postmaster, in a session of its own so that it outlives us, and waits until it answers as ours.
 * The wished port is taken if it is free, else any free one.
 *
 * Tried again when the port was lost to another program meanwhile, and for a while when a postmaster was killed
 * before: its last backends may still be going, and PostgreSQL does not start beside them.
 *
 * @throws OperationError DEV_START_FAILED with the end of the server's log. Nothing runs then, unless the detail says
 * that it is still starting.
 */
export async function launch(options: LaunchOptions): Promise<Launched> {
  const deadline = Date.now() + options.timeoutMs;
  const crashed = (await readPostmasterFile(join(options.home, 'data'))) !== undefined;
  const retryUntil = crashed ? Math.min(deadline, Date.now() + AFTER_CRASH_MS) : 0;
  let { wishedPort } = options;
  for (;;) {
    const port = await choosePort(wishedPort);
    const postmaster = await spawnPostmaster(port, options);
    const launched = await waitUntilReady(postmaster, port, deadline, options);
    if (launched !== undefined) return launched;
    options.signal?.throwIfAborted();
    const lostPort = !(await isFree(port));
    if (lostPort) wishedPort = undefined;
    if (Date.now() > (lostPort ? deadline : retryUntil)) throw await startFailed(options, postmaster);
    await sleep(200);
  }
}

/** Milliseconds. */
const AFTER_CRASH_MS = 10_000;

interface SpawnedPostmaster {
  readonly child: ChildProcess;
  /** Set when it is gone. */
  ended: string | undefined;
}

async function spawnPostmaster(port: number, options: LaunchOptions): Promise<SpawnedPostmaster> {
  const { account, binaries, home, server } = options;
  const settings = {
    ...options.settings,
    listen_addresses: HOST,
    port: String(port),
    unix_socket_directories: await makeSocketDirectory(home, port, account),
  };
  // The last run's log may be what explains a crash.
  await rename(server.logPath, `${server.logPath}.1`).catch(() => undefined);
  const log = await open(server.logPath, 'w', 0o600);
  try {
    const parameters = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = spawn(binaries.postgres, ['-D', join(home, 'data'), ...parameters], {
      ...account,
      cwd: '/',
      env: { ...PROGRAM_ENVIRONMENT, ...binaries.environment },
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
    });
    child.unref();
    const postmaster: SpawnedPostmaster = { child, ended: undefined };
    child.on('error', (error) => (postmaster.ended = error.message));
    child.on(
      'exit',
      (code, signal) => (postmaster.ended = `postgres ended with ${signal ?? `exit code ${code ?? ''}`}.`),
    );
    return postmaster;
  } finally {
    await log.close();
  }
}

/** A socket path may have about 100 bytes; where it would be longer there is none, and TCP does. */
async function makeSocketDirectory(
  home: string,
  port: number,
  account: Account | undefined,
): Promise<string> {
  const folder = join(home, 'socket');
  // The setting is a list: a comma or a quote in the path would have to be quoted.
  if (process.platform === 'win32' || /[",]/.test(folder)) return '';
  if (Buffer.byteLength(join(folder, `.s.PGSQL.${port}`)) >= 100) return '';
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  if (account !== undefined) await chown(folder, account.uid, account.gid);
  return folder;
}

/** Undefined when the postmaster ended. */
async function waitUntilReady(
  postmaster: SpawnedPostmaster,
  port: number,
  deadline: number,
  options: LaunchOptions,
): Promise<Launched | undefined> {
  const { home, record, signal } = options;
  const data = join(home, 'data');
  const { pid } = postmaster.child;
  for (;;) {
    if (pid === undefined || postmaster.ended !== undefined) {
      // A program that did not start says why in an event that is still to come.
      if (postmaster.ended === undefined) await sleep(0);
      return undefined;
    }
    if (signal?.aborted) {
      await endChild(postmaster);
      throw signal.reason;
    }
    const file = await readPostmasterFile(data);
    // Before it says so itself, whatever answers at the port may be a stranger.
    if (file?.pid === pid && file.status === 'ready') {
      const probe = await probeServer(port, record);
      if (probe.answer === 'ours') return { pid, port, serverVersion: probe.serverVersion };
    }
    if (Date.now() > deadline) throw await startFailed(options, postmaster);
    await sleep(15);
  }
}

/** Repeated, since a postmaster that has only just been spawned may not have heard the first. */
async function endChild(postmaster: SpawnedPostmaster): Promise<void> {
  while (postmaster.ended === undefined) {
    postmaster.child.kill('SIGINT');
    await sleep(50);
  }
}

async function startFailed(options: LaunchOptions, postmaster: SpawnedPostmaster): Promise<OperationError> {
  const { logPath, major } = options.server;
  const tail = (await readFile(logPath, 'utf8')).trimEnd().split('\n').slice(-20).join('\n');
  const ended =
    postmaster.ended ??
    `Process ${postmaster.child.pid} is still starting; «dev status» tells when it is ready.`;
  return new OperationError('DEV_START_FAILED', `PostgreSQL ${major} did not start`, {
    detail: [ended, tail].filter(Boolean).join('\n'),
    hint: `The whole log is ${logPath}.`,
  });
}

async function choosePort(wished: number | undefined): Promise<number> {
  return wished !== undefined && (await isFree(wished)) ? wished : freePort();
}

async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== undefined;
}

async function freePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === undefined)
    throw new OperationError('DEV_START_FAILED', 'this machine has no free loopback port');
  return port;
}

/** Undefined when the port is taken. */
async function listenOnce(port: number): Promise<number | undefined> {
  const listener = createServer();
  return new Promise((resolve) => {
    listener.once('error', () => resolve(undefined));
    listener.listen(port, HOST, () => {
      const address = listener.address();
      listener.close(() =>
        resolve(address !== null && typeof address === 'object' ? address.port : undefined),
      );
    });
  });
}
