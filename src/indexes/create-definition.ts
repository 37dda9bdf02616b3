import { randomBytes } from 'node:crypto';
import type { ClientBase } from 'pg';
import { quoteIdentifier, quoteQualified } from '../database/identifier.js';
import { isServerError } from '../database/sqlstate.js';
import { OperationError, UsageError } from '../errors.js';
import { DEFINITION_TAIL } from './definition-tail.js';

/** What an index is to be, in the caller's words. */
export interface IndexDefinition {
  /** Keys in their order; expressions, operator classes and collations go into `definition`. */
  readonly columns?: readonly IndexColumn[] | undefined;
  readonly include?: readonly string[] | undefined;
  /** The condition of a partial index, as SQL. */
  readonly where?: string | undefined;
  /** The access method; default btree. */
  readonly method?: string | undefined;
  readonly nullsNotDistinct?: boolean | undefined;
  /** Instead of all of these: what follows the table in CREATE INDEX, as SQL: `using gin (to_tsvector('simple', content))`. */
  readonly definition?: string | undefined;
}

export interface IndexColumn {
  readonly name: string;
  readonly descending?: boolean | undefined;
  /** Default: as PostgreSQL does, last when ascending and first when descending. */
  readonly nulls?: 'first' | 'last' | undefined;
}

/** What follows the table in CREATE INDEX. @throws UsageError USAGE_INVALID_OPTION */
export function writeDefinition(index: IndexDefinition): string {
  const { columns = [], include = [], where, method = 'btree', nullsNotDistinct = false, definition } = index;
  const others =
    columns.length + include.length > 0 || [where, index.method].some((part) => part !== undefined);
  if (definition !== undefined) {
    if (others || nullsNotDistinct) throw unclear('a definition stands for itself: no columns beside it');
    return definition;
  }
  if (columns.length === 0) throw unclear('an index needs columns, or a definition');
  const keys = columns.map(
    ({ name, descending = false, nulls }) =>
      `${quoteIdentifier(name)}${descending ? ' desc' : ''}${nulls === undefined ? '' : ` nulls ${nulls}`}`,
  );
  return [
    `using ${quoteIdentifier(method)} (${keys.join(', ')})`,
    ...(include.length > 0 ? [`include (${include.map(quoteIdentifier).join(', ')})`] : []),
    ...(nullsNotDistinct ? ['nulls not distinct'] : []),
    ...(where === undefined ? [] : [`where (${where}\n)`]),
  ].join(' ');
}

function unclear(message: string): UsageError {
  return new UsageError('USAGE_INVALID_OPTION', message, {
    hint: 'Give --columns, with --include and --where if need be; or --definition with all that follows the table.',
  });
}

/**
 * Lets the server read a definition, by building it on an empty table that is like this one, in a transaction that is
 * rolled back.
 *
 * @returns the definition as the server prints it: what follows the table, the same for equal ones
 * @throws UsageError USAGE_INVALID_OPTION with what the server does not like; OperationError DATABASE_PERMISSION_DENIED
 */
export async function readDefinition(
  client: ClientBase,
  table: { readonly schema: string; readonly name: string },
  { unique, definition }: { readonly unique: boolean; readonly definition: string },
): Promise<string> {
  const shadow = `studymate_${randomBytes(6).toString('hex')}`;
  const name = quoteQualified(table.schema, shadow);
  await client.query('begin');
  try {
    await client.query(`create table ${name} (like ${quoteQualified(table.schema, table.name)})`);
    // The extended protocol takes one statement a message: a definition cannot go on with another.
    await client.query({
      text: `create ${unique ? 'unique ' : ''}index on ${name} ${definition}`,
      queryMode: 'extended',
    } as { text: string });
    const { rows } = await client.query<{ tail: string }>(
      `select ${DEFINITION_TAIL} as tail
         from pg_class t
         join pg_namespace tn on tn.oid = t.relnamespace
         join pg_index i on i.indrelid = t.oid
         join pg_class c on c.oid = i.indexrelid
        where tn.nspname = $1 and t.relname = $2`,
      [table.schema, shadow],
    );
    return rows[0]?.tail ?? '';
  } catch (error) {
    if (!isServerError(error) || /^(?:08|40|53|55|57|58|XX)/.test(error.code)) throw error;
    if (error.code === '42501') {
      throw new OperationError(
        'DATABASE_PERMISSION_DENIED',
        `the role may make no index in ${table.schema}`,
        {
          detail: error.message,
          hint: 'Use the role that owns the tables.',
          cause: error,
        },
      );
    }
    throw new UsageError('USAGE_INVALID_OPTION', 'the server does not take this index', {
      detail: [`${error.message} (SQLSTATE ${error.code})`, error.hint].filter(Boolean).join('\n'),
      hint: 'Nothing was made; correct columns or definition.',
      cause: error,
    });
  } finally {
    await client.query('rollback').catch(() => undefined);
  }
}
