import { partitionPolicies } from '../../partitioning/policy.js';
import type { Check } from '../check.js';

// What one statement locks that touches every month: each partition with each of its indexes.
const query = `
  select (select count(*) + coalesce(sum(indexes.count), 0)
            from pg_class root
            join pg_namespace n on n.oid = root.relnamespace
           cross join lateral pg_partition_tree(root.oid) as leaf
           cross join lateral (select count(*) from pg_index i where i.indrelid = leaf.relid) as indexes
           where root.relkind = 'p' and n.nspname || '.' || root.relname = any ($1))::float8 as locks,
         current_setting('max_locks_per_transaction')::float8 as per_session,
         current_setting('max_connections')::float8 + current_setting('max_prepared_transactions')::float8 as sessions`;

interface Row {
  readonly locks: number;
  readonly per_session: number;
  readonly sessions: number;
}

export const lockTable: Check = {
  name: 'lock-table',
  title: 'room in the lock table for statements that touch every month',
  run: async ({ client, thresholds, measure }) => {
    const roots = partitionPolicies.flatMap(({ schema, table, archiveTable }) => [
      `${schema}.${table}`,
      `${schema}.${archiveTable}`,
    ]);
    const { rows } = await client.query<Row>(query, [roots]);
    const { locks = 0, per_session: perSession = 0, sessions = 0 } = rows[0] ?? {};
    const capacity = perSession * sessions;
    if (locks === 0) return [];
    const fit = Math.floor(capacity / locks);
    measure({ name: 'lock_table_statements', value: fit, unit: '' });
    if (fit >= thresholds.lockTableStatements) return [];
    const wanted = Math.ceil((locks * thresholds.lockTableStatements) / sessions / 64) * 64;
    return [
      {
        severity: 'warn',
        object: 'max_locks_per_transaction',
        what: `a statement that touches every month takes ${locks} locks, and only ${fit} of them fit into the ${capacity} of the lock table`,
        why: 'Deleting a user reads all months, live and archived; when the table is full it fails with «out of shared memory» (53200), and so does whoever comes next.',
        fix: `alter system set max_locks_per_transaction = ${wanted}; restart the server`,
      },
    ];
  },
};
