import { columnUse } from './column-use.js';
import { walkPlan, type PlanNode } from './plan-node.js';
import type { Relation, RelationIndex, Relations } from './relations.js';

/** An index that begins with a column the filter of a sequential scan compares. */
export interface IndexCandidate {
  readonly node: PlanNode;
  readonly index: string;
  readonly column: string;
  readonly obstacle: 'cast or expression' | 'invalid' | 'partial' | 'cheaper to read all';
  /** Why it was probably not used, and what would change that. */
  readonly hint: string;
}

/** A table of so few pages is read faster than an index is descended. */
const SMALL_TABLE_PAGES = 8;

/** The indexes that could have served the filters of sequential scans, those of small tables left out. */
export function listIndexCandidates(root: PlanNode, relations: Relations): IndexCandidate[] {
  return [...walkPlan(root)].flatMap((node) => {
    const relation = relations.of(node);
    const { Filter: filter } = node;
    if (node['Node Type'] !== 'Seq Scan' || filter === undefined || relation === undefined) return [];
    if (relation.pages < SMALL_TABLE_PAGES) return [];
    return relation.indexes.flatMap((index) => candidate(node, filter, relation, index));
  });
}

function candidate(
  node: PlanNode,
  filter: string,
  relation: Relation,
  index: RelationIndex,
): IndexCandidate[] {
  const { leadingColumn: column, predicate, isValid } = index;
  if (column === undefined) return [];
  const use = columnUse(filter, column);
  if (use === 'absent') return [];
  const found = (obstacle: IndexCandidate['obstacle'], hint: string): IndexCandidate[] => [
    { node, index: index.root, column, obstacle, hint },
  ];
  if (!isValid) {
    return found('invalid', `${index.name} is INVALID; «studymate-db index heal» finishes or drops it.`);
  }
  if (use === 'wrapped') {
    return found(
      'cast or expression',
      `${index.root} cannot serve a cast or an expression of ${column}; compare the column itself, and cast the value.`,
    );
  }
  if (predicate !== undefined) {
    return found('partial', `${index.root} has only rows where ${predicate}; say that in the query too.`);
  }
  const rows = relation.estimatedRows;
  return found(
    'cheaper to read all',
    rows === undefined
      ? `${index.root} could serve; ${relation.name} was never analyzed, run «analyze ${relation.schema}.${relation.name}».`
      : `${index.root} could serve; the planner expected too many of the ${Math.round(rows)} rows to match.`,
  );
}
