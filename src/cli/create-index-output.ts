import { formatBytes } from '../database/bytes.js';
import { formatDuration } from '../database/duration.js';
import type { CreateIndexResult } from '../indexes/create.js';
import type { CreateIndexPlan } from '../indexes/create-plan.js';
import type { Outcome } from './output.js';

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
      { key: 'duration', label: 'duration', align: 'right' },
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
