import { fork, type ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import { packageRoot } from '../../src/package-root.js';
import type { LoadNotice, WorkerOrder, WorkerReport } from './cache-worker.js';
import { makeTemporaryFolder } from './server.js';

export interface CacheProcess {
  readonly process: ChildProcess;
  /** What the callers got. */
  order(order: WorkerOrder): Promise<readonly unknown[]>;
  /** Loads begun so far. */
  loads(): number;
  /** Resolves when the next load begins. */
  nextLoad(): Promise<void>;
}

type Message = WorkerReport | LoadNotice | { readonly ready: true };

/** Node processes, each with a cache of its own on the same Redis. */
export async function startCacheProcesses(
  count: number,
  settings: { readonly port: number; readonly leaseMs: number },
): Promise<CacheProcess[]> {
  const folder = await makeTemporaryFolder();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const script = join(folder, 'cache-worker.cjs');
  await build({
    entryPoints: [join(packageRoot(), 'test', 'support', 'cache-worker.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'cjs',
  });
  return Promise.all(Array.from({ length: count }, () => startProcess(script, settings)));
}

async function startProcess(script: string, settings: object): Promise<CacheProcess> {
  const child = fork(script, [JSON.stringify(settings)], { execArgv: [] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const waiting = new Map<number, (values: readonly unknown[]) => void>();
  const loadListeners: (() => void)[] = [];
  let loads = 0;
  let orders = 0;
  await new Promise<void>((resolve, reject) => {
    child.on('exit', (code) => reject(new Error(`the cache process ended with ${String(code)}`)));
    child.on('message', (message: Message) => {
      if ('ready' in message) resolve();
      else if ('loading' in message) {
        loads += 1;
        for (const listener of loadListeners.splice(0)) listener();
      } else waiting.get(message.id)?.(message.values);
    });
  });
  return {
    process: child,
    order: (order) =>
      new Promise((resolve) => {
        const id = (orders += 1);
        waiting.set(id, resolve);
        child.send({ id, order });
      }),
    loads: () => loads,
    nextLoad: () => new Promise((resolve) => void loadListeners.push(resolve)),
  };
}
