import type { Check } from '../check.js';
import type { Finding } from '../finding.js';

interface Row {
  readonly kind: 'trigger' | 'constraint';
  readonly object: string;
  readonly count: number;
  readonly example: string;
  readonly names: readonly string[];
}

// One row a table with all its partitions. A foreign key is enforced by internal triggers, which can be disabled too.
const query = `
  select 'trigger' as kind, root.oid::regclass::text as object, count(distinct g.tgrelid)::int as count,
         min(g.tgrelid::regclass::text) as example,
         array_agg(distinct coalesce(k.conname, g.tgname)::text) as names
    from pg_trigger g
    join pg_class c on c.oid = g.tgrelid
    join pg_namespace n on n.oid = c.relnamespace and n.nspname in ('public', 'studymate')
    left join pg_constraint k on k.oid = g.tgconstraint
   cross join lateral (select coalesce(pg_partition_root(c.oid), c.oid) as oid) as root
   where g.tgenabled in ('D', 'R')
   group by root.oid
  union all
  select 'constraint', root.oid::regclass::text, count(distinct k.conrelid)::int, min(k.conrelid::regclass::text),
         array_agg(distinct k.conname::text)
    from pg_constraint k
    join pg_class c on c.oid = k.conrelid
    join pg_namespace n on n.oid = c.relnamespace and n.nspname in ('public', 'studymate')
   cross join lateral (select coalesce(pg_partition_root(c.oid), c.oid) as oid) as root
   where not k.convalidated and k.contype in ('c', 'f')
   group by root.oid
   order by 1 desc, 2`;

export const constraints: Check = {
  name: 'constraints',
  title: 'triggers that do not fire, constraints not proved',
  run: async ({ client }) => {
    const { rows } = await client.query<Row>(query);
    return rows.map(({ kind, object, count, example, names }): Finding => {
      const where =
        example === object && count === 1
          ? ''
          : ` on ${count === 1 ? example : `${count} partitions, such as ${example}`}`;
      return kind === 'trigger'
        ? {
            severity: 'error',
            object,
            what: `${names.join(', ')} ${names.length === 1 ? 'does' : 'do'} not fire${where}`,
            why: 'Foreign keys and the pointers between messages are enforced by triggers: without them rows that point at nothing are taken.',
            fix: `alter table ${example} enable trigger all, as a superuser; then look for rows that point at nothing`,
          }
        : {
            severity: 'warn',
            object,
            what: `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} not validated${where}`,
            why: 'Rows from before may break it, and a month with such a check cannot be attached without being read whole.',
            fix: `alter table ${example} validate constraint ${names[0] ?? ''}`,
          };
    });
  },
};
