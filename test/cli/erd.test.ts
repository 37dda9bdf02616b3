import { access, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCli, type CliResult } from '../support/cli.js';
import { useDatabase } from '../support/database.js';

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'studymate-erd-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

describe('studymate-db erd', () => {
  const database = useDatabase();
  const erd = (...args: string[]): Promise<CliResult> =>
    runCli(['erd', ...args], { DATABASE_URL: database.url });

  it('finds the committed document as the migrations want it', async () => {
    const { code, stdout, stderr } = await erd('--check');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^docs\/schema\.md is up to date: \d+ tables in 10 domains\n$/);
  });

  it('writes the document to stdout, and the same to a file with nothing beside it', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'schema.md');
    expect((await erd('--output', file)).stdout).toMatch(/schema\.md written: \d+ tables/);
    expect((await erd()).stdout).toBe(await readFile(file, 'utf8'));
    expect(await readdir(folder)).toEqual(['schema.md']);
    expect((await erd('--output', file)).stdout).toContain('schema.md is up to date');
  });

  it('exits 3 with a diff when the document has drifted or is missing, and leaves it as it is', async () => {
    const file = join(await temporaryFolder(), 'schema.md');
    expect((await erd('--check', '--output', file)).code).toBe(3);
    await expect(access(file)).rejects.toMatchObject({ code: 'ENOENT' });
    await erd('--output', file);
    const drifted = (await readFile(file, 'utf8')).replace('| Name in Korean. |', '| Its name. |');
    await writeFile(file, drifted);
    const { code, stdout } = await erd('--check', '--output', file);
    expect(code).toBe(3);
    expect(stdout).toMatch(
      /^-\| `korean_name` .* Its name\. \|\n\+\| `korean_name` .* Name in Korean\. \|$/m,
    );
    expect(stdout).toMatch(/schema\.md is out of date: .*\n$/);
    expect(await readFile(file, 'utf8')).toBe(drifted);
  });

  it('draws one domain or all as Mermaid, and gives machines the list of the tables', async () => {
    expect((await erd('--as', 'mermaid')).stdout).toMatch(
      /^erDiagram\n {2}"users"\["users \(사용자\)"\] \{\n/,
    );
    const chat = await erd('--as', 'mermaid', '--domain', 'chat');
    expect(chat.stdout).toContain('"chat_messages" |o--o{ "chat_participants" : "last_read_message_id"\n');
    expect(chat.stdout).not.toContain('refresh_tokens');
    const rows = (await erd('--format', 'ndjson')).stdout.trim().split('\n');
    expect(rows.map((row) => JSON.parse(row) as unknown)).toContainEqual({
      domain: 'chat',
      table: 'chat_messages',
      korean: '채팅 메시지',
      columns: 11,
      references: 3,
      partitioning: 'by month of created_at, in UTC; with a default partition',
    });
  });

  it('refuses a domain that is not there, one of a document, a check of nothing, and a folder that is missing', async () => {
    const unknown = await erd('--as', 'mermaid', '--domain', 'chess');
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(unknown.stderr).toMatch(/no domain «chess».*\nhint: Name one of users, authentication/);
    expect((await erd('--domain', 'chat')).code).toBe(2);
    expect((await erd('--as', 'html', '--check')).stderr).toContain('hint: Name it with --output');
    const missing = await erd('--output', join(await temporaryFolder(), 'none', 'schema.md'));
    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(missing.stderr).toContain('[ERD_FILE_UNWRITABLE]');
  });
});
