import type pg from 'pg';
import type { EventTrigger, Routine } from '../catalog.js';
import { formatIdentifier, presentSql } from '../normal-sql.js';

export interface RoutineRow extends Omit<Routine, 'privileges'> {
  readonly oid: number;
}

type Row = Omit<RoutineRow, 'definition'> & { readonly definition: string | null };

// Internal dependents are the constructors that come with a range type.
const routines = `
  select p.oid, p.oid::regprocedure::text as name,
         case p.prokind when 'p' then 'procedure' else 'function' end as kind,
         pg_get_functiondef(p.oid) as definition, d.description as comment
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    left join pg_description d on d.classoid = 'pg_proc'::regclass and d.objoid = p.oid
   where p.prokind in ('f', 'w', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     and not exists (select from pg_depend e
                      where e.classid = 'pg_proc'::regclass and e.objid = p.oid and e.deptype in ('e', 'i'))
   order by n.nspname collate "C", p.proname collate "C", p.oid::regprocedure::text collate "C"`;

/** Functions and procedures. */
export async function listRoutines(client: pg.ClientBase): Promise<readonly RoutineRow[]> {
  const { rows } = await client.query<Row>(routines);
  return rows.map((row) => ({
    ...row,
    name: presentSql(row.name),
    definition: presentSql(row.definition)
      .trimEnd()
      .replace(/^create or replace /, 'create '),
  }));
}

const eventTriggers = `
  select t.evtname::text as name,
         'on ' || quote_ident(t.evtevent)
         || coalesce((select ' when tag in (' || string_agg(quote_literal(g), ', ' order by g collate "C") || ')'
                        from unnest(t.evttags) g), '')
         || ' execute function ' || quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '()' as definition,
         case t.evtenabled when 'O' then 'enabled' when 'D' then 'disabled'
                           when 'R' then 'enabled replica' else 'enabled always' end as enabled,
         d.description as comment
    from pg_event_trigger t
    join pg_proc p on p.oid = t.evtfoid
    join pg_namespace n on n.oid = p.pronamespace
    left join pg_description d on d.classoid = 'pg_event_trigger'::regclass and d.objoid = t.oid
   where not exists (select from pg_depend e
                      where e.classid = 'pg_event_trigger'::regclass and e.objid = t.oid and e.deptype = 'e')
   order by t.evtname collate "C"`;

export async function listEventTriggers(client: pg.ClientBase): Promise<readonly EventTrigger[]> {
  const { rows } = await client.query<EventTrigger>(eventTriggers);
  return rows.map((row) => ({
    ...row,
    name: formatIdentifier(row.name),
    definition: presentSql(row.definition),
  }));
}
