import { formatBytes } from '../database/bytes.js';
import { formatDuration } from '../database/duration.js';
import { describeSession } from '../database/session-description.js';
import type { StudymateError } from '../errors.js';
import type { IndexEvent, IndexListener } from '../indexes/concurrent-events.js';
import type { CreateIndexResult } from '../indexes/create.js';
import type { CreateIndexPlan } from '../indexes/create-plan.js';
import type { HealResult } from '../indexes/heal.js';
import type { HealPlan } from '../indexes/heal-plan.js';
import type { ReindexPlan, ReindexResult } from '../indexes/reindex.js';
import { EXIT } from './exit-codes.js';
import type { Column, Outcome } from './output.js';
import type { Progress } from './progress.js';

const right = 'right' as const;

export function reindexPlanOutcome(plan: ReindexPlan): Outcome {
  const { candidates, skipped, unsure, freeBytes } = plan;
  const total = candidates.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const largest = Math.max(0, ...candidates.map(({ sizeBytes }) => sizeBytes));
  return {
    data: plan,
    columns: [
      { key: 'index', label: 'index' },
      { key: 'table', label: 'table' },
      { key: 'action', label: 'would' },
      { key: 'reason', label: 'why' },
      { key: 'size', label: 'size', align: right },
      { key: 'predicted', label: 'after', align: right },
    ],
    rows: [
      ...candidates.map((candidate) => ({
        index: `${candidate.schema}.${candidate.name}`,
        table: candidate.table,
        action: candidate.fillfactor === undefined ? 'reindex' : 'reindex, fillfactor 100',
        reason: candidate.reason,
        size: formatBytes(candidate.sizeBytes),
        predicted:
          candidate.predictedBytes === undefined ? 'not known' : formatBytes(candidate.predictedBytes),
      })),
      ...unsure.map(({ schema, name }) => ({
        index: '',
        table: `${schema}.${name}`,
        action: 'analyze, and look again',
        reason: 'its statistics do not tell',
        size: null,
        predicted: null,
      })),
      ...skipped.map(({ object, reason }) => ({
        index: object,
        table: '',
        action: 'skip',
        reason,
        size: null,
        predicted: null,
      })),
    ],
    summary: [
      `${candidates.length} to rebuild, ${formatBytes(total)}; nothing was written`,
      `free space: ${freeBytes === undefined ? `not known; the largest needs up to ${formatBytes(2 * largest)} for a while` : formatBytes(freeBytes)}`,
    ].join('\n'),
  };
}

/** @param interrupted the exit code of a signal that came */
export function reindexOutcome(result: ReindexResult, interrupted?: number): Outcome {
  const { steps, skipped, notAnalyzed, leftovers, left, stopped, failed } = result;
  const saved = steps.reduce(
    (sum, { candidate, sizeAfterBytes }) =>
      sum + candidate.sizeBytes - (sizeAfterBytes ?? candidate.sizeBytes),
    0,
  );
  const done = steps.filter((step) => step.result === 'done').length;
  return {
    data: {
      ...result,
      steps: steps.map((step) => ({ ...step, error: errorData(step.error) })),
      notAnalyzed: notAnalyzed.map(({ table, error }) => ({ table, error: errorData(error) })),
    },
    columns: [
      { key: 'index', label: 'index' },
      { key: 'result', label: 'result' },
      { key: 'reason', label: 'why' },
      { key: 'before', label: 'before', align: right },
      { key: 'predicted', label: 'predicted', align: right },
      { key: 'after', label: 'after', align: right },
      { key: 'duration', label: 'duration', align: right },
      { key: 'note', label: 'note' },
    ],
    rows: [
      ...steps.map(({ candidate, result: outcome, durationMs, sizeAfterBytes, error }) => ({
        index: `${candidate.schema}.${candidate.name}`,
        result: outcome,
        reason: candidate.reason,
        before: formatBytes(candidate.sizeBytes),
        predicted: candidate.predictedBytes === undefined ? null : formatBytes(candidate.predictedBytes),
        after: sizeAfterBytes === undefined ? null : formatBytes(sizeAfterBytes),
        duration: formatDuration(durationMs),
        note: error === undefined ? null : errorText(error),
      })),
      ...notAnalyzed.map(({ table, error }) => ({
        index: table,
        result: 'not analyzed',
        note: errorText(error),
      })),
      ...skipped.map(({ object, reason }) => ({ index: object, result: 'skipped', note: reason })),
    ],
    summary: [
      `${done} rebuilt, ${formatBytes(Math.max(0, saved))} given back${failed > 0 ? `, ${failed} failed` : ''}${left > 0 ? `, ${left} left` : ''}`,
      ...(stopped === undefined ? [] : [`stopped: ${stopped.reason}: ${stopped.detail}`]),
      ...leftovers.map((name) => `left behind: ${name}; «studymate-db index heal» drops it`),
    ].join('\n'),
    exitCode: interrupted ?? reindexExitCode(result),
  };
}

/** What a limit of the caller's own left is for the next run; what replicas or transactions held back is to be retried. */
function reindexExitCode({ failed, leftovers, stopped }: ReindexResult): number {
  if (failed > 0 || leftovers.length > 0) return EXIT.failed;
  return stopped?.reason === 'replication lag' || stopped?.reason === 'long transaction'
    ? EXIT.busy
    : EXIT.done;
}

const healColumns: readonly Column[] = [
  { key: 'object', label: 'what' },
  { key: 'action', label: 'action' },
  { key: 'result', label: 'result' },
  { key: 'reason', label: 'why' },
  { key: 'note', label: 'note' },
];

export function healPlanOutcome({ steps, leftAlone, notices }: HealPlan, exitCode: boolean): Outcome {
  return {
    data: {
      steps: steps.map(({ action, object, reason, statement }) => ({ action, object, reason, statement })),
      leftAlone,
      notices,
    },
    columns: healColumns,
    rows: [
      ...steps.map(({ action, object, reason, statement }) => ({
        object,
        action,
        result: 'planned',
        reason,
        note: statement,
      })),
      ...leftAlone.map(aloneRow),
    ],
    summary: `${steps.length === 0 ? 'nothing' : steps.length} to heal; nothing was written`,
    exitCode: exitCode && steps.length > 0 ? EXIT.found : EXIT.done,
  };
}

export function healOutcome(result: HealResult, interrupted?: number): Outcome {
  const { steps, leftAlone, failed } = result;
  return {
    data: { ...result, steps: steps.map((step) => ({ ...step, error: errorData(step.error) })) },
    columns: healColumns,
    rows: [
      ...steps.map(({ object, action, result: outcome, reason, error }) => ({
        object,
        action,
        result: outcome,
        reason,
        note: error === undefined ? null : errorText(error),
      })),
      ...leftAlone.map(aloneRow),
    ],
    summary:
      steps.length === 0
        ? 'nothing to heal'
        : `${steps.length - failed} healed${failed > 0 ? `, ${failed} failed` : ''}`,
    exitCode: interrupted ?? (failed > 0 ? EXIT.failed : EXIT.done),
  };
}

function aloneRow({ object, reason, hint }: HealPlan['leftAlone'][number]): Outcome['rows'][number] {
  return { object, action: 'none', result: 'left alone', reason, note: hint ?? null };
}

export function createPlanOutcome(plan: CreateIndexPlan): Outcome {
  return {
    data: plan,
    columns: [{ key: 'statement', label: 'would run' }],
    rows: plan.statements.map((statement) => ({ statement })),
    summary: `${plan.state === 'exists' ? 'the index is there, and valid' : plan.state === 'unfinished' ? 'goes on where an earlier attempt stopped' : 'the index is to be made'}; nothing was written`,
  };
}

export function createOutcome(result: CreateIndexResult): Outcome {
  return {
    data: result,
    columns: [
      { key: 'action', label: 'action' },
      { key: 'object', label: 'what' },
      { key: 'duration', label: 'duration', align: right },
    ],
    rows: result.steps.map(({ action, object, durationMs }) => ({
      action,
      object,
      duration: formatDuration(durationMs),
    })),
    summary:
      result.state === 'exists'
        ? `${result.index} is there already, and valid`
        : `${result.index} is valid: ${result.leaves} ${result.leaves === 1 ? 'leaf' : 'leaves'}, ${formatBytes(result.sizeBytes)}`,
  };
}

export function indexReporter(progress: Progress): IndexListener {
  return (event) =>
    progress.report(
      { ...event, ...('error' in event && { error: errorData(event.error) }) },
      describe(event),
    );
}

function describe(event: IndexEvent): string | undefined {
  switch (event.type) {
    case 'waiting':
      return `waiting for another run: ${describeSession(event.holder)}`;
    case 'step-started':
      return `${event.action} ${event.object}${event.sizeBytes === undefined ? '' : `, ${formatBytes(event.sizeBytes)}`} (${event.reason})`;
    case 'progress':
      return [
        `  ${event.phase}${event.done === undefined ? '' : `, ${Math.round(event.done * 100)} %`}`,
        ...event.blockers.map((blocker) => `    for ${describeSession(blocker)}`),
      ].join('\n');
    case 'lock-retry':
      return [
        `  no lock; try ${event.attempt + 1} of ${event.retries + 1} in ${formatDuration(event.delayMs)}`,
        ...event.blockers.map((blocker) => `    blocked by ${describeSession(blocker)}`),
      ].join('\n');
    case 'step-ended':
      return event.error === undefined
        ? `  done in ${formatDuration(event.durationMs)}${event.sizeBytes === undefined ? '' : `, now ${formatBytes(event.sizeBytes)}`}`
        : `  failed: ${errorText(event.error).replaceAll('\n', '\n    ')}`;
    case 'guard-waiting':
      return `  waiting: ${event.reason}: ${event.detail}`;
    case 'guard-passed':
      return `  goes on after ${formatDuration(event.waitedMs)}`;
    case 'warning':
      return `  warning: ${event.message}`;
    case 'notice':
      return event.notice;
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
