import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { packageRoot } from '../../src/package-root.js';
import { runCli, spawnCli, type CliResult } from '../support/cli.js';
import { createDatabase, emptyDatabaseForTest, type TestDatabase } from '../support/database.js';
import { poll } from '../support/poll.js';
import { countRows, listBrokenRules } from '../support/seed-checks.js';

interface Place {
  readonly database: TestDatabase;
  readonly seed: (...args: string[]) => Promise<CliResult>;
}

async function newPlace(): Promise<Place> {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  return { database, seed: (...args) => runCli(['seed', ...args], { DATABASE_URL: database.url }) };
}

interface Report {
  readonly manifest: {
    readonly rowCount: number;
    readonly checksum?: string;
    readonly tables: readonly unknown[];
  };
  readonly kept: readonly unknown[];
  readonly toLoad: readonly unknown[];
}

describe('studymate-db seed', () => {
  it('fills a database: manifest on stdout, progress as JSON lines on stderr; again it has nothing to do', async () => {
    const { database, seed } = await newPlace();
    const first = await seed('--profile', 'tiny', '--format', 'json');
    expect(first.code).toBe(0);
    const { manifest } = JSON.parse(first.stdout) as Report;
    expect(manifest.tables).toHaveLength(23);
    expect(manifest.checksum).toMatch(/^[0-9a-f]{64}$/);
    const events = first.stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; table?: string; rowsPerSecond?: number });
    expect(events.filter(({ type }) => type === 'table-done')).toHaveLength(23);
    expect(events.find(({ type }) => type === 'rows')).toMatchObject({
      rowsPerSecond: expect.any(Number) as number,
    });
    const client = await database.connect();
    expect(await listBrokenRules(client)).toEqual([]);
    const again = await seed('--profile', 'tiny');
    expect(again.code).toBe(0);
    expect(again.stdout).toContain('nothing to do: the world is there');
    expect(again.stdout).toContain(`manifest ${manifest.checksum ?? ''}`);
  });

  it('is quiet when told to, and shows its tables', async () => {
    const { seed } = await newPlace();
    const { stdout, stderr, code } = await seed(
      '--profile',
      'tiny',
      '--quiet',
      '--only',
      'users',
      'system_metrics',
    );
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toMatch(/^users +\d+ +loaded +[0-9a-f]{16}$/m);
    expect(stdout).toMatch(/^loaded [\d,]+ rows into 2 tables in /m);
  });

  it('says what a dry run would load', async () => {
    const { database, seed } = await newPlace();
    const { stdout, code } = await seed('--profile', 'tiny', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^chat_messages +1500 +would be loaded +2025-10 to 2025-12$/m);
    expect(await countRows(await database.connect(), ['users', 'chat_messages'])).toEqual({
      users: 0,
      chat_messages: 0,
    });
  });

  it.each([
    [['--users', '-3'], 'USAGE_INVALID_OPTION', '--users: -3 is out of range'],
    [['--users', 'many'], 'USAGE_INVALID_OPTION', '--users: «many» is not a number'],
    [['--messages', '2.5'], 'USAGE_INVALID_OPTION', '--messages: 2.5 is out of range'],
    [['--months', '1000'], 'USAGE_INVALID_OPTION', '--months: 1000 is out of range'],
    [['--profile', 'enormous'], 'USAGE_INVALID_OPTION', '--profile: «enormous» is no profile'],
    [['--locale', 'ko,xx'], 'USAGE_INVALID_OPTION', '--locale: «xx» is no locale'],
    [['--reference-date', '2026-02-30'], 'USAGE_INVALID_OPTION', '«2026-02-30» is not a day'],
    [['--jobs', '3'], 'USAGE_INVALID_OPTION', '--jobs: 3 is not possible'],
    [['--only', 'nothing'], 'USAGE_INVALID_OPTION', '--only: «nothing» is no table of the world'],
    [['--reset', '--yes', 'another'], 'SEED_RESET_REFUSED', 'not «another»'],
  ])('refuses %j with exit code 2', async (args, code, message) => {
    const { database, seed } = await newPlace();
    const result = await seed(...args);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain(`[${code}]`);
    expect(result.stderr).toContain(message);
    expect(result.stderr).toMatch(/^hint: .+\.$/m);
    expect(await countRows(await database.connect(), ['users'])).toEqual({ users: 0 });
  });

  it('refuses a database that is not migrated', async () => {
    const database = await emptyDatabaseForTest();
    const result = await runCli(['seed'], { DATABASE_URL: database.url });
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain('[SEED_SCHEMA_MISMATCH]');
  });

  it('refuses to throw rows away unless the database is named, and then loads the same again', async () => {
    const { database, seed } = await newPlace();
    const first = JSON.parse(
      (await seed('--profile', 'tiny', '--format', 'json', '--quiet')).stdout,
    ) as Report;
    const refused = await seed('--profile', 'tiny', '--reset');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(`--yes ${database.name}`);
    const reset = await seed(
      '--profile',
      'tiny',
      '--reset',
      '--yes',
      database.name,
      '--format',
      'json',
      '--quiet',
    );
    expect((JSON.parse(reset.stdout) as Report).manifest).toEqual(first.manifest);
  });

  it('goes on after kill -9, and the world is the same as of a run that was never stopped', async () => {
    const [whole, killed] = [await newPlace(), await newPlace()];
    const options = ['--profile', 'tiny', '--messages', '20000', '--format', 'json'];
    const client = await killed.database.connect();
    // Nobody else can write down that a table is done: the load stops there, with all of its rows.
    await client.query('begin; lock table studymate.seed_tables in exclusive mode');
    const { process: child, result } = spawnCli(['seed', ...options], { DATABASE_URL: killed.database.url });
    const other = await killed.database.connect();
    await poll(
      async () =>
        (
          await other.query(
            `select from pg_locks where not granted and relation = 'studymate.seed_tables'::regclass`,
          )
        ).rowCount === 1,
      'the load of the first table',
    );
    child.kill('SIGKILL');
    await result;
    await client.query('rollback');
    const resumed = await poll(async () => {
      const attempt = await killed.seed(...options, '--wait', '10s');
      return attempt.code === 0 && attempt;
    }, 'the run after');
    const report = JSON.parse(resumed.stdout) as Report;
    expect(report.manifest).toEqual((JSON.parse((await whole.seed(...options)).stdout) as Report).manifest);
  });

  it('stops on Ctrl-C with exit code 130, with whole tables only', async () => {
    const { database } = await newPlace();
    const run = spawnCli(['seed', '--profile', 'demo'], {
      DATABASE_URL: database.url,
    });
    await run.stderrShows('"type":"table-started","table":"chat_messages"');
    run.process.kill('SIGINT');
    expect((await run.result).code).toBe(130);
    const client = await database.connect();
    expect(await countRows(client, ['chat_messages'])).toEqual({ chat_messages: 0 });
    const { rows } = await client.query(`select result from studymate.runs where command = 'seed'`);
    expect(rows).toEqual([{ result: 'interrupted' }]);
  });

  it('draws bars on a terminal', async (context) => {
    const { database } = await newPlace();
    const command = `${process.execPath} ${join(packageRoot(), 'bin', 'studymate-db.js')} seed --profile tiny`;
    const child = spawn('script', ['-qefc', command, '/dev/null'], {
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: process.env['HOME'] ?? '',
        DATABASE_URL: database.url,
        TERM: 'xterm',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let screen = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (screen += text));
    const code = await new Promise((resolve) => {
      child.on('error', () => resolve('absent'));
      child.on('close', resolve);
    });
    if (code === 'absent') return context.skip('NOT TESTED: there is no script(1) to lend a terminal');
    expect(code).toBe(0);
    expect(screen).toMatch(/users +█+ 100 % {2}40 of 40 rows, [\d,]+\/s/);
    expect(screen).toMatch(/chat_messages +1,500 rows in /);
    expect(screen).not.toContain('{"at"');
  });
});
