import { groupBy } from '../../catalog/group-by.js';
import type { Check } from '../check.js';
import type { Finding } from '../finding.js';

interface Row {
  readonly kind: 'function' | 'table';
  readonly object: string;
  readonly owner: string;
  readonly wanted: string;
}

// The owner of the messages is the one that all others are measured by.
const foreignObjects = `
  with reference as (
    select c.relowner as oid from pg_class c
     where c.relname = 'chat_messages' and c.relnamespace = (select oid from pg_namespace where nspname = 'public')
  ), owned as (
    select 'table' as kind, c.oid::regclass::text as object, c.relowner as owner, c.relnamespace as namespace,
           'pg_class'::regclass as catalog, c.oid
      from pg_class c where c.relkind in ('r', 'p')
    union all
    select 'function', p.oid::regprocedure::text, p.proowner, p.pronamespace, 'pg_proc'::regclass, p.oid
      from pg_proc p
  )
  select owned.kind, owned.object, pg_get_userbyid(owned.owner)::text as owner,
         pg_get_userbyid(reference.oid)::text as wanted
    from owned
    join pg_namespace n on n.oid = owned.namespace and n.nspname in ('public', 'studymate')
   cross join reference
   where owned.owner <> reference.oid
     and not exists (select from pg_depend d
                      where d.classid = owned.catalog and d.objid = owned.oid and d.deptype = 'e')
   order by owned.kind, owned.object`;

const publicCreate = `
  select from pg_namespace n, aclexplode(n.nspacl) as a
   where n.nspname = 'public' and a.grantee = 0 and a.privilege_type = 'CREATE'`;

export const ownership: Check = {
  name: 'ownership',
  title: 'one owner of tables and functions; nobody else makes objects in public',
  run: async ({ client }) => {
    const { rows } = await client.query<Row>(foreignObjects);
    const groups = groupBy(
      rows,
      ({ kind, owner }) => `${kind} ${owner}`,
      (row) => row,
    );
    const findings = [...groups.values()].flatMap((group): Finding[] => {
      const [first] = group;
      if (first === undefined) return [];
      const names = group.map(({ object }) => object);
      return [
        {
          severity: 'error',
          object: first.object,
          what: `${first.owner} owns ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}; the messages belong to ${first.wanted}`,
          why: 'A month can only be attached, archived and restored where its owner owns the other tables and the trigger functions too (42501).',
          fix: names
            .map((name) => `alter ${first.kind} ${name} owner to ${first.wanted}`)
            .slice(0, 3)
            .join('; '),
        },
      ];
    });
    const { rowCount } = await client.query(publicCreate);
    if ((rowCount ?? 0) > 0) {
      findings.push({
        severity: 'warn',
        object: 'schema public',
        what: 'every role may make objects in it',
        why: 'A database that came from PostgreSQL 14 keeps this; a function or table made there can be run or read in the name of another role (CVE-2018-1058).',
        fix: 'revoke create on schema public from public',
      });
    }
    return findings;
  },
};
