import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isRunning } from '../../src/dev/process-identity.js';
import { packageRoot } from '../../src/package-root.js';
import { makeTemporaryFolder } from '../support/server.js';

interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const bin = join(packageRoot(), 'bin', 'studymate-db.js');
let folder: string;
let project: string;
let count = 0;

beforeAll(async () => {
  folder = await makeTemporaryFolder();
});

afterEach(async () => {
  await dev('stop');
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function newProject(): Promise<void> {
  count += 1;
  project = join(folder, String(count));
  await mkdir(project);
}

async function dev(...parameters: string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile(process.execPath, [bin, 'dev', ...parameters], { cwd: project }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

describe('studymate-db dev', () => {
  it('start prints one line that the shell can export; the URL in it opens the server', async () => {
    await newProject();
    const { exitCode, stdout, stderr } = await dev('start');
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stdout).toMatch(/^DATABASE_URL=postgres:\/\/studymate:[\w-]+@127\.0\.0\.1:\d+\/studymate\n$/);
    expect(stderr).toContain('started');
    const client = new pg.Client({ connectionString: stdout.trim().slice('DATABASE_URL='.length) });
    await client.connect();
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await client.end();
    expect((await dev('start')).stdout).toBe(stdout);
  });

  it('status and stop tell what is there, also for several majors, and stop leaves nothing running', async () => {
    await newProject();
    expect(await dev('status')).toMatchObject({ exitCode: 0, stdout: 'no server was ever started here\n' });
    expect((await dev('status', '--exit-code')).exitCode).toBe(3);
    await dev('start');
    await dev('start', '--pg', '16');
    const running = await dev('status', '--format', 'json', '--exit-code');
    expect(running.exitCode).toBe(0);
    const servers = JSON.parse(running.stdout) as { major: number; state: string; pid: number }[];
    expect(servers).toMatchObject([
      { major: 16, state: 'running' },
      { major: 17, state: 'running' },
    ]);
    expect(JSON.parse((await dev('stop', '--format', 'json')).stdout)).toMatchObject([
      { major: 16, state: 'stopped' },
      { major: 17, state: 'stopped' },
    ]);
    for (const { pid } of servers) expect(await isRunning(pid)).toBe(false);
    expect((await dev('status', '--exit-code')).exitCode).toBe(3);
    expect((await dev('stop')).stdout).toContain('nothing was running here');
  });

  it.each([
    [['start', '--pg', '14'], 'Allowed choices are 15, 16, 17, 18'],
    [['start', '--port', '70000'], 'USAGE_INVALID_OPTION'],
    [['start', '--port', 'http'], 'USAGE_INVALID_OPTION'],
    [['begin'], 'unknown command'],
  ])('refuses %j with exit code 2, and starts nothing', async (parameters, words) => {
    await newProject();
    const { exitCode, stdout, stderr } = await dev(...parameters);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(words);
    expect(existsSync(join(project, '.studymate'))).toBe(false);
  });

  it('says what is wrong, and how to go on, when the server cannot start', async () => {
    await newProject();
    const { exitCode, stderr } = await dev('start', '--system', project);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/\[DEV_BINARIES_MISSING\]\n(.*\n)*hint: /);
    expect(stderr).not.toContain('    at ');
  });
});
