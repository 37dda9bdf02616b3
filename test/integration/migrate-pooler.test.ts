import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { migrateUp } from '../../src/migrate/migrate.js';
import { emptyDatabaseForTest } from '../support/database.js';
import { migrationFolder } from '../support/migrations.js';
import { poll } from '../support/poll.js';
import { makeTemporaryFolder } from '../support/server.js';

const installed = await promisify(execFile)('pgbouncer', ['--version']).then(
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

/** A real PgBouncer in front of the database. @returns the URL through it */
async function startPgBouncer(databaseUrl: string, poolMode: string, settings = ''): Promise<string> {
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

describe.runIf(installed)('behind PgBouncer', () => {
  it.each([
    ['transaction', ''],
    ['transaction', 'default_pool_size = 1'],
    ['transaction', 'server_round_robin = 1\ndefault_pool_size = 3'],
    ['statement', ''],
  ])('pool_mode %s (%s) is refused, and nothing is written', async (mode, settings) => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder({ '0001_create-a': { up: 'create table a (id int);' } });
    const url = await startPgBouncer(database.url, mode, settings);
    await expect(migrateUp({ connection: url, directory })).rejects.toMatchObject({
      code: 'POOLER_TRANSACTION_MODE',
      hint: 'Point the database URL at PostgreSQL itself, or at a pool in session mode.',
    });
    const client = await database.connect();
    const { rows } = await client.query(
      `select to_regnamespace('studymate') as ledger, to_regclass('a') as a`,
    );
    expect(rows).toEqual([{ ledger: null, a: null }]);
  });

  it('pool_mode session is as good as a direct connection', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder({ '0001_create-a': { up: 'create table a (id int);' } });
    const url = await startPgBouncer(database.url, 'session');
    const runs = await Promise.all([1, 2, 3].map(() => migrateUp({ connection: url, directory })));
    expect(runs.filter(({ migrations }) => migrations.length > 0)).toHaveLength(1);
  });
});

describe.runIf(!installed)('PgBouncer', () => {
  afterAll(() => {
    process.stderr.write(
      '\n*** PgBouncer is not installed: migrating behind it was NOT tested (apt-get install pgbouncer) ***\n',
    );
  });
  it('is not installed here, so migrating behind it is not tested', () => {
    expect(installed).toBe(false);
  });
});
