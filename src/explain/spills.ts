import { walkPlan, type PlanNode } from './plan-node.js';

export interface MemorySettings {
  readonly workMemKb: number;
  readonly hashMemMultiplier: number;
}

/** Something that did not fit into its memory and went to temporary files. */
export interface Spill {
  readonly node: PlanNode;
  readonly what: 'sort' | 'hash' | 'hash aggregate' | 'tuple store';
  /** Of one process, in kB; undefined where the server does not say. */
  readonly diskKb: number | undefined;
  readonly batches: number | undefined;
  /** A work_mem, in kB, that would have kept it in memory: an estimate, rounded up to a power of two of MB. */
  readonly workMemKb: number;
}

/** Every sort and hash of the plan that used temporary files. */
export function listSpills(root: PlanNode, settings: MemorySettings): Spill[] {
  return [...walkPlan(root)].flatMap((node) => {
    const spill = sortSpill(node) ?? hashSpill(node, settings) ?? storeSpill(node);
    if (spill === undefined) return [];
    const needed = Math.max(spill.neededKb, settings.workMemKb * 2);
    const { what, diskKb, batches } = spill;
    return [{ node, what, diskKb, batches, workMemKb: wholeMegabytes(needed) }];
  });
}

type Needed = Omit<Spill, 'node' | 'workMemKb'> & { readonly neededKb: number };

/** In memory a sort takes about twice to three times what it wrote: rows have headers and a pointer there. */
const SORT_MEMORY_PER_DISK = 3;

function sortSpill(node: PlanNode): Needed | undefined {
  const ofProcesses = [node, ...(node.Workers ?? [])]
    .filter((process) => process['Sort Space Type'] === 'Disk')
    .map((process) => process['Sort Space Used'] ?? 0);
  const ofGroups = [node['Full-sort Groups'], node['Pre-sorted Groups']].map(
    (groups) => groups?.['Sort Space Disk']?.['Peak Sort Space Used'] ?? 0,
  );
  const diskKb = Math.max(0, ...ofProcesses, ...ofGroups);
  if (diskKb === 0) return undefined;
  return { what: 'sort', diskKb, batches: undefined, neededKb: diskKb * SORT_MEMORY_PER_DISK };
}

function hashSpill(node: PlanNode, { hashMemMultiplier }: MemorySettings): Needed | undefined {
  const { 'Hash Batches': batches = 1, 'Peak Memory Usage': peakKb = 0 } = node;
  if (batches > 1) {
    // A batch is what fits; all of them are needed at once.
    return {
      what: 'hash',
      diskKb: undefined,
      batches,
      neededKb: (peakKb * batches * 1.2) / hashMemMultiplier,
    };
  }
  const processes = [node, ...(node.Workers ?? [])];
  const diskKb = Math.max(...processes.map((process) => process['Disk Usage'] ?? 0));
  if (diskKb === 0) return undefined;
  const aggregateBatches = Math.max(...processes.map((process) => process['HashAgg Batches'] ?? 0));
  // What was written are input rows; a group in memory takes up to 150 bytes more than its row.
  return {
    what: 'hash aggregate',
    diskKb,
    batches: aggregateBatches,
    neededKb: (peakKb + diskKb * 8) / hashMemMultiplier,
  };
}

function storeSpill(node: PlanNode): Needed | undefined {
  if (node.Storage !== 'Disk') return undefined;
  const diskKb = node['Maximum Storage'] ?? 0;
  return { what: 'tuple store', diskKb, batches: undefined, neededKb: diskKb * SORT_MEMORY_PER_DISK };
}

function wholeMegabytes(kb: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, kb / 1024))) * 1024;
}
