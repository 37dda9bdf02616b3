import type { TableLoad } from './assert-schema.js';
import { isLarge } from './load-table.js';
import { pointerProofs } from './pointer-proofs.js';

/**
 * Runs the loads in order, up to `jobs` at once. A table begins when those it references are there and when it does
 * not touch what a running load has locked: dropping and adding foreign keys locks the table they reference, so it
 * is tables without a common parent that run together. The rows are the same in any order.
 */
export async function runLoads(
  loads: readonly TableLoad[],
  jobs: number,
  load: (load: TableLoad, worker: number) => Promise<void>,
): Promise<void> {
  const waiting = [...loads];
  const running = new Map<number, { readonly load: TableLoad; readonly done: Promise<void> }>();
  let failure: { readonly error: unknown } | undefined;
  while (waiting.length + running.size > 0) {
    for (let worker = 0; worker < jobs && failure === undefined; worker++) {
      if (running.has(worker)) continue;
      const busy = [...running.values()].map((entry) => entry.load);
      const index = waiting.findIndex((candidate, position) =>
        mayStart(candidate, [...busy, ...waiting.slice(0, position)], busy),
      );
      if (index < 0) break;
      const [next] = waiting.splice(index, 1);
      if (next === undefined) break;
      const done = load(next, worker).catch((error: unknown) => void (failure ??= { error }));
      running.set(worker, { load: next, done: done.finally(() => running.delete(worker)) });
    }
    if (running.size === 0) break;
    await Promise.race([...running.values()].map(({ done }) => done));
    if (failure !== undefined) {
      // What the other is loading is complete or not there, as ever.
      await Promise.all([...running.values()].map(({ done }) => done));
      throw failure.error;
    }
  }
}

function mayStart(
  candidate: TableLoad,
  unfinished: readonly TableLoad[],
  busy: readonly TableLoad[],
): boolean {
  const names = new Set(unfinished.map(({ target }) => target.name));
  const { name, references } = candidate.target;
  if (references.some((parent) => names.has(parent))) return false;
  // Whichever of them is loaded last proves the pointers between them: it must see the others.
  const proved = pointerProofs.filter(({ tables }) => tables.includes(name)).flatMap(({ tables }) => tables);
  if (proved.some((table) => table !== name && names.has(table))) return false;
  return busy.every((other) => !collide(candidate, other) && !collide(other, candidate));
}

function collide(one: TableLoad, other: TableLoad): boolean {
  const touched = new Set([other.target.name, ...other.target.references]);
  return locked(one).some((name) => touched.has(name));
}

function locked(load: TableLoad): readonly string[] {
  const { name, references } = load.target;
  return isLarge(load) ? [name, ...references] : [name];
}
