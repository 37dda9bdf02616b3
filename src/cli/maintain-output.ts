import type { ActivityResult } from '../activity/refresh-user-active-days.js';
import { describeSession } from '../database/session-description.js';
import { formatDuration } from '../database/duration.js';
import { StudymateError } from '../errors.js';
import type { MaintainResult, MaintainStep } from '../maintain/maintain.js';
import type { MaintainEvent } from '../maintain/options.js';
import type { MaintainPlan } from '../maintain/plan-maintenance.js';
import type { StepError } from '../maintain/step-error.js';
import { formatMonth } from '../partitioning/month.js';
import { EXIT } from './exit-codes.js';
import { expiryExitCode, expirySummary, expiryReporter } from './expiry-output.js';
import type { Cell, Column, Outcome } from './output.js';
import type { Progress } from './progress.js';

/** The worst of the steps: failed, then held back (try again later), then done. */
export function maintainExitCode({ steps }: MaintainResult): number {
  if (steps.some(({ state }) => state === 'failed')) return EXIT.failed;
  return Math.max(
    EXIT.done,
    ...steps.map(({ expiry }) => (expiry === undefined ? 0 : expiryExitCode(expiry))),
  );
}

export function maintainOutcome(result: MaintainResult, runId: string, exitCode: number): Outcome {
  return {
    data: { runId, exitCode, ...withMessages(result) },
    columns,
    rows: result.steps.flatMap(stepRows),
    summary: maintainText(result, exitCode),
    exitCode,
  };
}

/** A line a step, for people and for the body of a ping. */
export function maintainText({ steps, partitions, durationMs }: MaintainResult, exitCode: number): string {
  return [
    ...steps.map(({ step, state, durationMs: ms, error, activity, expiry }) => {
      const line = `${step} ${state} in ${formatDuration(ms)}`;
      if (error !== undefined) return `${line}: ${errorText(error).replaceAll('\n', '\n  ')}`;
      if (activity !== undefined) return `${line}: ${activitySummary(activity)}`;
      return expiry === undefined ? line : `${line}: ${expirySummary(expiry).replaceAll('\n', '\n  ')}`;
    }),
    ...(partitions ?? []).map(
      ({ table, premadeMonths, defaultRows, archiveDueMonths }) =>
        `${table}: ${premadeMonths} months ahead, ${defaultRows} rows in the default partition, ${archiveDueMonths} months due for the archive`,
    ),
    `exit code ${exitCode} after ${formatDuration(durationMs)}`,
  ].join('\n');
}

export function planOutcome(plan: MaintainPlan): Outcome {
  const { rollover, archive, activity, expiry } = plan;
  const rows: Row[] = [
    ...(rollover?.plans ?? []).flatMap(({ policy, steps }) =>
      steps.map((step) =>
        row('rollover', `${policy.table} ${formatMonth(step.month)}`, {
          action: step.action,
          rows: step.rows,
        }),
      ),
    ),
    ...(archive?.steps ?? []).map((step) =>
      row('archive', step.partition, {
        action: step.action,
        rows: step.rows ?? null,
        note: step.error === undefined ? null : errorText(step.error),
      }),
    ),
    ...(activity !== undefined && activity.ids > 0
      ? [row('activity', 'user_active_days', { action: 'refresh', rows: activity.ids })]
      : []),
    ...(expiry?.tables ?? [])
      .filter(({ rowCount }) => rowCount > 0)
      .map((table) => row('expiry', table.table, { action: table.action, rows: table.rowCount })),
  ];
  return {
    data: withMessages(plan),
    columns: columns.filter(({ key }) => key !== 'result' && key !== 'duration'),
    rows,
    summary: rows.length === 0 ? 'nothing is due' : 'nothing was written',
    exitCode: EXIT.done,
  };
}

/** @param run ties the lines of one run together */
export function maintainReporter(progress: Progress, run: string): (event: MaintainEvent) => void {
  const reportExpiry = expiryReporter(progress, { run, step: 'expiry' });
  return (event) => {
    switch (event.type) {
      case 'expiry':
        reportExpiry(event.event);
        break;
      case 'rollover':
      case 'archive':
      case 'activity':
        progress.report({ run, step: event.type, ...withMessages(event.event) }, describePart(event.event));
        break;
      case 'waiting':
      case 'step-started':
      case 'step-ended':
      case 'reconnecting':
        progress.report({ run, ...event }, describe(event));
    }
  };
}

function describe(
  event: Exclude<MaintainEvent, { readonly type: 'expiry' | 'rollover' | 'archive' | 'activity' }>,
): string {
  switch (event.type) {
    case 'waiting':
      return `waiting for another run: ${describeSession(event.holder)}`;
    case 'step-started':
      return event.step;
    case 'step-ended':
      return `  ${formatDuration(event.durationMs).padStart(8)}  ${event.state}${event.error === undefined ? '' : `: ${errorText(event.error)}`}`;
    case 'reconnecting':
      return 'the connection was lost; connecting again';
  }
}

/** One line for what changes a partition, and why it waits; undefined for what only machines want. */
function describePart(
  event: Extract<MaintainEvent, { readonly type: 'rollover' | 'archive' | 'activity' }>['event'],
): string | undefined {
  switch (event.type) {
    case 'step-started':
      return `  ${event.action} ${'partition' in event ? event.partition : `${event.table} ${formatMonth(event.month)}`}`;
    case 'lock-retry':
      return [
        `  no lock; try ${event.attempt + 1} of ${event.retries + 1} in ${formatDuration(event.delayMs)}`,
        ...event.blockers.map((blocker) => `    blocked by ${describeSession(blocker)}`),
      ].join('\n');
    case 'step-ended':
    case 'step-done':
      return event.error === undefined ? undefined : `    failed: ${errorText(event.error)}`;
    default:
      return undefined;
  }
}

type Row = Readonly<Record<string, Cell>>;

function row(step: string, object: string | null, cells: Row = {}): Row {
  return { step, object, action: null, result: null, rows: null, duration: null, note: null, ...cells };
}

/** What each step did, and a row for the step itself where it did nothing or failed as a whole. */
function stepRows(maintained: MaintainStep): Row[] {
  const { step, state, durationMs, rollover, archive, activity, expiry, error } = maintained;
  const rows: Row[] = [];
  for (const { table, steps, obstacles, error: tableError } of rollover?.tables ?? []) {
    if (tableError !== undefined)
      rows.push(row(step, table, { result: 'failed', note: errorText(tableError) }));
    for (const done of steps) {
      rows.push(
        row(step, done.partition, {
          action: done.action,
          result: done.result,
          rows: done.rows,
          duration: formatDuration(done.durationMs),
          note: done.error === undefined ? null : errorText(done.error),
        }),
      );
    }
    for (const { month, partition, reason } of obstacles)
      rows.push(row(step, partition, { result: 'failed', note: `${formatMonth(month)}: ${reason}` }));
  }
  for (const done of archive?.steps ?? []) {
    rows.push(
      row(step, done.partition, {
        action: done.action,
        result: done.result,
        rows: done.rows ?? null,
        duration: formatDuration(done.durationMs),
        note: done.error === undefined ? (done.reason ?? null) : errorText(done.error),
      }),
    );
  }
  if (activity !== undefined && activity.added > 0) {
    rows.push(
      row(step, 'studymate.user_active_days', {
        action: 'refresh',
        result: state,
        rows: activity.added,
        duration: formatDuration(activity.durationMs),
      }),
    );
  }
  for (const table of expiry?.tables ?? []) {
    if (table.state === 'done' && table.rowCount === 0) continue;
    rows.push(
      row(step, `${table.schema}.${table.table}`, {
        action: table.action,
        result: table.state,
        rows: table.rowCount,
        duration: formatDuration(table.durationMs),
        note: table.error === undefined ? null : errorText(table.error),
      }),
    );
  }
  if (rows.length > 0 && error === undefined) return rows;
  const note = error === undefined ? null : errorText(error);
  return [...rows, row(step, null, { result: state, duration: formatDuration(durationMs), note })];
}

function activitySummary({ added, coveredAt }: ActivityResult): string {
  const covered =
    coveredAt === undefined ? 'nothing covered yet' : `covered until ${coveredAt.toISOString()}`;
  return `${added} days of users added, ${covered}`;
}

function errorText({ message, code, detail, hint }: StepError): string {
  return [`${message} [${code}]`, detail, hint && `hint: ${hint}`].filter(Boolean).join('\n');
}

/** Errors among the values become data: JSON would leave out their message. */
function withMessages(value: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asData(inner)]));
}

function asData(value: unknown): unknown {
  if (value instanceof StudymateError) {
    const { code, message, detail, hint } = value as StudymateError;
    return { code, message, detail, hint };
  }
  if (Array.isArray(value)) return value.map(asData);
  return value === null || typeof value !== 'object' || value instanceof Date ? value : withMessages(value);
}

const columns: readonly Column[] = [
  { key: 'step', label: 'step' },
  { key: 'object', label: 'of' },
  { key: 'action', label: 'action' },
  { key: 'result', label: 'result' },
  { key: 'rows', label: 'rows', align: 'right' },
  { key: 'duration', label: 'duration', align: 'right' },
  { key: 'note', label: 'note' },
];
