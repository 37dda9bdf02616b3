import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.js';
import { reports } from '../../src/reports/registry.js';
import { runCli, spawnCli, type CliResult } from '../support/cli.js';
import { poll } from '../support/poll.js';
import { useReportWorld } from '../support/report-world.js';

const world = useReportWorld();
let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'reports-'))));
afterAll(async () => rm(folder, { recursive: true, force: true }));

const report = (...args: string[]): Promise<CliResult> =>
  runCli(['report', ...args], { DATABASE_URL: world.url });
const NOVEMBER = ['--from', '2025-11-01', '--to', '2025-12-01'] as const;
// Nothing listens there: what is refused is refused before.
const nowhere = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' };

describe('studymate-db report list', () => {
  it('says what there is, without a database', async () => {
    const { code, stdout } = await runCli(['report', 'list', '--format', 'json'], {});
    expect(code).toBe(0);
    const listed = JSON.parse(stdout) as { name: string; question: string }[];
    expect(listed.map(({ name }) => name)).toEqual(Object.keys(reports));
    expect((await runCli(['report'], {})).stdout).toContain('matching-funnel');
    expect((await runCli(['report', 'list', '--language', 'ko'], {})).stdout).toContain('매칭 퍼널');
  });

  it('of one says how it is counted, with its SQL', async () => {
    const { stdout } = await runCli(['report', 'list', 'matching-funnel'], {});
    expect(stdout).toContain('-- $1: from');
    expect(stdout).toContain('from matching_requests');
    const json = await runCli(['report', 'list', 'matching-funnel', '--format', 'json'], {});
    expect(JSON.parse(json.stdout)).toMatchObject({
      name: 'matching-funnel',
      definition: reports['matching-funnel'].definition,
      parameters: expect.arrayContaining([expect.objectContaining({ parameter: 'from' })]) as unknown,
    });
  });
});

describe('studymate-db report NAME', () => {
  it('shows people the question, the rows, their course, the definition and the source', async () => {
    const { code, stdout, stderr } = await report('chat', ...NOVEMBER);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Chat\nHow much do people write/);
    expect(stdout).toMatch(/^2025-11-01 +\d/m);
    expect(stdout).toMatch(/[▁▂▃▄▅▆▇█]{10}/);
    expect(stdout).toContain(`- ${reports.chat.definition[0] ?? ''}`);
    expect(stdout).toMatch(
      /timeZone=Asia\/Seoul · .*PostgreSQL \d+\.\d+ .*, primary · Generated .* UTC · .*s\n$/,
    );
  });

  it('aligns Hangul with Latin', async () => {
    const { stdout } = await report('liquidity', '--language', 'ko');
    const lines = stdout.split('\n').slice(3);
    const table = lines.slice(0, lines.indexOf(''));
    expect(table[0]).toMatch(/[가-힣]/);
    expect(table.length).toBeGreaterThan(3);
    const firstNumbers = table.map((line) => stringWidth(/^.*?(?= {2,}\S)/.exec(line)?.[0] ?? ''));
    expect(new Set(firstNumbers.map((width) => width > 0))).toEqual(new Set([true]));
    // Columns end where their heads end.
    const head = table[0] ?? '';
    const second = head.indexOf(head.trim().split(/\s{2,}/)[1] ?? '');
    const column = stringWidth(head.slice(0, second));
    for (const line of table.slice(1)) {
      const cut = cutAtWidth(line, column);
      expect(cut, line).toMatch(/\s$/);
    }
  });

  it('gives machines raw values in an envelope', async () => {
    const json = JSON.parse((await report('chat', ...NOVEMBER, '--format', 'json')).stdout) as Record<
      string,
      unknown
    >;
    expect(json).toMatchObject({
      schemaVersion: 1,
      report: 'chat',
      parameters: { from: '2025-11-01', to: '2025-12-01', timeZone: 'Asia/Seoul' },
      server: { isReplica: false },
      statisticsSince: null,
      warnings: expect.any(Array) as unknown,
      definition: reports.chat.definition,
    });
    expect(json['rows']).toHaveLength(30);
    const lines = (await report('chat', ...NOVEMBER, '--format', 'ndjson')).stdout.trimEnd().split('\n');
    const parsed = lines.map((line) => JSON.parse(line) as { type: string });
    expect(parsed.map(({ type }) => type)).toEqual(['report', ...Array.from({ length: 30 }, () => 'row')]);
  });

  it('keeps CSV clean, and puts the envelope beside it', async () => {
    const printed = await report('chat', ...NOVEMBER, '--format', 'csv');
    expect(printed.stdout.split('\n')).toHaveLength(32);
    expect(printed.stdout).toMatch(/^day,messages,/);
    expect(JSON.parse(printed.stderr)).toMatchObject({ type: 'report', report: 'chat', rows: 30 });
    const file = join(folder, 'chat.csv');
    const written = await report('chat', ...NOVEMBER, '--format', 'csv', '--output', file);
    expect(written).toMatchObject({ code: 0, stdout: expect.stringContaining('30 rows') as string });
    expect(await readFile(file, 'utf8')).toBe(printed.stdout);
    expect(JSON.parse(await readFile(`${file}-metadata.json`, 'utf8'))).toMatchObject({ url: 'chat.csv' });
  });

  it('replaces a file at once, and leaves it when it cannot be replaced', async () => {
    const file = join(folder, 'page.html');
    await writeFile(file, 'old');
    expect((await report('chat', '--from', '2025-13-01', '--format', 'html', '--output', file)).code).toBe(2);
    expect(await readFile(file, 'utf8')).toBe('old');
    expect((await report('chat', ...NOVEMBER, '--format', 'html', '--output', file)).code).toBe(0);
    expect(await readFile(file, 'utf8')).toMatch(/^<!doctype html>[\s\S]*<svg/);
    const missing = await report('chat', ...NOVEMBER, '--output', join(folder, 'no', 'chat.txt'));
    expect(missing).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('REPORT_FILE_UNWRITABLE') as string,
    });
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it.each<[string, string[], RegExp]>([
    ['an unknown name', ['chats'], /REPORT_UNKNOWN/],
    ['a day that is none', ['chat', '--from', '2025-02-30'], /REPORT_PARAMETER_INVALID/],
    ['an unknown parameter', ['chat', '--param', 'rooms=1'], /has no parameter rooms/],
    ['half a parameter', ['chat', '--param', 'rooms'], /is not NAME=VALUE/],
    ['a format that is none', ['chat', '--format', 'pdf'], /Allowed choices/],
    ['an endless timeout', ['chat', '--timeout', 'soon'], /is not a duration/],
    ['watching away from a terminal', ['locks', '--watch', '1'], /for terminals/],
    ['all reports as one CSV', ['all', '--format', 'csv'], /several files/],
    ['watching all', ['all', '--watch', '1'], /for one report/],
  ])('refuses %s, with what to do', async (_, args, message) => {
    const { code, stdout, stderr } = await runCli(['report', ...args], nowhere);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/hint: |\(add --help/);
  });

  it('cannot connect: exit 4', async () => {
    expect((await runCli(['report', 'chat'], nowhere)).code).toBe(4);
  });

  it('leaves nothing running when it is interrupted', async () => {
    // Apart from who looks: a transaction sees the sessions of its first look.
    const blocker = new pg.Client({ connectionString: world.url });
    await blocker.connect();
    await blocker.query('begin');
    await blocker.query('lock table learning_sessions in access exclusive mode');
    try {
      const cli = spawnCli(['report', 'sessions', ...NOVEMBER], { DATABASE_URL: world.url });
      await poll(async () => (await waiting()) === 1, 'the report to wait for the lock');
      cli.process.kill('SIGINT');
      expect((await cli.result).code).toBe(130);
      await poll(async () => (await waiting()) === 0, 'the end of its statement');
    } finally {
      await blocker.end();
    }
  });

  it('draws a report of the database again and again on a terminal, until Ctrl-C', async () => {
    const bin = join(packageRoot(), 'bin', 'studymate-db.js');
    // exec: a shell in between would get Ctrl-C as well, and dash then ends with 130 whatever its child said.
    const command = `exec ${process.execPath} ${bin} report locks --watch 0.2`;
    const terminal = spawn('script', ['-qfec', command, '/dev/null'], {
      env: { ...process.env, DATABASE_URL: world.url },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let screen = '';
    terminal.stdout.on('data', (chunk: Buffer) => (screen += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => terminal.once('close', resolve));
    await poll(() => Promise.resolve(screen.split('\u001b[2J').length > 3), 'the third frame');
    terminal.stdin.write('\u0003');
    expect(await ended).toBe(0);
    expect(screen).toContain(reports.locks.question.en);
  });
});

describe('studymate-db report all', () => {
  it('makes a site, and says what is not available', async () => {
    const site = join(folder, 'site');
    const { code, stdout, stderr } = await report('all', '--format', 'html', '--output', site);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/index\.html written: \d+ reports, 2 not available\n$/),
    ]);
    const told = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; report: string; code?: string });
    expect(
      told.filter(({ type }) => type === 'report-failed').map(({ report: name, code: why }) => [name, why]),
    ).toEqual([
      ['slow-statements', 'REPORT_UNAVAILABLE'],
      ['unused-indexes', 'REPORT_UNAVAILABLE'],
    ]);
    const files = await readdir(site);
    expect(files.sort()).toEqual(
      ['index.html', ...Object.keys(reports).map((name) => `${name}.html`)].sort(),
    );
    expect(await readFile(join(site, 'index.html'), 'utf8')).toContain('href="retention.html"');
  });

  it('writes a file for each in other formats', async () => {
    const directory = join(folder, 'json');
    await mkdir(directory);
    expect((await report('all', '--format', 'json', '--output', directory, '--quiet')).code).toBe(0);
    const names = await readdir(directory);
    expect(names).toContain('retention.json');
    expect(names).not.toContain('slow-statements.json');
    const all = await report('all', '--format', 'json', '--quiet');
    expect((JSON.parse(all.stdout) as unknown[]).length).toBe(names.length);
  });
});

async function waiting(): Promise<number> {
  const { rows } = await world.client.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity
     where application_name = 'studymate-db report' and wait_event_type = 'Lock'`,
  );
  return rows[0]?.count ?? 0;
}

/** Cells of a terminal: those of East Asian scripts are twice as wide. */
function stringWidth(text: string): number {
  return Array.from(text).reduce(
    (sum, letter) => sum + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uff00-\uff60]/.test(letter) ? 2 : 1),
    0,
  );
}

/** The beginning of a line that takes so many cells of a terminal. */
function cutAtWidth(line: string, width: number): string {
  let cut = '';
  for (const letter of line) {
    if (stringWidth(cut) >= width) break;
    cut += letter;
  }
  return cut;
}
