import type { ClientBase } from 'pg';
import { quoteQualified } from '../database/identifier.js';
import { hasSqlState } from '../database/sqlstate.js';

/** A statement that pg_stat_statements counted, its constants replaced by $1, $2, …. */
export interface TopStatement {
  readonly text: string;
  readonly calls: number;
  readonly totalMs: number;
}

const OBJECT_NOT_IN_PREREQUISITE_STATE = '55000';

// The planner runs immutable and stable functions, as whoever asks it. The owner of the database and superusers are
// trusted with that; a statement that anybody else wrote may call what they made. $1: calls. $2: most of them.
const topStatements = (view: string): string => `
  with untrusted as (
    select p.oid::regprocedure::text as name, pg_get_userbyid(p.proowner)::text as owner
      from pg_proc p
      join pg_roles r on r.oid = p.proowner and not r.rolsuper
     where p.prokind = 'f' and p.provolatile <> 'v' and p.proowner <> current_user::regrole
       and p.proowner <> (select datdba from pg_database where datname = current_database())
     order by p.oid
     limit 1
  ), counted as (
    select s.query, sum(s.calls)::float8 as calls, sum(s.total_exec_time)::float8 as total_ms,
           s.query = '<insufficient privilege>' as hidden, s.userid <> current_user::regrole as foreign
      from ${view} s
     where s.dbid = (select oid from pg_database where datname = current_database()) and s.toplevel
       and (s.query ~* '^(\\s|/\\*.*?\\*/|--[^\\n]*\\n|\\()*(select|with)\\M' or s.query = '<insufficient privilege>')
     group by s.query, s.userid
    having sum(s.calls) >= $1
  )
  select (select count(*)::int from counted where hidden) as hidden,
         (select count(*)::int from counted where not hidden and "foreign") as foreign,
         (select name from untrusted) as untrusted_name, (select owner from untrusted) as untrusted_owner,
         current_user::text as role,
         coalesce((select json_agg(json_build_object('text', query, 'calls', calls, 'totalMs', total_ms))
                     from (select query, sum(calls) as calls, sum(total_ms) as total_ms
                             from counted
                            where not hidden and not ("foreign" and exists (select from untrusted))
                            group by query
                            order by sum(total_ms) desc
                            limit $2) as shown), '[]') as statements`;

/**
 * The SELECT statements of this database that took most time, and what of them is not shown, in sentences.
 *
 * @param options.minimumCalls leaves out what was called less often
 */
export async function readTopStatements(
  client: ClientBase,
  options: { readonly schema: string; readonly minimumCalls: number; readonly limit: number },
): Promise<{ readonly statements: readonly TopStatement[]; readonly notices: readonly string[] }> {
  const view = quoteQualified(options.schema, 'pg_stat_statements');
  let row: Row | undefined;
  try {
    [row] = (await client.query<Row>(topStatements(view), [options.minimumCalls, options.limit])).rows;
  } catch (error) {
    if (!hasSqlState(error, OBJECT_NOT_IN_PREREQUISITE_STATE)) throw error;
    return {
      statements: [],
      notices: [
        'pg_stat_statements is not in shared_preload_libraries: no verdict of the planner on statements',
      ],
    };
  }
  if (row === undefined) return { statements: [], notices: [] };
  const notices: string[] = [];
  if (row.hidden > 0)
    notices.push(`${row.hidden} statements not visible to role ${row.role}: needs pg_read_all_stats`);
  if (row.untrusted_name !== null && row.foreign > 0) {
    notices.push(
      `${row.foreign} statements of other roles not shown to the planner: it might run ${row.untrusted_name} of ${row.untrusted_owner} as ${row.role}`,
    );
  }
  return { statements: row.statements, notices };
}

interface Row {
  readonly hidden: number;
  readonly foreign: number;
  readonly untrusted_name: string | null;
  readonly untrusted_owner: string | null;
  readonly role: string;
  readonly statements: readonly TopStatement[];
}
