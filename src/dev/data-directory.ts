import { randomBytes } from 'node:crypto';
import { chown, mkdir, mkdtemp, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { OperationError } from '../errors.js';
import type { Major, ServerRecord } from './server-directory.js';
import { exists, isMissing } from './server-directory.js';
import type { PlacedBinaries } from './place-binaries.js';
import { runProgram, type Account } from './program.js';

/** The superuser of a development server, and the database made for it. */
export const SUPERUSER = 'studymate';

export type DataDirectoryState = 'missing' | 'incomplete' | 'complete';

export async function dataDirectoryState(data: string): Promise<DataDirectoryState> {
  let names: readonly string[];
  try {
    names = await readdir(data);
  } catch (error) {
    if (isMissing(error)) return 'missing';
    throw error;
  }
  if (names.length === 0) return 'missing';
  // initdb writes PG_VERSION first and pg_control in the middle; base/5 (postgres) is the last database it makes.
  const parts = ['PG_VERSION', 'global/pg_control', 'postgresql.conf', 'pg_hba.conf', 'base/1/PG_VERSION'];
  for (const part of parts) if (!(await exists(join(data, part)))) return 'incomplete';
  return 'complete';
}

/**
 * The number that initdb gives a cluster, read from its control file: the first field of pg_control in every
 * release, in the machine's byte order; signed, as pg_control_system() shows it.
 */
export async function readSystemIdentifier(data: string): Promise<string> {
  const file = await open(join(data, 'global', 'pg_control'), 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(8), 0, 8, 0);
    return (endianness() === 'LE' ? buffer.readBigInt64LE() : buffer.readBigInt64BE()).toString();
  } finally {
    await file.close();
  }
}

export interface InitializeOptions {
  readonly major: Major;
  readonly binaries: PlacedBinaries;
  readonly home: string;
  readonly account: Account | undefined;
  /** False only where the data may be lost. */
  readonly sync: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Called when the new directory is complete, before it takes its place. */
  readonly record: (made: Pick<ServerRecord, 'systemIdentifier' | 'password'>) => Promise<void>;
}

/**
 * Makes `<home>/data`: UTF-8, C.UTF-8, passwords by SCRAM for everyone. It is built beside and appears by
 * rename, after its password is on record, so that no moment of dying leaves one that cannot be used.
 *
 * @throws OperationError DEV_START_FAILED with what initdb said
 */
export async function initializeDataDirectory(options: InitializeOptions): Promise<void> {
  const { home, account, signal } = options;
  const draft = await mkdtemp(join(home, 'init-'));
  try {
    const data = join(draft, 'data');
    const password = randomBytes(24).toString('base64url');
    const passwordFile = join(draft, 'password');
    await mkdir(data, { mode: 0o700 });
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (account !== undefined) {
      for (const path of [draft, data, passwordFile]) await chown(path, account.uid, account.gid);
    }
    await runInitdb(data, passwordFile, options);
    await options.record({ systemIdentifier: await readSystemIdentifier(data), password });
    signal?.throwIfAborted();
    await rename(data, join(home, 'data'));
  } finally {
    await removeDraft(draft);
  }
}

async function runInitdb(data: string, passwordFile: string, options: InitializeOptions): Promise<void> {
  const { binaries, account, signal } = options;
  const common = [
    ...['-D', data, '-U', SUPERUSER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`],
    ...['-E', 'UTF8', '--lc-messages=C', '--no-instructions', ...(options.sync ? [] : ['--no-sync'])],
  ];
  const failures: string[] = [];
  for (const locale of localeChoices(options.major)) {
    const { exitCode, stderr } = await runProgram(binaries.initdb, [...common, ...locale], {
      account,
      environment: binaries.environment,
      signal,
    });
    if (exitCode === 0) return;
    failures.push(stderr.trim());
  }
  throw new OperationError('DEV_START_FAILED', 'initdb could not make a data directory', {
    detail: failures[0],
    hint: 'The detail is what initdb said; no data directory was left behind.',
  });
}

/**
 * Code point order wherever possible, the same on every machine. From 17 on PostgreSQL brings it itself; before,
 * the system's C.UTF-8 gives it, and where the system has none, ICU's root locale is the next best.
 */
function localeChoices(major: Major): readonly (readonly string[])[] {
  const builtin = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const icu = ['--locale=C', '--locale-provider=icu', '--icu-locale=und'];
  if (major >= 17)
    return [
      ['--locale=C.UTF-8', ...builtin],
      ['--locale=C', ...builtin],
    ];
  return [['--locale=C.UTF-8'], major >= 15 ? icu : ['--locale=C']];
}

/** Clears away what a run that was killed left behind. Only to be called under the lock. */
export async function removeLeftovers(home: string): Promise<void> {
  for (const name of await readdir(home)) if (name.startsWith('init-')) await removeDraft(join(home, name));
}

/** An initdb whose parent was killed may still be writing: hence the retries. */
async function removeDraft(draft: string): Promise<void> {
  await rm(draft, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

/** Moves a data directory that cannot be used out of the way. Nothing is deleted. @returns where it is now */
export async function setAside(data: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const aside = `${data}-set-aside-${number}`;
    if (await exists(aside)) continue;
    await rename(data, aside);
    return aside;
  }
}
