import type { Check } from '../check.js';
import { sessionsNotVisible } from '../check.js';
import type { Finding } from '../finding.js';

interface Row {
  readonly owner: string | null;
  readonly is_member: boolean | null;
  readonly encrypted: boolean | null;
  readonly remote: boolean;
}

// Null where the tables are not there yet, or this role may not see how it is connected.
const query = `
  select o.rolname::text as owner, pg_has_role(o.oid, 'usage') as is_member, s.ssl as encrypted,
         coalesce(not (inet_client_addr() <<= inet '127.0.0.0/8' or inet_client_addr() = inet '::1'), false) as remote
    from (select) as one
    left join pg_class c on c.relname = 'chat_messages' and c.relkind = 'p'
     and c.relnamespace = (select oid from pg_namespace where nspname = 'public')
    left join pg_roles o on o.oid = c.relowner
    left join pg_stat_ssl s on s.pid = pg_backend_pid()`;

export const connection: Check = {
  name: 'connection',
  title: 'how this run is connected, and what its role may see',
  run: async (context) => {
    const { client, session } = context;
    const { rows } = await client.query<Row>(query);
    const { owner = null, is_member: isMember = null, encrypted = null, remote = false } = rows[0] ?? {};
    const object = `role ${session.role}`;
    const findings: Finding[] = [];
    if (session.transactionPooled) {
      findings.push({
        severity: 'warn',
        object: 'connection',
        what: 'it goes through a pooler in transaction mode',
        why: 'What one client sets for its session reaches the next one; migrate and maintain refuse to work there.',
        fix: 'Point the database URL at PostgreSQL itself, or at a pool in session mode.',
      });
    }
    if (session.standby) {
      findings.push({
        severity: 'info',
        object: 'connection',
        what: 'this server is a standby',
        why: 'Usage counters, vacuum and slots are those of this server; those of the primary are not seen here.',
        fix: 'Run doctor against the primary as well.',
      });
    }
    if (remote && encrypted === false) {
      findings.push({
        severity: 'warn',
        object: 'connection',
        what: 'it comes over the network without TLS',
        why: 'Whoever is on the way reads the messages and may take over the session.',
        fix: 'Add sslmode=verify-full to the database URL.',
      });
    }
    if (session.superuser) {
      findings.push({
        severity: 'info',
        object,
        what: 'this run is a superuser’s, and superusers may do everything',
        why: 'What the role of cron or of the application lacks is not found by it.',
        fix: 'Run doctor as the role that runs «studymate-db maintain».',
      });
    } else {
      if (!session.seesSessions) {
        findings.push(
          sessionsNotVisible(context, object, 'sessions, replicas and statements of other roles'),
        );
      }
      if (owner !== null && isMember !== true) {
        findings.push({
          severity: 'info',
          object,
          what: `it is no member of ${owner}, which owns the tables`,
          why: 'It cannot maintain: months, archive and indexes are for owners, and VACUUM and ANALYZE by others do nothing but warn.',
          fix: `grant ${owner} to ${session.role}; or run maintenance as another role`,
        });
      }
    }
    return findings;
  },
};
