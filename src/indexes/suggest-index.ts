import { quoteIdentifier, quoteQualified } from '../database/identifier.js';

export interface SuggestedIndex {
  readonly schema: string;
  readonly table: string;
  /** PostgreSQL builds nothing concurrently on a partitioned table: our command does. */
  readonly partitioned: boolean;
  readonly columns: readonly string[];
  readonly name: string;
  /** Only the rows of which this is true, in SQL. */
  readonly where?: string | undefined;
}

/** What builds an index without keeping writers out: a statement, for a partitioned table a command. */
export function suggestIndex({ schema, table, partitioned, columns, name, where }: SuggestedIndex): string {
  if (!partitioned) {
    const condition = where === undefined ? '' : ` where ${where}`;
    return `create index concurrently ${quoteIdentifier(name)} on ${quoteQualified(schema, table)} (${columns
      .map(quoteIdentifier)
      .join(', ')})${condition}`;
  }
  return [
    'studymate-db index create',
    ...(schema === 'public' ? [] : ['--schema', shellWord(schema)]),
    ...['--table', shellWord(table), '--name', shellWord(name), '--columns', shellWord(columns.join(','))],
    ...(where === undefined ? [] : ['--where', shellWord(where)]),
  ].join(' ');
}

/** A name after the columns that no index of the schema has yet. */
export function freeIndexName(
  { table, columns }: { readonly table: string; readonly columns: readonly string[] },
  taken: ReadonlySet<string>,
): string {
  const base = `idx_${table}_${columns.join('_')}`.slice(0, 60);
  return [base, `${base}_1`, `${base}_2`].find((candidate) => !taken.has(candidate)) ?? base;
}

function shellWord(text: string): string {
  return /^[\w.,=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
