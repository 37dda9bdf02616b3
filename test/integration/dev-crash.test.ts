import { spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { isRunning, postgresProcessesIn, processStart } from '../../src/dev/process-identity.js';
import { serverStatus } from '../../src/dev/server-status.js';
import { startServer, type StartedServer } from '../../src/dev/start-server.js';
import { stopServer } from '../../src/dev/stop-server.js';
import { installPackage, spawnStart } from '../support/installed-package.js';
import { makeTemporaryFolder } from '../support/server.js';

let folder: string;
let count = 0;
let directory: string;
let others: { end: () => void }[] = [];

beforeAll(async () => {
  folder = await makeTemporaryFolder();
  await installPackage(folder, { binaries: 'linked' });
});

beforeEach(() => {
  count += 1;
  directory = join(folder, String(count), '.studymate');
});

afterEach(async () => {
  for (const other of others) other.end();
  others = [];
  await stopServer({ directory });
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const postmasterFile = (): string => join(directory, 'pg17', 'data', 'postmaster.pid');
const owner = async (): Promise<{ uid: number; gid: number } | undefined> => {
  const { uid, gid } = await stat(join(directory, 'pg17', 'data'));
  return process.getuid?.() === 0 ? { uid, gid } : undefined;
};

/** Asks until the answer is true. */
async function until(ask: () => Promise<boolean>): Promise<void> {
  await expect.poll(ask, { interval: 1, timeout: 20_000 }).toBe(true);
}

async function connect(server: StartedServer): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: server.connectionString });
  client.on('error', () => undefined);
  await client.connect();
  others.push({ end: () => void client.end().catch(() => undefined) });
  return client;
}

async function systemIdentifierAt(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ identifier: string }>(
      'select system_identifier::text as identifier from pg_control_system()',
    );
    return rows[0]?.identifier ?? '';
  } finally {
    await client.end();
  }
}

describe('a start that is killed', () => {
  it('in the middle of initdb leaves nothing that hinders the next one', async () => {
    const { child, result } = spawnStart(folder, { directory });
    const home = join(directory, 'pg17');
    await until(async () => {
      const names = await readdir(home).catch(() => []);
      const draft = names.find((name) => name.startsWith('init-'));
      return draft !== undefined && (await readdir(join(home, draft, 'data')).catch(() => [])).length > 3;
    });
    child.kill('SIGKILL');
    expect(await result).toBeUndefined();
    expect(await startServer({ directory })).toMatchObject({ state: 'started' });
    expect((await readdir(home)).filter((name) => /^(init|lock)-/.test(name))).toEqual([]);
  });

  it('after the postmaster came up leaves a server that the next one adopts', async () => {
    const { child, result } = spawnStart(folder, { directory });
    await until(async () => (await readFile(postmasterFile(), 'utf8').catch(() => '')).includes('\n'));
    child.kill('SIGKILL');
    expect(await result).toBeUndefined();
    const pid = Number((await readFile(postmasterFile(), 'utf8')).split('\n')[0]);
    const server = await startServer({ directory });
    expect(server).toMatchObject({ state: 'already running', pid });
    expect(await systemIdentifierAt(server.connectionString)).toBe(server.systemIdentifier);
  });
});

describe('several starts at once', () => {
  it('give one server: one starts it, the others find it running', async () => {
    const runs = [spawnStart(folder, { directory }).result, spawnStart(folder, { directory }).result];
    const servers = [...(await Promise.all(runs)), await startServer({ directory })] as StartedServer[];
    expect(servers.map(({ state }) => state).sort()).toEqual([
      'already running',
      'already running',
      'started',
    ]);
    expect(new Set(servers.map(({ connectionString, pid }) => `${connectionString} ${pid}`)).size).toBe(1);
  });

  it('wait for the one that holds the lock, up to a limit, and name it', async () => {
    const lock = join(
      directory,
      'pg17',
      `lock-${process.pid}-${await processStart(process.pid)}-${crypto.randomUUID()}`,
    );
    await mkdir(join(directory, 'pg17'), { recursive: true });
    await writeFile(lock, '');
    await expect(startServer({ directory, timeoutMs: 100 })).rejects.toMatchObject({
      code: 'BUSY_DEV_SERVER',
      detail: expect.stringContaining(String(process.pid)) as string,
    });
    await rm(lock);
    expect(await startServer({ directory })).toMatchObject({ state: 'started' });
  });

  it('take no notice of a lock whose process died, even when its pid lives again', async () => {
    await mkdir(join(directory, 'pg17'), { recursive: true });
    await writeFile(join(directory, 'pg17', `lock-${process.pid}-1-${crypto.randomUUID()}`), '');
    expect(await startServer({ directory, timeoutMs: 20_000 })).toMatchObject({ state: 'started' });
  });
});

describe('a postmaster that is killed', () => {
  it('is not reported as running, and starts again though a backend outlived it', async () => {
    const first = await startServer({ directory });
    const client = await connect(first);
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const backend = rows[0]?.pid ?? 0;
    // Busy, so that it does not notice the postmaster's death.
    const busy = client.query('do $$ begin loop end loop; end $$').catch((error: unknown) => error);
    process.kill(first.pid, 'SIGKILL');
    await until(async () => !(await isRunning(first.pid)));
    expect(await serverStatus({ directory })).toMatchObject({ state: 'stopped' });
    expect(await isRunning(backend)).toBe(true);
    const second = await startServer({ directory });
    expect(second).toEqual({ ...first, pid: second.pid });
    expect(await isRunning(backend)).toBe(false);
    expect(await busy).toBeInstanceOf(Error);
  });

  it('leaves nothing running once stop was called', async () => {
    const server = await startServer({ directory });
    const client = await connect(server);
    const busy = client.query('do $$ begin loop end loop; end $$').catch((error: unknown) => error);
    process.kill(server.pid, 'SIGKILL');
    await until(async () => !(await isRunning(server.pid)));
    expect(await stopServer({ directory })).toMatchObject({ state: 'not running' });
    expect(await postgresProcessesIn(server.dataDirectory, await owner())).toEqual([]);
    expect(await busy).toBeInstanceOf(Error);
  });

  it('starts again though its pid now belongs to another program, which is left alone', async () => {
    const first = await startServer({ directory });
    process.kill(first.pid, 'SIGKILL');
    await until(async () => !(await isRunning(first.pid)));
    const text = await readFile(postmasterFile(), 'utf8');
    // Of the same account: PostgreSQL itself would refuse to start.
    const stranger: ChildProcess = spawn('/bin/sleep', ['600'], { ...(await owner()), cwd: '/' });
    others.push({ end: () => stranger.kill('SIGKILL') });
    await writeFile(postmasterFile(), text.replace(/^\d+/, String(stranger.pid)));
    expect(await serverStatus({ directory })).toMatchObject({ state: 'stopped' });
    expect(await stopServer({ directory })).toMatchObject({ state: 'not running' });
    expect(await startServer({ directory })).toMatchObject({ state: 'started', port: first.port });
    expect(await isRunning(stranger.pid ?? 0)).toBe(true);
  });
});

describe('a port that is taken', () => {
  it('by another program makes the server use a free one', async () => {
    const listener: Server = createServer();
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    others.push({ end: () => listener.close() });
    const { port } = listener.address() as { port: number };
    const server = await startServer({ directory, port });
    expect(server.port).not.toBe(port);
    expect(listener.listening).toBe(true);
  });

  it('by another PostgreSQL makes the server use a free one, and leaves the other as it was', async () => {
    const foreign = inject('adminUrl');
    const identifier = await systemIdentifierAt(foreign);
    const port = Number(new URL(foreign).port);
    const server = await startServer({ directory, port });
    expect(server.port).not.toBe(port);
    expect(await systemIdentifierAt(foreign)).toBe(identifier);
    expect(await systemIdentifierAt(server.connectionString)).not.toBe(identifier);
  });

  it('is not mistaken for ours when the directory is a copy of another running server’s', async () => {
    const original = await startServer({ directory });
    const copy = join(folder, String(count), 'copy');
    const client = await connect(original);
    // A copy of a quiet cluster with its postmaster.pid: same identifier, same password, and a pid that lives.
    await client.query('checkpoint');
    await cp(directory, copy, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !path.includes('/socket'),
    });
    const account = await owner();
    if (account) await changeOwner(join(copy, 'pg17', 'data'), account);
    expect(await serverStatus({ directory: copy })).toMatchObject({ state: 'stopped' });
    expect(await stopServer({ directory: copy })).toMatchObject({ state: 'not running' });
    const second = await startServer({ directory: copy });
    others.push({ end: () => process.kill(second.pid, 'SIGINT') });
    expect(second).toMatchObject({ state: 'started', systemIdentifier: original.systemIdentifier });
    expect(second.port).not.toBe(original.port);
    expect(await serverStatus({ directory })).toMatchObject({ state: 'running', pid: original.pid });
    expect(await stopServer({ directory: copy })).toMatchObject({ state: 'stopped', pid: second.pid });
    others.pop();
  });
});

async function changeOwner(path: string, { uid, gid }: { uid: number; gid: number }): Promise<void> {
  const child = spawn('/bin/chown', ['-R', `${uid}:${gid}`, path]);
  await new Promise((resolve) => child.on('close', resolve));
}
