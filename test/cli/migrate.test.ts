import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { quoteIdentifier } from '../../src/database/identifier.js';
import { runCli, type CliResult } from '../support/cli.js';
import { createDatabase, emptyDatabaseForTest } from '../support/database.js';
import { migrationFolder, writeMigrations } from '../support/migrations.js';
import { withServer } from '../support/server.js';

const two = {
  '0001_create-a': { up: 'create table a (id int);', down: 'drop table a;' },
  '0002_create-b': { up: 'create table b (id int);', down: 'drop table b;' },
};

/** What every refusal has: its exit code, its code, a hint, no stack, no password, nothing on stdout. */
function expectRefusal(result: CliResult, code: number, errorCode: string, hint: RegExp): void {
  expect(result.stderr).toContain(`[${errorCode}]`);
  expect(result.stderr).toMatch(hint);
  expect(result.stderr).toMatch(/^hint: .+\.$/m);
  expect(result.stderr).not.toMatch(/^\s+at /m);
  expect(result.stderr).not.toContain('s3cret');
  expect(result).toMatchObject({ code, stdout: '' });
}

describe('studymate-db migrate', () => {
  it('applies, then has nothing to do; progress is on stderr, data on stdout', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder(two);
    const environment = { DATABASE_URL: database.url };
    const first = await runCli(['migrate', '--migrations', directory, '--format', 'json'], environment);
    expect(first.code).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({
      action: 'up',
      pending: 0,
      migrations: [{ name: '0001_create-a' }, {}],
    });
    const events = first.stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; durationMs?: number });
    expect(
      events.filter(({ type }) => type === 'statement').map(({ durationMs }) => typeof durationMs),
    ).toEqual(['number', 'number']);
    const second = await runCli(['migrate', '--migrations', directory], environment);
    expect(second).toEqual({ code: 0, stdout: 'nothing to do: every migration is applied\n', stderr: '' });
    expect((await runCli(['migrate', '--migrations', directory, '--quiet'], environment)).stderr).toBe('');
  });

  it('says what is pending by exit code 3 and as JSON', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder(two);
    const status = (...args: string[]): Promise<CliResult> =>
      runCli(['migrate', 'status', '--migrations', directory, ...args], { DATABASE_URL: database.url });
    expect((await status()).code).toBe(0);
    expect((await status('--exit-code')).code).toBe(3);
    await runCli(['migrate', '--to', '1', '--migrations', directory], { DATABASE_URL: database.url });
    expect(JSON.parse((await status('--format', 'json')).stdout)).toMatchObject({ pending: 1, conflicts: 0 });
    await runCli(['migrate', '--migrations', directory], { DATABASE_URL: database.url });
    expect((await status('--exit-code')).code).toBe(0);
    await writeMigrations(directory, { '0001_create-a': { up: 'select 1;' } });
    const edited = await status('--exit-code');
    expect(edited.code).toBe(3);
    expect(edited.stdout).toMatch(/0001_create-a\s+edited/);
  });

  it('writes every format', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder(two);
    const status = async (format: string): Promise<string> =>
      (
        await runCli(['migrate', 'status', '--migrations', directory, '--format', format], {
          DATABASE_URL: database.url,
        })
      ).stdout;
    expect(
      (await status('ndjson'))
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { name: string }).name),
    ).toEqual(Object.keys(two));
    expect(await status('csv')).toBe(
      'name,state,appliedAt,duration,appliedBy,error\n0001_create-a,pending,,,,\n0002_create-b,pending,,,,\n',
    );
    expect(await status('markdown')).toContain('| 0001_create-a | pending |');
    expect(await status('table')).toContain('0 applied, 2 pending');
  });

  it('shows the place of an error with a caret', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder({
      '0001_bad': { up: `create table t (\n  이름 text,\n  age integr\n);` },
    });
    const { code, stderr } = await runCli(['migrate', '--quiet', '--migrations', directory], {
      DATABASE_URL: database.url,
    });
    expect(code).toBe(1);
    expect(stderr).toBe(
      [
        'error: 0001_bad.sql:5:7: type "integr" does not exist (SQLSTATE 42704) [MIGRATION_FAILED]',
        '  5 |   age integr',
        '    |       ^',
        'hint: The file was rolled back whole; the files before it stay applied.',
        '',
      ].join('\n'),
    );
  });

  it('says errors as JSON where the output is JSON', async () => {
    const { code, stderr } = await runCli(['migrate', '--format', 'json']);
    expect(code).toBe(2);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'CONFIG_NO_DATABASE_URL' } });
  });

  it.each([
    [['dwon'], "unknown command 'dwon'"],
    [['up', '0003'], 'up stops at --to NAME'],
  ])('refuses %j, and applies nothing instead', async (parameters, words) => {
    const { code, stdout, stderr } = await runCli(['migrate', ...parameters]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
  });

  it('creates the next file and checks a folder without a database', async () => {
    const directory = await migrationFolder(two);
    const created = await runCli([
      'migrate',
      'create',
      'add-time-zone',
      '--migrations',
      directory,
      '--format',
      'json',
    ]);
    expect((JSON.parse(created.stdout) as { path: string }).path).toBe(`${directory}/0003_add-time-zone.sql`);
    const check = await runCli(['migrate', 'check', '--migrations', directory]);
    expect(check.code).toBe(3);
    expect(check.stdout).toContain('the Up part is empty');
    await rm(`${directory}/0003_add-time-zone.sql`);
    await writeMigrations(directory, {
      '0003_fine': { up: 'create index concurrently i on a (id);', down: 'selec 1;' },
    });
    const syntax = await runCli(['migrate', 'check', '--migrations', directory]);
    expect(syntax.stdout).toMatch(
      /0003_fine\.sql:3:1\s+CREATE INDEX CONCURRENTLY cannot run inside a transaction/,
    );
    expect(syntax.stdout).toMatch(/0003_fine\.sql:5:1\s+syntax error at or near "selec"/);
    expectRefusal(
      await runCli(['migrate', 'create', '../evil', '--migrations', directory]),
      2,
      'USAGE_INVALID_OPTION',
      /verb-object/,
    );
  });

  it('finds no problem in the migrations of this package', async () => {
    expect(await runCli(['migrate', 'check', '--quiet'])).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('bad input to studymate-db migrate', () => {
  const up = (url: string | undefined, ...args: string[]): Promise<CliResult> =>
    runCli(['migrate', ...args], url === undefined ? {} : { DATABASE_URL: url });

  it('no database URL: exit 2, naming both ways to one', async () => {
    expectRefusal(await up(undefined), 2, 'CONFIG_NO_DATABASE_URL', /DATABASE_URL.*studymate-db dev start/);
  });

  it.each([
    'mysql://u:s3cret@h/d',
    'postgres://u:s3cret@h:port/d',
    'u:s3cret@h/d',
    'postgres://u:s3cret@h:99999/d',
  ])('a wrong URL (%s): exit 2, not repeated', async (url) =>
    expectRefusal(await up(url), 2, 'CONFIG_INVALID_DATABASE_URL', /postgres:\/\/USER@HOST/),
  );

  it('a server that is not there: exit 4', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    expectRefusal(await up(`postgres://u:s3cret@127.0.0.1:${port}/d`), 4, 'CONNECT_REFUSED', /host and port/);
  });

  it('a host that does not exist: exit 4', async () => {
    expectRefusal(
      await up('postgres://u:s3cret@no-such-host.invalid/d'),
      4,
      'CONNECT_HOST_UNKNOWN',
      /host name/,
    );
  });

  it('a server that does not speak PostgreSQL: exit 4', async () => {
    const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(
      0,
      '127.0.0.1',
    );
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const result = await up(`postgres://u:s3cret@127.0.0.1:${port}/d`);
    expect(result.code).toBe(4);
    expect(result.stderr).not.toMatch(/^\s+at |s3cret/m);
  });

  it('a refused password, a missing database: exit 4', async () => {
    const admin = new URL(inject('adminUrl'));
    const wrongPassword = new URL(admin);
    wrongPassword.password = 's3cret';
    expectRefusal(await up(wrongPassword.href), 4, 'CONNECT_AUTHENTICATION_FAILED', /PGPASSWORD/);
    const missing = new URL(admin);
    missing.pathname = '/no_such_database';
    expectRefusal(await up(missing.href), 4, 'CONNECT_DATABASE_MISSING', /create database/);
  });

  it('a server that is too old: exit 4, and it is left alone', async () => {
    await withServer(14, async ({ connectionString }) => {
      expectRefusal(await up(connectionString), 4, 'CONNECT_SERVER_TOO_OLD', /Upgrade the server/);
    });
  });

  it('a folder that is missing, or has no migration: exit 1', async () => {
    const database = await emptyDatabaseForTest();
    expectRefusal(
      await up(database.url, '--migrations', '/no/such/folder'),
      1,
      'MIGRATION_FOLDER_MISSING',
      /--migrations/,
    );
    const empty = await migrationFolder({});
    expectRefusal(await up(database.url, '--migrations', empty), 1, 'MIGRATION_FOLDER_EMPTY', /--migrations/);
  });

  it.each([
    [{ 'V1__a.sql': '-- Up Migration\nselect 1;' }, /V1__a\.sql: this is a Flyway name/],
    [{ '0001_a.up.sql': 'select 1;', '0001_a.down.sql': 'select 1;' }, /a migration is one file/],
    [
      { '0001_a.sql': '-- Up Migration\nselect 1;', '0001_b.sql': '-- Up Migration\nselect 1;' },
      /same number as 0001_a\.sql/,
    ],
    [{ '1_a.sql': '-- Up Migration\nselect 1;' }, /the name is not NNNN_verb-object\.sql/],
    [{ "0001_it's.sql": '-- Up Migration\nselect 1;' }, /the name is not NNNN_verb-object\.sql/],
    [
      { '0001_a.sql': 'create table lost ();\n-- Up Migration\nselect 1;' },
      /0001_a\.sql:1:1: there is SQL before the first marker/,
    ],
    [{ '0001_a.sql': 'create table lost ();' }, /there is no «-- Up Migration» line/],
  ])('files the engine would skip or mistake: %o', async (files, problem) => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder(files);
    const result = await up(database.url, '--migrations', directory);
    expectRefusal(result, 1, 'MIGRATION_FILE_INVALID', problem);
    const client = await database.connect();
    expect((await client.query(`select to_regnamespace('studymate') as ledger`)).rows).toEqual([
      { ledger: null },
    ]);
  });

  it('a README beside the migrations is no problem', async () => {
    const database = await emptyDatabaseForTest();
    const directory = await migrationFolder(two);
    await writeFile(`${directory}/README.md`, '# Notes');
    expect((await up(database.url, '--quiet', '--migrations', directory)).code).toBe(0);
  });

  it.each([
    [['--lock-timeout', 'soon'], /200ms, 60s, 5min or 1h/],
    [['--lock-timeout', '0'], /wait for ever/],
    [['--lock-retries', '-1'], /whole number/],
    [['--wait', '-5s'], /200ms, 60s/],
  ])('an option that makes no sense (%j): exit 2', async (args, hint) => {
    expectRefusal(await up('postgres://u:s3cret@127.0.0.1:1/d', ...args), 2, 'USAGE_INVALID_OPTION', hint);
  });

  it.each([[['--frobnicate']], [['down', '1', '2']], [['sideways']], [['--format', 'xml']]])(
    'unknown words %j: exit 2',
    async (args) => {
      const result = await up('postgres://u:s3cret@127.0.0.1:1/d', ...args);
      expect(result).toMatchObject({ code: 2, stdout: '' });
      expect(result.stderr).toMatch(/^error: /);
    },
  );

  it('a count together with --all: exit 2', async () => {
    expectRefusal(
      await up('postgres://u@127.0.0.1:1/d', 'down', '2', '--all'),
      2,
      'USAGE_INVALID_OPTION',
      /one of them/,
    );
  });

  it('a role that may not create: exit 1, nothing written', async () => {
    const database = await emptyDatabaseForTest();
    const client = await database.connect();
    const role = `reader_${database.name}`;
    await client.query(`create role ${quoteIdentifier(role)} login password 's3cret'`);
    onTestFinished(async () => {
      const admin = await database.connect();
      await admin.query(`drop owned by ${quoteIdentifier(role)}; drop role ${quoteIdentifier(role)}`);
    });
    const url = new URL(database.url);
    url.username = role;
    url.password = 's3cret';
    expectRefusal(await up(url.href, '--quiet'), 1, 'DATABASE_PERMISSION_DENIED', /owner of the database/);
    expect((await client.query(`select to_regnamespace('studymate') as ledger`)).rows).toEqual([
      { ledger: null },
    ]);
  });

  it('a role that may not read the ledger: exit 1', async () => {
    const database = await createDatabase();
    onTestFinished(() => database.drop());
    const client = await database.connect();
    const role = `stranger_${database.name}`;
    await client.query(`create role ${quoteIdentifier(role)} login password 's3cret'`);
    onTestFinished(async () => {
      const admin = await database.connect();
      await admin.query(`drop role ${quoteIdentifier(role)}`);
    });
    const url = new URL(database.url);
    url.username = role;
    url.password = 's3cret';
    expectRefusal(await up(url.href, '--quiet'), 1, 'DATABASE_PERMISSION_DENIED', /owns the tables/);
  });

  it('a database that is read-only: exit 1', async () => {
    const database = await emptyDatabaseForTest();
    const client = await database.connect();
    await client.query(
      `alter database ${quoteIdentifier(database.name)} set default_transaction_read_only = on`,
    );
    expectRefusal(
      await up(database.url, '--quiet'),
      1,
      'DATABASE_READ_ONLY',
      /default_transaction_read_only/,
    );
  });
});
