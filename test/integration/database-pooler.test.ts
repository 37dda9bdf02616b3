import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { useDatabase } from '../support/database.js';
import { openDatabase } from '../support/open-database.js';
import { poll } from '../support/poll.js';
import { makeTemporaryFolder } from '../support/server.js';

const test = useDatabase();

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

const userCount = sql<{ count: string }>`select count(*) from users`;
describe.runIf(installed)('behind PgBouncer', () => {
  it.each(['transaction', 'statement', 'session'])(
    'pool_mode %s refuses every connection, reads and writes, and says why',
    async (mode) => {
      const database = openDatabase(await startPgBouncer(test.url, mode));
      const insert = sql`insert into users (email, english_name, birth_date) values ('a@example.com', 'A', '2000-01-01')`;
      for (const attempt of [
        () => insert.execute(database.primary),
        () => userCount.execute(database.read),
        () => database.withTransaction((transaction) => insert.execute(transaction)),
      ])
        await expect(attempt()).rejects.toMatchObject({
          name: 'ConnectError',
          code: 'CONNECT_PARAMETERS_REFUSED',
        });
      const client = await test.connect();
      expect((await client.query('select from users')).rowCount).toBe(0);
    },
  );

  // What many configurations do for the sake of other drivers: `read` would write, and no limit would hold.
  it.each(['transaction', 'statement', 'session'])(
    'pool_mode %s is refused as well where it drops the parameters without a word',
    async (mode) => {
      const url = await startPgBouncer(test.url, mode, 'ignore_startup_parameters = options');
      const database = openDatabase(url);
      for (const db of [database.primary, database.read])
        await expect(userCount.execute(db)).rejects.toMatchObject({
          name: 'ConnectError',
          code: 'CONNECT_PARAMETERS_REFUSED',
          detail: expect.stringContaining('statement_timeout is 0, not 30000') as string,
        });
      expect(database.status().pools.map(({ inUse, waiting }) => inUse + waiting)).toEqual([0, 0]);
    },
  );
});

describe.runIf(!installed)('PgBouncer', () => {
  afterAll(() => {
    process.stderr.write(
      '\n*** PgBouncer is not installed: connecting through it was NOT tested (apt-get install pgbouncer) ***\n',
    );
  });
  it('is not installed here, so connecting through it is not tested', () => {
    expect(installed).toBe(false);
  });
});
