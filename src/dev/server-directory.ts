import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { OperationError } from '../errors.js';
import { canReach } from './account.js';
import type { Account } from './program.js';

/** The majors `dev start` offers, oldest first. */
export const SUPPORTED_MAJORS = [15, 16, 17, 18] as const;
export const DEFAULT_MAJOR = 17;

/** 14 runs too, so that tests can see it refused; it is not offered. */
export type Major = 14 | (typeof SUPPORTED_MAJORS)[number];

/** What is kept beside the data directory, readable by its owner alone. */
export interface ServerRecord {
  /** As initdb made it: by this a server is known to be ours. */
  readonly systemIdentifier: string;
  readonly password: string;
  /** The port of the last start; the next one asks for it again, so that DATABASE_URL stays the same. */
  readonly port?: number | undefined;
  readonly binaries: 'package' | 'system';
  /** Only when the data directory lies elsewhere: see `serverHome`. */
  readonly dataDirectory?: string | undefined;
}

/** `<directory>/pg<major>`: everything that is known of one development server. */
export interface ServerDirectory {
  readonly major: Major;
  readonly path: string;
  readonly recordPath: string;
  readonly logPath: string;
}

export function serverDirectory(options: {
  directory?: string | undefined;
  major?: Major | undefined;
}): ServerDirectory {
  const major = options.major ?? DEFAULT_MAJOR;
  const path = join(resolve(options.directory ?? '.studymate'), `pg${major}`);
  return { major, path, recordPath: join(path, 'server.json'), logPath: join(path, 'server.log') };
}

/**
 * Makes the directory, out of git's sight, and open to the account the server runs as.
 *
 * @throws OperationError DEV_DIRECTORY_DENIED
 */
export async function makeServerDirectory(server: ServerDirectory): Promise<void> {
  const parent = dirname(server.path);
  try {
    await mkdir(server.path, { recursive: true });
    // Whatever the umask: the borrowed account must pass through. The record and the data have modes of their own.
    if (process.getuid?.() === 0) await Promise.all([chmod(parent, 0o755), chmod(server.path, 0o755)]);
    await writeFile(join(parent, '.gitignore'), '*\n');
  } catch (error) {
    throw directoryDenied(parent, error);
  }
}

export function directoryDenied(path: string, cause: unknown): OperationError {
  return new OperationError('DEV_DIRECTORY_DENIED', `${path} cannot be used`, {
    detail: cause instanceof Error ? cause.message : undefined,
    hint: 'Choose another folder with --directory, or run as the user who started the server before.',
    cause,
  });
}

/** Undefined when there is none, or when it is not a record. */
export async function readRecord(server: ServerDirectory): Promise<ServerRecord | undefined> {
  let text: string;
  try {
    text = await readFile(server.recordPath, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw directoryDenied(server.recordPath, error);
  }
  try {
    const record = JSON.parse(text) as Partial<ServerRecord> | null;
    return record?.systemIdentifier && record.password ? (record as ServerRecord) : undefined;
  } catch {
    return undefined;
  }
}

export async function writeRecord(server: ServerDirectory, record: ServerRecord): Promise<void> {
  const draft = `${server.recordPath}.new`;
  await writeFile(draft, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 });
  await rename(draft, server.recordPath);
}

/** Where root's servers live when the account cannot reach the project: not /tmp, which is cleared at boot. */
const ELSEWHERE = '/var/lib/studymate-db';

/**
 * The folder that holds what the server itself reads and writes: data, socket, copied binaries. It is the
 * server's directory, unless that lies below a folder the borrowed account may not enter (a project in /root);
 * then a folder below /var/lib/studymate-db, named after the project, which the record remembers.
 */
export async function serverHome(
  server: ServerDirectory,
  record: ServerRecord | undefined,
  account: Account | undefined,
): Promise<string> {
  if (record?.dataDirectory !== undefined && (await exists(record.dataDirectory)))
    return dirname(record.dataDirectory);
  if (await canReach(account, server.path)) return server.path;
  if (await exists(join(server.path, 'data'))) {
    throw directoryDenied(
      server.path,
      new Error(`The account of its data directory (uid ${account?.uid}) may not enter.`),
    );
  }
  const real = await realpath(server.path);
  const hash = createHash('sha256').update(real).digest('hex').slice(0, 12);
  const home = join(ELSEWHERE, `${basename(dirname(dirname(real)))}-${hash}`, basename(real));
  try {
    await mkdir(home, { recursive: true });
    for (const folder of [ELSEWHERE, dirname(home), home]) await chmod(folder, 0o755);
  } catch (error) {
    throw directoryDenied(home, error);
  }
  return home;
}

/** Where the data directory is, or would be if nothing stands in the way. Makes nothing. */
export function dataDirectoryOf(server: ServerDirectory, record: ServerRecord | undefined): string {
  return record?.dataDirectory ?? join(server.path, 'data');
}

/** The majors that have a server in `directory`. */
export async function listMajors(directory: string | undefined): Promise<readonly Major[]> {
  const present = await Promise.all(
    SUPPORTED_MAJORS.map(async (major) => exists(serverDirectory({ directory, major }).path)),
  );
  return SUPPORTED_MAJORS.filter((_, index) => present[index]);
}

export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw directoryDenied(path, error);
  }
}

export function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
