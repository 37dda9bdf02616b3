/** A process that loads a small world, and stops for good where it is told to, for its parent to kill it. */
import { readFileSync } from 'node:fs';
import { planSeed } from '../../seeds/plan-seed.js';
import { profiles } from '../../seeds/profiles.js';
import type { SeedOptions } from '../../seeds/seed-plan.js';
import { limitGarbage } from '../../src/seed/limit-garbage.js';
import { resolveSeedOptions } from '../../src/seed/resolve-seed-options.js';
import { runSeed } from '../../src/seed/run-seed.js';
import type { SeedEvent } from '../../src/seed/events.js';
import { smallWorld, type SmallWorldOptions } from './seed-world.js';

export interface SeedOrder {
  readonly connection: string;
  /** A small world, or the one of a profile. */
  readonly world: Omit<SmallWorldOptions, 'onRow'> | Pick<SeedOptions, 'profile' | 'users' | 'messages'>;
  /** Only plans it; default false. */
  readonly dryRun?: boolean;
  readonly jobs?: 1 | 2;
  /** Where to stop: before a row of a table is made, or at an event of it. */
  readonly stopAt?: { readonly table: string; readonly row?: number; readonly event?: string };
}

export type SeedReport =
  | { readonly stopped: true }
  | { readonly done: true; readonly checksum: string | undefined; readonly peakBytes: number };

const order = JSON.parse(process.argv[2] ?? '{}') as SeedOrder;
const { connection, world, jobs = 1, dryRun = false, stopAt } = order;

function stop(): void {
  process.send?.({ stopped: true } satisfies SeedReport);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

function nameOf(event: SeedEvent): string {
  return event.type === 'phase' ? event.phase : event.type;
}

// As the command does.
limitGarbage();
const plan =
  'profile' in world
    ? planSeed(resolveSeedOptions(world, profiles))
    : smallWorld({
        ...world,
        ...(stopAt?.row !== undefined && {
          onRow: (table, row) => {
            // The first rows are also made to try them against the columns, before anything is written.
            if (table === stopAt.table && row === stopAt.row) stop();
          },
        }),
      });
const { manifest } = await runSeed({
  connection,
  plan,
  jobs,
  dryRun,
  onEvent: (event) => {
    if ('table' in event && event.table === stopAt?.table && nameOf(event) === stopAt.event) stop();
  },
});
process.send?.({ done: true, checksum: manifest.checksum, peakBytes: peakBytes() } satisfies SeedReport);

/** Largest resident set of this process so far: VmHWM. */
function peakBytes(): number {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Number(kibibytes) * 1024;
}
