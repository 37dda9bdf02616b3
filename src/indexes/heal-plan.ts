import { quoteQualified } from '../database/identifier.js';
import type { HealSnapshot } from './heal-snapshot.js';
import type { IndexLeaf, LogicalIndex } from './index-catalog.js';
import { canAttach } from './leaf-states.js';
import { isLeftoverOf, leftoverKind } from './concurrent-names.js';
import {
  attachStep,
  buildStep,
  dropStep,
  finalizeStep,
  qualified,
  rebuildStep,
  validateStep,
  type HealStep,
} from './planned-heal-step.js';

/** What is not as it should be, and is not touched. */
export interface LeftAlone {
  readonly object: string;
  readonly reason: string;
  /** Somebody may be working on it right now. */
  readonly busy: boolean;
  readonly hint: string | undefined;
}

export interface HealPlan {
  readonly steps: readonly HealStep[];
  readonly leftAlone: readonly LeftAlone[];
  readonly notices: readonly string[];
}

/** What there is to heal, in the order in which it must be done. Pure: compares what is with what should be. */
export function planHealSteps(snapshot: HealSnapshot): HealPlan {
  const { indexes, toastLeftovers, pendingDetaches, notices } = snapshot;
  const steps: HealStep[] = pendingDetaches.map(finalizeStep);
  const leftAlone: LeftAlone[] = [];
  const alone = (object: string, reason: string, hint?: string): void =>
    void leftAlone.push({ object, reason, busy: false, hint });
  /** Whoever holds the table or the index may be building it. */
  const unlessUsed = (step: HealStep, oids: readonly number[]): void => {
    if ([...steps, ...leftAlone].some(({ object }) => object === step.object)) return;
    const by = oids.map((oid) => snapshot.users.get(oid)).find((who) => who !== undefined);
    if (by === undefined) steps.push(step);
    else leftAlone.push({ object: step.object, reason: `in use by ${by}`, busy: true, hint: undefined });
  };

  for (const toast of toastLeftovers) unlessUsed(dropStep(toast, toast.ready), [toast.oid, toast.tableOid]);

  const standalone = indexes.filter(({ partitioned }) => !partitioned);
  const roots = indexes.filter(({ partitioned }) => partitioned);
  const broken = standalone.filter(({ leaves: [leaf] }) => leaf !== undefined && !isWhole(leaf));
  const wanted: LogicalIndex[] = [];
  for (const index of broken) {
    const [leaf] = index.leaves;
    if (leaf === undefined) continue;
    const oids = [index.oid, index.table.oid];
    if (!leaf.live || isLeftover(index, indexes)) unlessUsed(dropStep(index, leaf.ready), oids);
    else wanted.push(index);
  }
  for (const index of wanted) {
    const twin = twinOf(index, indexes);
    const drop = `Drop it if nobody wants it: drop index concurrently ${quoteQualified(index.schema, index.name)}`;
    if (twin !== undefined) alone(qualified(index), `invalid, and ${qualified(twin)} does the same`, drop);
    else if (leftoverKind(index.name) !== undefined)
      alone(qualified(index), 'invalid, and named like the copy of an index that is not there', drop);
    else
      unlessUsed(
        rebuildStep(index, index.table.oid, 'no query uses it: a concurrent build of it did not end'),
        [index.oid, index.table.oid],
      );
  }
  for (const root of roots) {
    const completion = planCompletion(root, standalone);
    if (completion.obstacle !== undefined) alone(qualified(root), completion.obstacle);
    for (const step of completion.steps) {
      if (step.action === 'rebuild') unlessUsed(step, [step.index.oid, step.index.tableOid]);
      else steps.push(step);
    }
  }
  const busy = new Set(leftAlone.filter((entry) => entry.busy).map(({ object }) => object));
  return {
    // An index that is being built will be there; another is not built beside it.
    steps: steps.filter((step) => step.action !== 'build' || !hasBusyTwin(step, standalone, busy)),
    leftAlone,
    notices,
  };
}

/**
 * What a partitioned index lacks until it is valid: leaves that are invalid, not attached or not there. What depends on
 * a step is planned after it is done.
 */
export function planCompletion(
  root: LogicalIndex,
  standalone: readonly LogicalIndex[],
): { readonly steps: readonly HealStep[]; readonly obstacle: string | undefined } {
  const steps: HealStep[] = root.leaves
    .filter((leaf) => !isWhole(leaf))
    .map((leaf) => rebuildStep(leaf, leaf.tableOid, `the leaf of ${root.name} is invalid`));
  if (root.missingOn.length > 0 && root.constraint !== undefined) {
    return {
      steps,
      obstacle: `its partitions ${root.missingOn.map(({ name }) => name).join(', ')} lack the constraint ${root.constraint}: add it there, then attach its index with «alter index … attach partition»`,
    };
  }
  for (const partition of root.missingOn) {
    const equal = standalone.filter(
      (other) =>
        other.table.oid === partition.oid &&
        other.leaves.every(({ live }) => live) &&
        // The copy that a killed rebuild left is no leaf of anything.
        leftoverKind(other.name) === undefined &&
        canAttach(other, root),
    );
    const whole = equal.find(({ leaves }) => leaves.every(isWhole));
    const [invalid] = equal;
    if (whole !== undefined) steps.push(attachStep(root, whole));
    else if (invalid !== undefined)
      steps.push(rebuildStep(invalid, partition.oid, `it is to be the leaf of ${root.name}, and is invalid`));
    else steps.push(buildStep(root, partition));
  }
  const [leaf] = root.leaves;
  if (steps.length > 0 || root.valid) return { steps, obstacle: undefined };
  if (leaf === undefined) return { steps, obstacle: 'invalid, and there is no partition to mend it from' };
  return {
    steps: [validateStep(root, leaf)],
    obstacle: undefined,
  };
}

function isWhole({ valid, ready, live }: IndexLeaf): boolean {
  return valid && ready && live;
}

/** A copy by the name that REINDEX CONCURRENTLY gives, of an index of the same table that is defined alike. */
function isLeftover(index: LogicalIndex, indexes: readonly LogicalIndex[]): boolean {
  return indexes.some(
    (base) =>
      base !== index &&
      canAttach(index, base) &&
      base.leaves.some(
        ({ tableOid, name }) => tableOid === index.table.oid && isLeftoverOf(index.name, name),
      ),
  );
}

/** A valid index of the same table that is defined alike. */
function twinOf(index: LogicalIndex, indexes: readonly LogicalIndex[]): IndexLeaf | undefined {
  return indexes
    .filter((other) => other !== index && canAttach(index, other))
    .flatMap(({ leaves }) => leaves)
    .find((leaf) => leaf.tableOid === index.table.oid && isWhole(leaf));
}

function hasBusyTwin(
  step: Extract<HealStep, { action: 'build' }>,
  standalone: readonly LogicalIndex[],
  busy: ReadonlySet<string>,
): boolean {
  return standalone.some(
    (other) =>
      other.table.oid === step.partition.oid && busy.has(qualified(other)) && canAttach(other, step.root),
  );
}
