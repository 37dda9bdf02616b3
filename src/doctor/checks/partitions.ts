import type { ClientBase } from 'pg';
import { monthOf } from '../../partitioning/month.js';
import { partitionPolicies, type PartitionPolicy } from '../../partitioning/policy.js';
import { readPartitionSet } from '../../partitioning/partition-set.js';
import { countDefaultRows } from '../../partitions/default-rows.js';
import { readDetachedTables } from '../../partitions/detached-tables.js';
import { findTrouble, type FindingInput, type PartitionFinding } from '../../partitions/findings.js';
import { readIndexTrouble } from '../../partitions/read-index-trouble.js';
import type { Check } from '../check.js';
import type { Finding, Severity } from '../finding.js';

const HOUR_MS = 3_600_000;

/** What «partition list --exit-code» ends with 3 for, but for months that the next daily run has still time to make. */
export const partitions: Check = {
  name: 'partitions',
  title: 'months made in time, none missing, default partitions empty',
  run: async ({ client, now, thresholds, measure }) => {
    const findings: Finding[] = [];
    const graced = new Date(now.getTime() - thresholds.maintenanceGraceHours * HOUR_MS);
    for (const policy of partitionPolicies) {
      const input = await readInput(client, policy, now);
      measure({
        name: `default_rows_${policy.table}`,
        value: input.defaultRows.reduce((sum, { rows }) => sum + rows, 0),
        unit: '',
      });
      findings.push(...overdue(input, graced).map(asFinding));
    }
    return findings;
  },
};

async function readInput(client: ClientBase, policy: PartitionPolicy, now: Date): Promise<FindingInput> {
  const live = await readPartitionSet(client, policy);
  const archive = await readPartitionSet(client, { schema: policy.schema, table: policy.archiveTable });
  return {
    now,
    policy,
    live,
    archive,
    defaultRows: await countDefaultRows(client, live),
    indexTrouble: [...(await readIndexTrouble(client, live)), ...(await readIndexTrouble(client, archive))],
    detachedTables: [
      ...(await readDetachedTables(client, live)),
      ...(await readDetachedTables(client, archive)),
    ],
  };
}

/** On the first of a month the month ahead is missing until cron has come by: that is no news. */
function overdue(input: FindingInput, graced: Date): readonly PartitionFinding[] {
  const found = findTrouble(input);
  if (monthOf(graced).getTime() === monthOf(input.now).getTime()) return found;
  const before = findTrouble({ ...input, now: graced });
  return found.filter(
    ({ finding, object }) =>
      (finding !== 'premake short' && finding !== 'gap') ||
      before.some((earlier) => earlier.finding === finding && earlier.object === object),
  );
}

const reasons: Readonly<Record<PartitionFinding['finding'], readonly [Severity, string]>> = {
  'default missing': ['error', 'A message of a month that was not made is refused (23514).'],
  'default not empty': [
    'warn',
    'These rows are read by every query, are not archived with their month, and stand in its way.',
  ],
  'premake short': ['warn', 'When cron fails a few times more, rows go to the default partition.'],
  gap: ['warn', 'Rows of these months go to the default partition, which every query reads.'],
  overlap: ['error', 'One month in two places: it can be neither archived nor restored.'],
  'bound not a month': ['warn', 'It is not archived as a month.'],
  'name and bound differ': [
    'warn',
    'People and scripts that trust the name archive or drop the wrong month.',
  ],
  'detach pending': [
    'error',
    'Its rows have vanished from every query, and new rows of its month are refused.',
  ],
  'detached table': ['warn', 'Rows that are nowhere to be found, and a month of that name cannot be made.'],
  'index missing': ['warn', 'Queries read this partition whole.'],
  'index invalid': [
    'warn',
    'Queries read this partition whole, and writes may pay for the index all the same.',
  ],
};

function asFinding({ finding, object, detail, hint }: PartitionFinding): Finding {
  const [severity, why] = reasons[finding];
  return { severity, object, what: `${finding}: ${detail}`, why, fix: hint };
}
