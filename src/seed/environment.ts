import type { ClientBase } from 'pg';
import { UsageError } from '../errors.js';

const environmentQuery = `
  select current_database() as database,
    (
      select e.name
      from studymate.environment e
      where e.database_name = current_database()
        and e.system_identifier = (select system_identifier from pg_control_system())
      limit 1
    ) as environment`;

/**
 * Refuses to throw rows away unless the database is marked as no production (studymate.environment) or was named.
 *
 * @throws UsageError SEED_RESET_REFUSED
 */
export async function assertMayReset(
  client: ClientBase,
  tablesWithRows: readonly string[],
  confirmed: string | undefined,
): Promise<void> {
  const { rows } = await client.query<{ database: string; environment: string | null }>(environmentQuery);
  const database = rows[0]?.database ?? '';
  if (confirmed !== undefined && confirmed !== database) {
    throw new UsageError('SEED_RESET_REFUSED', `this database is «${database}», not «${confirmed}»`, {
      hint: 'Check the database URL, then name the database that is meant with --yes.',
    });
  }
  if (tablesWithRows.length === 0 || confirmed === database || rows[0]?.environment != null) return;
  throw new UsageError('SEED_RESET_REFUSED', 'a reset would destroy rows; nothing was done', {
    detail: `Rows are in ${tablesWithRows.join(', ')}. The database is not marked as one that holds nothing of value.`,
    hint: `If that is meant, name the database: --yes ${database}. To mark it for good: insert into studymate.environment (name) values ('development').`,
  });
}
