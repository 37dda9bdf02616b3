import { withLockRetry } from '../database/lock-retry.js';
import { quoteIdentifier, quoteQualified } from '../database/identifier.js';
import { objectName, recorded, type ArchiveRun, type RelationName } from './archive-run.js';
import type { ArchiveTable } from './archive-table.js';

interface MissingKey {
  readonly name: string;
  readonly definition: string;
  /** There already, but not validated. */
  readonly present: boolean;
}

/**
 * Gives an archived partition the foreign keys of the live table, where it lacks them: without, deleting a user or a
 * room would not reach it. Writers of the referenced tables wait for a moment; the rows are proved without blocking.
 *
 * @returns how many keys were added or validated
 */
export async function addMissingKeys(
  run: ArchiveRun,
  table: ArchiveTable,
  partition: RelationName,
): Promise<{ readonly added: number; readonly lockWaitMs: number; readonly heldMs: number }> {
  const { client } = run.session;
  const target = quoteQualified(partition.schema, partition.name);
  const { rows: keys } = await client.query<MissingKey>(missingKeysQuery, [table.live.oid, partition.oid]);
  if (keys.length === 0) return { added: 0, lockWaitMs: 0, heldMs: 0 };
  const { lockWaitMs, heldMs } = await recorded(
    run,
    { action: 'keys', object: objectName(partition) },
    async () => {
      await client.query(`lock table ${table.referenced.join(', ')} in share row exclusive mode`);
      for (const { name, definition, present } of keys) {
        if (present) continue;
        await client.query(
          `alter table ${target} add constraint ${quoteIdentifier(name)} ${definition} not valid`,
        );
      }
      return { detail: { keys: keys.map(({ name }) => name) } };
    },
  );
  for (const { name } of keys) {
    await withLockRetry(run.session, { lockTimeoutMs: run.lockTimeoutMs, retries: run.retries }, () =>
      client.query(`alter table ${target} validate constraint ${quoteIdentifier(name)}`),
    );
  }
  return { added: keys.length, lockWaitMs, heldMs };
}

const missingKeysQuery = `
  select coalesce(k.conname, f.conname)::text as name, pg_get_constraintdef(f.oid) as definition,
    k.oid is not null as present
  from pg_constraint as f
  left join pg_constraint as k on k.conrelid = $2 and k.contype = 'f'
    and pg_get_constraintdef(k.oid) in (pg_get_constraintdef(f.oid), pg_get_constraintdef(f.oid) || ' NOT VALID')
  where f.conrelid = $1 and f.contype = 'f' and k.convalidated is not true
  order by f.conname`;
