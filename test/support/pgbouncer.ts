import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { poll } from './poll.js';
import { makeTemporaryFolder } from './server.js';

export const hasPgBouncer = await promisify(execFile)('pgbouncer', ['--version']).then(
  () => true,
  () => false,
);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** A real PgBouncer in front of the database, until the end of the test. @returns the URL through it */
export async function startPgBouncer(databaseUrl: string, poolMode: string, settings = ''): Promise<string> {
  const folder = await makeTemporaryFolder();
  await chmod(folder, 0o777);
  const { hostname, port, pathname, username, password } = new URL(databaseUrl);
  const listenPort = await freePort();
  const config = join(folder, 'pgbouncer.ini');
  const target = `host=${hostname} port=${port} dbname=${pathname.slice(1)} user=${username} password=${decodeURIComponent(password)}`;
  await writeFile(
    config,
    `[databases]\npooled = ${target}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${listenPort}\nauth_type = any\npool_mode = ${poolMode}\nunix_socket_dir =\nlogfile = ${join(folder, 'log')}\n${settings}\n`,
  );
  await chmod(config, 0o644);
  // PgBouncer refuses to run as root.
  const asRoot = process.getuid?.() === 0;
  const bouncer = asRoot
    ? spawn('pgbouncer', ['-q', '-u', 'nobody', config], { stdio: 'ignore' })
    : spawn('pgbouncer', ['-q', config], { stdio: 'ignore' });
  onTestFinished(() => void bouncer.kill('SIGKILL'));
  const url = `postgres://${username}@127.0.0.1:${listenPort}/pooled`;
  await poll(async () => {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }, 'the start of PgBouncer');
  return url;
}
