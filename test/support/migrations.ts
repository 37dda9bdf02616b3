import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface MigrationText {
  readonly up: string;
  readonly down?: string;
  readonly header?: string;
}

export const NO_TRANSACTION = '-- studymate: no-transaction';

export function migrationText({ up, down, header = '' }: MigrationText): string {
  return `${header}\n-- Up Migration\n${up}\n${down === undefined ? '' : `-- Down Migration\n${down}\n`}`;
}

/** A folder of migrations for one test, removed after it. Names are without `.sql`. */
export async function migrationFolder(
  files: Readonly<Record<string, string | MigrationText>>,
): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'studymate-migrations-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await writeMigrations(directory, files);
  return directory;
}

export async function writeMigrations(
  directory: string,
  files: Readonly<Record<string, string | MigrationText>>,
): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const content = typeof text === 'string' ? text : migrationText(text);
    await writeFile(join(directory, name.endsWith('.sql') ? name : `${name}.sql`), content);
  }
}
