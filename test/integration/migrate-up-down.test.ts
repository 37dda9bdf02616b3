import { describe, expect, it } from 'vitest';
import type { MigrateEvent } from '../../src/migrate/events.js';
import { migrateDown, migrateRedo, migrateUp } from '../../src/migrate/migrate.js';
import { migrateStatus } from '../../src/migrate/status.js';
import { catalogFingerprint } from '../support/catalog-fingerprint.js';
import { emptyDatabaseForTest, type TestDatabase } from '../support/database.js';
import { migrationFolder, writeMigrations } from '../support/migrations.js';

async function tables(database: TestDatabase): Promise<string[]> {
  const client = await database.connect();
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`,
  );
  return rows.map(({ name }) => name);
}

const three = {
  '0001_create-a': { up: 'create table a (id int);', down: 'drop table a;' },
  '0002_create-b': {
    up: 'create table b (id int);\ncreate index b_id_idx on b (id);',
    down: 'drop table b;',
  },
  '0003_create-c': { up: 'create table c (id int);', down: 'drop table c;' },
};

describe('migrate up', () => {
  it('applies what is pending in order, and then finds nothing to do', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder(three);
    const events: MigrateEvent[] = [];
    const first = await migrateUp({
      connection: database.url,
      directory,
      onEvent: (event) => events.push(event),
    });
    expect(first.migrations.map(({ name, statements }) => [name, statements])).toEqual([
      ['0001_create-a', 1],
      ['0002_create-b', 2],
      ['0003_create-c', 1],
    ]);
    expect(await tables(database)).toEqual(['a', 'b', 'c']);
    expect(events.filter(({ type }) => type === 'statement')).toHaveLength(4);
    const second = await migrateUp({ connection: database.url, directory });
    expect(second).toMatchObject({ migrations: [], pending: 0 });
  });

  it('stops after the migration named by «to», given by name or number', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder(three);
    expect(await migrateUp({ connection: database.url, directory, to: '0001' })).toMatchObject({
      pending: 2,
    });
    expect(await migrateUp({ connection: database.url, directory, to: '0002_create-b' })).toMatchObject({
      pending: 1,
    });
    expect(await tables(database)).toEqual(['a', 'b']);
    await expect(migrateUp({ connection: database.url, directory, to: '0009' })).rejects.toMatchObject({
      code: 'MIGRATION_NAME_UNKNOWN',
    });
  });

  it('rolls a failing file back whole, keeps the ones before it, and says so in the ledger', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder({
      '0001_create-a': three['0001_create-a'],
      '0002_fail': {
        up: `create table half (id int);\n\ninsert into half values (1);\nselect '한글', nothing from half;`,
      },
      '0003_create-c': three['0003_create-c'],
    });
    await expect(migrateUp({ connection: database.url, directory })).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: '0002_fail.sql:6:14: column "nothing" does not exist (SQLSTATE 42703)',
      detail: `6 | select '한글', nothing from half;\n  |                ^`,
      hint: 'The file was rolled back whole; the files before it stay applied.',
    });
    expect(await tables(database)).toEqual(['a']);
    const { migrations } = await migrateStatus({ connection: database.url, directory });
    expect(migrations.map(({ state }) => state)).toEqual(['applied', 'failed', 'pending']);
    expect(migrations[1]?.error).toBe('42703 0002_fail.sql:6:14 column "nothing" does not exist');
    await writeMigrations(directory, { '0002_fail': { up: 'create table half (id int);' } });
    expect(await migrateUp({ connection: database.url, directory })).toMatchObject({ pending: 0 });
    expect(await tables(database)).toEqual(['a', 'c', 'half']);
  });

  it('reports a constraint that fails only at commit', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder({
      '0001_defer': {
        up: `create table p (id int primary key);
create table f (p int references p deferrable initially deferred);
insert into f values (1);`,
      },
    });
    await expect(migrateUp({ connection: database.url, directory })).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: expect.stringContaining('SQLSTATE 23503') as string,
    });
    expect(await tables(database)).toEqual([]);
  });

  it('gives each file a fresh session, whatever the one before it has set', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder({
      '0001_dump': {
        up: `select pg_catalog.set_config('search_path', '', false);
set time zone 'Asia/Seoul';
set check_function_bodies = off;
create table public.a (id int);
set statement_timeout = '1ms';`,
      },
      '0002_next': {
        up: `create table b as select current_setting('timezone') as zone, pg_sleep(0.01)::text as slept;`,
      },
    });
    await migrateUp({ connection: database.url, directory });
    const client = await database.connect();
    expect((await client.query('select zone from public.b')).rows).toEqual([{ zone: 'UTC' }]);
  });

  it('keeps function bodies of every kind intact', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder({
      '0001_functions': {
        up: `create function f() returns int language sql begin atomic select 1; select 2; end;
create function g() returns text language plpgsql as $body$ begin return 'a;b'; end; $body$;`,
        down: 'drop function f(); drop function g();',
      },
    });
    await migrateUp({ connection: database.url, directory });
    const client = await database.connect();
    expect((await client.query('select f(), g()')).rows).toEqual([{ f: 2, g: 'a;b' }]);
  });

  it('writes nothing in a dry run, not even its ledger', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder(three);
    const client = await database.connect();
    const before = await catalogFingerprint(client);
    const planned = await migrateUp({ connection: database.url, directory, dryRun: true });
    expect(planned.migrations.map(({ name }) => name)).toEqual(Object.keys(three));
    expect(await catalogFingerprint(client)).toBe(before);
    await migrateUp({ connection: database.url, directory });
    const migrated = await catalogFingerprint(client);
    for (const run of [migrateUp, migrateRedo, migrateDown]) {
      await run({ connection: database.url, directory, dryRun: true });
    }
    expect(await catalogFingerprint(client)).toBe(migrated);
  });

  it.each([
    ['transaction control', 'create table x (); commit;', 'a migration does not control its own transaction'],
    ['a psql meta-command', '\\echo hello', 'this is a psql meta-command, not SQL'],
  ])('refuses %s before anything is run', async (_, up, message) => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder({ '0001_create-a': three['0001_create-a'], '0002_bad': { up } });
    await expect(migrateUp({ connection: database.url, directory })).rejects.toMatchObject({
      code: 'MIGRATION_FILE_INVALID',
      detail: expect.stringContaining(message) as string,
    });
    expect(await tables(database)).toEqual([]);
  });

  it('says which header lets CONCURRENTLY run', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder({
      '0001_index': { up: 'create table t (id int);\ncreate index concurrently t_idx on t (id);' },
    });
    await expect(migrateUp({ connection: database.url, directory })).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      hint: expect.stringContaining('-- studymate: no-transaction') as string,
    });
    expect(await tables(database)).toEqual([]);
  });
});

describe('migrate down', () => {
  it('reverts the latest ones, latest first, and all of them', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder(three);
    await migrateUp({ connection: database.url, directory });
    expect(
      (await migrateDown({ connection: database.url, directory })).migrations.map(({ name }) => name),
    ).toEqual(['0003_create-c']);
    expect(await tables(database)).toEqual(['a', 'b']);
    const rest = await migrateDown({ connection: database.url, directory, count: 'all' });
    expect(rest.migrations.map(({ name }) => name)).toEqual(['0002_create-b', '0001_create-a']);
    expect(await tables(database)).toEqual([]);
    expect(await migrateDown({ connection: database.url, directory })).toMatchObject({ migrations: [] });
    await migrateUp({ connection: database.url, directory });
    expect(await tables(database)).toEqual(['a', 'b', 'c']);
  });

  it('refuses before it starts when one of them has no Down part', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder({
      ...three,
      '0002_create-b': { up: 'create table b (id int);' },
    });
    await migrateUp({ connection: database.url, directory });
    await expect(migrateDown({ connection: database.url, directory, count: 2 })).rejects.toMatchObject({
      code: 'MIGRATION_IRREVERSIBLE',
    });
    expect(await tables(database)).toEqual(['a', 'b', 'c']);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses to revert %d migrations', async (count) => {
    await expect(migrateDown({ connection: 'postgres://nowhere/x', count })).rejects.toMatchObject({
      code: 'USAGE_INVALID_OPTION',
    });
  });

  it('redo reverts and applies the latest one', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder(three);
    await migrateUp({ connection: database.url, directory });
    const client = await database.connect();
    await client.query('insert into c values (1)');
    await expect(migrateRedo({ connection: database.url, directory })).rejects.toMatchObject({
      code: 'MIGRATION_DATA_LOSS',
      detail: '0003_create-c.sql:5 drops c',
    });
    const confirmed = { connection: database.url, directory, confirmDatabase: database.name };
    const { migrations } = await migrateRedo(confirmed);
    expect(migrations.map(({ name, action }) => `${action} ${name}`)).toEqual([
      'down 0003_create-c',
      'up 0003_create-c',
    ]);
    expect((await client.query('select count(*)::int as rows from c')).rows).toEqual([{ rows: 0 }]);
  });

  it.each([
    ['drop table t;', 'drops t'],
    ['drop table if exists nothing, public.t cascade;', 'drops t'],
    ['alter table t drop column id;', 'drops column id of t'],
    ['truncate t;', 'truncates t'],
    ['delete from t;', 'deletes from t'],
    ['drop schema other cascade;', 'drops a schema with all that is in it'],
  ])('refuses «%s» while rows would go, until the database is named', async (down, loss) => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder({
      '0001_table': { up: 'create table t (id int, note text); create schema other;', down },
    });
    const options = { connection: database.url, directory };
    await migrateUp(options);
    const client = await database.connect();
    await client.query(`insert into t values (1, 'kept')`);
    for (const confirmDatabase of [undefined, 'postgres']) {
      await expect(migrateDown({ ...options, confirmDatabase })).rejects.toMatchObject({
        code: 'MIGRATION_DATA_LOSS',
        detail: expect.stringContaining(loss) as string,
        hint: `If that is meant, name the database: --yes ${database.name}.`,
      });
    }
    expect((await client.query('select note from t')).rows).toEqual([{ note: 'kept' }]);
    await expect(migrateDown({ ...options, confirmDatabase: database.name })).resolves.toMatchObject({
      pending: 1,
    });
  });

  it('needs no confirmation where there are no rows', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder(three);
    await migrateUp({ connection: database.url, directory });
    await expect(migrateDown({ connection: database.url, directory, count: 'all' })).resolves.toMatchObject({
      pending: 3,
    });
  });

  it('passes on what the server says', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder({
      '0001_talk': {
        up: `do $$ begin raise warning 'look out'; end $$;`,
        down: 'drop table if exists nothing;',
      },
    });
    const notices: string[] = [];
    const onEvent = (event: MigrateEvent): void => {
      if (event.type === 'notice') notices.push(`${event.name} ${event.severity} ${event.message}`);
    };
    await migrateUp({ connection: database.url, directory, onEvent });
    await migrateDown({ connection: database.url, directory, onEvent });
    expect(notices).toEqual([
      '0001_talk WARNING look out',
      '0001_talk NOTICE table "nothing" does not exist, skipping',
    ]);
  });
});
