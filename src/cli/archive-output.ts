import type { ArchiveEvent, ArchiveStep, ArchiveStepError } from '../archive/events.js';
import type { ArchivePlan, PlannedStep } from '../archive/plan-archive.js';
import type { RestoreResult } from '../archive/restore-month.js';
import type { ArchiveResult } from '../archive/run-archive.js';
import type { ArchiveStatus } from '../archive/status.js';
import { formatDuration } from '../database/duration.js';
import { describeSession } from '../database/session-description.js';
import { EXIT } from './exit-codes.js';
import type { Cell, Column, Outcome } from './output.js';
import type { Progress } from './progress.js';

export function planOutcome(plan: ArchivePlan, exitCode = false): Outcome {
  const { steps, refused, tables } = plan;
  const due = steps.length;
  const until = tables.map(({ table, cutoff }) => `${table} before ${cutoff.toISOString()}`).join(', ');
  return {
    data: plan,
    columns: planColumns,
    rows: steps.map(planRow),
    summary:
      due === 0
        ? `nothing is due (${until}); nothing was written`
        : `${count(due, 'step')} for ${until}${refused > 0 ? `, ${refused} of them refused` : ''}; nothing was written`,
    exitCode: refused > 0 ? EXIT.failed : exitCode && due > 0 ? EXIT.found : EXIT.done,
  };
}

const planColumns: readonly Column[] = [
  { key: 'table', label: 'table' },
  { key: 'month', label: 'month' },
  { key: 'action', label: 'would' },
  { key: 'rows', label: 'rows', align: 'right' },
  { key: 'partition', label: 'partition' },
  { key: 'archivePartition', label: 'to' },
  { key: 'locks', label: 'locks, in order' },
];

function planRow(step: PlannedStep): Readonly<Record<string, Cell>> {
  return {
    table: step.table,
    month: step.month ?? null,
    action: step.action,
    rows: step.rows ?? null,
    partition: step.partition,
    archivePartition: step.archivePartition ?? null,
    locks: step.error === undefined ? step.locks.join('\n') : errorText(step.error),
  };
}

export function runOutcome(result: ArchiveResult): Outcome {
  const { steps, failed } = result;
  return {
    data: result,
    columns: stepColumns,
    rows: steps.map(stepRow),
    summary: steps.length === 0 ? 'nothing was due' : `${rowsMoved(steps)}${failures(failed)}`,
    exitCode: failed > 0 ? EXIT.failed : EXIT.done,
  };
}

export function restoreOutcome(result: RestoreResult): Outcome {
  const { steps, failed, month, dryRun } = result;
  return {
    data: result,
    columns: stepColumns,
    rows: steps.map(stepRow),
    summary: dryRun
      ? `${count(steps.length, 'partition')} of ${month} would be restored; nothing was written`
      : steps.length === 0
        ? `${month} is live already`
        : `${rowsMoved(steps)}${failures(failed)}`,
    exitCode: failed > 0 ? EXIT.failed : EXIT.done,
  };
}

const stepColumns: readonly Column[] = [
  { key: 'table', label: 'table' },
  { key: 'month', label: 'month' },
  { key: 'action', label: 'action' },
  { key: 'result', label: 'result' },
  { key: 'rows', label: 'rows', align: 'right' },
  { key: 'duration', label: 'duration', align: 'right' },
  { key: 'lockWait', label: 'waited for locks', align: 'right' },
  { key: 'held', label: 'held them', align: 'right' },
  { key: 'note', label: 'note' },
];

function stepRow(step: ArchiveStep): Readonly<Record<string, Cell>> {
  return {
    table: step.table,
    month: step.month ?? null,
    action: step.action,
    result: step.result,
    rows: step.rows ?? null,
    duration: formatDuration(step.durationMs),
    lockWait: step.lockWaitMs === undefined ? null : formatDuration(step.lockWaitMs),
    held: step.heldMs === undefined ? null : formatDuration(step.heldMs),
    note: step.error === undefined ? (step.reason ?? null) : errorText(step.error),
  };
}

export function statusOutcome(status: ArchiveStatus, exitCode = false): Outcome {
  return {
    data: status,
    columns: [
      { key: 'table', label: 'table' },
      { key: 'live', label: 'live rows', align: 'right' },
      { key: 'archived', label: 'archived', align: 'right' },
      { key: 'default', label: 'in default', align: 'right' },
      { key: 'oldest', label: 'oldest live' },
      { key: 'cutoff', label: 'cutoff' },
      { key: 'due', label: 'due' },
      { key: 'lastRun', label: 'last run' },
      { key: 'result', label: 'result' },
    ],
    rows: status.tables.map((table) => ({
      table: table.table,
      live: table.liveRows ?? null,
      archived: table.archivedRows ?? null,
      default: table.defaultRows,
      oldest: table.oldestLive ?? null,
      cutoff: table.cutoff,
      due: dueText(table.due),
      lastRun: table.lastRun?.startedAt ?? null,
      result: table.lastRun === undefined ? null : lastRunText(table.lastRun),
    })),
    summary: status.due ? undefined : 'nothing is due',
    exitCode: exitCode && status.due ? EXIT.found : EXIT.done,
  };
}

function dueText(due: readonly PlannedStep[]): string | null {
  if (due.length === 0) return null;
  return due
    .map(
      ({ action, month, partition, rows }) =>
        `${action} ${month ?? partition}${rows === undefined ? '' : `, ${count(rows, 'row')}`}`,
    )
    .join('\n');
}

function lastRunText({
  command,
  result,
  rows,
  error,
}: NonNullable<ArchiveStatus['tables'][number]['lastRun']>): string {
  return `${command}: ${result}, ${count(rows, 'row')}${error === undefined ? '' : `: ${error}`}`;
}

function errorText({ code, message, detail, hint }: ArchiveStepError): string {
  return [`${message} [${code}]`, detail, hint && `hint: ${hint}`].filter(Boolean).join('\n');
}

function rowsMoved(steps: readonly ArchiveStep[]): string {
  const rows = steps.reduce((sum, step) => sum + (step.result === 'done' ? (step.rows ?? 0) : 0), 0);
  return `${count(rows, 'row')} moved`;
}

function failures(failed: number): string {
  return failed === 0 ? '' : `, ${count(failed, 'step')} failed; run again when the causes are gone`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** One line for each event, on stderr. */
export function reportArchiveEvent(progress: Progress, event: ArchiveEvent): void {
  progress.report({ ...event }, describe(event));
}

function describe(event: ArchiveEvent): string | undefined {
  switch (event.type) {
    case 'waiting':
      return `waiting for another run: ${describeSession(event.holder)}`;
    case 'step-started':
      return `${event.action} ${event.partition}`;
    case 'proved':
      return `  ${formatDuration(event.durationMs).padStart(8)}  bounds proved`;
    case 'index-built':
      return `  ${formatDuration(event.durationMs).padStart(8)}  index ${event.index} built`;
    case 'lock-retry':
      return [
        `  no lock; try ${event.attempt + 1} of ${event.retries + 1} in ${formatDuration(event.delayMs)}`,
        ...event.blockers.map((blocker) => `    blocked by ${describeSession(blocker)}`),
      ].join('\n');
    case 'batch':
      return `  ${String(Math.round(event.fraction * 100)).padStart(3)} %  ${count(event.totalRows, 'row')}`;
    case 'step-done':
      return event.error === undefined
        ? `  ${formatDuration(event.durationMs).padStart(8)}  ${event.result}${event.reason === undefined ? '' : `: ${event.reason}`}`
        : `  failed: ${errorText(event.error).replaceAll('\n', '\n    ')}`;
  }
}
