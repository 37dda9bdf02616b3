import type { ClientBase } from 'pg';
import { withLockRetry } from '../database/lock-retry.js';
import type { MaintenanceSession } from '../database/maintenance-session.js';
import { OperationError } from '../errors.js';
import { SEED_LOCKS } from './load-table.js';
import { SEEDED_SCHEMA } from './target-table.js';
import type { WorldTables } from './world-state.js';

// Whatever can be reached from the world's tables over foreign keys, as TRUNCATE … CASCADE would; of a partition
// its root. Those of the world come first.
const reachable = `
  with recursive reached as (
    select c.oid
    from pg_class c
    where c.relnamespace = $1::regnamespace and c.relname = any ($2) and c.relkind in ('r', 'p')
    union
    select coalesce(pg_partition_root(f.conrelid), f.conrelid)
    from reached r
    join pg_constraint f on f.confrelid = r.oid and f.contype = 'f'
  )
  select c.oid::regclass::text as "sqlName",
    c.relnamespace = $1::regnamespace and c.relname = any ($2)
      -- Counted from the log, which goes as well.
      or c.oid is not distinct from to_regclass('studymate.user_active_days') as ours,
    (
      select string_agg(distinct f.confrelid::regclass::text, ', ')
      from pg_constraint f
      where f.contype = 'f' and f.confrelid <> c.oid and f.confrelid in (select oid from reached)
        and coalesce(pg_partition_root(f.conrelid), f.conrelid) = c.oid
    ) as references
  from reached
  join pg_class c using (oid)
  order by ours desc, 1`;

interface ReachedTable {
  readonly sqlName: string;
  readonly ours: boolean;
  readonly references: string | null;
}

/**
 * Which tables a reset empties, as SQL writes them: those of the world, their archives, and empty ones that reference
 * them. Reads only.
 *
 * @throws OperationError SEED_RESET_REFERENCED when a table beyond the world that references it has rows
 */
export async function planReset(
  client: ClientBase,
  { tables, archives }: WorldTables,
): Promise<readonly string[]> {
  const { rows } = await client.query<ReachedTable>(reachable, [
    SEEDED_SCHEMA,
    [...tables, ...archives.values()],
  ]);
  const inTheWay: ReachedTable[] = [];
  for (const table of rows.filter(({ ours }) => !ours)) {
    const { rowCount } = await client.query(`select from ${table.sqlName} limit 1`);
    if (rowCount !== 0) inTheWay.push(table);
  }
  if (inTheWay.length === 0) return rows.map(({ sqlName }) => sqlName);
  throw new OperationError('SEED_RESET_REFERENCED', 'tables beyond the world have rows that reference it', {
    detail: inTheWay.map(({ sqlName, references }) => `${sqlName} references ${references ?? ''}`).join('\n'),
    hint: 'Empty those tables first, or seed another database.',
  });
}

/** Empties the tables and forgets what was seeded, in one transaction. */
export async function resetWorld(session: MaintenanceSession, tables: readonly string[]): Promise<void> {
  await withLockRetry(session, SEED_LOCKS, async () => {
    await session.client.query(`truncate ${tables.join(', ')} restart identity; delete from studymate.seeds`);
  });
}
