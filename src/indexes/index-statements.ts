import { quoteIdentifier, quoteLiteral, quoteQualified } from '../database/identifier.js';
import type { LogicalIndex } from './index-catalog.js';
import { suggestIndex } from './suggest-index.js';

/** Of a partitioned index PostgreSQL can drop nothing concurrently. */
export function dropStatement({ schema, name, partitioned }: LogicalIndex): string {
  return `drop index ${partitioned ? '' : 'concurrently '}${quoteQualified(schema, name)}`;
}

/** What brings a dropped index back: its definition, for a partitioned one with all its leaves, and its comment. */
export function undoStatements({ schema, name, definition, comment }: LogicalIndex): readonly string[] {
  return [
    // The server prints a partitioned index as if it had no leaves.
    definition.replace(/^(CREATE (?:UNIQUE )?INDEX (?:"(?:[^"]|"")*"|[^\s"]+) ON) ONLY /, '$1 '),
    ...(comment === undefined
      ? []
      : [`comment on index ${quoteQualified(schema, name)} is ${quoteLiteral(comment)}`]),
  ];
}

export function partialStatement({ schema, name, table }: LogicalIndex, column: string): string {
  return suggestIndex({
    ...{ schema, table: table.name, partitioned: table.partitioned, columns: [column] },
    name: `${name.slice(0, 54)}_not_null`,
    where: `${quoteIdentifier(column)} is not null`,
  });
}
