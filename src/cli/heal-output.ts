import type { HealResult } from '../indexes/heal.js';
import type { HealPlan } from '../indexes/heal-plan.js';
import { EXIT } from './exit-codes.js';
import { errorData, errorText } from './index-events.js';
import type { Column, Outcome } from './output.js';

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
