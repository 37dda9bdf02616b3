import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { baselineMigrations } from '../../src/migrate/baseline.js';
import { migrateDown, migrateUp } from '../../src/migrate/migrate.js';
import { repairMigration } from '../../src/migrate/repair.js';
import { migrateStatus } from '../../src/migrate/status.js';
import { catalogFingerprint } from '../support/catalog-fingerprint.js';
import { emptyDatabaseForTest, type TestDatabase } from '../support/database.js';
import { migrationFolder, writeMigrations } from '../support/migrations.js';

const two = {
  '0001_create-a': { up: 'create table a (id int);', down: 'drop table a;' },
  '0003_create-c': { up: 'create table c (id int);', down: 'drop table c;' },
};

async function applied(): Promise<{ database: TestDatabase; directory: string; connection: string }> {
  const database = await emptyDatabaseForTest();
  const directory = await migrationFolder(two);
  await migrateUp({ connection: database.url, directory });
  return { database, directory, connection: database.url };
}

async function states(options: { connection: string; directory: string }): Promise<Record<string, string>> {
  const { migrations } = await migrateStatus(options);
  return Object.fromEntries(migrations.map(({ name, state }) => [name, state]));
}

describe('the history of migrations', () => {
  it('stops up, down and redo when an applied file was edited, until the edit is accepted', async () => {
    const { directory, connection } = await applied();
    await writeMigrations(directory, {
      '0001_create-a': { up: 'create table a (id bigint);', down: 'drop table a;' },
    });
    for (const run of [migrateUp, migrateDown]) {
      await expect(run({ connection, directory })).rejects.toMatchObject({
        code: 'MIGRATION_HISTORY_CHANGED',
        detail: expect.stringContaining('0001_create-a was edited') as string,
        hint: expect.stringContaining('migrate repair 0001_create-a') as string,
      });
    }
    expect(await states({ connection, directory })).toMatchObject({ '0001_create-a': 'edited' });
    expect(await repairMigration({ connection, directory, name: '0001_create-a' })).toMatchObject({
      repair: 'checksum accepted',
    });
    expect(await migrateUp({ connection, directory })).toMatchObject({ migrations: [], pending: 0 });
    expect(await states({ connection, directory })).toMatchObject({ '0001_create-a': 'applied' });
  });

  it('does not mind line endings and a byte order mark', async () => {
    const { directory, connection } = await applied();
    const path = join(directory, '0001_create-a.sql');
    await writeFile(path, `\uFEFF${(await readFile(path, 'utf8')).replaceAll('\n', '\r\n')}`);
    expect(await migrateUp({ connection, directory })).toMatchObject({ pending: 0 });
  });

  it('stops when an applied file is gone, until the ledger is told to forget it', async () => {
    const { directory, connection } = await applied();
    await rm(join(directory, '0003_create-c.sql'));
    await expect(migrateUp({ connection, directory })).rejects.toMatchObject({
      code: 'MIGRATION_HISTORY_CHANGED',
      detail: expect.stringContaining('0003_create-c is applied, but its file is gone') as string,
    });
    expect(await repairMigration({ connection, directory, name: '0003_create-c' })).toMatchObject({
      repair: 'removed from the ledger',
    });
    expect(await states({ connection, directory })).toEqual({ '0001_create-a': 'applied' });
  });

  it('sees a renamed file as one gone and one out of order', async () => {
    const { directory, connection } = await applied();
    await rename(join(directory, '0001_create-a.sql'), join(directory, '0001_make-a.sql'));
    expect(await states({ connection, directory })).toEqual({
      '0001_create-a': 'missing',
      '0001_make-a': 'out of order',
      '0003_create-c': 'applied',
    });
  });

  it('stops when a file comes before one that is applied, until it is accepted out of order', async () => {
    const { database, directory, connection } = await applied();
    await writeMigrations(directory, {
      '0002_create-b': { up: 'create table b (id int);', down: 'drop table b;' },
    });
    await expect(migrateUp({ connection, directory })).rejects.toMatchObject({
      code: 'MIGRATION_HISTORY_CHANGED',
      detail: expect.stringContaining('0002_create-b comes before one that is applied') as string,
    });
    expect(await repairMigration({ connection, directory, name: '0002' })).toMatchObject({
      name: '0002_create-b',
      repair: 'out of order accepted',
    });
    expect((await migrateUp({ connection, directory })).migrations.map(({ name }) => name)).toEqual([
      '0002_create-b',
    ]);
    // The latest applied is the one to go first, not the one with the highest number.
    expect((await migrateDown({ connection, directory })).migrations.map(({ name }) => name)).toEqual([
      '0002_create-b',
    ]);
    const client = await database.connect();
    expect((await client.query(`select to_regclass('c') is not null as kept`)).rows).toEqual([
      { kept: true },
    ]);
  });

  it('accepts only the text that was looked at', async () => {
    const { directory, connection } = await applied();
    await writeMigrations(directory, { '0002_create-b': { up: 'create table b (id int);' } });
    await repairMigration({ connection, directory, name: '0002_create-b' });
    await writeMigrations(directory, { '0002_create-b': { up: 'drop table c;' } });
    await expect(migrateUp({ connection, directory })).rejects.toMatchObject({
      code: 'MIGRATION_HISTORY_CHANGED',
    });
  });

  it('repairs one file at a time and says when there is nothing to repair', async () => {
    const { directory, connection } = await applied();
    expect(await repairMigration({ connection, directory, name: '0001' })).toMatchObject({
      repair: 'nothing to repair',
    });
    await expect(repairMigration({ connection, directory, name: '0009_x' })).rejects.toMatchObject({
      code: 'MIGRATION_NAME_UNKNOWN',
    });
    await writeMigrations(directory, {
      '0001_create-a': { up: 'select 1;' },
      '0003_create-c': { up: 'select 3;' },
    });
    await repairMigration({ connection, directory, name: '0001' });
    expect(await states({ connection, directory })).toMatchObject({
      '0001_create-a': 'applied',
      '0003_create-c': 'edited',
    });
  });

  it('writes nothing when a repair or a baseline is only tried', async () => {
    const { database, directory, connection } = await applied();
    await writeMigrations(directory, { '0001_create-a': { up: 'select 1;' } });
    const client = await database.connect();
    const ledger = async (): Promise<unknown> =>
      (await client.query('select * from studymate.migration_runs order by id')).rows;
    const before = [await catalogFingerprint(client), await ledger()];
    await repairMigration({ connection, directory, name: '0001', dryRun: true });
    const empty = await emptyDatabaseForTest();
    const emptyClient = await empty.connect();
    const untouched = await catalogFingerprint(emptyClient);
    await baselineMigrations({ connection: empty.url, directory, name: '0003', dryRun: true });
    expect([await catalogFingerprint(client), await ledger()]).toEqual(before);
    expect(await catalogFingerprint(emptyClient)).toBe(untouched);
  });

  it('takes over a schema made by other means, up to the named migration', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder(two);
    const client = await database.connect();
    await client.query('create table a (id int)');
    const result = await baselineMigrations({ connection: database.url, directory, name: '0001_create-a' });
    expect(result.migrations).toEqual(['0001_create-a']);
    expect(
      (await migrateUp({ connection: database.url, directory })).migrations.map(({ name }) => name),
    ).toEqual(['0003_create-c']);
    expect(await states({ connection: database.url, directory })).toEqual({
      '0001_create-a': 'baseline',
      '0003_create-c': 'applied',
    });
    await expect(
      baselineMigrations({ connection: database.url, directory, name: '0003' }),
    ).rejects.toMatchObject({
      code: 'MIGRATION_BASELINE_REFUSED',
    });
  });

  it('is the same for the engine’s own command line, which reads the same table', async () => {
    const { database } = await applied();
    const client = await database.connect();
    const { rows } = await client.query<{ name: string }>(
      'select name from studymate.migrations order by id',
    );
    expect(rows.map(({ name }) => name)).toEqual(Object.keys(two));
  });
});
