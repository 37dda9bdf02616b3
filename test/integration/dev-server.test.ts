import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRunning, postgresProcessesIn } from '../../src/dev/process-identity.js';
import { serverStatus } from '../../src/dev/server-status.js';
import { startServer, type StartedServer, type StartOptions } from '../../src/dev/start-server.js';
import { stopServer } from '../../src/dev/stop-server.js';
import { OperationError } from '../../src/errors.js';
import { makeTemporaryFolder } from '../support/server.js';

const folders: string[] = [];
let directory: string;

beforeEach(async () => {
  directory = join(await makeTemporaryFolder(), '.studymate');
  folders.push(directory);
});

afterEach(async () => {
  await stopServer({ directory });
});

afterAll(async () => {
  for (const folder of folders) await rm(join(folder, '..'), { recursive: true, force: true });
});

const start = (options: StartOptions = {}): Promise<StartedServer> => startServer({ directory, ...options });
const dataOf = (folder: string): string => join(folder, 'pg17', 'data');

async function query<T extends pg.QueryResultRow>(server: StartedServer, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: server.connectionString });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('a development server', () => {
  it('is a durable UTF-8 PostgreSQL that its connection string opens, on the loopback interface alone', async () => {
    const server = await start();
    expect(server).toMatchObject({ state: 'started', major: 17, host: '127.0.0.1', binaries: 'package' });
    const [row] = await query(
      server,
      `select current_database() as database, current_user as role, current_setting('server_encoding') as encoding,
              current_setting('fsync') as fsync, current_setting('listen_addresses') as addresses,
              current_setting('TimeZone') as zone, 'ㄱ' < '가' and 'Z' < 'a' as by_code_point,
              (select system_identifier::text from pg_control_system()) as identifier`,
    );
    expect(row).toEqual({
      ...{ database: 'studymate', role: 'studymate', encoding: 'UTF8', fsync: 'on', addresses: '127.0.0.1' },
      ...{ zone: 'UTC', by_code_point: true, identifier: server.systemIdentifier },
    });
  });

  it('asks for its password, which only its owner can read', async () => {
    const server = await start();
    const wrong = new URL(server.connectionString);
    wrong.password = 'guessed';
    const client = new pg.Client({ connectionString: wrong.href });
    await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
    expect((await stat(join(directory, 'pg17', 'server.json'))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(directory, '.gitignore'), 'utf8')).toBe('*\n');
  });

  it('keeps data, port and password from one start to the next, and is found running by a second start', async () => {
    const first = await start();
    await query(first, 'create table kept (id integer)');
    expect(await start()).toEqual({ ...first, state: 'already running' });
    await stopServer({ directory });
    const second = await start();
    expect(second).toEqual({ ...first, pid: second.pid });
    expect(await query(second, 'select * from kept')).toEqual([]);
  });

  it('is gone with all its processes and locks when stop returns', async () => {
    const server = await start();
    const client = new pg.Client({ connectionString: server.connectionString });
    client.on('error', () => undefined);
    await client.connect();
    expect(await postgresProcessesIn(server.dataDirectory, await owner(server))).not.toEqual([]);
    expect(await stopServer({ directory })).toMatchObject({
      state: 'stopped',
      mode: 'fast',
      pid: server.pid,
    });
    expect(await isRunning(server.pid)).toBe(false);
    expect(await readdir(join(directory, 'pg17'))).not.toContainEqual(expect.stringMatching(/^(lock|init)-/));
    expect(existsSync(join(server.dataDirectory, 'postmaster.pid'))).toBe(false);
    expect(await postgresProcessesIn(server.dataDirectory, await owner(server))).toEqual([]);
    expect(await stopServer({ directory })).toMatchObject({ state: 'not running' });
  });

  it('is reported as it is: absent, running, shutting down, stopped', async () => {
    expect(await serverStatus({ directory })).toMatchObject({ state: 'absent' });
    expect(existsSync(directory)).toBe(false);
    const server = await start();
    expect(await serverStatus({ directory })).toEqual({ ...server, state: 'running' });
    const client = new pg.Client({ connectionString: server.connectionString });
    client.on('error', () => undefined);
    await client.connect();
    // A smart shutdown waits for this session: alive, and on its way out.
    process.kill(server.pid, 'SIGTERM');
    await expect
      .poll(() => serverStatus({ directory }))
      .toMatchObject({ state: 'stopping', pid: server.pid });
    await client.end();
    await expect.poll(() => serverStatus({ directory })).toMatchObject({ state: 'stopped' });
  });

  it('does not start on settings that make no sense: the error holds the end of the log, and nothing runs', async () => {
    const error: unknown = await start({ settings: { shared_buffers: 'plenty' } }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(OperationError);
    expect(error).toMatchObject({
      code: 'DEV_START_FAILED',
      detail: expect.stringContaining('shared_buffers') as string,
      hint: expect.stringContaining('server.log') as string,
    });
    expect(await serverStatus({ directory })).toMatchObject({ state: 'stopped' });
    expect(await start()).toMatchObject({ state: 'started' });
  });

  it('is not left behind when its start is interrupted', async () => {
    const interruption = new AbortController();
    const starting = start({ signal: interruption.signal });
    await expect.poll(() => existsSync(join(directory, 'pg17')), { interval: 1 }).toBe(true);
    interruption.abort(new Error('interrupted'));
    await expect(starting).rejects.toThrow('interrupted');
    // A copy of the binaries may stay: it is made where the package lies out of the account's reach.
    const left = (await readdir(join(directory, 'pg17'))).filter((name) => !/^(?:binaries|lib)-/.test(name));
    expect(left).toEqual([]);
    expect(await start()).toMatchObject({ state: 'started' });
  });
});

describe('a data directory that cannot be used', () => {
  it('is moved away, not deleted, when it is half made; what a killed run left is cleared away', async () => {
    await mkdir(join(dataOf(directory), 'base'), { recursive: true });
    await writeFile(join(dataOf(directory), 'PG_VERSION'), '17\n');
    await mkdir(join(directory, 'pg17', 'init-leftover', 'data'), { recursive: true });
    const server = await start();
    expect(server).toMatchObject({ state: 'started', setAside: `${dataOf(directory)}-set-aside-1` });
    expect(await readFile(join(`${dataOf(directory)}-set-aside-1`, 'PG_VERSION'), 'utf8')).toBe('17\n');
    expect(await readdir(join(directory, 'pg17'))).not.toContain('init-leftover');
  });

  it('is moved away when its record, and with it the password, is gone', async () => {
    const first = await start();
    await stopServer({ directory });
    await rm(join(directory, 'pg17', 'server.json'));
    const second = await start();
    expect(second.setAside).toBe(`${dataOf(directory)}-set-aside-1`);
    expect(second.systemIdentifier).not.toBe(first.systemIdentifier);
  });

  it('is left alone when it is somebody else’s: its system identifier is not the one on record', async () => {
    await start();
    await stopServer({ directory });
    const path = join(directory, 'pg17', 'server.json');
    const record = JSON.parse(await readFile(path, 'utf8')) as object;
    await writeFile(path, JSON.stringify({ ...record, systemIdentifier: '1' }));
    await expect(start()).rejects.toMatchObject({
      code: 'DEV_START_FAILED',
      detail: expect.stringContaining('1') as string,
    });
    expect(await readdir(join(directory, 'pg17'))).toContain('data');
  });
});

describe('a server whose system identifier is not the one on record', () => {
  it('is neither reported as running, nor adopted, nor stopped', async () => {
    const server = await start();
    const path = join(directory, 'pg17', 'server.json');
    const record = await readFile(path, 'utf8');
    await writeFile(path, record.replace(server.systemIdentifier, '1'));
    expect(await serverStatus({ directory })).toMatchObject({ state: 'unresponsive', pid: server.pid });
    await expect(start()).rejects.toMatchObject({ code: 'DEV_START_FAILED' });
    await expect(stopServer({ directory })).rejects.toMatchObject({ code: 'DEV_STOP_FAILED' });
    expect(await query(server, 'select 1 as alive')).toEqual([{ alive: 1 }]);
    await writeFile(path, record);
  });
});

async function owner(server: StartedServer): Promise<{ uid: number; gid: number } | undefined> {
  const { uid, gid } = await stat(server.dataDirectory);
  return process.getuid?.() === 0 ? { uid, gid } : undefined;
}
