import { spawn } from 'node:child_process';
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.js';
import { runCli, spawnCli, type CliResult } from '../support/cli.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import {
  archiveJanuary,
  differingRows,
  filesBelow,
  keepRows,
  MESSAGES,
  tableExists,
  temporaryFolder,
} from '../integration/archive-cold-sample.js';

let database: TestDatabase;
let client: pg.Client;
let directory: string;

beforeEach(async () => {
  database = await createDatabase();
  client = await database.connect();
  await archiveJanuary(client);
  directory = await temporaryFolder();
});
afterEach(() => database.drop());

const archive = (...args: string[]): Promise<CliResult> =>
  runCli(['archive', ...args], { DATABASE_URL: database.url });

describe('studymate-db archive export, verify, import', () => {
  it('takes a month out of the database and brings it back', async () => {
    await keepRows(client, MESSAGES, 'kept');
    const exported = await archive('export', '2025-01', '--to', directory, '--drop', '--format', 'json');
    expect(exported.code, exported.stderr).toBe(0);
    expect(JSON.parse(exported.stdout)).toMatchObject({
      month: '2025-01',
      tables: [
        { table: 'chat_messages', action: 'exported', dropped: true, rows: 54 },
        { table: 'user_activity_logs', action: 'exported', dropped: true, rows: 20 },
      ],
    });
    const phases = exported.stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; table: string; phase?: string })
      .filter(({ type, table }) => type === 'phase' && table === 'chat_messages')
      .map(({ phase }) => phase);
    expect(phases).toEqual(['count', 'write', 'read back', 'check files', 'count', 'drop']);

    const verified = await archive('verify', '2025-01', '--from', directory);
    expect(verified.code).toBe(0);
    expect(verified.stdout).toMatch(/chat_messages +cold +54/);
    const offline = await runCli(['archive', 'verify', '2025-01', '--from', directory, '--offline']);
    expect(offline).toMatchObject({ code: 0, stdout: expect.stringMatching(/intact/) as unknown });

    const imported = await archive('import', '2025-01', '--from', directory);
    expect(imported.code, imported.stderr).toBe(0);
    expect(imported.stdout).toMatch(/chat_messages +imported +54/);
    expect(await differingRows(client, MESSAGES, 'kept')).toBe(0);
  });

  it('exits with 3 when verify finds something, and says what', async () => {
    await archive('export', '2025-01', '--to', directory, '--file-format', 'parquet', '--quiet');
    await truncate(join(directory, 'chat_messages', '2025-01', 'chat_messages-2025-01.parquet'), 100);
    const verified = await archive('verify', '2025-01', '--from', directory, '--format', 'ndjson', '--quiet');
    expect(verified).toMatchObject({ code: 3, stderr: '' });
    expect(
      verified.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toMatchObject([
      { table: 'chat_messages', state: 'found', code: 'COLD_FILE_CHANGED' },
      { table: 'user_activity_logs', state: 'equal', code: null },
    ]);
    const imported = await archive('import', '2025-01', '--from', directory, '--quiet');
    expect(imported).toMatchObject({ code: 1, stdout: '' });
    expect(imported.stderr).toMatch(/was cut short \[COLD_FILE_CHANGED\]\n {2}It has 100 bytes/);
  });

  it('says what it would do and writes nothing', async () => {
    const planned = await archive('export', '2025-01', '--to', directory, '--drop', '--dry-run');
    expect(planned.code).toBe(0);
    expect(planned.stdout).toMatch(/chat_messages +exported +true[\s\S]*nothing was written/);
    expect(await filesBelow(directory)).toEqual([]);
    expect(await tableExists(client, MESSAGES)).toBe(true);
  });

  it.each([
    [['export', '2025-13', '--to', '.'], 2],
    [['export', '2025-01'], 2],
    [['export', '2025-01', '--to', '.', '--table', 'users'], 2],
    [['export', '2025-01', '--to', '.', '--lock-timeout', '0'], 2],
    [['export', '2024-12', '--to', '.'], 1],
    [['verify', '2024-12', '--from', '.'], 1],
    [['import', '2024-12', '--from', '.'], 1],
  ])('refuses %j with exit code %i', async (args, code) => {
    const refused = await archive(...args, '--quiet');
    expect(refused).toMatchObject({ code, stdout: '' });
    expect(refused.stderr).not.toMatch(/^\s+at /m);
  });

  it('stops in order on SIGTERM, and leaves no half copy', async () => {
    await client.query(`begin; lock table ${MESSAGES} in access exclusive mode`);
    const running = spawnCli(['archive', 'export', '2025-01', '--to', directory], {
      DATABASE_URL: database.url,
    });
    const waiting = await database.connect();
    const { poll } = await import('../support/poll.js');
    await poll(async () => {
      const { rowCount } = await waiting.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rowCount === 1;
    }, 'the wait for the lock');
    running.process.kill('SIGTERM');
    expect((await running.result).code).toBe(143);
    await client.query('rollback');
    expect(await filesBelow(directory)).toEqual(['chat_messages']);
    expect(await tableExists(client, MESSAGES)).toBe(true);
  });

  it('finds a file that may not grow any further, by a limit that needs no privileges', async () => {
    await client.query(
      `update chat_messages_archive
       set content = (select string_agg(md5(i::text || content), '') from generate_series(1, 400) i)
       where content like 'message%'`,
    );
    const cli = join(packageRoot(), 'bin', 'studymate-db.js');
    // Blocks of 512 bytes; the signal that comes with the limit is ignored, as a full disk sends none.
    const script = `trap '' XFSZ; ulimit -f 64; exec "$0" "$1" archive export 2025-01 --to "$2" --drop --quiet`;
    const child = spawn('/bin/sh', ['-c', script, process.execPath, cli, directory], {
      env: { PATH: process.env['PATH'] ?? '', DATABASE_URL: database.url },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(stderr).toContain('[COLD_DISK_FULL]');
    expect(code).toBe(1);
    expect(await filesBelow(directory)).toEqual(['chat_messages']);
    expect(await tableExists(client, MESSAGES)).toBe(true);
  });
});
