import { formatBytes } from '../database/bytes.js';
import { formatDuration } from '../database/duration.js';
import type { ReindexPlan, ReindexResult } from '../indexes/reindex.js';
import { EXIT } from './exit-codes.js';
import { errorData, errorText } from './index-events.js';
import type { Outcome } from './output.js';

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
