import { formatServerVersion } from '../../database/connect.js';
import type { Check } from '../check.js';
import type { Finding } from '../finding.js';
import { isFixed, serverBugs, type ServerBug } from '../releases.js';

interface Row {
  readonly name: string;
  readonly table: string;
  readonly hurts: ServerBug['hurts'];
}

// This schema has neither: messages point at messages by constraint triggers. Somebody may have added one.
const keysOfPartitionedTables = `
  select k.conname::text as name, k.conrelid::regclass::text as table,
         case when k.conrelid = k.confrelid then 'foreign key of a partitioned table to itself'
              else 'foreign key to a partitioned table' end as hurts
    from pg_constraint k
    join pg_class r on r.oid = k.confrelid and r.relkind = 'p'
   where k.contype = 'f' and k.conparentid = 0
   order by 2, 1`;

const HALF_A_YEAR_MS = 183 * 86_400_000;

export const serverVersion: Check = {
  name: 'server-version',
  title: 'the version of the server, its minor release and known bugs',
  run: async ({ client, serverVersion: version, releases, thresholds, now }) => {
    const major = Math.floor(version / 10_000);
    const running = formatServerVersion(version);
    const known = releases.majors[major];
    const object = `PostgreSQL ${running}`;
    if (known === undefined) {
      return [
        {
          severity: 'info',
          object,
          what: `it is not one of the versions this package was tested with: ${Object.keys(releases.majors).join(', ')}`,
          why: 'What is said of it here may be wrong.',
          fix: 'Update studymate-db.',
        },
      ];
    }
    const findings: Finding[] = [];
    const endOfLife = new Date(`${known.endOfLife}T00:00:00Z`);
    if (now >= endOfLife || endOfLife.getTime() - now.getTime() < HALF_A_YEAR_MS) {
      const isOver = now >= endOfLife;
      findings.push({
        severity: isOver ? 'error' : 'warn',
        object,
        what: `PostgreSQL ${major} ${isOver ? 'got its last minor release on' : 'gets its last minor release on'} ${known.endOfLife}`,
        why: 'After it nobody mends security holes or bugs that lose data.',
        fix: 'Upgrade to a later version with pg_upgrade.',
      });
    }
    const behind = known.latestMinor - (version % 10_000);
    if (behind > 0) {
      findings.push({
        severity: behind >= thresholds.minorsBehindWarn ? 'warn' : 'info',
        object,
        what: `it is at least ${behind} minor ${behind === 1 ? 'release' : 'releases'} behind: ${major}.${known.latestMinor} was out on ${releases.asOf}`,
        why: 'Minor releases mend security holes and bugs that lose data, and nothing else.',
        fix: `Install ${major}.${known.latestMinor} or later, and restart the server; no dump is needed.`,
      });
    }
    const open = serverBugs.filter((bug) => !isFixed(bug, version));
    if (open.length === 0) return findings;
    const { rows } = await client.query<Row>(keysOfPartitionedTables);
    for (const { name, table, hurts } of rows) {
      const bug = open.find((candidate) => candidate.hurts === hurts);
      if (bug === undefined) continue;
      findings.push({
        severity: 'error',
        object: `${table} ${name}`,
        what: `it is a ${hurts}, and ${running} has a bug with these: ${bug.what}`,
        why: 'Rows may point at nothing without anybody being told.',
        fix: `Install ${major}.${bug.fixedIn[major] ?? 0} or later, then ${bug.repair}.`,
      });
    }
    return findings;
  },
};
