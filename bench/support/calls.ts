export interface Load {
  readonly milliseconds: readonly number[];
  readonly callsPerSecond: number;
}

/** `callers` at a time, each beginning its next call when the one before has ended; `calls` in all. */
export async function timeLoad(
  { callers, calls }: { readonly callers: number; readonly calls: number },
  call: (index: number) => Promise<unknown>,
): Promise<Load> {
  const milliseconds: number[] = [];
  let begun = 0;
  const start = performance.now();
  const caller = async (): Promise<void> => {
    while (begun < calls) {
      const index = begun++;
      const called = performance.now();
      await call(index);
      milliseconds.push(performance.now() - called);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return { milliseconds, callsPerSecond: (calls * 1000) / (performance.now() - start) };
}

export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN;
}

export interface Side {
  readonly name: string;
  readonly call: () => Promise<unknown>;
  /** Clears away what the call left, outside the measured time. */
  readonly after?: () => Promise<unknown>;
}

export interface Compared {
  readonly name: string;
  /** Milliseconds a call: the median over all rounds. */
  readonly p50: number;
  readonly p99: number;
  /** To the first side: the median over the rounds of p50 by p50 of one round, as what drifts between rounds cancels out. */
  readonly ratio: number;
}

/**
 * Call by call in turn, forth and back: what slows the machine for a moment slows all sides, where blocks of one side
 * differed by a tenth from blocks of the same.
 */
export async function compareCalls(
  sides: readonly Side[],
  {
    rounds,
    calls,
    warmUpRounds = 1,
  }: { readonly rounds: number; readonly calls: number; readonly warmUpRounds?: number },
): Promise<Compared[]> {
  const taken = sides.map((side) => ({ side, all: [] as number[], medians: [] as number[] }));
  for (let round = -warmUpRounds; round < rounds; round++) {
    const ofRound = taken.map((one) => ({ ...one, milliseconds: [] as number[] }));
    for (let call = 0; call < calls; call++) {
      for (const { side, milliseconds } of call % 2 === 0 ? ofRound : ofRound.toReversed()) {
        const start = performance.now();
        await side.call();
        milliseconds.push(performance.now() - start);
        await side.after?.();
      }
    }
    if (round < 0) continue;
    for (const { all, medians, milliseconds } of ofRound) {
      all.push(...milliseconds);
      medians.push(percentile(milliseconds, 50));
    }
  }
  return taken.map(({ side, all, medians }) => ({
    name: side.name,
    p50: percentile(all, 50),
    p99: percentile(all, 99),
    ratio: percentile(
      medians.map((value, round) => value / (taken[0]?.medians[round] ?? Number.NaN)),
      50,
    ),
  }));
}

export function printCompared(title: string, compared: readonly Compared[]): void {
  console.log(`\n${title}`);
  console.log(`${'milliseconds a call'.padEnd(46)}${cells(['p50', 'p99', 'ratio'])}`);
  for (const { name, p50, p99, ratio } of compared)
    console.log(`${name.padEnd(46)}${cells([p50.toFixed(3), p99.toFixed(2), ratio.toFixed(2)])}`);
}

export function cells(texts: readonly string[]): string {
  return texts.map((text) => text.padStart(11)).join('');
}
