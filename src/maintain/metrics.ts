import type { MaintainResult } from './maintain.js';

export interface MaintainReport {
  readonly server: string;
  readonly database: string;
  readonly finishedAt: Date;
  readonly durationMs: number;
  readonly exitCode: number;
  /** Undefined when nothing began: no connection, another run. */
  readonly result: MaintainResult | undefined;
}

type Labels = Readonly<Record<string, string>>;

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly { readonly labels?: Labels; readonly value: number }[];
}

const LAST_SUCCESS = 'studymate_db_maintain_last_success_timestamp_seconds';

/**
 * The metrics of a run in Prometheus' text format, without timestamps, as the textfile collector wants them. All are
 * gauges: each file tells of one run, and of one database, whose labels keep it apart from the files of others.
 *
 * @param previous the text of the file that this one replaces: a failed run keeps its time of the last success
 */
export function formatMetrics(report: MaintainReport, previous: string | undefined): string {
  const { exitCode, finishedAt, durationMs, result } = report;
  const labels: Labels = { server: report.server, database: report.database };
  const finished = finishedAt.getTime() / 1000;
  const metrics: readonly Metric[] = [
    {
      name: LAST_SUCCESS,
      help: 'When a run last ended with exit code 0; 0 for never.',
      samples: [{ value: exitCode === 0 ? finished : previousSuccess(previous, labels) }],
    },
    {
      name: 'studymate_db_maintain_last_run_timestamp_seconds',
      help: 'When the last run ended, however it did.',
      samples: [{ value: finished }],
    },
    {
      name: 'studymate_db_maintain_last_exit_code',
      help: 'Exit code of the last run.',
      samples: [{ value: exitCode }],
    },
    {
      name: 'studymate_db_maintain_duration_seconds',
      help: 'Duration of the last run.',
      samples: [{ value: durationMs / 1000 }],
    },
    {
      name: 'studymate_db_maintain_step_success',
      help: 'Whether the step did all there was to do: 1 or 0.',
      samples: (result?.steps ?? []).map(({ step, state }) => ({
        labels: { step },
        value: state === 'done' ? 1 : 0,
      })),
    },
    {
      name: 'studymate_db_maintain_step_duration_seconds',
      help: 'Duration of the step in the last run.',
      samples: (result?.steps ?? []).map(({ step, durationMs: ms }) => ({
        labels: { step },
        value: ms / 1000,
      })),
    },
    ...activityMetrics(result, finishedAt),
    ...expiryMetrics(result),
    ...partitionMetrics(result),
  ];
  return metrics
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, help, samples }) =>
      [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} gauge`,
        ...samples.map(
          (sample) =>
            `${name}${labelText({ ...labels, ...sample.labels })} ${Math.round(sample.value * 1000) / 1000}`,
        ),
        '',
      ].join('\n'),
    )
    .join('');
}

function activityMetrics(result: MaintainResult | undefined, now: Date): readonly Metric[] {
  const activity = result?.steps.find((step) => step.activity !== undefined)?.activity;
  const coveredAt = activity?.coveredAt;
  return [
    {
      name: 'studymate_db_maintain_active_days_added',
      help: 'Days of users that the last run brought into the roll-up of active days.',
      samples: activity === undefined ? [] : [{ value: activity.added }],
    },
    {
      name: 'studymate_db_maintain_active_days_age_seconds',
      help: 'For how long the activity log has gone on since what the roll-up of active days covers for good.',
      samples:
        coveredAt === undefined ? [] : [{ value: Math.max(0, now.getTime() - coveredAt.getTime()) / 1000 }],
    },
  ];
}

function expiryMetrics(result: MaintainResult | undefined): readonly Metric[] {
  const expiry = result?.steps.find((step) => step.expiry !== undefined)?.expiry;
  const tables = expiry?.tables ?? [];
  return [
    {
      name: 'studymate_db_maintain_expired_rows',
      help: 'Rows that the last run deleted or marked as expired.',
      samples: tables.map(({ schema, table, rowCount }) => ({
        labels: { table: `${schema}.${table}` },
        value: rowCount,
      })),
    },
    {
      name: 'studymate_db_maintain_overdue_seconds',
      help: 'For how long the oldest row has been expired that the last run left; 0 for none.',
      samples: tables.flatMap(({ schema, table, state, oldestDue }) => {
        const at = { table: `${schema}.${table}` };
        if (oldestDue !== undefined && result !== undefined) {
          const ms = result.startedAt.getTime() - oldestDue.getTime();
          return [{ labels: at, value: Math.max(0, ms) / 1000 }];
        }
        return state === 'done' ? [{ labels: at, value: 0 }] : [];
      }),
    },
  ];
}

function partitionMetrics(result: MaintainResult | undefined): readonly Metric[] {
  const partitions = result?.partitions ?? [];
  const metric = (
    name: string,
    help: string,
    value: (health: (typeof partitions)[number]) => number,
  ): Metric => ({
    name,
    help,
    samples: partitions.map((health) => ({ labels: { table: health.table }, value: value(health) })),
  });
  return [
    metric(
      'studymate_db_default_partition_rows',
      'Rows in the default partition, counted to 1000000.',
      ({ defaultRows }) => defaultRows,
    ),
    metric(
      'studymate_db_premade_months',
      'Months after the current one that have a partition.',
      ({ premadeMonths }) => premadeMonths,
    ),
    metric(
      'studymate_db_archive_due_months',
      'Partitions older than the retention that are not archived.',
      ({ archiveDueMonths }) => archiveDueMonths,
    ),
  ];
}

function previousSuccess(previous: string | undefined, labels: Labels): number {
  const start = `${LAST_SUCCESS}${labelText(labels)} `;
  const line = previous?.split('\n').find((text) => text.startsWith(start));
  const value = Number(line?.slice(start.length));
  return Number.isFinite(value) ? value : 0;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) =>
      `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
  );
  return `{${pairs.join(',')}}`;
}
