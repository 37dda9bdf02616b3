import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { useDatabase } from '../support/database.js';
import { openDatabase } from '../support/open-database.js';
import { poll } from '../support/poll.js';
import { withServer } from '../support/server.js';

const test = useDatabase();

const backendPid = sql<{ pid: number }>`select pg_backend_pid() as pid`;

async function terminate(pid: number): Promise<void> {
  const client = await test.connect();
  await client.query('select pg_terminate_backend($1, 10000)', [pid]);
}

describe('a pool', () => {
  it('gives its sessions the limits, the name and the time zone of the options', async () => {
    const database = openDatabase(test.url, {
      applicationName: 'matching service',
      statementTimeoutMs: 1_234,
      lockTimeoutMs: 0,
    });
    const { rows } = await sql<{ name: string; setting: string }>`
      select name, setting from pg_settings where name in ('application_name', 'statement_timeout', 'lock_timeout',
        'idle_in_transaction_session_timeout', 'default_transaction_read_only', 'TimeZone', 'search_path')`.execute(
      database.primary,
    );
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
      application_name: 'matching service',
      statement_timeout: '1234',
      lock_timeout: '0',
      idle_in_transaction_session_timeout: '60000',
      default_transaction_read_only: 'off',
      TimeZone: 'UTC',
      search_path: 'public',
    });
  });

  it('overrules the limits of the role, with 0 as well', async () => {
    const client = await test.connect();
    await client.query(`alter role current_user in database ${test.name} set lock_timeout = '7s'`);
    const database = openDatabase(test.url, { lockTimeoutMs: 0 });
    const { rows } = await sql<{ lock_timeout: string }>`show lock_timeout`.execute(database.primary);
    expect(rows).toEqual([{ lock_timeout: '0' }]);
  });

  it('opens no more connections than its size, and lets the others wait', async () => {
    const database = openDatabase(test.url, { maximumPoolSize: 3 });
    const pids = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid, pg_sleep(0.005)`.execute(
          database.primary,
        );
        return rows[0]?.pid;
      }),
    );
    expect(new Set(pids).size).toBe(3);
  });

  it('refuses with a code, saying who holds the connections, when none comes free in time', async () => {
    const database = openDatabase(test.url, {
      maximumPoolSize: 1,
      connectionTimeoutMs: 100,
      leakDetectionThresholdMs: 60_000,
    });
    await database.withTransaction(async function holdTheOnlyConnection() {
      const refused = await sql`select 1`.execute(database.primary).catch((error: unknown) => error);
      expect(refused).toMatchObject({
        code: 'BUSY_POOL_EXHAUSTED',
        message: 'no connection of the pool «primary» came free within 100 ms',
      });
      const { detail } = refused as { detail: string };
      expect(detail).toContain('1 of 1 connections are in use');
      expect(detail).toContain('database-pool.test.ts');
    });
    expect((await backendPid.execute(database.primary)).rows).toHaveLength(1);
  });

  it('warns of a connection held for longer than the threshold, with the stack of who holds it', async () => {
    const database = openDatabase(test.url, { leakDetectionThresholdMs: 20 });
    await database.primary.connection().execute(async (connection) => {
      await sql`select 'leaky'`.execute(connection);
      await poll(() => Promise.resolve(database.warnings.length > 0), 'the warning');
    });
    expect(database.warnings).toMatchObject([{ code: 'CONNECTION_LEAK' }]);
    expect(database.warnings[0]?.detail).toContain(`select 'leaky'`);
    expect(database.warnings[0]?.detail).toContain('database-pool.test.ts');
  });

  it('says nothing of a connection that is given back in time', async () => {
    const database = openDatabase(test.url, { leakDetectionThresholdMs: 50 });
    await sql`select 'in time'`.execute(database.primary);
    await database.primary.connection().execute(async (heldLater) => {
      await sql`select 'too long'`.execute(heldLater);
      await poll(() => Promise.resolve(database.warnings.length > 0), 'the warning of the later one');
    });
    expect(database.warnings.map(({ detail }) => detail?.split('\n')[0])).toEqual([
      `Last statement: select 'too long'`,
    ]);
  });

  it('outlives an idle connection that the server ends', async () => {
    const database = openDatabase(test.url, { maximumPoolSize: 1 });
    const first = (await backendPid.execute(database.primary)).rows[0]?.pid ?? 0;
    await terminate(first);
    await poll(() => Promise.resolve(database.warnings.length > 0), 'the loss');
    expect(database.warnings).toMatchObject([{ code: 'CONNECTION_LOST' }]);
    const second = (await backendPid.execute(database.primary)).rows[0]?.pid;
    expect(second).not.toBe(first);
  });

  it('outlives a connection that ends while somebody holds it between two statements', async () => {
    const database = openDatabase(test.url, { maximumPoolSize: 1 });
    const failed = await database
      .withTransaction(async (transaction) => {
        const pid = (await backendPid.execute(transaction)).rows[0]?.pid ?? 0;
        await terminate(pid);
        await poll(async () => {
          const client = await test.connect();
          const { rowCount } = await client.query('select from pg_stat_activity where pid = $1', [pid]);
          return rowCount === 0;
        }, 'the end of the backend');
        await sql`select 1`.execute(transaction);
      })
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({ name: 'OperationError', code: 'CONNECTION_LOST' });
    expect((await backendPid.execute(database.primary)).rows).toHaveLength(1);
  });

  it('rejects the statement that was running when its connection ended, and takes a new one for the next', async () => {
    const database = openDatabase(test.url, { maximumPoolSize: 1 });
    const pid = (await backendPid.execute(database.primary)).rows[0]?.pid ?? 0;
    const running = sql`select pg_sleep(60)`.execute(database.primary).catch((error: unknown) => error);
    await terminate(pid);
    expect(await running).toMatchObject({ code: 'CONNECTION_LOST', cause: { code: '57P01' } });
    expect((await backendPid.execute(database.primary)).rows[0]?.pid).not.toBe(pid);
  });

  it('ends its connections at different ages, within ten percent of the maximum', async () => {
    const database = openDatabase(test.url, { maximumPoolSize: 8, maxLifetimeMs: 2_000 });
    const sleeping = Array.from({ length: 8 }, () => sql`select pg_sleep(0.01)`.execute(database.primary));
    const begun = performance.now();
    await Promise.all(sleeping);
    const ages: number[] = [];
    await poll(() => {
      const open = database.status().pools[0]?.idle ?? 0;
      while (ages.length < 8 - open) ages.push(performance.now() - begun);
      return Promise.resolve(ages.length === 8);
    }, 'the end of all eight');
    // Between opening and the first look there is some time; a machine under load adds to each.
    expect(ages[0]).toBeGreaterThan(1_780);
    expect((ages.at(-1) ?? 0) - (ages[0] ?? 0)).toBeGreaterThan(60);
  });

  it('closes connections that nobody uses', async () => {
    const database = openDatabase(test.url, { idleTimeoutMs: 50 });
    await backendPid.execute(database.primary);
    expect(database.status().pools[0]).toMatchObject({ idle: 1 });
    await poll(
      () => Promise.resolve(database.status().pools[0]?.idle === 0),
      'the end of the idle connection',
    );
  });

  it('does not keep the process from ending while it is idle', async () => {
    const sockets = (): number =>
      process.getActiveResourcesInfo().filter((resource) => resource === 'TCPSocketWrap').length;
    const before = sockets();
    const database = openDatabase(test.url);
    await database.withTransaction(async (transaction) => {
      await backendPid.execute(transaction);
      expect(sockets()).toBe(before + 1);
    });
    await backendPid.execute(database.read);
    expect(sockets()).toBe(before);
  });

  it('never hands on a connection inside a transaction that somebody left open', async () => {
    const database = openDatabase(test.url, { maximumPoolSize: 1 });
    await sql`begin`.execute(database.primary);
    expect(database.warnings).toMatchObject([{ code: 'TRANSACTION_LEFT_OPEN' }]);
    const { rows } = await sql<{ open: boolean }>`
      select now() <> statement_timestamp() as open from pg_sleep(0.01)`.execute(database.primary);
    expect(rows).toEqual([{ open: false }]);
  });

  it('does one statement at a time on a connection, in the order asked, with no complaint of the driver', async () => {
    const complaints: Error[] = [];
    const listen = (warning: Error): void => void complaints.push(warning);
    process.on('warning', listen);
    const database = openDatabase(test.url);
    const order = await database.withTransaction(async (transaction) => {
      const done: number[] = [];
      await Promise.all(
        [3, 2, 1].map(async (n) => {
          await sql`select pg_sleep(${n / 200})`.execute(transaction);
          done.push(n);
        }),
      );
      return done;
    });
    process.off('warning', listen);
    expect(order).toEqual([3, 2, 1]);
    expect(complaints).toEqual([]);
  });

  it('says why there is no connection, and works again once the server is back', async () => {
    await withServer(17, async (server) => {
      const database = openDatabase(server.connectionString, { connectionTimeoutMs: 5_000 });
      await backendPid.execute(database.primary);
      await server.stop();
      const refused = await backendPid.execute(database.primary).catch((error: unknown) => error);
      expect(refused).toMatchObject({ name: 'ConnectError', code: 'CONNECT_REFUSED' });
      await server.start();
      const { rows } = await backendPid.execute(database.primary);
      expect(rows).toHaveLength(1);
    });
  });

  it('says that the password is wrong, and what it is not', async () => {
    const database = openDatabase(test.url, { password: 'correct horse' });
    const refused = await backendPid.execute(database.primary).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'CONNECT_AUTHENTICATION_FAILED' });
  });

  it('asks a function for the password at each new connection', async () => {
    const url = new URL(test.url);
    const password = decodeURIComponent(url.password);
    url.password = '';
    let asked = 0;
    const database = openDatabase(url.href, {
      password: () => {
        asked += 1;
        return Promise.resolve(password);
      },
    });
    await Promise.all([1, 2].map((n) => sql`select pg_sleep(${n / 50})`.execute(database.primary)));
    expect(asked).toBe(2);
  });
});
