import { formatDuration } from '../database/duration.js';
import { describeSession } from '../database/session-description.js';
import { formatMonth } from '../partitioning/month.js';
import type { PartitionEvent } from '../partitions/events.js';
import type { ListedPartition, ListPartitionsResult } from '../partitions/list-partitions.js';
import type { PlanPartitionsResult } from '../partitions/plan-partitions.js';
import type { RolloverObstacle } from '../partitions/plan-rollover.js';
import type { RolloverResult } from '../partitions/rollover.js';
import { stepLocks } from '../partitions/step-locks.js';
import { EXIT } from './exit-codes.js';
import { table, type Cell, type Column, type Outcome } from './output.js';
import type { Progress } from './progress.js';

type Row = Readonly<Record<string, Cell>>;

export function listOutcome(result: ListPartitionsResult, exitCode: boolean): Outcome {
  const found = result.tables.flatMap(({ findings }) => findings);
  const partitions = result.tables.flatMap((listing) => listing.partitions);
  const notCounted = partitions.some(({ counted, rows }) => !counted && rows !== null);
  return {
    data: result,
    columns: listColumns,
    rows: partitions.map(listRow),
    summary: [
      ...(notCounted ? ['~ as of the last ANALYZE; count with --exact'] : []),
      found.length === 0
        ? 'nothing is off'
        : `\n${table(
            findingColumns,
            found.map((finding) => ({ ...finding })),
          ).trimEnd()}`,
    ].join('\n'),
    exitCode: exitCode && found.length > 0 ? EXIT.found : EXIT.done,
  };
}

const listColumns: readonly Column[] = [
  { key: 'partition', label: 'partition' },
  { key: 'lowerBound', label: 'from (UTC)' },
  { key: 'upperBound', label: 'to, exclusive' },
  { key: 'rows', label: 'rows', align: 'right' },
  { key: 'size', label: 'size', align: 'right' },
  { key: 'age', label: 'age, months', align: 'right' },
  { key: 'state', label: 'state' },
];

const findingColumns: readonly Column[] = [
  { key: 'finding', label: 'off' },
  { key: 'object', label: 'where' },
  { key: 'detail', label: 'what' },
  { key: 'hint', label: 'hint' },
];

function listRow(listed: ListedPartition): Row {
  const { partition, lowerBound, upperBound, rows, counted, sizeBytes, ageMonths, state } = listed;
  return {
    partition,
    lowerBound: lowerBound ?? '',
    upperBound: upperBound ?? '',
    rows: rows === null ? null : counted ? rows : `~${rows}`,
    size: sizeBytes === null ? null : formatSize(sizeBytes),
    age: ageMonths,
    state,
  };
}

/** As pg_size_pretty() writes it. */
function formatSize(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 10_240 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Math.round(value)} ${units[unit] ?? ''}`;
}

export function planOutcome(result: PlanPartitionsResult, exitCode: boolean): Outcome {
  const rows = result.plans.flatMap(({ policy, steps, obstacles }): Row[] => [
    ...steps.map((step) => ({
      table: policy.table,
      month: formatMonth(step.month),
      action: step.action,
      reason: step.reason,
      rows: step.rows + step.otherRows,
      locks: stepLocks(step),
    })),
    ...obstacles.map((obstacle) => ({ table: policy.table, ...obstacleRow(obstacle), locks: '' })),
  ]);
  return {
    data: result,
    columns: [
      { key: 'table', label: 'table' },
      { key: 'month', label: 'month' },
      { key: 'action', label: 'would' },
      { key: 'reason', label: 'why' },
      { key: 'rows', label: 'rows', align: 'right' },
      { key: 'locks', label: 'locks' },
    ],
    rows,
    summary: `${rows.length === 0 ? 'nothing to do' : `${rows.length} to do`}; nothing was written${strays(result.plans)}`,
    exitCode: exitCode && rows.length > 0 ? EXIT.found : EXIT.done,
  };
}

export function runOutcome(result: RolloverResult): Outcome {
  const rows = result.tables.flatMap(({ table: name, steps, obstacles, error }): Row[] => [
    ...steps.map((step) => ({
      table: name,
      month: formatMonth(step.month),
      action: step.action,
      reason: step.reason,
      result: step.result,
      rows: step.rows,
      attempts: step.attempts,
      lockWait: formatDuration(step.lockWaitMs),
      held: formatDuration(step.heldMs),
      duration: formatDuration(step.durationMs),
      error: step.error === undefined ? null : errorText(step.error),
    })),
    ...obstacles.map((obstacle) => ({ table: name, result: 'failed', ...obstacleRow(obstacle) })),
    ...(error === undefined ? [] : [{ table: name, result: 'failed', error: errorText(error) }]),
  ]);
  return {
    data: result,
    columns: [
      { key: 'table', label: 'table' },
      { key: 'month', label: 'month' },
      { key: 'action', label: 'action' },
      { key: 'reason', label: 'why' },
      { key: 'result', label: 'result' },
      { key: 'rows', label: 'rows', align: 'right' },
      { key: 'attempts', label: 'attempts', align: 'right' },
      { key: 'lockWait', label: 'waited', align: 'right' },
      { key: 'held', label: 'held at most', align: 'right' },
      { key: 'duration', label: 'duration', align: 'right' },
      { key: 'error', label: 'error' },
    ],
    rows,
    summary:
      (rows.length === 0
        ? 'nothing to do'
        : `${rows.length - result.failed} done${result.failed > 0 ? `, ${result.failed} failed` : ''}`) +
      strays(result.tables),
    exitCode: result.failed > 0 ? EXIT.failed : EXIT.done,
  };
}

function obstacleRow({ month, partition, reason, rows }: RolloverObstacle): Row {
  return {
    month: formatMonth(month),
    action: 'none',
    reason: `${partition} is in the way: ${reason}`,
    rows,
  };
}

function strays(tables: readonly { readonly rowsWithoutMonth: number }[]): string {
  const rows = tables.reduce((sum, { rowsWithoutMonth }) => sum + rowsWithoutMonth, 0);
  return rows === 0 ? '' : `; ${rows} rows of no month stay in a default partition`;
}

function errorText({
  message,
  detail,
  hint,
}: {
  message: string;
  detail?: string | undefined;
  hint?: string | undefined;
}): string {
  return [message, detail, hint && `hint: ${hint}`].filter(Boolean).join('\n');
}

/** One line for each event of a run. */
export function reportPartitionEvent(progress: Progress, event: PartitionEvent): void {
  progress.report({ ...event }, describe(event));
}

function describe(event: PartitionEvent): string | undefined {
  switch (event.type) {
    case 'waiting':
      return `waiting for another run: ${describeSession(event.holder)}`;
    case 'step-started':
      return `${event.table} ${formatMonth(event.month)}: ${event.action} (${event.reason})`;
    case 'rows-moved':
      return `  ${event.rows} rows of ${formatMonth(event.month)} left the default partition`;
    case 'lock-retry':
      return [
        `  no lock; try ${event.attempt + 1} of ${event.retries + 1} in ${formatDuration(event.delayMs)}`,
        ...event.blockers.map((blocker) => `    blocked by ${describeSession(blocker)}`),
      ].join('\n');
    case 'step-ended':
      return event.error === undefined
        ? `  ${formatDuration(event.durationMs).padStart(8)}  ${event.partition}, locks held ${formatDuration(event.heldMs)} at most`
        : `  failed: ${errorText(event.error)}`;
  }
}
