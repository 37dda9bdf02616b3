import { sessionsNotVisible, type Check } from '../check.js';
import type { Finding } from '../finding.js';

// A setting of the library exists only where it is loaded; shared_preload_libraries itself is hidden from most roles.
const query = `
  select (select n.nspname::text from pg_extension e join pg_namespace n on n.oid = e.extnamespace
           where e.extname = 'pg_stat_statements') as schema,
         exists (select from pg_available_extensions where name = 'pg_stat_statements') as available,
         current_setting('pg_stat_statements.max', true) is not null as loaded,
         current_setting('compute_query_id') = 'off' as disabled,
         coalesce(current_setting('pg_stat_statements.track', true), '') = 'none' as not_tracked`;

interface Row {
  readonly schema: string | null;
  readonly available: boolean;
  readonly loaded: boolean;
  readonly disabled: boolean;
  readonly not_tracked: boolean;
}

export const statements: Check = {
  name: 'statements',
  title: 'pg_stat_statements is there and counts',
  run: async (context) => {
    const { rows } = await context.client.query<Row>(query);
    const [row] = rows;
    if (row === undefined) return [];
    const finding = (what: string, fix: string): Finding => ({
      severity: 'info',
      object: 'pg_stat_statements',
      what,
      why: 'Without it nobody can tell which statements cost the most, and «index report» cannot tell which of them lack an index.',
      fix,
    });
    if (!row.available)
      return [
        finding(
          'it is not installed on the server',
          'Install the contrib package of PostgreSQL on the server.',
        ),
      ];
    if (!row.loaded) {
      return [
        finding(
          'the server does not load it',
          `alter system set shared_preload_libraries = 'pg_stat_statements' (beside what is there already); restart the server; create extension pg_stat_statements`,
        ),
      ];
    }
    const findings: Finding[] = [];
    if (row.schema === null)
      findings.push(
        finding('it is loaded, and this database has no view of it', 'create extension pg_stat_statements'),
      );
    if (row.disabled)
      findings.push(
        finding(
          'compute_query_id is off, so it counts nothing',
          `alter system set compute_query_id = auto; select pg_reload_conf()`,
        ),
      );
    if (row.not_tracked)
      findings.push(
        finding(
          'pg_stat_statements.track is none, so it counts nothing',
          `alter system set pg_stat_statements.track = top; select pg_reload_conf()`,
        ),
      );
    if (row.schema !== null && !context.session.seesSessions)
      findings.push(sessionsNotVisible(context, 'pg_stat_statements', 'the statements of other roles'));
    return findings;
  },
};
