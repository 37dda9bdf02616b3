import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, chmod, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { startServer } from '../src/dev/start-server.js';
import { stopServer } from '../src/dev/stop-server.js';
import { takeIndexSnapshot } from '../src/indexes/take-snapshot.js';
import { migrateUp } from '../src/migrate/migrate.js';
import { packageRoot } from '../src/package-root.js';
import { seed } from '../src/seed/seed.js';
import { terminalPicture } from './terminal-picture.js';

/** Writes docs/images/index-report.svg: what «index report» says of a seeded database after hard years. */

async function run(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'studymate-wear-'));
  await chmod(directory, 0o755);
  const { connectionString, major } = await startServer({ directory });
  try {
    await migrateUp({ connection: connectionString });
    await seed({ connection: connectionString, profile: 'demo', users: 3000, messages: 300_000 });
    const client = new pg.Client({ connectionString });
    await client.connect();
    try {
      await wearDown(client);
      await takeIndexSnapshot({ connection: connectionString });
    } finally {
      await client.end();
    }
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(packageRoot(), 'bin', 'studymate-db.js'), 'index', 'report', '--statements', '0'],
      { env: { PATH: process.env['PATH'], DATABASE_URL: connectionString } },
    );
    const images = join(packageRoot(), 'docs', 'images');
    await mkdir(images, { recursive: true });
    await writeFile(join(images, 'index-report.svg'), terminalPicture('studymate-db index report', stdout));
    console.log(stdout);
  } finally {
    await stopServer({ directory, major });
    await rm(directory, { recursive: true, force: true });
  }
}

/** What happens to indexes: bulk deletes, a twin, a forgotten foreign key, builds that did not end, habits. */
async function wearDown(client: pg.Client): Promise<void> {
  await client.query(`
    -- As a purge by hand does.
    set session_replication_role = replica;
    delete from chat_messages where hashint8(id) & 1023 < 614;
    delete from notifications where hashint8(id) & 1023 < 614;
    reset session_replication_role;
    create index idx_messages_of_room on chat_messages (room_id);
    create index idx_message_type on only chat_messages (message_type, created_at);
    drop index idx_created_by`);
  await client
    .query('create unique index concurrently idx_notification_once on notifications (user_id, type)')
    .then(
      () => Promise.reject(new Error('every user has one notification of each type: nothing is worn')),
      () => undefined,
    );
  // Counted before the tables are analyzed, or they would seem to have changed since.
  await client.query('select pg_stat_force_next_flush()');
  await client.query('vacuum');
  await client.query('analyze');
  for (let time = 0; time < 25; time++)
    await client.query(`select count(*) from level_test_responses where created_at = now()`);
  await client.query('select pg_stat_force_next_flush()');
}

await run();
