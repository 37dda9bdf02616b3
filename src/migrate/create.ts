import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../errors.js';
import { defaultMigrationsDirectory, numberOf } from './migration-folder.js';

export interface CreateMigrationOptions {
  /** `verb-object`: lower-case letters, digits and hyphens. */
  readonly name: string;
  readonly directory?: string | undefined;
  /** Write the directive that lets CONCURRENTLY run. */
  readonly noTransaction?: boolean | undefined;
}

/**
 * Writes the next migration file from a template, with the number after the highest there is.
 *
 * @throws UsageError USAGE_INVALID_OPTION for a name that would not sort or read well
 */
export async function createMigration(options: CreateMigrationOptions): Promise<{ readonly path: string }> {
  const { name, directory = defaultMigrationsDirectory(), noTransaction = false } = options;
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name)) {
    throw new UsageError('USAGE_INVALID_OPTION', `«${name}» is not a name for a migration`, {
      hint: 'Write verb-object in lower-case letters, digits and hyphens, as in add-user-timezone.',
    });
  }
  await mkdir(directory, { recursive: true });
  const numbers = (await readdir(directory)).filter((file) => /^\d+_.*\.sql$/.test(file)).map(numberOf);
  const next = numbers.reduce((highest, number) => (number > highest ? number : highest), 0n) + 1n;
  const path = join(directory, `${String(next).padStart(4, '0')}_${name}.sql`);
  // wx: two people who create at once must not overwrite one another.
  await writeFile(path, template(noTransaction), { flag: 'wx' });
  return { path };
}

function template(noTransaction: boolean): string {
  return [
    '-- Why:    ',
    '-- What:   ',
    '-- Locks:  ',
    '-- Revert: ',
    ...(noTransaction ? ['-- studymate: no-transaction'] : []),
    '',
    '-- Up Migration',
    '',
    '',
    '-- Down Migration',
    '',
    '',
  ].join('\n');
}
