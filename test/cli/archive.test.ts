import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMonths, formatMonth, monthOf, monthSuffix } from '../../src/partitioning/month.js';
import { runCli, spawnCli, type CliResult } from '../support/cli.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { attachPartition, insertConversation, insertMessage } from '../support/rows.js';

let database: TestDatabase;
let client: pg.Client;
/** A month that is due, whenever the test runs. */
const due = addMonths(monthOf(new Date()), -7);

beforeAll(async () => {
  database = await createDatabase();
  client = await database.connect();
  const { alice, room } = await insertConversation(client);
  await attachPartition(client, 'chat_messages', `chat_messages_${monthSuffix(due)}`, [
    due,
    addMonths(due, 1),
  ]);
  await insertMessage(client, { room_id: room, sender_id: alice, created_at: due });
});
afterAll(async () => database.drop());

const archive = (...args: string[]): Promise<CliResult> =>
  runCli(['archive', ...args, '--table', 'chat_messages'], { DATABASE_URL: database.url });

interface Steps {
  readonly steps: readonly { readonly action: string; readonly month: string; readonly rows: number }[];
}

const stepsOf = ({ stdout }: CliResult): unknown[] =>
  (JSON.parse(stdout) as Steps).steps.map(({ action, month, rows }) => [action, month, rows]);

// In this order: each goes on with what the one before left.
describe('studymate-db archive', () => {
  it('plan says what is due, by table and month, with rows and locks', async () => {
    const { stdout, code } = await archive('plan');
    expect(code).toBe(0);
    expect(stdout).toMatch(/swap +1 +public\.chat_messages_y.* +public\.chat_messages_archive_y/);
    expect(stdout).toContain('ACCESS EXCLUSIVE');
    expect((await archive('plan', '--exit-code')).code).toBe(3);
  });

  it('run --dry-run writes nothing', async () => {
    const result = await archive('run', '--dry-run', '--format', 'json');
    expect(result.code).toBe(0);
    expect(stepsOf(result)).toEqual([
      ['swap', '2025-01', 0],
      ['swap', formatMonth(due), 1],
    ]);
    expect((await client.query('select from studymate.runs')).rowCount).toBe(0);
    expect((await client.query('select from chat_messages_archive')).rowCount).toBe(0);
  });

  it('refuses bad input with exit code 2', async () => {
    for (const args of [
      ['run', '--older-than', 'yesterday'],
      ['run', '--older-than', '0 days'],
      ['run', '--granularity', 'week'],
      ['run', '--lock-timeout', '5s'],
      ['restore', '2025-13'],
    ]) {
      const { code, stderr } = await archive(...args);
      expect([args, code, stderr]).toEqual([args, 2, expect.stringMatching(/error/i)]);
    }
  });

  it('run moves the month, with progress as JSON lines on stderr and the steps on stdout', async () => {
    const result = await archive('run', '--format', 'json');
    expect(result.code).toBe(0);
    expect(stepsOf(result)).toEqual([
      ['swap', '2025-01', 0],
      ['swap', formatMonth(due), 1],
    ]);
    const events = result.stderr
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { type: string }).type);
    expect(events).toEqual(['step-started', 'proved', 'step-done', 'step-started', 'proved', 'step-done']);
    expect((await archive('run')).stdout).toBe('nothing was due\n');
  });

  it('status shows the rows, and exits 0 under --exit-code when nothing is due', async () => {
    const { stdout, code } = await archive('status', '--exit-code');
    expect(code).toBe(0);
    expect(stdout).toMatch(/public\.chat_messages +0 +1 +0 .*archive run: done, 0 rows/);
  });

  it('restore brings the month back', async () => {
    expect((await archive('restore', formatMonth(due))).stdout).toMatch(/restore +done +1/);
    expect((await archive('restore', formatMonth(due))).stdout).toBe(`${formatMonth(due)} is live already\n`);
    expect((await client.query('select from chat_messages')).rowCount).toBe(1);
  });

  it('exits 1 when a step failed, and says which and why', async () => {
    await client.query('alter table chat_messages add column extra int');
    const { code, stdout } = await archive('run');
    expect(code).toBe(1);
    expect(stdout).toContain('ARCHIVE_TABLES_DIFFER');
    expect((await archive('status')).stdout).toContain('archive run: failed');
    await client.query('alter table chat_messages drop column extra');
  });

  it('exits 75 when another maintenance run works, and 143 when it is told to stop', async () => {
    await client.query('begin; select archive_old_data()');
    expect((await archive('run')).code).toBe(75);
    const waiting = spawnCli(['archive', 'run', '--wait', '60s'], { DATABASE_URL: database.url });
    await waiting.stderrShows('waiting');
    waiting.process.kill('SIGTERM');
    expect((await waiting.result).code).toBe(143);
    await client.query('rollback');
  });
});
