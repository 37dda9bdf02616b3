import { spawn } from 'node:child_process';
import { appendFile, chown, cp, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import pg from 'pg';
import { quoteLiteral } from '../../src/database/identifier.js';
import { startServer, type StartedServer } from '../../src/dev/start-server.js';
import { stopServer } from '../../src/dev/stop-server.js';
import { poll } from './poll.js';
import { guardServer, makeTemporaryFolder, type ThrowAwayServer } from './server.js';

export interface StreamingReplica {
  /** Read at each use: after a restart it may be another port. */
  readonly connectionString: string;
  /** A query on it, as superuser. */
  query<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]>;
  /** When it follows the primary, and until `pg_wal_replay_resume()`: paused before, the primary would not know of it. */
  pauseReplay(): Promise<void>;
  start(): Promise<void>;
  /** In good order, or as a crash would. */
  stop(mode: 'fast' | 'immediate'): Promise<void>;
  dispose(): Promise<void>;
}

/** Replay waits for no reader, so that a conflict between the two can be had. */
const SETTINGS = { fsync: 'off', max_connections: '100', max_standby_streaming_delay: '0' };

/**
 * Starts a streaming replica of a running server. The npm packages bring no pg_basebackup, and need none: between
 * pg_backup_start and pg_backup_stop the files of the data directory may be copied while the server writes them; the
 * label that pg_backup_stop gives says from where the log makes them consistent. `standby.signal` and
 * `primary_conninfo` make it a standby. Copied with cp, which keeps the owner, as root runs servers as somebody else.
 */
export async function startReplica(primary: ThrowAwayServer): Promise<StreamingReplica> {
  const { major, dataDirectory } = primary;
  const directory = await makeTemporaryFolder();
  const guard = guardServer(directory, major);
  const home = join(directory, `pg${major}`);
  const data = join(home, 'data');
  await mkdir(home);
  // The password and the system identifier are those of the primary.
  await cp(join(primary.directory, `pg${major}`, 'server.json'), join(home, 'server.json'));

  const { uid, gid } = await stat(dataDirectory);
  const writeOwned = async (name: string, text: string): Promise<void> => {
    await writeFile(join(data, name), text, { mode: 0o600 });
    await chown(join(data, name), uid, gid);
  };
  await runOn(primary.connectionString, async (client) => {
    await client.query(`select pg_backup_start('replica', fast => true)`);
    await copyFiles(dataDirectory, data);
    const { rows } = await client.query<{ labelfile: string }>(
      'select labelfile from pg_backup_stop(wait_for_archive => false)',
    );
    await writeOwned('backup_label', rows[0]?.labelfile ?? '');
  });
  for (const leftover of ['postmaster.pid', 'postmaster.opts'])
    await rm(join(data, leftover), { force: true });
  await writeOwned('standby.signal', '');
  const { hostname, port, username, password } = new URL(primary.connectionString);
  const conninfo = `host=${hostname} port=${port} user=${username} password=${password} application_name=${basename(directory)}`;
  await appendFile(join(data, 'postgresql.auto.conf'), `primary_conninfo = ${quoteLiteral(conninfo)}\n`);

  let running: StartedServer = await startServer({ directory, major, settings: SETTINGS });
  const fixedPort = running.port;
  return {
    get connectionString() {
      return running.connectionString;
    },
    query: (sql) => queryOn(running.connectionString, sql),
    pauseReplay: () => pauseReplay(running.connectionString),
    start: async () => {
      running = await startServer({ directory, major, settings: SETTINGS, port: fixedPort });
    },
    stop: async (mode) => {
      if (mode === 'immediate') process.kill(running.pid, 'SIGQUIT');
      await stopServer({ directory, major });
    },
    dispose: async () => {
      await stopServer({ directory, major });
      await rm(directory, { recursive: true, force: true });
      guard.release();
    },
  };
}

async function copyFiles(from: string, to: string): Promise<void> {
  const copying = spawn('cp', ['-a', from, to], { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  copying.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    copying.on('error', reject).on('close', resolve);
  });
  if (code !== 0) throw new Error(`${dirname(from)} was not copied: ${complaints}`);
}

async function pauseReplay(connectionString: string): Promise<void> {
  const is = (condition: string) => async (): Promise<boolean> =>
    (await queryOn<{ is: boolean }>(connectionString, `select ${condition} as is`))[0]?.is === true;
  await poll(
    is(`exists (select from pg_stat_wal_receiver where status = 'streaming')`),
    'the replica to follow',
  );
  await queryOn(connectionString, 'select pg_wal_replay_pause()');
  // It goes on to the end of what it is at.
  await poll(is(`pg_get_wal_replay_pause_state() = 'paused'`), 'the pause');
}

/** One statement over a connection of its own. */
export function queryOn<Row extends pg.QueryResultRow>(
  connectionString: string,
  sql: string,
): Promise<Row[]> {
  return runOn(connectionString, async (client) => (await client.query<Row>(sql)).rows);
}

async function runOn<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
