import { readLastRun } from '../../archive/last-run.js';
import type { ArchiveAction } from '../../archive/decide-actions.js';
import { readSituation, resolveTasks } from '../../archive/situation.js';
import { formatMonth } from '../../partitioning/month.js';
import type { Check } from '../check.js';
import type { Finding } from '../finding.js';

const HOUR_MS = 3_600_000;

export const archive: Check = {
  name: 'archive',
  title: 'old months archived in time, nothing in the way of it',
  run: async ({ client, now, thresholds, measure }) => {
    const findings: Finding[] = [];
    const dueSince = new Date(now.getTime() - thresholds.maintenanceGraceHours * HOUR_MS);
    for (const task of await resolveTasks(client, { now: dueSince })) {
      const table = `${task.policy.schema}.${task.policy.table}`;
      const { obstacle, actions } = await readSituation(client, task);
      if (obstacle !== undefined) {
        findings.push({
          severity: 'error',
          object: table,
          what: `no month can be archived: ${obstacle.message}`,
          why: 'The live table grows without end, and with it every query that reads more than a month.',
          fix: obstacle.hint ?? 'studymate-db archive plan',
        });
      }
      const due = actions.filter(({ kind }) => kind !== 'refused');
      measure({ name: `archive_due_${task.policy.table}`, value: due.length, unit: '' });
      if (due.length > 0) {
        findings.push({
          severity: 'warn',
          object: table,
          what: `${due.length} due for more than ${thresholds.maintenanceGraceHours} hours: ${due.map(nameOf).slice(0, 6).join(', ')}`,
          why: 'The live table grows, and with it every query that reads more than a month.',
          fix: 'studymate-db archive run; and let cron run «studymate-db maintain» every day',
        });
      }
      for (const action of actions) {
        if (action.kind !== 'refused') continue;
        findings.push({
          severity: 'error',
          object: table,
          what: `${nameOf(action)} cannot be archived: ${action.error.message}`,
          why: 'It stays in the live table until somebody decides.',
          fix: action.error.hint ?? 'studymate-db archive plan',
        });
      }
      const lastRun = await readLastRun(client, table);
      if (lastRun?.result === 'failed' || lastRun?.result === 'unfinished') {
        findings.push({
          severity: 'warn',
          object: table,
          what: `the last «${lastRun.command}», of ${lastRun.startedAt.toISOString()}, ${lastRun.result === 'failed' ? `failed: ${lastRun.error ?? 'no message was kept'}` : 'was killed'}`,
          why: 'What it had not done is still to be done.',
          fix: 'studymate-db archive run',
        });
      }
    }
    return findings;
  },
};

function nameOf(action: ArchiveAction): string {
  if (action.kind === 'drain' || action.kind === 'refused')
    return `${action.month === undefined ? 'rows of no month' : formatMonth(action.month)} in ${action.partition.name}`;
  return action.partition.name;
}
