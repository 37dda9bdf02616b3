import type { MigrationFile, MigrationProblem } from './migration-file.js';
import { assertNoProblems } from './migration-folder.js';
import { OperationError } from '../errors.js';
import { readStatements, type Statement } from './statements.js';

/** One file to run in one direction. */
export interface MigrationTask {
  readonly file: MigrationFile;
  readonly action: 'up' | 'down';
  readonly statements: readonly Statement[];
}

/**
 * Reads what is about to run, all of it before any of it runs.
 *
 * @throws OperationError MIGRATION_FILE_INVALID, MIGRATION_IRREVERSIBLE
 */
export async function makeTasks(
  files: readonly MigrationFile[],
  actions: readonly ('up' | 'down')[],
): Promise<MigrationTask[]> {
  const problems: MigrationProblem[] = [];
  const tasks: MigrationTask[] = [];
  for (const action of actions) {
    for (const file of files) {
      const section = action === 'up' ? file.up : file.down;
      if (section === undefined) {
        throw new OperationError(
          'MIGRATION_IRREVERSIBLE',
          `${file.name} has no Down part, so it cannot be reverted; nothing was run`,
          {
            hint: 'Write «-- Down Migration» with the SQL that undoes it, or go back by restoring a backup.',
          },
        );
      }
      const parsed = await readStatements(file, section, { syntax: false });
      problems.push(...parsed.problems);
      tasks.push({ file, action, statements: parsed.statements });
    }
  }
  assertNoProblems(problems);
  return tasks;
}
