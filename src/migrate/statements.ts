import { basename } from 'node:path';
import type { MigrationFile, MigrationProblem, MigrationSection } from './migration-file.js';
import { positionAt, type SourcePosition } from './source-position.js';
import { splitStatements } from './split-statements.js';
import type { StatementKind } from './statement-kind.js';

export interface Statement {
  readonly text: string;
  readonly position: SourcePosition;
  /** Index of its first character in the file's text. */
  readonly offset: number;
  readonly kind: StatementKind;
}

const transactionControl =
  /^(?:begin|start\s+transaction|commit|end|rollback|abort|savepoint|release|prepare\s+transaction)\b/i;

/**
 * Splits one direction of a migration and reports what could not run the way the file is written.
 *
 * Statements of a file without a transaction, and all of them when `syntax` is asked for, are read by
 * PostgreSQL's own parser. Inside a transaction that is the server's work: the file is rolled back whole.
 */
export async function readStatements(
  file: MigrationFile,
  section: MigrationSection,
  { syntax }: { readonly syntax: boolean },
): Promise<{ statements: Statement[]; problems: MigrationProblem[] }> {
  const problems: MigrationProblem[] = [];
  const report = (index: number, message: string, hint: string): void => {
    problems.push({ file: basename(file.path), position: positionAt(file.text, index), message, hint });
  };
  // Loaded where it is needed: it is a megabyte of WebAssembly.
  const parser = syntax || !file.transaction ? await import('./statement-kind.js') : undefined;
  const statements: Statement[] = [];
  for (const slice of splitStatements(section.text)) {
    const offset = section.offset + slice.offset;
    const control = transactionControl.exec(slice.text);
    if (slice.text.startsWith('\\')) {
      report(
        offset,
        'this is a psql meta-command, not SQL',
        'Only SQL runs here: write what the command would do.',
      );
      continue;
    }
    if (control !== null) {
      report(
        offset,
        'a migration does not control its own transaction',
        'Remove the statement; the runner begins and commits.',
      );
      continue;
    }
    const parsed = await parser?.parseStatement(slice.text);
    if (parsed?.error !== undefined) {
      report(offset + parsed.error.index, parsed.error.message, 'Mend the SQL.');
      continue;
    }
    const kind = parsed?.kind ?? { type: 'transactional' };
    if (kind.type === 'copy-from-stdin') {
      report(
        offset,
        'COPY FROM STDIN has no data to read here',
        'Use INSERT, or load data outside of a migration.',
      );
    } else if (kind.type === 'create-index-concurrently' && kind.index === undefined) {
      report(
        offset,
        'an index built concurrently needs a name',
        'Name it, so that a leftover of a failed build can be found.',
      );
    } else if (kind.type !== 'transactional' && file.transaction) {
      report(offset, `${kind.command} cannot run inside a transaction`, needsDirective);
    }
    statements.push({ text: slice.text, offset, position: positionAt(file.text, offset), kind });
  }
  return { statements, problems };
}

export const needsDirective =
  'Put «-- studymate: no-transaction» above «-- Up Migration», and only what needs it into this file.';
