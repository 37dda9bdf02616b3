import { notVisible, type Check } from '../check.js';
import type { Finding } from '../finding.js';

interface Row {
  readonly object: string;
  readonly partitioned: boolean;
  readonly rows: number;
  /** Whether this role would see the statistics. */
  readonly visible: boolean;
  /** Tables or partitions without statistics; the partitioned table itself is one. */
  readonly without: number;
  readonly root_without: boolean;
  readonly example: string | null;
}

// Whether a table was analyzed is told by its column statistics, which survive a crash. The time of the last ANALYZE
// does not, and reltuples is set by CREATE INDEX and VACUUM too. Autovacuum never analyzes a partitioned table itself.
// The size stands in for the rows where nobody has counted them. $1: least number of rows.
const query = `
  with tables as (
    select c.oid, c.relkind, n.nspname, c.relname, coalesce(pg_partition_root(c.oid), c.oid) as root,
           case when c.relkind <> 'p'
                then greatest(c.reltuples, s.n_live_tup, case when c.reltuples < 0 then pg_relation_size(c.oid) / 100 end, 0)
           end::float8 as rows,
           has_any_column_privilege(c.oid, 'select') and has_schema_privilege(n.oid, 'usage') and not row_security_active(c.oid) as visible,
           exists (select from pg_stats p
                    where p.schemaname = n.nspname and p.tablename = c.relname and p.inherited = (c.relkind = 'p')) as analyzed
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
      left join pg_stat_all_tables s on s.relid = c.oid
     where c.relkind in ('r', 'p', 'm') and c.relpersistence <> 't'
  )
  select root::regclass::text as object, bool_or(relkind = 'p') as partitioned, sum(rows) as rows,
         bool_and(visible or coalesce(rows < $1, false)) as visible,
         count(*) filter (where not analyzed and rows >= $1)::int as without,
         coalesce(bool_or(relkind = 'p' and oid = root and not analyzed), false) as root_without,
         (array_agg(oid::regclass::text order by rows desc) filter (where not analyzed and rows >= $1))[1] as example
    from tables
   group by root
  having sum(rows) >= $1 and (bool_or(not analyzed and rows >= $1) or bool_or(relkind = 'p' and oid = root and not analyzed))
   order by sum(rows) desc`;

export const analyze: Check = {
  name: 'analyze',
  title: 'tables that were never analyzed',
  run: async (context) => {
    const { rows } = await context.client.query<Row>(query, [context.thresholds.analyzeMinimumRows]);
    const hidden = rows.filter(({ visible }) => !visible).map(({ object }) => object);
    const findings = rows.filter(({ visible }) => visible).map(asFinding);
    if (hidden.length === 0) return findings;
    return [
      ...findings,
      notVisible(
        context,
        'statistics',
        `whether ${hidden.slice(0, 3).join(', ')}${hidden.length > 3 ? ` and ${hidden.length - 3} more` : ''} were analyzed`,
        {
          needs: 'select on these tables',
          fix: `grant select on ${hidden.join(', ')} to ${context.session.role}`,
        },
      ),
    ];
  },
};

function asFinding({ object, partitioned, rows, without, root_without: root, example }: Row): Finding {
  const size = `about ${Math.round(rows).toLocaleString('en-US')} rows`;
  const alone = partitioned && without === 0;
  return {
    severity: alone ? 'info' : 'warn',
    object,
    what: alone
      ? `its partitions are analyzed, the table as a whole (${size}) never was`
      : partitioned
        ? `${without} of its partitions were never analyzed, such as ${example ?? ''}${root ? ', nor was the table as a whole' : ''} (${size})`
        : `it was never analyzed (${size})`,
    why: alone
      ? 'Autovacuum never does that; queries over several months are planned from guesses.'
      : 'The planner guesses, and picks plans that read far too much.',
    fix: `analyze ${object}`,
  };
}
