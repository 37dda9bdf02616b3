import { formatDuration } from '../database/duration.js';
import type { AnalyzedNode, PlanAnalysis } from '../explain/analyze-plan.js';
import type { ExplainedStatement, ExplainResult } from '../explain/explain.js';
import { nodeTitle } from '../explain/plan-shape.js';
import type { PlanShapes, ShapeDifference } from '../explain/plan-guard.js';
import type { NamedStatement } from '../explain/statements.js';
import { EXIT } from './exit-codes.js';
import { planTree } from './explain-tree.js';
import type { Cell, Column, Format, Outcome } from './output.js';

export function explainOutcome(result: ExplainResult, format: Format): Outcome {
  const statements = result.statements.map(machineStatement);
  return {
    data: { ...result, statements },
    columns: nodeColumns,
    rows:
      format === 'table'
        ? []
        : statements.flatMap(({ nodes }, index) => nodes.map((node) => ({ statement: index + 1, ...node }))),
    summary: forPeople(result),
  };
}

const nodeColumns: readonly Column[] = [
  { key: 'statement', label: 'statement', align: 'right' },
  { key: 'id', label: 'id', align: 'right' },
  { key: 'parent', label: 'parent', align: 'right' },
  { key: 'node', label: 'node' },
  { key: 'table', label: 'table' },
  { key: 'partition', label: 'partition' },
  { key: 'index', label: 'index' },
  { key: 'estimatedRows', label: 'estimated rows', align: 'right' },
  { key: 'actualRows', label: 'actual rows', align: 'right' },
  { key: 'misestimate', label: 'off by', align: 'right' },
  { key: 'loops', label: 'loops', align: 'right' },
  { key: 'selfMs', label: 'own ms', align: 'right' },
  { key: 'share', label: 'share', align: 'right' },
  { key: 'selfHit', label: 'pages hit', align: 'right' },
  { key: 'selfRead', label: 'pages read', align: 'right' },
];

type MachineNode = Readonly<Record<string, Cell>> & { readonly id: number };

function machineStatement({ sql, raw, analysis }: ExplainedStatement) {
  const { root, costliest, partitionReads, spills, indexCandidates, ...rest } = analysis;
  const nodes: MachineNode[] = [];
  const ids = new Map<AnalyzedNode['plan'], number>();
  const visit = (node: AnalyzedNode, parent: number | null): void => {
    const id = nodes.length + 1;
    ids.set(node.plan, id);
    nodes.push(machineNode(node, id, parent));
    for (const child of node.children) visit(child, id);
  };
  visit(root, null);
  // In the data a node stands by its id; the whole plan is there once, in `raw`.
  const byId = <T extends { readonly node: AnalyzedNode['plan'] }>({ node, ...found }: T) => ({
    node: ids.get(node) ?? null,
    ...found,
  });
  return {
    sql,
    ...rest,
    costliest: costliest === undefined ? null : (ids.get(costliest.plan) ?? null),
    nodes,
    partitionReads: partitionReads.map(byId),
    spills: spills.map(byId),
    indexCandidates: indexCandidates.map(byId),
    raw,
  };
}

function machineNode(node: AnalyzedNode, id: number, parent: number | null): MachineNode {
  const { table, partition, index, estimatedRows, actualRows, misestimate, loops, selfMs, share } = node;
  return {
    id,
    parent,
    node: nodeTitle(node.plan),
    table: table ?? null,
    partition: partition ?? null,
    index: index ?? null,
    estimatedRows,
    actualRows: actualRows ?? null,
    misestimate: misestimate ?? null,
    loops: loops ?? null,
    selfMs: selfMs ?? null,
    share: share ?? null,
    selfHit: node.selfHit,
    selfRead: node.selfRead,
  };
}

function forPeople({ label, parameters, statements, notes }: ExplainResult): string {
  const given = parameters.map(({ name, value }) => `${name}=${text(value)}`).join(', ');
  return [
    given === '' ? label : `${label}: ${given}`,
    ...statements.flatMap(({ analysis }, index) => [
      '',
      `${statements.length > 1 ? `statement ${index + 1} of ${statements.length}: ` : ''}${figures(analysis)}`,
      ...planTree(analysis.root, analysis.costliest),
      ...trailer(analysis),
    ]),
    '',
    ...notes,
  ].join('\n');
}

function figures(analysis: PlanAnalysis): string {
  const { executionMs, planningMs, bufferHits, bufferReads } = analysis;
  return [
    executionMs === undefined ? 'planned only' : `ran for ${formatDuration(executionMs)}`,
    planningMs === undefined ? undefined : `planned in ${formatDuration(planningMs)}`,
    executionMs === undefined
      ? undefined
      : `${(bufferHits + bufferReads).toLocaleString('en-US')} pages, ${bufferReads.toLocaleString('en-US')} of them read`,
  ]
    .filter((part) => part !== undefined)
    .join('; ');
}

function trailer({ jitMs, triggers, settings, hints }: PlanAnalysis): string[] {
  const changed = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  return [
    ...triggers
      .filter(({ Calls: calls }) => calls > 0)
      .map(
        ({ 'Trigger Name': name, 'Constraint Name': constraint, Relation: table, Time: ms, Calls: calls }) =>
          `trigger ${constraint ?? name} on ${table}: ${calls} ${calls === 1 ? 'call' : 'calls'}${ms === undefined ? '' : `, ${formatDuration(ms)}`}`,
      ),
    ...(jitMs === undefined ? [] : [`compiling (JIT): ${formatDuration(jitMs)}`]),
    ...(changed.length === 0 ? [] : [`settings: ${changed.join(', ')}`]),
    ...hints.map((hint) => `hint: ${hint}`),
  ];
}

function text(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}

/** What can be explained by name. */
export function catalogueOutcome(statements: readonly NamedStatement[]): Outcome {
  const rows = statements.map(({ name, description, writes, parameters }) => ({
    name,
    description,
    writes,
    parameters: Object.keys(parameters).join(', '),
  }));
  return {
    data: rows,
    columns: ['name', 'description', 'writes', 'parameters'].map((key) => ({ key, label: key })),
    rows,
    summary: 'Those that write are run with --write only, and undone.',
  };
}

export function savedOutcome(file: string, shapes: PlanShapes): Outcome {
  const rows = [...shapes].map(([name, lines]) => ({ name, lines: lines.length }));
  return {
    data: { file, statements: Object.fromEntries(shapes) },
    columns: [
      { key: 'name', label: 'name' },
      { key: 'lines', label: 'lines', align: 'right' },
    ],
    rows,
    summary: `saved the plan shapes of ${rows.length} statements in ${file}`,
  };
}

/** Exit 3 when a plan is another one than the file has. */
export function comparedOutcome(
  file: string,
  found: PlanShapes,
  differences: readonly ShapeDifference[],
): Outcome {
  const same = `the plans of ${found.size} statements are as ${file} has them`;
  return {
    data: { file, compared: [...found.keys()], differences },
    columns: ['name', 'change', 'diff'].map((key) => ({ key, label: key })),
    rows: [],
    summary:
      differences.length === 0
        ? same
        : [
            ...differences.map(({ name, change, diff }) => `${name}: ${change}\n${diff}`),
            `${differences.length} plans differ from ${file}; if that is meant, save them again with --save.`,
          ].join('\n'),
    exitCode: differences.length === 0 ? EXIT.done : EXIT.found,
  };
}
