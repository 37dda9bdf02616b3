import { randomUUID } from 'node:crypto';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BusyError } from '../errors.js';
import { processStart } from './process-identity.js';

export interface LockOptions {
  /** How long to wait for another run; milliseconds. */
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `work` while no other run holds the same folder. A run that dies, kill -9 included, holds nothing.
 *
 * Announce, then look: each run puts up a file of its own and lists the folder; whoever sees another living
 * run takes its file back and tries again. Of two runs the later one always sees the earlier. No file name is
 * used twice, so clearing away a dead run's file can never hit a living one; a single lock file that is taken
 * over when it looks stale has that race.
 *
 * @throws BusyError BUSY_DEV_SERVER after `waitMs`
 */
export async function withLock<T>(folder: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + options.waitMs;
  const own = `lock-${process.pid}-${(await processStart(process.pid)) ?? ''}-${randomUUID()}`;
  for (;;) {
    options.signal?.throwIfAborted();
    let holder = await findHolder(folder, own);
    if (holder === undefined) {
      await writeFile(join(folder, own), '');
      try {
        holder = await findHolder(folder, own);
        if (holder === undefined) return await work();
      } finally {
        await rm(join(folder, own), { force: true });
      }
    }
    if (Date.now() > deadline) {
      throw new BusyError('BUSY_DEV_SERVER', 'another run is starting or stopping this server', {
        detail: `It is process ${holder}.`,
        hint: 'Wait for it to end, then try again.',
      });
    }
    // Jitter: two runs that saw each other must not do so again.
    await sleep(20 + Math.random() * 60);
  }
}

async function findHolder(folder: string, own: string): Promise<number | undefined> {
  for (const name of await readdir(folder)) {
    const match = /^lock-(\d+)-(.*?)-[0-9a-f]{8}-[0-9a-f-]{27}$/.exec(name);
    if (!match || name === own) continue;
    const pid = Number(match[1]);
    if ((await processStart(pid)) === match[2]) return pid;
    await rm(join(folder, name), { force: true });
  }
  return undefined;
}
