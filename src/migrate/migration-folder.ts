import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError } from '../errors.js';
import { packageRoot } from '../package-root.js';
import {
  isMigrationFileName,
  parseMigrationFile,
  type MigrationFile,
  type MigrationProblem,
} from './migration-file.js';

export interface MigrationFolder {
  readonly directory: string;
  /** In the order they run: by number. */
  readonly files: readonly MigrationFile[];
  readonly problems: readonly MigrationProblem[];
}

/** The migrations this package ships: the StudyMate schema. */
export function defaultMigrationsDirectory(): string {
  return join(packageRoot(), 'migrations');
}

/**
 * Reads every migration of a folder and reports all that is wrong with their names and markers. Files that do
 * not end in `.sql`, and those whose name starts with a dot, are not migrations and are left alone.
 *
 * @throws OperationError MIGRATION_FOLDER_MISSING, MIGRATION_FOLDER_EMPTY
 */
export async function readMigrationFolder(directory: string): Promise<MigrationFolder> {
  const names = await listSqlFiles(directory);
  if (names.length === 0) {
    throw new OperationError('MIGRATION_FOLDER_EMPTY', `there is no migration in ${directory}`, {
      hint: 'Name the right folder with --migrations, or write the first file with «studymate-db migrate create NAME».',
    });
  }
  const problems: MigrationProblem[] = [];
  const files: MigrationFile[] = [];
  const byNumber = new Map<bigint, string>();
  const contents = await Promise.all(names.map((name) => readFile(join(directory, name))));
  for (const [index, name] of names.entries()) {
    if (!isMigrationFileName(name)) {
      problems.push(nameProblem(name));
      continue;
    }
    const number = numberOf(name);
    const twin = byNumber.get(number);
    if (twin !== undefined) {
      problems.push({
        file: name,
        position: undefined,
        message: `it has the same number as ${twin}, so their order is anybody's guess`,
        hint: 'Give one of them the next free number.',
      });
    }
    byNumber.set(number, name);
    const parsed = parseMigrationFile(join(directory, name), contents[index] ?? Buffer.of());
    files.push(parsed.file);
    problems.push(...parsed.problems);
  }
  files.sort((a, b) => (numberOf(a.name) < numberOf(b.name) ? -1 : 1));
  return { directory, files, problems };
}

export function numberOf(name: string): bigint {
  return BigInt(/^\d+/.exec(name)?.[0] ?? '0');
}

async function listSqlFiles(directory: string): Promise<string[]> {
  try {
    const names = await readdir(directory);
    return names.filter((name) => name.endsWith('.sql') && !name.startsWith('.')).sort();
  } catch (error) {
    throw new OperationError(
      'MIGRATION_FOLDER_MISSING',
      `the migrations folder ${directory} cannot be read`,
      {
        detail: (error as Error).message,
        hint: 'Name an existing folder with --migrations.',
        cause: error,
      },
    );
  }
}

function nameProblem(name: string): MigrationProblem {
  const problem = (message: string, hint: string): MigrationProblem => ({
    file: name,
    position: undefined,
    message,
    hint,
  });
  if (/\.(up|down)\.sql$/.test(name)) {
    return problem(
      'a migration is one file, not a pair of .up.sql and .down.sql',
      'Put both parts into one file, under «-- Up Migration» and «-- Down Migration».',
    );
  }
  if (/^[VRUB]\d*.*__/.test(name)) {
    return problem('this is a Flyway name', 'Rename it to NNNN_verb-object.sql.');
  }
  return problem(
    'the name is not NNNN_verb-object.sql',
    'Use at least four digits, «_», then letters, digits, «-» and «_».',
  );
}

/** Throws one error that lists every problem. */
export function assertNoProblems(problems: readonly MigrationProblem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  throw new OperationError('MIGRATION_FILE_INVALID', `the migration files have ${count}; nothing was run`, {
    detail: problems.map((problem) => `${formatProblem(problem)}\n  ${problem.hint}`).join('\n'),
    hint: 'Mend the files; «studymate-db migrate check» reads them without a database.',
  });
}

export function formatProblem({ file, position, message }: MigrationProblem): string {
  const place = position === undefined ? file : `${file}:${position.line}:${position.column}`;
  return `${place}: ${message}`;
}
