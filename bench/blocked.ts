import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { packageRoot } from '../src/package-root.js';
import { median, runProcess, type Contender } from './support/measure.js';
import { dbmateBinary, nodePgMigrateCli } from './support/peers.js';
import { withBenchServer } from './support/server.js';

const readerMs = 4_000;

/** The longest SELECT while an ALTER TABLE waits behind a reader of 4 s: what the users of the table notice. */
export async function run(rounds: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'studymate-blocked-'));
  const alter = 'alter table busy add column note text;';
  await writeFile(join(folder, '0001_alter.sql'), `-- Up Migration\n${alter}\n`);
  const dbmateFolder = await mkdtemp(join(tmpdir(), 'studymate-blocked-'));
  await writeFile(join(dbmateFolder, '0001_alter.sql'), `-- migrate:up\n${alter}\n-- migrate:down\n`);
  try {
    await withBenchServer(async (server) => {
      const url = await server.freshDatabase('bench');
      const environment = { DATABASE_URL: url };
      const contenders: Contender[] = [
        {
          name: 'studymate-db migrate',
          command: process.execPath,
          args: [join(packageRoot(), 'bin', 'studymate-db.js'), 'migrate', '--quiet', '--migrations', folder],
          environment,
        },
        { name: 'node-pg-migrate CLI', command: nodePgMigrateCli(), args: ['up', '-m', folder], environment },
      ];
      const dbmate = dbmateBinary();
      if (dbmate !== undefined) {
        contenders.push({
          name: 'dbmate binary',
          command: dbmate,
          args: ['--no-dump-schema', '-d', dbmateFolder, 'migrate'],
          environment: { DATABASE_URL: `${url}?sslmode=disable` },
        });
      }
      const waits = new Map<string, { longest: number[]; served: number[] }>();
      for (let round = 0; round < rounds; round++) {
        for (const contender of contenders) {
          await server.freshDatabase('bench');
          const { longest, served } = await measure(url, contender);
          const entry = waits.get(contender.name) ?? { longest: [], served: [] };
          entry.longest.push(longest);
          entry.served.push(served);
          waits.set(contender.name, entry);
        }
      }
      console.log(
        `\nlongest SELECT behind an ALTER TABLE behind a ${readerMs / 1000} s reader, ${rounds} rounds`,
      );
      console.log(
        `${'tool'.padEnd(24)}${'longest ms'.padStart(12)}${'worst ms'.padStart(10)}${'SELECTs served'.padStart(16)}${'ratio'.padStart(8)}`,
      );
      const ours = median(waits.get('studymate-db migrate')?.longest ?? []);
      for (const [name, { longest, served }] of waits) {
        console.log(
          name.padEnd(24) +
            median(longest).toFixed(0).padStart(12) +
            Math.max(...longest)
              .toFixed(0)
              .padStart(10) +
            median(served).toFixed(0).padStart(16) +
            (median(longest) / ours).toFixed(1).padStart(8),
        );
      }
      console.log('longest and served: medians; ratio: to studymate-db of this run');
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
    await rm(dbmateFolder, { recursive: true, force: true });
  }
}

async function measure(url: string, contender: Contender): Promise<{ longest: number; served: number }> {
  const [holder, reader] = await Promise.all([connect(url), connect(url)]);
  await holder.query('create table busy (id int)');
  await holder.query('begin; select * from busy');
  const release = new Promise<void>((resolve, reject) => {
    setTimeout(() => void holder.query('commit').then(() => resolve(), reject), readerMs);
  });
  const tool = runProcess(contender);
  const state = { done: false };
  const settled = tool.finally(() => (state.done = true));
  let longest = 0;
  let served = 0;
  while (!state.done) {
    const start = performance.now();
    await reader.query('select * from busy');
    longest = Math.max(longest, performance.now() - start);
    served++;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Promise.all([settled, release]);
  await Promise.all([holder.end(), reader.end()]);
  return { longest, served };
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}
