import { describeSession } from '../database/session-description.js';
import { formatDuration } from '../database/duration.js';
import type { StudymateError } from '../errors.js';
import type { ExpiryEvent } from '../expiry/events.js';
import type { ExpiredTable, ExpiryResult } from '../expiry/expire.js';
import { EXIT } from './exit-codes.js';
import type { Column, Outcome } from './output.js';
import type { Progress } from './progress.js';

/**
 * Left rows are for the next run. When the time was over that is what was asked for; where replicas or a transaction
 * held it back, it is to be tried again (75).
 */
export function expiryExitCode({ tables, stopped }: ExpiryResult): number {
  if (tables.some(({ state }) => state === 'failed')) return EXIT.failed;
  return stopped === undefined || stopped.reason === 'time budget' ? EXIT.done : EXIT.busy;
}

export function expiryOutcome(result: ExpiryResult, exitCode = expiryExitCode(result)): Outcome {
  const { tables, dryRun } = result;
  return {
    data: expiryData(result),
    columns: dryRun ? planColumns : columns,
    rows: tables.map((table) => ({
      table: table.table,
      action: table.action,
      state: table.state,
      rows: table.rowCount,
      skipped: table.skipped,
      batches: table.batches,
      duration: formatDuration(table.durationMs),
      longest: formatDuration(table.longestBatchMs),
      oldest: table.oldestDue ?? null,
      note: table.error === undefined ? null : errorText(table.error),
    })),
    summary: expirySummary(result),
    exitCode,
  };
}

export function expirySummary({ tables, stopped, warnings, dryRun }: ExpiryResult): string {
  const total = (action: ExpiredTable['action']): number =>
    tables.filter((table) => table.action === action).reduce((sum, { rowCount }) => sum + rowCount, 0);
  const counts = `${total('delete')} rows ${dryRun ? 'would be ' : ''}deleted, ${total('mark')} marked as expired`;
  return [
    `${counts}${dryRun ? '; nothing was written' : ''}`,
    ...(stopped === undefined ? [] : [`stopped: ${stopped.reason}: ${stopped.detail}; the next run goes on`]),
    ...warnings.map((warning) => `warning: ${warning}`),
  ].join('\n');
}

/** Errors are classes, whose message JSON would leave out. */
export function expiryData(result: ExpiryResult): unknown {
  return { ...result, tables: result.tables.map((table) => ({ ...table, error: errorData(table.error) })) };
}

/** Batches end three times a second; a log wants to know of one now and then. */
const TELL_BATCHES_EVERY_MS = 5_000;

export function expiryReporter(
  progress: Progress,
  fields: Readonly<Record<string, unknown>> = {},
): (event: ExpiryEvent) => void {
  let toldAt = performance.now();
  return (event) => {
    if (event.type === 'batch') {
      if (performance.now() - toldAt < TELL_BATCHES_EVERY_MS) return;
      toldAt = performance.now();
    }
    progress.report(
      { ...fields, ...event, ...('error' in event && { error: errorData(event.error) }) },
      describe(event),
    );
  };
}

function describe(event: ExpiryEvent): string | undefined {
  switch (event.type) {
    case 'batch':
      return `  ${event.table}: ${event.rowCount} rows so far`;
    case 'rows-locked':
      return `  ${event.table}: goes around rows that are locked`;
    case 'lock-retry':
      return [
        `  ${event.table} is locked; try ${event.attempt + 1} of ${event.retries + 1} in ${formatDuration(event.delayMs)}`,
        ...event.blockers.map((blocker) => `    blocked by ${describeSession(blocker)}`),
      ].join('\n');
    case 'guard-waiting':
      return `  waiting: ${event.reason}: ${event.detail}`;
    case 'guard-passed':
      return `  goes on after ${formatDuration(event.waitedMs)}`;
    case 'warning':
      return `  warning: ${event.message}`;
    case 'table-failed':
      return `  ${event.table} failed: ${errorText(event.error).replaceAll('\n', '\n    ')}`;
    case 'table-done':
      return `  ${event.table}: ${event.rowCount} rows`;
  }
}

function errorText({ message, code, detail, hint }: StudymateError): string {
  return [`${message} [${code}]`, detail, hint && `hint: ${hint}`].filter(Boolean).join('\n');
}

function errorData(error: StudymateError | undefined): unknown {
  if (error === undefined) return undefined;
  const { code, message, detail, hint } = error;
  return { code, message, detail, hint };
}

const planColumns: readonly Column[] = [
  { key: 'table', label: 'table' },
  { key: 'action', label: 'would' },
  { key: 'rows', label: 'rows', align: 'right' },
  { key: 'oldest', label: 'expired since' },
];

const columns: readonly Column[] = [
  { key: 'table', label: 'table' },
  { key: 'action', label: 'action' },
  { key: 'state', label: 'state' },
  { key: 'rows', label: 'rows', align: 'right' },
  { key: 'skipped', label: 'skipped', align: 'right' },
  { key: 'batches', label: 'batches', align: 'right' },
  { key: 'duration', label: 'duration', align: 'right' },
  { key: 'longest', label: 'longest', align: 'right' },
  { key: 'oldest', label: 'oldest left' },
  { key: 'note', label: 'note' },
];
