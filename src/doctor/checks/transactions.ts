import { formatDuration } from '../../database/duration.js';
import { sessionsNotVisible, type Check } from '../check.js';
import type { Finding } from '../finding.js';

interface Row {
  readonly pid: number | null;
  readonly what: string;
  readonly state: string | null;
  readonly age_ms: number;
  readonly idle_ms: number | null;
  readonly query: string | null;
  readonly gid: string | null;
}

// Of this database: a snapshot in another one keeps nothing alive here. Of a session that is hidden even the type is.
const query = `
  select pid, format('%s, user %s', coalesce(nullif(application_name, ''), 'unnamed'), usename) as what, state,
         extract(epoch from clock_timestamp() - xact_start)::float8 * 1000 as age_ms,
         case when state like 'idle in transaction%' then extract(epoch from clock_timestamp() - state_change)::float8 * 1000 end as idle_ms,
         left(query, 100) as query, null as gid
    from pg_stat_activity
   where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
     and xact_start is not null
  union all
  select null, 'prepared transaction', 'prepared', extract(epoch from clock_timestamp() - prepared)::float8 * 1000, null, null, gid
    from pg_prepared_xacts
   where database = current_database()
   order by age_ms desc`;

const hiddenQuery = `
  select count(*)::int as hidden from pg_stat_activity
   where datname = current_database() and pid <> pg_backend_pid() and query = '<insufficient privilege>'`;

export const transactions: Check = {
  name: 'transactions',
  title: 'transactions open for long, prepared ones too',
  run: async (context) => {
    const { client, thresholds, measure } = context;
    const { transactionWarnMs, transactionErrorMs, idleInTransactionWarnMs } = thresholds;
    const { rows } = await client.query<Row>(query);
    const { rows: hidden } = await client.query<{ hidden: number }>(hiddenQuery);
    measure({
      name: 'oldest_transaction',
      value: Math.round((rows[0]?.age_ms ?? 0) / 1000),
      unit: 's',
      warn: transactionWarnMs / 1000,
      error: transactionErrorMs / 1000,
    });
    const findings = rows
      .filter(
        ({ age_ms: age, idle_ms: idle }) =>
          age >= transactionWarnMs || (idle !== null && idle >= idleInTransactionWarnMs),
      )
      .map((row): Finding => ({
        severity: row.age_ms >= transactionErrorMs ? 'error' : 'warn',
        object: row.pid === null ? `prepared ${row.gid ?? ''}` : `pid ${row.pid}`,
        what: describe(row),
        why: 'Vacuum takes away nothing that was alive when it began, and its locks keep rollover and archive from theirs.',
        fix:
          row.gid === null
            ? `select pg_terminate_backend(${row.pid ?? 0}), if it may be ended`
            : `rollback prepared '${row.gid.replaceAll("'", "''")}', or commit it`,
      }));
    const count = hidden[0]?.hidden ?? 0;
    if (count === 0) return findings;
    return [...findings, sessionsNotVisible(context, 'sessions', `the transactions of ${count} sessions`)];
  },
};

function describe({ what, state, age_ms: age, idle_ms: idle, query: text }: Row): string {
  const open = `${what}: open for ${formatDuration(age)}`;
  const waiting = idle === null ? '' : `, idle in it for ${formatDuration(idle)}`;
  return `${open}${waiting}${state === 'active' ? ', running' : ''}${text === null || text === '' ? '' : `: ${text}`}`;
}
