import type { Check } from '../check.js';
import type { Finding } from '../finding.js';

interface Row {
  readonly object: string;
  readonly used: number;
  readonly limit: number;
  readonly idle: number | null;
  readonly fix: string;
}

// Sessions of other roles hide what they are, not that they are. What is reserved for superusers the application never gets.
const query = `
  with sessions as (
    select datid, usesysid, state from pg_stat_activity
     where datid is not null and coalesce(backend_type, 'client backend') = 'client backend'
  )
  select 'max_connections' as object, (select count(*) from sessions)::int as used,
         current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
           - coalesce(current_setting('reserved_connections', true), '0')::int as "limit",
         (select count(*) filter (where state = 'idle') from sessions)::int as idle,
         'Lower maximumPoolSize of the services, or put a pool between; raising max_connections needs a restart.' as fix
  union all
  select 'database ' || quote_ident(d.datname), (select count(*) from sessions s where s.datid = d.oid)::int, d.datconnlimit,
         (select count(*) filter (where state = 'idle') from sessions s where s.datid = d.oid)::int,
         format('alter database %I connection limit …, or lower maximumPoolSize of the services', d.datname)
    from pg_database d where d.datname = current_database() and d.datconnlimit >= 0
  union all
  select 'role ' || quote_ident(r.rolname), (select count(*) from sessions s where s.usesysid = r.oid)::int, r.rolconnlimit,
         (select count(*) filter (where state = 'idle') from sessions s where s.usesysid = r.oid)::int,
         format('alter role %I connection limit …, or lower maximumPoolSize of its services', r.rolname)
    from pg_roles r where r.rolconnlimit >= 0 and exists (select from sessions s where s.usesysid = r.oid)`;

export const connections: Check = {
  name: 'connections',
  title: 'connections against the limits of server, database and roles',
  run: async ({ client, thresholds, measure }) => {
    const { connectionsWarnRatio, connectionsErrorRatio } = thresholds;
    const { rows } = await client.query<Row>(query);
    const findings: Finding[] = [];
    for (const { object, used, limit, idle, fix } of rows) {
      if (object === 'max_connections') {
        measure({
          name: 'connections',
          value: used,
          unit: '',
          warn: Math.floor(limit * connectionsWarnRatio),
          error: Math.floor(limit * connectionsErrorRatio),
          max: limit,
        });
      }
      const ratio = limit > 0 ? used / limit : 1;
      if (ratio < connectionsWarnRatio) continue;
      findings.push({
        severity: ratio >= connectionsErrorRatio ? 'error' : 'warn',
        object,
        what: `${used} of ${limit} connections are taken${idle === null || idle === 0 ? '' : `, ${idle} of them idle`}`,
        why: 'When the last is gone, logins of the application fail (53300), and so do those of maintenance.',
        fix,
      });
    }
    return findings;
  },
};
