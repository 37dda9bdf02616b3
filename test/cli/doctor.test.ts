import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli, type CliResult } from '../support/cli.js';
import { useDatabase } from '../support/database.js';

const database = useDatabase();
let client: pg.Client;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doctor-'));
  client = await database.connect();
  await client.query(
    `create sequence public."방_seq"; create table public."방" (id int default nextval('public."방_seq"'))`,
  );
  await client.query(`select setval('public."방_seq"', 1600000000)`);
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

const cli = (...args: string[]): Promise<CliResult> =>
  runCli(['doctor', ...args], { DATABASE_URL: database.url });
const sequences = ['--only', 'sequences'];

async function rules(data: unknown): Promise<string> {
  const file = join(folder, 'rules.json');
  await writeFile(file, typeof data === 'string' ? data : JSON.stringify(data, null, 2));
  return file;
}

const ignore = (until: string): unknown => ({
  ignore: [{ check: 'sequences', object: 'public."방_seq"', reason: 'rebuilt in spring', until }],
});

describe('studymate-db doctor', () => {
  test('says what, why and how to mend it; and ends with 3 only where it is asked to', async () => {
    const result = await cli(...sequences);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toMatch(
      /^severity {2}check {6}finding\nwarn {6}sequences {2}public\."방_seq": 74 % used: .*\n {21}why: .*\n {21}fix: alter table/,
    );
    expect(result.stdout).toContain('0 errors, 1 warnings, 0 to know');
    expect((await cli(...sequences, '--fail-on', 'error')).code).toBe(0);
    expect((await cli(...sequences, '--fail-on', 'warn')).code).toBe(3);
    expect((await cli('--only', 'locks', '--fail-on', 'warn')).code).toBe(0);
  });

  test('writes the same for machines', async () => {
    const json = await cli(...sequences, '--format', 'json', '--fail-on', 'warn');
    expect(json.code).toBe(3);
    expect(JSON.parse(json.stdout)).toMatchObject({
      database: database.name,
      worst: 'warn',
      checks: [{ name: 'sequences', findings: 1 }],
      findings: [{ check: 'sequences', severity: 'warn', object: 'public."방_seq"' }],
      ignored: [],
      measurements: [{ name: 'sequence_used', value: 74.51, unit: '%' }],
    });
    const csv = await cli(...sequences, '--format', 'csv');
    expect(csv.stdout.split('\n')[0]).toBe('severity,check,object,what,why,fix,ignoredUntil,ignoredFor');
  });

  test('runs every check when none is named, and shows their names', async () => {
    const all = JSON.parse((await cli('--format', 'json')).stdout) as { checks: { name: string }[] };
    expect(all.checks.length).toBeGreaterThan(20);
    const unknown = await cli('--only', 'sequences,sequenzes');
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(unknown.stderr).toContain('there is no check sequenzes');
    for (const { name } of all.checks) expect(unknown.stderr).toContain(name);
  });

  test('leaves out what is ignored with a reason until a day, shows it with --verbose, and tells when it is over', async () => {
    const ignored = await cli(
      ...sequences,
      '--rules',
      await rules(ignore('2099-12-31')),
      '--fail-on',
      'warn',
    );
    expect(ignored.code).toBe(0);
    expect(ignored.stdout).toContain('all is well; 1 ignored, shown with --verbose');
    const shown = await cli(...sequences, '--rules', await rules(ignore('2099-12-31')), '--verbose');
    expect(shown.stdout).toMatch(/^ignored warn {2}sequences/m);
    expect(shown.stdout).toContain('ignored until 2099-12-31: rebuilt in spring');
    const over = await cli(...sequences, '--rules', await rules(ignore('2020-12-31')), '--fail-on', 'warn');
    expect(over.code).toBe(3);
    expect(over.stdout).toContain('the ignore ended on 2020-12-31; 1 finding is back');
    expect(over.stdout).toContain('2 warnings');
  });

  test('takes other thresholds, and refuses a file with a mistake before it connects', async () => {
    const lower = await rules({ thresholds: { sequenceErrorRatio: 0.7 } });
    expect((await cli(...sequences, '--rules', lower, '--fail-on', 'error')).code).toBe(3);
    for (const wrong of [
      { ignore: [{ check: 'sequences', object: '*', until: '2099-12-31' }] },
      '{\n  "ignore" [}',
    ]) {
      const file = await rules(wrong);
      const result = await runCli(['doctor', '--rules', file], {
        DATABASE_URL: 'postgres://x@127.0.0.1:1/x',
      });
      expect(result).toMatchObject({ code: 2, stdout: '' });
      expect(result.stderr).toContain(`${file}:`);
      expect(result.stderr).toContain('[CONFIG_INVALID]');
    }
    expect((await cli('--rules', join(folder, 'none.json'))).code).toBe(2);
    expect((await cli('--timeout', '0')).code).toBe(2);
  });

  test('ends with 4 where nothing answers', async () => {
    const result = await runCli(['doctor'], { DATABASE_URL: 'postgres://x:s3cret@127.0.0.1:1/x' });
    expect(result).toMatchObject({ code: 4, stdout: '' });
    expect(result.stderr).toContain('[CONNECT_REFUSED]');
    expect(result.stderr).not.toContain('s3cret');
  });
});

describe('studymate-db doctor --nagios', () => {
  const line = /^STUDYMATE (OK|WARNING|CRITICAL|UNKNOWN) - [^|\n]+( \| [^|\n]+)?\n$/;

  test('is one line with figures, and 0, 1 or 2', async () => {
    const ok = await cli('--only', 'locks', '--nagios');
    expect(ok).toMatchObject({ code: 0, stderr: '' });
    expect(ok.stdout).toMatch(line);
    expect(ok.stdout).toContain('| longest_lock_wait=0s;5;60;0 errors=0;;;0 warnings=0;;;0 ignored=0;;;0\n');
    const warning = await cli(...sequences, '--nagios');
    expect(warning.code).toBe(1);
    expect(warning.stdout).toMatch(line);
    expect(warning.stdout).toContain('sequence_used=74.51%;70;90;0;100');
    const critical = await cli(
      ...sequences,
      '--nagios',
      '--rules',
      await rules({ thresholds: { sequenceErrorRatio: 0.7 } }),
    );
    expect(critical.code).toBe(2);
    expect(critical.stdout).toMatch(/^STUDYMATE CRITICAL - 1 findings in /);
  });

  test('is critical where the server cannot be reached, and unknown where the call is wrong', async () => {
    const gone = await runCli(['doctor', '--nagios'], { DATABASE_URL: 'postgres://x:s3cret@127.0.0.1:1/x' });
    expect(gone.code).toBe(2);
    expect(gone.stdout).toMatch(line);
    expect(gone.stdout).not.toContain('s3cret');
    for (const args of [
      ['--only', 'none'],
      ['--rules', await rules('{')],
      ['--timeout', 'soon'],
    ]) {
      const wrong = await cli('--nagios', ...args);
      expect(wrong.code).toBe(3);
      expect(wrong.stdout).toMatch(line);
    }
    expect((await runCli(['doctor', '--nagios'])).code).toBe(3);
  });
});
