export interface DependencyNode {
  readonly name: string;
  /** Lower ranks come first where dependencies allow it. */
  readonly rank: number;
  /** What must come before. Names that are no node's are ignored. */
  readonly requires: ReadonlySet<string>;
  /** What should come before, if that does not go against a requirement. */
  readonly prefers: ReadonlySet<string>;
}

/**
 * Orders nodes so that each comes after what it requires, as far as possible after what it prefers, and otherwise
 * by rank, keeping the given order. In a cycle of requirements, which CREATE statements cannot make, the first
 * node of the cycle comes first.
 */
export function orderByDependency<Node extends DependencyNode>(nodes: readonly Node[]): readonly Node[] {
  let waiting = [...nodes].sort((a, b) => a.rank - b.rank);
  const ordered: Node[] = [];
  while (waiting.length > 0) {
    const missing = new Set(waiting.map((node) => node.name));
    const isFree = (node: Node, names: ReadonlySet<string>): boolean =>
      [...names].every((name) => name === node.name || !missing.has(name));
    const ready = waiting.filter((node) => isFree(node, node.requires));
    const candidates = ready.filter((node) => node.rank === ready[0]?.rank);
    const next = candidates.find((node) => isFree(node, node.prefers)) ?? candidates[0] ?? waiting[0];
    if (next === undefined) break;
    ordered.push(next);
    waiting = waiting.filter((node) => node !== next);
  }
  return ordered;
}
