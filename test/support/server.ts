import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Major } from '../../src/dev/server-directory.js';
import { startServer, type StartedServer } from '../../src/dev/start-server.js';
import { stopServer } from '../../src/dev/stop-server.js';

/** What tests may lose: the data, when the machine does. */
const FAST_AND_UNSAFE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } as const;

export interface ThrowAwayServer extends StartedServer {
  readonly directory: string;
  /** Starts it again after a crash or a stop, with a new pid; or finds it running. */
  readonly start: () => Promise<StartedServer>;
  readonly stop: () => Promise<void>;
  readonly dispose: () => Promise<void>;
}

/** A temporary folder that the account of a server started by root can enter. */
export async function makeTemporaryFolder(root = tmpdir()): Promise<string> {
  const folder = await mkdtemp(join(root, 'studymate-test-'));
  await chmod(folder, 0o755);
  return folder;
}

/** Starts a server in a temporary folder. The caller stops it; a caller that is killed takes it along. */
export async function startThrowAwayServer(
  major: Major,
  settings: Readonly<Record<string, string>> = {},
  root = tmpdir(),
): Promise<ThrowAwayServer> {
  const directory = await makeTemporaryFolder(root);
  const guard = guardServer(directory, major);
  const start = (): Promise<StartedServer> =>
    startServer({ directory, major, settings: { ...FAST_AND_UNSAFE, max_connections: '100', ...settings } });
  const stop = async (): Promise<void> => {
    await stopServer({ directory, major });
  };
  const dispose = async (): Promise<void> => {
    await stop();
    await rm(directory, { recursive: true, force: true });
    guard.release();
  };
  try {
    return { ...(await start()), directory, start, stop, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/**
 * Gives `work` a server of its own: for tests that crash it, configure it, or need another major. Stopped and removed
 * afterwards, whatever happens.
 */
export async function withServer<T>(
  major: Major,
  work: (server: ThrowAwayServer) => Promise<T>,
  settings: Readonly<Record<string, string>> = {},
): Promise<T> {
  const server = await startThrowAwayServer(major, settings);
  try {
    return await work(server);
  } finally {
    await server.dispose();
  }
}

/**
 * A test run that is killed tells nobody. This shell notices, as its standard input ends then, stops the server and
 * removes its folder.
 */
export function guardServer(directory: string, major: Major): { release(): void } {
  const script = `while read -r word; do test "$word" = released && exit; done
    read -r pid < "$0/pg$1/data/postmaster.pid" && kill -INT "$pid"
    while test -e "$0/pg$1/data/postmaster.pid"; do sleep 0.1; done; rm -rf "$0"`;
  const shell = spawn('/bin/sh', ['-c', script, directory, String(major)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.unref();
  return { release: () => shell.stdin.end('released\n') };
}
