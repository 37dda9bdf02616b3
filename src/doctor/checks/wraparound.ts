import { partitionPolicies } from '../../partitioning/policy.js';
import type { Check } from '../check.js';
import type { Finding, Severity } from '../finding.js';

interface DatabaseRow {
  readonly age: number;
  readonly multixact_age: number;
  readonly limit: number;
  readonly multixact_limit: number;
}

interface TableRow {
  readonly object: string;
  readonly count: number;
  readonly oldest: string;
  readonly age: number;
  readonly multixact_age: number;
  readonly archived: boolean;
}

const databaseQuery = `
  select age(datfrozenxid)::float8 as age, mxid_age(datminmxid)::float8 as multixact_age,
         current_setting('autovacuum_freeze_max_age')::float8 as "limit",
         current_setting('autovacuum_multixact_freeze_max_age')::float8 as multixact_limit
    from pg_database where datname = current_database()`;

// One row a table with all its partitions: the oldest of them. TOAST tables have ages of their own, and count with it.
// $1: names of the archives.
const tablesQuery = `
  select object, count(*)::int as count, (array_agg(name order by greatest(age, multixact_age) desc))[1] as oldest,
         max(age)::float8 as age, max(multixact_age)::float8 as multixact_age, object = any ($1) as archived
    from (
      select root.oid::regclass::text as object, c.oid::regclass::text as name,
             greatest(age(c.relfrozenxid), age(t.relfrozenxid)) as age,
             greatest(mxid_age(c.relminmxid), mxid_age(t.relminmxid)) as multixact_age
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace and n.nspname !~ '^pg_temp'
        left join pg_class t on t.oid = c.reltoastrelid
       cross join lateral (select coalesce(pg_partition_root(c.oid), c.oid) as oid) as root
       where c.relkind in ('r', 'm') and c.relpersistence <> 't'
    ) as aged
   group by object
   order by max(age) desc`;

export const wraparound: Check = {
  name: 'wraparound',
  title: 'how far the server is from running out of transaction numbers',
  run: async ({ client, session, thresholds, measure }) => {
    const { freezeAgeWarnRatio, freezeAgeError, archiveFreezeAge } = thresholds;
    const { rows } = await client.query<DatabaseRow>(databaseQuery);
    const [database] = rows;
    if (database === undefined) return [];
    const warnAt = {
      age: database.limit * freezeAgeWarnRatio,
      multixact: database.multixact_limit * freezeAgeWarnRatio,
    };
    const severityOf = (age: number, multixactAge: number): Severity | undefined => {
      if (Math.max(age, multixactAge) >= freezeAgeError) return 'error';
      return age >= warnAt.age || multixactAge >= warnAt.multixact ? 'warn' : undefined;
    };
    measure({ name: 'freeze_age', value: database.age, unit: '', warn: warnAt.age, error: freezeAgeError });
    const findings: Finding[] = [];
    const tables = (await client.query<TableRow>(tablesQuery, [archiveNames()])).rows;
    const why =
      'At 2,100 million the server takes no more writes; that autovacuum has not frozen it means that something holds it back: a long transaction, a replication slot, a lock, or autovacuum is off.';
    const overall = severityOf(database.age, database.multixact_age);
    if (overall !== undefined) {
      findings.push({
        severity: overall,
        object: `database ${session.database}`,
        what: ages(database.age, database.multixact_age),
        why,
        fix: `vacuum (freeze, verbose) ${tables[0]?.oldest ?? ''}; then the others, in order of age`,
      });
    }
    for (const { object, count, oldest, age, multixact_age: multixactAge, archived } of tables) {
      const severity = severityOf(age, multixactAge);
      if (severity !== undefined) {
        findings.push({
          severity,
          object,
          what: `${count > 1 ? `its partition ${oldest}: ` : ''}${ages(age, multixactAge)}`,
          why,
          fix: `vacuum (freeze, verbose) ${oldest}`,
        });
      } else if (archived && age >= archiveFreezeAge) {
        findings.push({
          severity: 'info',
          object,
          what: `its month ${oldest} is not frozen: ${ages(age, multixactAge)}`,
          why: 'It does not change any more: frozen once, no vacuum reads it again; else all archived months come due for autovacuum in the same days.',
          fix: `vacuum (freeze) ${oldest}`,
        });
      }
    }
    return findings;
  },
};

function archiveNames(): readonly string[] {
  return partitionPolicies.map(({ schema, archiveTable }) => `${schema}.${archiveTable}`);
}

function ages(age: number, multixactAge: number): string {
  return `unfrozen for ${age.toLocaleString('en-US')} transactions and ${multixactAge.toLocaleString('en-US')} multixacts`;
}
