import type { ClientBase } from 'pg';
import { findRedundantIndexes } from '../../indexes/find-redundant.js';
import { findUncoveredForeignKeys } from '../../indexes/find-uncovered.js';
import { findUnusedIndexes } from '../../indexes/find-unused.js';
import {
  bloatFinding,
  brokenFinding,
  redundantFinding,
  uncoveredFinding,
  unusedFinding,
  type IndexFinding,
} from '../../indexes/index-findings.js';
import { readUsageSnapshots } from '../../indexes/usage-snapshots.js';
import { notVisible, type Check } from '../check.js';
import type { Finding, Severity } from '../finding.js';

function asFinding({ schema, table, index, what, why, fix }: IndexFinding, severity: Severity): Finding {
  return {
    severity,
    object: `${schema}.${index ?? table}`,
    what,
    why: `${capital(why)}.`,
    fix: fix ?? 'studymate-db index report',
  };
}

export const invalidIndexes: Check = {
  name: 'index-invalid',
  title: 'indexes that no query uses because they are invalid or incomplete',
  usesIndexes: true,
  run: async ({ client, indexes }) => {
    const { listed } = await indexes();
    const building = await readBuilds(client);
    return listed.flatMap((entry) =>
      brokenFinding(entry).map((finding): Finding => {
        const inProgress = entry.index.leaves.some(({ tableOid }) => building.has(tableOid));
        return inProgress
          ? {
              ...asFinding(finding, 'info'),
              what: `${finding.what}; an index of this table is being built now`,
              fix: 'Wait for the build, and look again.',
            }
          : asFinding(finding, 'error');
      }),
    );
  },
};

// The tables on which somebody builds an index. The progress view hides which from other roles, but not the pid; the
// lock tells the table.
async function readBuilds(client: ClientBase): Promise<ReadonlySet<number>> {
  const { rows } = await client.query<{ oid: number }>(
    `select distinct l.relation as oid
       from pg_locks l
       join pg_stat_progress_create_index p on p.pid = l.pid
      where l.locktype = 'relation' and l.mode = 'ShareUpdateExclusiveLock' and l.granted
        and l.database = (select oid from pg_database where datname = current_database())`,
  );
  return new Set(rows.map(({ oid }) => oid));
}

export const bloatedIndexes: Check = {
  name: 'index-bloat',
  title: 'indexes much larger than a rebuild would make them',
  usesIndexes: true,
  run: async (context) => {
    const { indexBloatRatio, indexBloatBytes } = context.thresholds;
    const { listed } = await context.indexes();
    const hidden = listed.filter(({ bloat }) =>
      [...bloat.byLeaf.values()].some(({ reason }) => reason?.startsWith('not visible') === true),
    );
    const tables = [...new Set(hidden.map(({ index: { table } }) => `${table.schema}.${table.name}`))];
    return [
      ...listed.flatMap((entry) =>
        bloatFinding(entry, indexBloatRatio, indexBloatBytes).map((finding) =>
          asFinding(finding, entry.bloat.stale ? 'info' : 'warn'),
        ),
      ),
      ...(tables.length === 0
        ? []
        : [
            notVisible(context, 'bloat', `the statistics of ${some(tables)}`, {
              needs: 'select on these tables',
              fix: `grant select on ${tables.join(', ')} to ${context.session.role}`,
            }),
          ]),
    ];
  },
};

export const redundantIndexes: Check = {
  name: 'index-redundant',
  title: 'indexes that another one makes needless',
  usesIndexes: true,
  run: async ({ indexes }) =>
    findRedundantIndexes((await indexes()).indexes).map((entry) =>
      asFinding(redundantFinding(entry), 'warn'),
    ),
};

export const foreignKeysWithoutIndex: Check = {
  name: 'foreign-key-index',
  title: 'foreign keys whose rows no index finds',
  usesIndexes: true,
  run: async (context) => {
    const { indexes, foreignKeys } = await context.indexes();
    return findUncoveredForeignKeys(foreignKeys, indexes).map((entry) => {
      const { name, table } = entry.foreignKey;
      return {
        ...asFinding(uncoveredFinding(entry), 'warn'),
        object: `${table.schema}.${table.name}.${name}`,
      };
    });
  },
};

export const unusedIndexes: Check = {
  name: 'index-unused',
  title: 'indexes that no query used in the time observed',
  usesIndexes: true,
  run: async ({ client, indexes: read, thresholds }) => {
    const { indexes, foreignKeys } = await read();
    const snapshots = await readUsageSnapshots(client);
    if (snapshots.length < 2) {
      return [
        {
          severity: 'info',
          object: 'index usage',
          what: 'it is not observed: there are fewer than two readings of the counters',
          why: 'The counters themselves forget with every crash and reset, and do not tell when an index was used last.',
          fix: 'Let cron run «studymate-db index snapshot» every day.',
        },
      ];
    }
    return findUnusedIndexes(indexes, foreignKeys, snapshots, {
      minimumDays: thresholds.indexUnusedDays,
    }).map((entry) => asFinding(unusedFinding(entry), 'warn'));
  },
};

function some(names: readonly string[]): string {
  return `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
