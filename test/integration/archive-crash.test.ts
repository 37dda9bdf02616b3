import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addMonths, formatMonth, monthOf, monthSuffix } from '../../src/partitioning/month.js';
import { migrateUp } from '../../src/migrate/migrate.js';
import { findDifferences, prepareAcknowledgements, startArchiveLoad } from '../support/archive-load.js';
import { archiveCrashRounds, seededRandom } from '../support/archive-rounds.js';
import { spawnCli } from '../support/cli.js';
import { poll } from '../support/poll.js';
import { attachPartition, insertRoom, insertUser } from '../support/rows.js';
import { startThrowAwayServer, type ThrowAwayServer } from '../support/server.js';

const MONTHS = 10;
const NOW = new Date();
const random = seededRandom(20_260_101);
let server: ThrowAwayServer;
let url: string;

beforeAll(async () => {
  // A commit that was acknowledged is with the kernel: it survives the server's process, not the machine.
  server = await startThrowAwayServer(17, { synchronous_commit: 'on', autovacuum_naptime: '1s' });
  url = server.connectionString;
  await migrateUp({ connection: url });
});
afterAll(async () => server.dispose());

/** Also of the backends: they end when they notice, and until then nothing may start on their data. */
async function killServer(): Promise<void> {
  const client = await connectSoon();
  const { rows } = await client.query<{ pid: number }>('select pid from pg_stat_activity');
  await client.end();
  const file = await readFile(`${server.directory}/pg17/data/postmaster.pid`, 'utf8');
  const postmaster = Number(file.split('\n')[0]);
  process.kill(postmaster, 'SIGKILL');
  for (const { pid } of rows) {
    await poll(() => Promise.resolve(!isAlive(pid)), `the end of process ${pid}`);
  }
  const started = await server.start();
  expect(started.connectionString).toBe(url);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** False when it has ended by itself. */
function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

async function connectSoon(): Promise<pg.Client> {
  return poll(async () => {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch {
      return undefined;
    }
  }, 'a connection');
}

/** Kills the process that serves the maintenance session: the server ends all others and recovers. */
async function killBackend(): Promise<void> {
  const client = await connectSoon();
  const { rows } = await client.query<{ pid: number }>(
    `select pid from pg_stat_activity where application_name like 'studymate-db archive%' or query like 'select archive_old_data%' and pid <> pg_backend_pid()`,
  );
  const ended = new Promise<void>((resolve) => client.once('end', resolve));
  if (rows[0] === undefined || !kill(rows[0].pid)) {
    await client.end();
    return;
  }
  // The dead process's own client knows before the server does: who connects in between is thrown out as well.
  await ended;
  await (await connectSoon()).end();
}

interface Operation {
  readonly name: string;
  readonly args?: readonly string[];
}

function nextOperation(round: number): Operation {
  const back = 1 + Math.floor(random() * (MONTHS - 2));
  const month = addMonths(monthOf(NOW), -back);
  switch (round % 5) {
    case 0:
      return { name: 'by month', args: ['run', '--older-than', month.toISOString().slice(0, 10)] };
    case 1:
      return {
        name: 'restore',
        args: ['restore', formatMonth(addMonths(monthOf(NOW), -MONTHS + 1 + (round % 3)))],
      };
    case 2: {
      const day = new Date(month.getTime() + Math.floor(random() * 27) * 86_400_000);
      return {
        name: 'by day',
        args: ['run', '--granularity', 'day', '--older-than', day.toISOString().slice(0, 10)],
      };
    }
    case 3:
      return { name: 'archive_old_data()' };
    default:
      return { name: 'restore', args: ['restore', formatMonth(month)] };
  }
}

async function runFunction(): Promise<void> {
  const client = await connectSoon();
  try {
    await client.query('select archive_old_data()');
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Starts the operation, and kills its process, its backend or the server at some moment of its work. */
async function killDuring(operation: Operation, victim: 'client' | 'backend' | 'server'): Promise<void> {
  const waitMs = random() * 120;
  const kill = async (): Promise<void> => (victim === 'server' ? killServer() : killBackend());
  if (operation.args === undefined) {
    const running = runFunction().catch(() => undefined);
    await delay(waitMs);
    await kill();
    await running;
    return;
  }
  const cli = spawnCli(['archive', ...operation.args], { DATABASE_URL: url });
  await cli.stderrShows('step-started').catch(() => undefined);
  await delay(waitMs);
  if (victim === 'client') cli.process.kill('SIGKILL');
  else await kill();
  await cli.result;
}

async function finish(operation: Operation): Promise<void> {
  if (operation.args === undefined) {
    await runFunction();
    return;
  }
  const { code, stdout, stderr } = await spawnCli(['archive', ...operation.args, '--wait', '30s'], {
    DATABASE_URL: url,
  }).result;
  expect(code, `${operation.name}\n${stdout}\n${stderr}`).toBe(0);
}

it(
  `loses, doubles and hides no message, whatever is killed while months are archived and restored (${archiveCrashRounds} times)`,
  async () => {
    const client = await connectSoon();
    const user = await insertUser(client);
    const rooms = [await insertRoom(client), await insertRoom(client), await insertRoom(client)];
    await prepareAcknowledgements(client);
    for (let back = 0; back < MONTHS; back++) {
      // One month has no partition: its messages fall into the default one.
      if (back === 7) continue;
      const month = addMonths(monthOf(NOW), -back);
      await attachPartition(client, 'chat_messages', `chat_messages_${monthSuffix(month)}`, [
        month,
        addMonths(month, 1),
      ]);
    }
    await client.end();
    const load = startArchiveLoad(url, { rooms, user, months: MONTHS });
    await poll(() => Promise.resolve(load.writes > 300 || load.violations.length > 0), 'the first messages');
    expect(load.violations).toEqual([]);

    for (let round = 0; round < archiveCrashRounds; round++) {
      const operation = nextOperation(round);
      const victim = (['client', 'backend', 'server'] as const)[Math.floor(random() * 3)] ?? 'client';
      const reads = load.reads;
      await killDuring(operation, victim);
      await finish(operation);
      await poll(() => Promise.resolve(load.reads > reads), 'a reader that looks again');
      expect([round, operation.name, victim, load.violations]).toEqual([round, operation.name, victim, []]);
    }

    await load.stop();
    expect(load.violations).toEqual([]);
    const last = await connectSoon();
    expect(await findDifferences(last)).toEqual([]);
    const { rows } = await last.query(
      `select (select count(*) from chat_messages_archive) > 100 as archived, count(*) > 0 as unfinished
       from studymate.runs where result is null`,
    );
    expect(rows).toEqual([{ archived: true, unfinished: true }]);
    await last.end();
  },
  archiveCrashRounds * 30_000,
);
