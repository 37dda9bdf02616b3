import type pg from 'pg';
import type { TableObject } from '../catalog.js';
import { groupBy } from '../group-by.js';
import { normalSql, presentSql } from '../normal-sql.js';

interface Row {
  readonly relation: number;
  readonly name: string;
  readonly definition: string | null;
  readonly comment: string | null;
}

const policies = `
  select p.polrelid as relation, quote_ident(p.polname) as name,
         'create policy ' || quote_ident(p.polname) || ' on ' || p.polrelid::regclass::text
         || case when p.polpermissive then '' else ' as restrictive' end
         || case p.polcmd when 'r' then ' for select' when 'a' then ' for insert' when 'w' then ' for update'
                          when 'd' then ' for delete' else '' end
         || case when p.polroles = '{0}' then ''
                 else ' to ' || (select string_agg(r::regrole::text, ', ' order by r::regrole::text collate "C")
                                   from unnest(p.polroles) r) end
         || coalesce(' using (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
         || coalesce(' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '') as definition,
         d.description as comment
    from pg_policy p
    left join pg_description d on d.classoid = 'pg_policy'::regclass and d.objoid = p.oid
   order by p.polrelid, p.polname collate "C"`;

const rules = `
  select r.ev_class as relation, quote_ident(r.rulename) as name, rtrim(pg_get_ruledef(r.oid), ';') as definition,
         d.description as comment
    from pg_rewrite r
    join pg_class c on c.oid = r.ev_class
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_description d on d.classoid = 'pg_rewrite'::regclass and d.objoid = r.oid
   where r.rulename <> '_RETURN' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
   order by r.ev_class, r.rulename collate "C"`;

const statistics = `
  select s.stxrelid as relation, quote_ident(n.nspname) || '.' || quote_ident(s.stxname) as name,
         pg_get_statisticsobjdef(s.oid) as definition, d.description as comment
    from pg_statistic_ext s
    join pg_namespace n on n.oid = s.stxnamespace
    left join pg_description d on d.classoid = 'pg_statistic_ext'::regclass and d.objoid = s.oid
   order by s.stxrelid, n.nspname collate "C", s.stxname collate "C"`;

type ByRelation = ReadonlyMap<number, readonly TableObject[]>;

export const listPolicies = (client: pg.ClientBase): Promise<ByRelation> => list(client, policies);
export const listRules = (client: pg.ClientBase): Promise<ByRelation> => list(client, rules);
/** Extended statistics. */
export const listStatistics = (client: pg.ClientBase): Promise<ByRelation> => list(client, statistics);

async function list(client: pg.ClientBase, sql: string): Promise<ByRelation> {
  const { rows } = await client.query<Row>(sql);
  return groupBy(
    rows,
    (row) => row.relation,
    ({ name, definition, comment }) => ({
      name: normalSql(name),
      definition: presentSql(definition),
      comment,
    }),
  );
}
