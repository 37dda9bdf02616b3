import type pg from 'pg';
import type { Trigger } from '../catalog.js';
import { groupBy } from '../group-by.js';
import { formatIdentifier, presentSql } from '../normal-sql.js';

interface Row {
  readonly relation: number;
  readonly name: string;
  readonly definition: string | null;
  readonly enabled: Trigger['enabled'];
  readonly clone: boolean;
  readonly comment: string | null;
}

// A comment may be on the trigger or, for a constraint trigger, on its constraint.
const triggers = `
  select t.tgrelid as relation, t.tgname::text as name, pg_get_triggerdef(t.oid) as definition,
         case t.tgenabled when 'O' then 'enabled' when 'D' then 'disabled'
                          when 'R' then 'enabled replica' else 'enabled always' end as enabled,
         t.tgparentid <> 0 as clone, coalesce(d.description, k.description) as comment
    from pg_trigger t
    join pg_class c on c.oid = t.tgrelid
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_trigger p on p.oid = t.tgparentid
    left join pg_description d on d.classoid = 'pg_trigger'::regclass and d.objoid = t.oid
    left join pg_description k on k.classoid = 'pg_constraint'::regclass and k.objoid = t.tgconstraint
   where not t.tgisinternal and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     and (t.tgparentid = 0 or t.tgenabled <> p.tgenabled)
   order by t.tgrelid, t.tgname collate "C"`;

/** The triggers of tables and views, constraint triggers among them, by the oid of the relation. */
export async function listTriggers(client: pg.ClientBase): Promise<ReadonlyMap<number, readonly Trigger[]>> {
  const { rows } = await client.query<Row>(triggers);
  return groupBy(rows, (row) => row.relation, triggerOf);
}

function triggerOf({ name, definition, enabled, clone, comment }: Row): Trigger {
  return { name: formatIdentifier(name), definition: presentSql(definition), enabled, clone, comment };
}
