import type { ClientBase } from 'pg';
import { quoteIdentifier, quoteQualified } from '../database/identifier.js';
import { UsageError } from '../errors.js';
import type { RelationName } from './statement-kind.js';
import type { MigrationTask } from './task.js';

/**
 * Refuses to revert what would take rows along, unless the database was named. Looked at before anything runs:
 * DROP TABLE, DROP COLUMN, TRUNCATE and DELETE of tables that hold a row, and DROP SCHEMA … CASCADE always.
 *
 * @throws UsageError MIGRATION_DATA_LOSS
 */
export async function assertNoDataLoss(
  client: ClientBase,
  tasks: readonly MigrationTask[],
  confirmed: string | undefined,
): Promise<void> {
  const { rows } = await client.query<{ name: string }>('select current_database() as name');
  const database = rows[0]?.name ?? '';
  if (confirmed === database) return;
  const { destroyedRelations } = await import('./statement-kind.js');
  const losses: string[] = [];
  for (const { file, statements } of tasks.filter(({ action }) => action === 'down')) {
    for (const { text, position } of statements) {
      for (const { relation, what } of await destroyedRelations(text)) {
        if (relation !== undefined && !(await holdsRows(client, relation))) continue;
        losses.push(`${file.name}.sql:${position.line} ${what}`);
      }
    }
  }
  if (losses.length === 0) return;
  throw new UsageError('MIGRATION_DATA_LOSS', 'reverting this would destroy rows; nothing was run', {
    detail: losses.join('\n'),
    hint: `If that is meant, name the database: --yes ${database}.`,
  });
}

async function holdsRows(client: ClientBase, { schema, name }: RelationName): Promise<boolean> {
  const qualified = schema === undefined ? quoteIdentifier(name) : quoteQualified(schema, name);
  const found = await client.query<{ table: string | null }>(
    `select c.oid::regclass::text as table from pg_class c where c.oid = to_regclass($1) and c.relkind in ('r', 'p', 'm')`,
    [qualified],
  );
  if (found.rows[0]?.table == null) return false;
  return (await client.query(`select from ${qualified} limit 1`)).rowCount === 1;
}
