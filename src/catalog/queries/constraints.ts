import type pg from 'pg';
import type { Constraint } from '../catalog.js';
import { groupBy } from '../group-by.js';
import { formatIdentifier, presentSql } from '../normal-sql.js';

interface Row {
  readonly relation: number;
  readonly name: string;
  readonly type: Constraint['type'];
  readonly definition: string | null;
  readonly validated: boolean;
  readonly references: string | null;
  readonly enforced: boolean;
  readonly comment: string | null;
}

// conislocal leaves out what a partition or a child has from its parent. PostgreSQL 18 has a row for each NOT
// NULL: the plain ones are facts of the column, only those that a column cannot say are constraints here.
const constraints = `
  select o.conrelid as relation, o.conname::text as name,
         case o.contype when 'p' then 'primary key' when 'u' then 'unique' when 'x' then 'exclusion'
                        when 'f' then 'foreign key' when 'n' then 'not null' else 'check' end as type,
         pg_get_constraintdef(o.oid) as definition, o.convalidated as validated,
         case when o.contype = 'f' then o.confrelid::regclass::text end as references,
         not (o.contype = 'f' and exists (select from pg_trigger t
                                           where t.tgconstraint = o.oid and t.tgenabled = 'D')) as enforced,
         d.description as comment
    from pg_constraint o
    join pg_class c on c.oid = o.conrelid
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_description d on d.classoid = 'pg_constraint'::regclass and d.objoid = o.oid
   where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     and o.conislocal and o.conparentid = 0
     and (o.contype in ('p', 'u', 'x', 'f', 'c')
          or o.contype = 'n' and not (o.convalidated and not o.connoinherit))
   order by o.conrelid, position(o.contype in 'puxcfn'), o.conname collate "C"`;

/** The constraints of tables, by the oid of the table; inherited ones are left out. */
export async function listConstraints(
  client: pg.ClientBase,
): Promise<ReadonlyMap<number, readonly Constraint[]>> {
  const { rows } = await client.query<Row>(constraints);
  return groupBy(rows, (row) => row.relation, constraintOf);
}

function constraintOf(row: Row): Constraint {
  return {
    name: formatIdentifier(row.name),
    type: row.type,
    definition: presentSql(row.definition),
    validated: row.validated,
    references: row.references === null ? null : presentSql(row.references),
    enforced: row.enforced,
    comment: row.comment,
  };
}
