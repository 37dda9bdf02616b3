import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { positionAt, type SourcePosition } from './source-position.js';
import { splitStatements } from './split-statements.js';

/** One direction of a migration: a slice of its file. */
export interface MigrationSection {
  readonly text: string;
  /** Index of the slice's first character in `MigrationFile.text`. */
  readonly offset: number;
}

export interface MigrationFile {
  /** File name without `.sql`: `0001_create-users`. What the ledger calls it. */
  readonly name: string;
  readonly path: string;
  /** The file's text without a byte order mark and with LF line endings. */
  readonly text: string;
  /** sha256 of `text`, hexadecimal: neither line endings nor a byte order mark matter. */
  readonly checksum: string;
  /** False under `-- studymate: no-transaction`: each statement commits by itself. */
  readonly transaction: boolean;
  readonly up: MigrationSection;
  /** Undefined when the file has no Down marker: it cannot be reverted. */
  readonly down: MigrationSection | undefined;
}

/** Something wrong with a file, found without a database. */
export interface MigrationProblem {
  readonly file: string;
  readonly position: SourcePosition | undefined;
  readonly message: string;
  readonly hint: string;
}

const fileName = /^\d{4,}_[A-Za-z0-9][A-Za-z0-9_-]*\.sql$/;
const upMarker = '-- Up Migration';
const downMarker = '-- Down Migration';
/** What the engine would take for a marker: anything it matches that is not exactly one is a trap. */
const markerLike = /^\s*--[\s-]*(?:up|down)\s+migration/i;
const directive = /^\s*--\s*studymate\s*:\s*(.*?)\s*$/i;

export function isMigrationFileName(name: string): boolean {
  return fileName.test(name);
}

/**
 * Reads a migration strictly: exactly one `-- Up Migration` line, at most one `-- Down Migration` after it, no
 * SQL before them. What the engine skips in silence is a problem here.
 */
export function parseMigrationFile(
  path: string,
  bytes: Uint8Array,
): { file: MigrationFile; problems: MigrationProblem[] } {
  const name = basename(path).replace(/\.sql$/, '');
  const problems: MigrationProblem[] = [];
  const raw = new TextDecoder('utf-8').decode(bytes); // drops a byte order mark
  const text = raw.replaceAll('\r\n', '\n');
  const report = (index: number | undefined, message: string, hint: string): void => {
    const position = index === undefined ? undefined : positionAt(text, index);
    problems.push({ file: basename(path), position, message, hint });
  };
  if (raw.includes('\uFFFD')) report(undefined, 'the file is not UTF-8', 'Save it as UTF-8.');
  if (text.includes('\0')) report(text.indexOf('\0'), 'the file holds a NUL character', 'Remove it.');

  const markers: { kind: 'up' | 'down'; start: number; end: number }[] = [];
  let transaction = true;
  for (const { line, start } of linesOf(text)) {
    const trimmed = line.trimEnd();
    if (trimmed === upMarker || trimmed === downMarker) {
      markers.push({ kind: trimmed === upMarker ? 'up' : 'down', start, end: start + line.length });
    } else if (markerLike.test(line)) {
      report(
        start,
        'this comment looks like a marker and is none',
        `Write exactly «${upMarker}» or «${downMarker}», or word the comment differently.`,
      );
    }
    const found = directive.exec(line);
    if (found === null) continue;
    if (found[1] !== 'no-transaction') {
      report(
        start,
        `unknown directive «${found[1]}»`,
        'The only directive is «-- studymate: no-transaction».',
      );
    } else if (markers.length > 0) {
      report(start, 'the no-transaction directive stands after a marker', `Put it above «${upMarker}».`);
    } else {
      transaction = false;
    }
  }

  const ups = markers.filter(({ kind }) => kind === 'up');
  const downs = markers.filter(({ kind }) => kind === 'down');
  const [up] = ups;
  const [down] = downs;
  if (up === undefined) {
    report(undefined, `there is no «${upMarker}» line`, 'Put it above the SQL that the migration runs.');
  }
  for (const extra of [...ups.slice(1), ...downs.slice(1)]) {
    report(extra.start, 'the marker stands twice', 'Keep one of each.');
  }
  if (up !== undefined && down !== undefined && down.start < up.start) {
    report(down.start, `«${downMarker}» stands before «${upMarker}»`, 'Put Up first, Down last.');
  }
  const first = markers[0];
  const strayIndex = first === undefined ? -1 : firstSqlIndex(text.slice(0, first.start));
  if (strayIndex >= 0) {
    report(
      strayIndex,
      'there is SQL before the first marker; it would never run',
      `Move it below «${upMarker}».`,
    );
  }
  const upSection = section(text, up?.end ?? text.length, down?.start ?? text.length);
  if (up !== undefined && firstSqlIndex(upSection.text) < 0) {
    report(up.start, 'the Up part is empty', 'Write its SQL, or delete the file.');
  }
  return {
    file: {
      name,
      path,
      text,
      checksum: createHash('sha256').update(text).digest('hex'),
      transaction,
      up: upSection,
      down: down === undefined ? undefined : section(text, down.end, text.length),
    },
    problems,
  };
}

function section(text: string, start: number, end: number): MigrationSection {
  return { text: text.slice(start, end), offset: start };
}

function* linesOf(text: string): Generator<{ line: string; start: number }> {
  let start = 0;
  for (const line of text.split('\n')) {
    yield { line, start };
    start += line.length + 1;
  }
}

/** Index of the first character that is neither space nor part of a comment, or -1. */
function firstSqlIndex(text: string): number {
  return splitStatements(text).next().value?.offset ?? -1;
}
