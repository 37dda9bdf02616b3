import { quoteIdentifier, quoteQualified } from '../database/identifier.js';
import { leafName, leftoverKind } from './concurrent-names.js';
import type { PendingDetach } from './heal-snapshot.js';
import type { LogicalIndex } from './index-catalog.js';

interface RelationName {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
}

/** One thing to mend. `object` and `statement` are for people; what is done goes by the rest. */
export type HealStep = {
  /** Qualified name of the physical index, or of the partition. */
  readonly object: string;
  /** A sentence: what is wrong. */
  readonly reason: string;
  /** What will be run. */
  readonly statement: string;
} & (
  | { readonly action: 'finalize detach'; readonly detach: PendingDetach }
  | { readonly action: 'drop leftover'; readonly index: RelationName }
  | { readonly action: 'rebuild'; readonly index: RelationName & { readonly tableOid: number } }
  | { readonly action: 'build'; readonly root: LogicalIndex; readonly partition: RelationName }
  | {
      readonly action: 'attach';
      readonly root: LogicalIndex;
      readonly leaf: RelationName & { tableOid: number };
    }
  | { readonly action: 'validate'; readonly root: LogicalIndex }
);

export function finalizeStep(detach: PendingDetach): HealStep {
  return {
    action: 'finalize detach',
    object: `${detach.partitionSchema}.${detach.partition}`,
    reason: `a concurrent detach from ${detach.table} did not end: its rows are visible in neither table`,
    statement: finalizeStatement(detach),
    detach,
  };
}

export function finalizeStatement({ schema, table, partitionSchema, partition }: PendingDetach): string {
  return `alter table ${quoteQualified(schema, table)} detach partition ${quoteQualified(partitionSchema, partition)} finalize`;
}

export function dropStep(index: RelationName, ready: boolean): HealStep {
  const kind = leftoverKind(index.name);
  const what =
    kind === 'ccold'
      ? 'the old copy of a rebuild that was killed after its success'
      : kind === 'ccnew'
        ? 'the new copy of a rebuild that was killed'
        : 'a concurrent drop of it did not end';
  return {
    action: 'drop leftover',
    object: qualified(index),
    reason: `${what}; ${ready ? 'every write pays for it' : 'it takes its name only'}`,
    statement: `drop index concurrently if exists ${quoteQualified(index.schema, index.name)}`,
    index,
  };
}

export function rebuildStep(index: RelationName, tableOid: number, reason: string): HealStep {
  const { oid, schema, name } = index;
  return {
    action: 'rebuild',
    object: qualified(index),
    reason,
    statement: `reindex index concurrently ${quoteQualified(schema, name)}`,
    index: { oid, schema, name, tableOid },
  };
}

export function buildStep(root: LogicalIndex, partition: RelationName): HealStep {
  return {
    action: 'build',
    object: qualified({ schema: partition.schema, name: leafName(partition.name, root.name) }),
    reason: `${partition.name} lacks the leaf of ${root.name}`,
    statement: `create index concurrently ${quoteIdentifier(leafName(partition.name, root.name))} on ${quoteQualified(partition.schema, partition.name)} …`,
    root,
    partition,
  };
}

export function attachStep(root: LogicalIndex, leaf: LogicalIndex): HealStep {
  return {
    action: 'attach',
    object: qualified(leaf),
    reason: `equal to ${root.name}, and not attached to it`,
    statement: attachStatement(root, leaf),
    root,
    leaf: { oid: leaf.oid, schema: leaf.schema, name: leaf.name, tableOid: leaf.table.oid },
  };
}

export function attachStatement(
  parent: { readonly schema: string; readonly name: string },
  leaf: { readonly schema: string; readonly name: string },
): string {
  return `alter index ${quoteQualified(parent.schema, parent.name)} attach partition ${quoteQualified(leaf.schema, leaf.name)}`;
}

export function validateStep(
  root: LogicalIndex,
  leaf: { readonly schema: string; readonly name: string },
): HealStep {
  return {
    action: 'validate',
    object: qualified(root),
    reason: 'invalid, though all of its leaves are valid: one was not when it was attached',
    statement: attachStatement(root, leaf),
    root,
  };
}

/** For people, unquoted. */
export function qualified({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${schema}.${name}`;
}
