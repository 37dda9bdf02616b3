import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning, worksIn } from './process-identity.js';
import { probeServer } from './probe.js';
import type { Account } from './program.js';
import { directoryDenied, isMissing, type ServerRecord } from './server-directory.js';

/** The lines of postmaster.pid that matter here. */
export interface PostmasterFile {
  readonly pid: number;
  /** Undefined in the first moments of a start. */
  readonly port: number | undefined;
  /** What the postmaster says of itself. A crash leaves the last word standing: only a connection proves it. */
  readonly status: string | undefined;
}

/** Undefined when there is no postmaster.pid, or an empty one (its postmaster is between creating and writing it). */
export async function readPostmasterFile(data: string): Promise<PostmasterFile | undefined> {
  let text: string;
  try {
    text = await readFile(join(data, 'postmaster.pid'), 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw directoryDenied(data, error);
  }
  const [pid, , , port, , , , status] = text.split('\n');
  if (!Number(pid)) return undefined;
  return { pid: Number(pid), port: Number(port) || undefined, status: status?.trim() };
}

export type Postmaster =
  | { readonly state: 'stopped' }
  | { readonly state: 'running'; readonly pid: number; readonly port: number; readonly serverVersion: string }
  /** It lives, and takes no connections: it starts, recovers, shuts down, hangs, or its password was changed. */
  | {
      readonly state: 'starting' | 'stopping' | 'unresponsive';
      readonly pid: number;
      readonly port: number | undefined;
    };

/**
 * The postmaster of this data directory, as it is now. A process counts only if it works in this very
 * directory; it counts as running only if it also answers with the system identifier on record.
 */
export async function findPostmaster(
  data: string,
  record: ServerRecord,
  account: Account | undefined,
): Promise<Postmaster> {
  const file = await readPostmasterFile(data);
  if (file === undefined || !(await isPostmaster(file.pid, data, account))) return { state: 'stopped' };
  const { pid, port } = file;
  const probe = port === undefined ? undefined : await probeServer(port, record);
  if (port !== undefined && probe?.answer === 'ours') {
    return { state: 'running', pid, port, serverVersion: probe.serverVersion };
  }
  // It may have gone while we asked.
  if (!(await isPostmaster(pid, data, account))) return { state: 'stopped' };
  const { status } = (await readPostmasterFile(data)) ?? file;
  const state = status === 'stopping' ? 'stopping' : status === 'ready' ? 'unresponsive' : 'starting';
  return { state, pid, port };
}

export async function isPostmaster(
  pid: number,
  data: string,
  account: Account | undefined,
): Promise<boolean> {
  return (await isRunning(pid)) && (await worksIn(pid, data, account));
}

/**
 * Frees a postmaster.pid whose pid now belongs to a stranger: the server would refuse to start for as long as
 * that stranger runs. The file is not removed, since its shared memory key is what keeps a new postmaster from
 * starting beside old backends that still run. Our own pid is put in: a postmaster takes its parent's pid for stale.
 */
export async function disownStalePid(data: string): Promise<void> {
  const path = join(data, 'postmaster.pid');
  const file = await readPostmasterFile(data);
  if (file === undefined || !(await isRunning(file.pid))) return;
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace(/^\d+/, String(process.pid)));
}
