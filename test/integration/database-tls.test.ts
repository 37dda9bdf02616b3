import { chown, copyFile, chmod, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executeAbortable } from '../../src/database/execute-abortable.js';
import { openDatabase } from '../support/open-database.js';
import { poll } from '../support/poll.js';
import { queryOn } from '../support/replica.js';
import { startThrowAwayServer, type ThrowAwayServer } from '../support/server.js';

const certificates = fileURLToPath(new URL('../support/tls/', import.meta.url));
const authority = join(certificates, 'ca.crt');

let server: ThrowAwayServer;

beforeAll(async () => {
  server = await startThrowAwayServer(17);
  const { uid, gid } = await stat(server.dataDirectory);
  for (const name of ['server.crt', 'server.key']) {
    const path = join(server.dataDirectory, name);
    await copyFile(join(certificates, name), path);
    await chmod(path, 0o600);
    await chown(path, uid, gid);
  }
  await queryOn(server.connectionString, 'alter system set ssl = on');
  await queryOn(server.connectionString, 'select pg_reload_conf()');
  await poll(async () => {
    const [row] = await queryOn<{ ssl: string }>(server.connectionString, 'show ssl');
    return row?.ssl === 'on';
  }, 'TLS to be on');
});

afterAll(async () => {
  await server.dispose();
});

function url(host: string, parameters: Readonly<Record<string, string>>): string {
  const made = new URL(server.connectionString);
  made.hostname = host;
  for (const [name, value] of Object.entries(parameters)) made.searchParams.set(name, value);
  return made.href;
}

async function isEncrypted(
  connectionString: string,
  options: Parameters<typeof openDatabase>[1] = {},
): Promise<boolean> {
  const database = openDatabase(connectionString, options);
  const { rows } = await sql<{
    ssl: boolean;
  }>`select ssl from pg_stat_ssl where pid = pg_backend_pid()`.execute(database.primary);
  return rows[0]?.ssl === true;
}

describe('TLS', () => {
  it('is made with a server whose certificate the given authority signed for its name', async () => {
    for (const sslmode of ['verify-full', 'require', 'prefer']) {
      expect(await isEncrypted(url('localhost', { sslmode, sslrootcert: authority }))).toBe(true);
    }
  });

  it('is refused to a server that the system does not trust', async () => {
    await expect(isEncrypted(url('localhost', { sslmode: 'verify-full' }))).rejects.toMatchObject({
      name: 'ConnectError',
      code: 'CONNECT_TLS_FAILED',
    });
  });

  it('is refused to a server of another name, also where the other name is an address', async () => {
    await expect(
      isEncrypted(url('127.0.0.1', { sslmode: 'verify-full', sslrootcert: authority })),
    ).rejects.toMatchObject({ code: 'CONNECT_TLS_FAILED' });
  });

  it('is not given up when the server has none', async () => {
    const plain = await startThrowAwayServer(17);
    try {
      const { port } = new URL(plain.connectionString);
      const target = new URL(url('localhost', { sslmode: 'prefer', sslrootcert: authority }));
      target.port = port;
      await expect(isEncrypted(target.href)).rejects.toMatchObject({ code: 'CONNECT_TLS_FAILED' });
    } finally {
      await plain.dispose();
    }
  });

  it('is not needed to this machine', async () => {
    expect(await isEncrypted(url('localhost', {}))).toBe(false);
  });

  it('without a check of the certificate is refused, or warned of when it is allowed', async () => {
    const unverified = url('localhost', { sslmode: 'no-verify' });
    expect(() => openDatabase(unverified)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    const database = openDatabase(unverified, { allowUnverifiedTls: true });
    expect(database.warnings).toMatchObject([{ code: 'TLS_UNVERIFIED' }]);
    expect(await isEncrypted(unverified, { allowUnverifiedTls: true })).toBe(true);
  });

  it('is used for cancelling as well', async () => {
    const database = openDatabase(url('localhost', { sslmode: 'verify-full', sslrootcert: authority }));
    const query = database.primary.selectNoFrom(sql`pg_sleep(60)`.as('nap'));
    await expect(executeAbortable(database.primary, query, AbortSignal.timeout(200))).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    expect(database.queries).toMatchObject([{ failure: '57014' }]);
  });
});
