import { spawn } from 'node:child_process';

export interface Contender {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Runs before each round, outside the measured time. */
  readonly prepare?: () => Promise<void>;
}

export interface Timing {
  readonly name: string;
  /** Wall time of the whole process, a figure a round, in milliseconds. */
  readonly milliseconds: readonly number[];
}

/**
 * Runs each contender once a round, in turn, so that a machine that slows down slows all of them. The first round
 * warms caches and is not counted.
 */
export async function interleave(contenders: readonly Contender[], rounds: number): Promise<Timing[]> {
  const timings = contenders.map(({ name }) => ({ name, milliseconds: [] as number[] }));
  for (let round = 0; round <= rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      await contender.prepare?.();
      const elapsed = await runProcess(contender);
      if (round > 0) timings[index]?.milliseconds.push(elapsed);
    }
  }
  return timings;
}

/** @returns wall time in milliseconds; throws with the output when the process fails */
export async function runProcess({ name, command, args, environment = {} }: Contender): Promise<number> {
  const start = performance.now();
  const child = spawn(command, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const elapsed = performance.now() - start;
  if (code !== 0) throw new Error(`${name} ended with ${String(code)}:\n${stderr}`);
  return elapsed;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/** Median over the rounds of `a` / `b` within a round: what drifts between rounds cancels out. */
export function ratio(a: Timing | undefined, b: Timing | undefined): number {
  return median(
    (a?.milliseconds ?? []).map((value, round) => value / (b?.milliseconds[round] ?? Number.NaN)),
  );
}

export function printTimings(title: string, timings: readonly Timing[], floor: Timing | undefined): void {
  console.log(`\n${title}`);
  console.log(
    `${'whole process'.padEnd(38)}${'min ms'.padStart(9)}${'median ms'.padStart(11)}${'ratio'.padStart(8)}`,
  );
  for (const timing of timings) {
    const min = Math.min(...timing.milliseconds).toFixed(0);
    const mid = median(timing.milliseconds).toFixed(0);
    console.log(
      `${timing.name.padEnd(38)}${min.padStart(9)}${mid.padStart(11)}${ratio(timing, floor).toFixed(2).padStart(8)}`,
    );
  }
  if (floor !== undefined)
    console.log(
      `ratio: median over ${floor.milliseconds.length} rounds, to «${floor.name}» of the same round`,
    );
}

export function find(timings: readonly Timing[], name: string): Timing | undefined {
  return timings.find((timing) => timing.name.startsWith(name));
}
