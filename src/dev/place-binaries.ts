import { existsSync, readFileSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { executable, type Binaries } from './binaries.js';
import { OperationError } from '../errors.js';
import { runProgram, type Account } from './program.js';

/** Programs that the server's account can run. */
export interface PlacedBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Empty, or where the dynamic linker must look. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Makes the binaries usable by `account`: copies them into `home` when they are out of its reach, and makes
 * the soname links that the package's install script makes when npm is allowed to run it. The package itself is
 * never written to. Done anew, and cheaply, at every start.
 */
export async function placeBinaries(
  binaries: Binaries,
  home: string,
  account: Account | undefined,
): Promise<PlacedBinaries> {
  let { bin } = binaries;
  let environment = {};
  if (binaries.source === 'package') {
    if (!(await canUse(bin, account))) bin = await copyBinaries(binaries, home);
    environment = await linkLibraries(dirname(bin), join(home, `lib-${binaries.version}`));
  } else if (!(await canRun(bin, account))) {
    // Those of a system belong to it: they are not copied.
    throw new OperationError(
      'DEV_BINARIES_MISSING',
      `the server's account may not run the programs in ${bin}`,
      {
        detail: `Root cannot run PostgreSQL, so user ${account?.uid ?? ''} does.`,
        hint: 'Open the folder and those above it to that user, or leave --system out.',
      },
    );
  }
  const program = (name: string): string => join(bin, executable(name));
  return { initdb: program('initdb'), postgres: program('postgres'), environment };
}

/** The last file of `share` is looked at too: a strict umask at install time may close only what is not executable. */
async function canUse(bin: string, account: Account | undefined): Promise<boolean> {
  if (account === undefined) return true;
  const test = [
    '-c',
    'test -x "$0/initdb" && test -x "$0/postgres" && test -r "$0/../share/postgresql/postgres.bki"',
    bin,
  ];
  return (await runProgram('/bin/sh', test, { account })).exitCode === 0;
}

async function canRun(bin: string, account: Account | undefined): Promise<boolean> {
  if (account === undefined) return true;
  const test = ['-c', 'test -x "$0/initdb" && test -x "$0/postgres"', bin];
  return (await runProgram('/bin/sh', test, { account })).exitCode === 0;
}

/** The copy appears by rename, complete or not at all, and its name says which build it is. */
async function copyBinaries(binaries: Binaries, home: string): Promise<string> {
  const copy = join(home, `binaries-${binaries.version}`);
  if (!existsSync(copy)) {
    const draft = await mkdtemp(join(home, 'init-binaries-'));
    await cp(dirname(binaries.bin), draft, { recursive: true, verbatimSymlinks: true });
    await openToAll(draft);
    await rename(draft, copy);
  }
  return join(copy, basename(binaries.bin));
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    else if (entry.isFile()) await chmod(path, (await stat(path)).mode & 0o100 ? 0o755 : 0o644);
  }
}

interface SymbolicLink {
  /** Both relative to the package, as in `native/lib/libpq.so.5`. */
  readonly source: string;
  readonly target: string;
}

async function linkLibraries(native: string, folder: string): Promise<Readonly<Record<string, string>>> {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return {};
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly SymbolicLink[];
  const missing = links.filter(
    ({ target }) => !existsSync(join(native, '..', target.replace(/^native/, basename(native)))),
  );
  if (missing.length === 0) return {};
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o755 });
  await chmod(folder, 0o755);
  for (const { source, target } of missing) {
    await symlink(join(native, 'lib', basename(source)), join(folder, basename(target)));
  }
  // Both are needed: a library found through the links looks for its own neighbours by this path too.
  const path = `${folder}:${join(native, 'lib')}`;
  return process.platform === 'darwin' ? { DYLD_LIBRARY_PATH: path } : { LD_LIBRARY_PATH: path };
}
