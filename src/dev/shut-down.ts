import { setTimeout as sleep } from 'node:timers/promises';
import { postgresProcessesIn, processStart, worksIn } from './process-identity.js';
import type { Account } from './program.js';

/** PostgreSQL's words: fast rolls back what runs and checkpoints; immediate leaves that to the next start. */
export type ShutdownMode = 'fast' | 'immediate';

/** Milliseconds a fast shutdown may take before an immediate one follows. */
const FAST_SHUTDOWN_MS = 30_000;
const IMMEDIATE_SHUTDOWN_MS = 15_000;
const REAPED_MS = 100;

/**
 * Stops the postmaster `pid` of `data` and waits until it is gone; with it all its processes are, since a
 * postmaster waits for them.
 *
 * @returns the mode that did it; undefined when it would not go
 */
export async function shutDown(
  pid: number,
  data: string,
  account: Account | undefined,
): Promise<ShutdownMode | undefined> {
  const modes = [
    { mode: 'fast', signal: 'SIGINT', waitMs: FAST_SHUTDOWN_MS },
    { mode: 'immediate', signal: 'SIGQUIT', waitMs: IMMEDIATE_SHUTDOWN_MS },
  ] as const;
  const start = await processStart(pid);
  if (start === undefined || !(await worksIn(pid, data, account))) return 'fast';
  for (const { mode, signal, waitMs } of modes) {
    send(pid, signal);
    if (await until(async () => (await processStart(pid)) !== start, waitMs)) {
      // Dead, its pid is still taken until its parent has looked; a moment, where there is a parent that looks.
      await until(() => !send(pid, 0), REAPED_MS);
      return mode;
    }
  }
  return undefined;
}

/**
 * Ends the backends of a postmaster that is gone. Most notice by themselves; one in the middle of a long query
 * does not, and keeps the next postmaster from starting. @returns how many there were
 */
export async function endOrphanedBackends(data: string, account: Account | undefined): Promise<number> {
  const orphans = await postgresProcessesIn(data, account);
  for (const pid of orphans) send(pid, 'SIGQUIT');
  await until(async () => (await postgresProcessesIn(data, account)).length === 0, IMMEDIATE_SHUTDOWN_MS);
  return orphans.length;
}

/** @returns false when there is no such process (any more): that is what was wanted */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Asked only whether it is there: another user's is not the one that was meant.
    if (code === 'ESRCH' || (code === 'EPERM' && signal === 0)) return false;
    throw error;
  }
}

/** @returns false when it did not come true in time */
async function until(comesTrue: () => boolean | Promise<boolean>, waitMs: number): Promise<boolean> {
  const deadline = Date.now() + waitMs;
  while (!(await comesTrue())) {
    if (Date.now() > deadline) return false;
    await sleep(10);
  }
  return true;
}
