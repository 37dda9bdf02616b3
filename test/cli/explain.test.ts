import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.js';
import { seed } from '../../src/seed/seed.js';
import { runCli, spawnCli, type CliResult } from '../support/cli.js';
import { useDatabase } from '../support/database.js';
import { poll } from '../support/poll.js';

const database = useDatabase();
let client: pg.Client;
let folder: string;

beforeAll(async () => {
  await seed({ connection: database.url, profile: 'tiny' });
  client = await database.connect();
  folder = await mkdtemp(join(tmpdir(), 'studymate-test-'));
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const explain = (...args: string[]): Promise<CliResult> =>
  runCli(['explain', ...args], { DATABASE_URL: database.url });

async function sqlFile(name: string, sql: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, sql);
  return file;
}

const jsonOf = (stdout: string): { statements: { costliest: number; nodes: { id: number }[] }[] } =>
  JSON.parse(stdout) as { statements: { costliest: number; nodes: { id: number }[] }[] };

describe('studymate-db explain', () => {
  it('lists what it knows by name, without a database', async () => {
    const { code, stdout } = await runCli(['explain', '--format', 'json']);
    expect(code).toBe(0);
    const names = (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
    expect(names).toContain('listRoomMessages');
    expect(names).toContain('sendMessage');
  });

  it('shows a hot query as a tree, with its partitions and the node that costs most', async () => {
    const { code, stdout, stderr } = await explain('listRoomMessages', '--param', 'limit=5');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^listRoomMessages: roomId=\d+, now=\S+Z, limit=5$/m);
    expect(stdout).toMatch(/^ran for .* ms; planned in .* ms; \d+ pages, \d+ of them read$/m);
    expect(stdout).toMatch(/partitions of public\.chat_messages: \d of \d+ read, .*pruned when planned/);
    expect(stdout.match(/<- most of the time/g)).toHaveLength(1);
    expect(stdout).toContain('It ran in a read-only transaction that was rolled back.');
  });

  it('explains a report, and keeps the shape of its plan', async () => {
    const { code, stdout } = await explain(
      'growth',
      '--param',
      'from=2025-11-01',
      '--param',
      'to=2025-12-01',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^growth: timeZone=Asia\/Seoul, to=2025-12-01, from=2025-11-01, asOf=/m);
    expect(stdout).toMatch(/partitions of public\.chat_messages: \d of \d+ read/);
    // One that several statements make, which go through other parts of the library.
    const several = await explain('partitions', '--format', 'json');
    expect(several.code).toBe(0);
    expect(jsonOf(several.stdout).statements.length).toBeGreaterThan(2);
    const file = join(folder, 'report-shapes.txt');
    expect((await explain('growth', 'ratings', '--save', file)).code).toBe(0);
    expect(await readFile(file, 'utf8')).toMatch(/^\[ratings\]$/m);
    expect((await explain('growth', 'ratings', '--compare', file)).code).toBe(0);
    // As a planner that finds another way.
    await client.query(`alter database ${database.name} set enable_hashjoin = off`);
    expect((await explain('growth', 'ratings', '--compare', file)).code).toBe(3);
    await client.query(`alter database ${database.name} reset enable_hashjoin`);
  });

  it('gives the analysis as data, with the plan as the server wrote it', async () => {
    const { stdout } = await explain('listUserRooms', '--format', 'json');
    const [statement] = jsonOf(stdout).statements;
    expect(statement?.nodes.map(({ id }) => id)).toContain(statement?.costliest);
    expect(statement).toHaveProperty('raw.Plan');
    expect(statement).toHaveProperty('partitionReads.0.reason');
    const { stdout: csv } = await explain('listUserRooms', '--format', 'csv');
    expect(csv.trim().split('\n').length).toBe((statement?.nodes.length ?? 0) + 1);
  });

  it('explains a file and stdin, and says what would leave months out', async () => {
    const file = await sqlFile('all.sql', 'select count(*) from chat_messages where room_id = $1;');
    const { code, stdout } = await explain('--sql', file, '--param', '1=3');
    expect(code).toBe(0);
    expect(stdout).toContain('none left out: no condition');
    expect(stdout).toContain('hint: Give created_at of chat_messages a bound on both sides');
    const child = spawn(
      process.execPath,
      [join(packageRoot(), 'bin', 'studymate-db.js'), 'explain', '--sql', '-', '--no-analyze'],
      { env: { DATABASE_URL: database.url }, stdio: ['pipe', 'pipe', 'inherit'] },
    );
    child.stdin.end('select 1');
    let shown = '';
    for await (const chunk of child.stdout) shown += String(chunk);
    expect(shown).toContain('planned only');
  });

  it.each([
    [['listRoomMessages', 'listUserRooms'], 2, 'USAGE_INVALID_OPTION'],
    [['--save', 'a', '--compare', 'b'], 2, 'USAGE_INVALID_OPTION'],
    [['listRoomMessages', '--param', 'roomId'], 2, 'USAGE_INVALID_OPTION'],
    [['listRoomMessages', '--param', 'roomId=x'], 2, 'EXPLAIN_PARAMETER_INVALID'],
    [['listNothing'], 2, 'EXPLAIN_STATEMENT_UNKNOWN'],
    [['sendMessage'], 2, 'EXPLAIN_WRITE_REFUSED'],
    [['--sql', '/nowhere.sql'], 1, 'EXPLAIN_FILE_UNREADABLE'],
    [['--compare', '/nowhere.txt'], 1, 'EXPLAIN_FILE_UNREADABLE'],
    [['--save', '/nowhere/plans.txt'], 1, 'EXPLAIN_FILE_UNWRITABLE'],
  ])('refuses %j with exit %i and %s', async (args, code, error) => {
    const result = await explain(...args);
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code, stdout: '' });
    expect(result.stderr).toContain(`[${error}]`);
    expect(result.stderr).toContain('hint: ');
  });

  it('says plainly what running a write did', async () => {
    const count = async (): Promise<unknown> =>
      (await client.query(`select count(*) from chat_messages`)).rows[0];
    const before = await count();
    const { code, stdout } = await explain('sendMessage', '--write');
    expect(code).toBe(0);
    expect(stdout).toMatch(/rolled back: triggers ran, rows it touched were locked meanwhile, sequences/);
    expect(stdout).toMatch(/^trigger set_updated_at on chat_rooms: 1 call/m);
    expect(await count()).toEqual(before);
  });

  it('cancels the statement on the server when interrupted', async () => {
    const file = await sqlFile('slow.sql', 'select pg_sleep(600)');
    const { process: child, result } = spawnCli(['explain', '--sql', file, '--timeout', '10min'], {
      DATABASE_URL: database.url,
    });
    const running = async (): Promise<boolean> => {
      const { rows } = await client.query(
        `select from pg_stat_activity where application_name = 'studymate-db explain' and wait_event = 'PgSleep'
           and datname = current_database()`,
      );
      return rows.length > 0;
    };
    await poll(running, 'the statement to run');
    child.kill('SIGINT');
    expect((await result).code).toBe(130);
    await poll(async () => !(await running()), 'the statement to end');
  });
});

describe('studymate-db explain --save and --compare', () => {
  it('pass while the plans stay, and exit 3 naming the query and the node when one changes', async () => {
    const file = join(folder, 'plans.txt');
    const saved = await explain('--save', file);
    expect(saved.code).toBe(0);
    expect(saved.stdout).toContain('saved the plan shapes of 7 statements');
    expect(await readFile(file, 'utf8')).not.toContain('[sendMessage]');
    const same = await explain('--compare', file);
    expect({ code: same.code, stderr: same.stderr }).toEqual({ code: 0, stderr: '' });
    expect(same.stdout).toContain(`the plans of 7 statements are as ${file} has them`);
    const kept = await readFile(file, 'utf8');
    await client.query(`drop index idx_chat_messages_room_time`);
    const changed = await explain('listRoomMessages', '--compare', file);
    expect(changed.code).toBe(3);
    expect(changed.stdout).toMatch(/^listRoomMessages: changed$/m);
    expect(changed.stdout).toMatch(/^-.*on chat_messages\[some months\]/m);
    const asData = await explain('--compare', file, '--format', 'json');
    expect(asData.code).toBe(3);
    const { differences } = JSON.parse(asData.stdout) as { differences: { name: string }[] };
    expect(differences.map(({ name }) => name)).toContain('listUserRooms');
    expect(await readFile(file, 'utf8')).toBe(kept);
  });
});
