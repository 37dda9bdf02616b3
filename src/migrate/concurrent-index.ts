import type { ClientBase } from 'pg';
import { quoteIdentifier, quoteQualified } from '../database/identifier.js';
import { OperationError } from '../errors.js';
import type { RelationName } from './statement-kind.js';

/**
 * CREATE INDEX CONCURRENTLY that fails or is killed leaves an INVALID index: it serves no query, is paid on
 * every write, makes the same statement fail the next time, and makes IF NOT EXISTS succeed without an index.
 */

interface IndexState {
  readonly schema: string;
  readonly name: string;
  readonly valid: boolean;
  /** A session that builds it right now. */
  readonly builderPid: number | null;
}

const findIndexSql = `
select n.nspname as schema, c.relname as name, i.indisvalid and i.indisready as valid,
       (select p.pid from pg_stat_progress_create_index p
        where p.index_relid = c.oid and p.datid = (select oid from pg_database where datname = current_database())
        limit 1) as "builderPid"
from pg_class t
join pg_class c on c.relnamespace = t.relnamespace and c.relname = $2
join pg_namespace n on n.oid = c.relnamespace
join pg_index i on i.indexrelid = c.oid
where t.oid = to_regclass($1)`;

/** The index of that name in the schema of `relation`, where CREATE INDEX would put it. */
export async function findIndex(
  client: ClientBase,
  relation: RelationName,
  index: string,
): Promise<IndexState | undefined> {
  const qualified =
    relation.schema === undefined
      ? quoteIdentifier(relation.name)
      : quoteQualified(relation.schema, relation.name);
  const { rows } = await client.query<IndexState>(findIndexSql, [qualified, index]);
  return rows[0];
}

/**
 * Removes the leftover of a build that did not finish; a valid index is left alone.
 *
 * @returns the name of the index that was dropped
 * @throws OperationError MIGRATION_INDEX_INVALID when another session still builds it
 */
export async function dropInvalidIndex(
  client: ClientBase,
  found: IndexState | undefined,
): Promise<string | undefined> {
  if (found === undefined || found.valid) return undefined;
  if (found.builderPid !== null) {
    throw new OperationError(
      'MIGRATION_INDEX_INVALID',
      `the index ${found.schema}.${found.name} is being built right now`,
      {
        detail: `By pid ${found.builderPid}.`,
        hint: 'Wait for it, or end it with select pg_cancel_backend(PID), then run again.',
      },
    );
  }
  await client.query(`drop index concurrently ${quoteQualified(found.schema, found.name)}`);
  return `${found.schema}.${found.name}`;
}

export function assertIndexValid(found: IndexState | undefined, index: string): void {
  if (found?.valid === true) return;
  throw new OperationError('MIGRATION_INDEX_INVALID', `the index ${index} is not valid after its build`, {
    hint: 'Run again: the leftover is dropped and the index built anew.',
  });
}
