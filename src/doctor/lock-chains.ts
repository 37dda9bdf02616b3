/** A session that waits, and whom it waits for. */
export interface Wait {
  readonly pid: number;
  /** 0 stands for a prepared transaction. */
  readonly blockers: readonly number[];
}

export interface LockChain<T extends Wait> {
  /** The session at the beginning of the chain, which waits for nobody; of a deadlock the lowest pid. */
  readonly root: number;
  readonly deadlock: boolean;
  /** Whoever waits for it, at first or second hand. */
  readonly waiting: readonly T[];
}

/**
 * Who is really in the way: of sessions that wait for sessions that wait, the one that does not. A session that waits for
 * several is in the chain of each of them. Pure.
 */
export function findLockChains<T extends Wait>(waits: readonly T[]): readonly LockChain<T>[] {
  const byPid = new Map(waits.map((wait) => [wait.pid, wait]));
  const chains = new Map<number, { deadlock: boolean; waiting: T[] }>();
  for (const wait of waits) {
    for (const { root, deadlock } of rootsOf(wait, byPid)) {
      const chain = chains.get(root);
      if (chain === undefined) chains.set(root, { deadlock, waiting: [wait] });
      else chain.waiting.push(wait);
    }
  }
  return [...chains].map(([root, chain]) => ({ root, ...chain }));
}

function rootsOf<T extends Wait>(
  start: T,
  byPid: ReadonlyMap<number, T>,
): readonly { readonly root: number; readonly deadlock: boolean }[] {
  const seen = new Set([start.pid]);
  const queue = [...start.blockers];
  const roots = new Set<number>();
  for (let pid = queue.shift(); pid !== undefined; pid = queue.shift()) {
    if (seen.has(pid)) continue;
    seen.add(pid);
    const wait = byPid.get(pid);
    if (wait === undefined) roots.add(pid);
    else queue.push(...wait.blockers);
  }
  if (roots.size > 0) return [...roots].map((root) => ({ root, deadlock: false }));
  return seen.size > 1 ? [{ root: Math.min(...seen), deadlock: true }] : [];
}
