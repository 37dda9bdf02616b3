import type { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import type { MigrateEvent } from '../../src/migrate/events.js';
import { migrateDown, migrateUp } from '../../src/migrate/migrate.js';
import { migrateStatus } from '../../src/migrate/status.js';
import { spawnCli } from '../support/cli.js';
import { emptyDatabaseForTest, type TestDatabase } from '../support/database.js';
import { migrationFolder, NO_TRANSACTION, writeMigrations } from '../support/migrations.js';
import { poll } from '../support/poll.js';

/** Three statements: one in a transaction of its own, two index builds. */
const indexes = {
  '0001_indexes': {
    header: NO_TRANSACTION,
    up: `insert into log values ('first');
create index concurrently t_a_idx on t (a);
create unique index concurrently t_b_key on t (b);
insert into log values ('last');`,
    down: `drop index concurrently t_b_key;
drop index concurrently t_a_idx;`,
  },
};

async function withTable(): Promise<{ database: TestDatabase; client: Client }> {
  const database = await emptyDatabaseForTest();
  const client = await database.connect();
  await client.query(
    `create table log (entry text); create table t as select i as a, i as b from generate_series(1, 1000) i`,
  );
  return { database, client };
}

async function indexStates(client: Client): Promise<Record<string, boolean>> {
  const { rows } = await client.query<{ name: string; valid: boolean }>(
    `select c.relname as name, i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid
     where i.indrelid = 't'::regclass order by 1`,
  );
  return Object.fromEntries(rows.map(({ name, valid }) => [name, valid]));
}

async function entries(client: Client): Promise<string[]> {
  return (await client.query<{ entry: string }>('select entry from log')).rows.map(({ entry }) => entry);
}

/** A transaction with a snapshot: CREATE INDEX CONCURRENTLY waits for it to end. */
async function holdSnapshot(database: TestDatabase): Promise<Client> {
  const holder = await database.connect();
  await holder.query('begin isolation level repeatable read; select 1 from t');
  return holder;
}

async function waitUntilBuilding(client: Client, index: string): Promise<void> {
  await poll(async () => {
    const { rows } = await client.query(
      `select 1 from pg_stat_progress_create_index p join pg_class c on c.oid = p.index_relid
       where c.relname = $1 and p.phase like 'waiting%'`,
      [index],
    );
    return rows.length > 0;
  }, `the build of ${index}`);
}

async function waitUntilUnlocked(client: Client): Promise<void> {
  await poll(async () => {
    const { rows } = await client.query(
      `select 1 from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
    );
    return rows.length === 0;
  }, 'the end of the killed run');
}

describe('a migration without a transaction', () => {
  it('builds several indexes concurrently from one plain SQL file, and drops them again', async () => {
    const { database, client } = await withTable();
    const directory = await migrationFolder(indexes);
    await expect(migrateUp({ connection: database.url, directory })).resolves.toMatchObject({
      migrations: [{ name: '0001_indexes', statements: 4, transaction: false }],
    });
    expect(await indexStates(client)).toEqual({ t_a_idx: true, t_b_key: true });
    await migrateDown({ connection: database.url, directory });
    expect(await indexStates(client)).toEqual({});
  });

  it('goes on where it was killed: each statement ran once, and the index is valid', async () => {
    const { database, client } = await withTable();
    const directory = await migrationFolder(indexes);
    const holder = await holdSnapshot(database);
    const victim = spawnCli(['migrate', '--migrations', directory], { DATABASE_URL: database.url });
    await waitUntilBuilding(client, 't_a_idx');
    victim.process.kill('SIGKILL');
    await victim.result;
    await waitUntilUnlocked(client);
    expect(await indexStates(client)).toEqual({ t_a_idx: false });
    const { migrations } = await migrateStatus({ connection: database.url, directory });
    expect(migrations.map(({ state }) => state)).toEqual(['interrupted']);

    await holder.query('commit');
    const events: MigrateEvent[] = [];
    await migrateUp({ connection: database.url, directory, onEvent: (event) => events.push(event) });
    expect(events).toContainEqual({ type: 'resumed', name: '0001_indexes', statementsDone: 1 });
    expect(events).toContainEqual({
      type: 'invalid-index-dropped',
      name: '0001_indexes',
      index: 'public.t_a_idx',
    });
    expect(await indexStates(client)).toEqual({ t_a_idx: true, t_b_key: true });
    expect(await entries(client)).toEqual(['first', 'last']);
    expect(await migrateUp({ connection: database.url, directory })).toMatchObject({ migrations: [] });
  });

  it('takes a whole index as done when it was killed just before writing that down', async () => {
    const { database, client } = await withTable();
    const directory = await migrationFolder(indexes);
    const holder = await holdSnapshot(database);
    const victim = spawnCli(['migrate', '--migrations', directory], { DATABASE_URL: database.url });
    await waitUntilBuilding(client, 't_a_idx');
    victim.process.kill('SIGKILL');
    await waitUntilUnlocked(client);
    await holder.query('commit');
    // What the server would have left had the process died a moment later.
    await client.query('drop index t_a_idx');
    await client.query('create index t_a_idx on t (a)');
    await migrateUp({ connection: database.url, directory });
    expect(await indexStates(client)).toEqual({ t_a_idx: true, t_b_key: true });
  });

  it('does not take an index of that name for its own when nothing was interrupted', async () => {
    const { database, client } = await withTable();
    const directory = await migrationFolder(indexes);
    await client.query('create index t_a_idx on t (b)');
    await expect(migrateUp({ connection: database.url, directory })).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: expect.stringContaining('relation "t_a_idx" already exists (SQLSTATE 42P07)') as string,
      hint: expect.stringContaining(
        'The statements before it are committed; the next run goes on at line 4.',
      ) as string,
    });
  });

  it('replaces an invalid leftover, which IF NOT EXISTS would take for the index', async () => {
    const { database, client } = await withTable();
    await client.query('insert into t values (1, 1)');
    await client.query('create unique index concurrently t_a_idx on t (a)').catch(() => undefined);
    expect(await indexStates(client)).toEqual({ t_a_idx: false });
    const directory = await migrationFolder({
      '0001_index': {
        header: NO_TRANSACTION,
        up: 'create index concurrently if not exists t_a_idx on t (a);',
      },
    });
    await migrateUp({ connection: database.url, directory });
    expect(await indexStates(client)).toEqual({ t_a_idx: true });
  });

  it('fails when rows break a unique index, and succeeds once they are mended', async () => {
    const { database, client } = await withTable();
    await client.query('insert into t values (1, 1)');
    const directory = await migrationFolder(indexes);
    await expect(migrateUp({ connection: database.url, directory })).rejects.toMatchObject({
      message: expect.stringContaining('0001_indexes.sql:5:1') as string,
    });
    await client.query('delete from t where ctid = (select max(ctid) from t)');
    await migrateUp({ connection: database.url, directory });
    expect(await indexStates(client)).toEqual({ t_a_idx: true, t_b_key: true });
    expect(await entries(client)).toEqual(['first', 'last']);
  });

  it('may change what is still to come after a failure, not what is done', async () => {
    const { database, client } = await withTable();
    const directory = await migrationFolder({
      '0001_index': { header: NO_TRANSACTION, up: `insert into log values ('first');\nselect nothing;` },
    });
    await expect(migrateUp({ connection: database.url, directory })).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
    });
    await writeMigrations(directory, {
      '0001_index': { header: NO_TRANSACTION, up: `insert into log values ('other');\nselect 1;` },
    });
    await expect(migrateUp({ connection: database.url, directory })).rejects.toMatchObject({
      code: 'MIGRATION_RESUME_UNCLEAR',
      message: '0001_index was interrupted after 1 statement, and these have been edited since',
    });
    await writeMigrations(directory, {
      '0001_index': { header: NO_TRANSACTION, up: `-- mended\ninsert into log values ('first');\nselect 1;` },
    });
    await migrateUp({ connection: database.url, directory });
    expect(await entries(client)).toEqual(['first']);
  });

  it('waits longer for CONCURRENTLY than a transaction may, and says for whom', async () => {
    const { database } = await withTable();
    const directory = await migrationFolder(indexes);
    const holder = await holdSnapshot(database);
    await holder.query(`set local application_name = 'long report'`);
    const blockers: string[] = [];
    await migrateUp({
      connection: database.url,
      directory,
      lockTimeoutMs: 100,
      onEvent: (event) => {
        if (event.type !== 'blocked') return;
        blockers.push(...event.blockers.map(({ applicationName }) => applicationName ?? ''));
        void holder.query('commit');
      },
    });
    expect(blockers).toContain('long report');
  });

  it('gives up after the longer timeout and leaves nothing that the next run cannot mend', async () => {
    const { database, client } = await withTable();
    const directory = await migrationFolder(indexes);
    const holder = await holdSnapshot(database);
    await expect(
      migrateUp({ connection: database.url, directory, concurrentLockTimeoutMs: 1_500 }),
    ).rejects.toMatchObject({
      code: 'MIGRATION_LOCK_TIMEOUT',
      detail: expect.stringContaining('Blocked by pid') as string,
    });
    await holder.query('commit');
    await migrateUp({ connection: database.url, directory });
    expect(await indexStates(client)).toEqual({ t_a_idx: true, t_b_key: true });
  });

  it('retries a statement that can wait its turn, with the short timeout', async () => {
    const { database, client } = await withTable();
    const directory = await migrationFolder({
      '0001_mixed': {
        header: NO_TRANSACTION,
        up: `insert into log values ('once');\nalter table t add column c int;\nvacuum t;`,
      },
    });
    const holder = await database.connect();
    await holder.query('begin; select 1 from t');
    let retries = 0;
    await migrateUp({
      connection: database.url,
      directory,
      lockTimeoutMs: 50,
      onEvent: (event) => {
        if (event.type === 'lock-retry' && ++retries === 2) void holder.query('commit');
      },
    });
    expect(retries).toBeGreaterThanOrEqual(2);
    expect(await entries(client)).toEqual(['once']);
  });
});
