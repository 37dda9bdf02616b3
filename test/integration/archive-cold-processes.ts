import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from '../../src/package-root.js';
import { makeTemporaryFolder } from '../support/server.js';
import type { ColdOrder, ColdReport } from './archive-cold-worker.js';

export interface ColdProcesses {
  /** Runs to its end. */
  run(order: ColdOrder): Promise<Extract<ColdReport, { done: true }>>;
  /** Runs to where the order stops it, and is killed there with SIGKILL. */
  killAt(order: ColdOrder): Promise<void>;
  dispose(): Promise<void>;
}

/** Node processes of their own that export and import, for tests that kill or measure them. */
export async function makeColdProcesses(): Promise<ColdProcesses> {
  const folder = await makeTemporaryFolder();
  const script = join(folder, 'cold-worker.mjs');
  // What the worker asks for its version.
  await writeFile(join(folder, 'package.json'), '{"version": "0.0.0"}');
  await symlink(join(packageRoot(), 'node_modules'), join(folder, 'node_modules'));
  await build({
    entryPoints: [join(packageRoot(), 'test', 'integration', 'archive-cold-worker.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  const children = new Set<ChildProcess>();
  const report = async (child: ChildProcess): Promise<ColdReport> => {
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`the process ended with ${String(code)}`);
    });
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [ColdReport];
    return message;
  };
  const start = (order: ColdOrder): ChildProcess => {
    const child = fork(script, [JSON.stringify(order)], { execArgv: [] });
    children.add(child);
    return child;
  };
  return {
    async run(order) {
      const message = await report(start(order));
      if ('stopped' in message) throw new Error('it stopped where it should have run to its end');
      return message;
    },
    async killAt(order) {
      const child = start(order);
      const message = await report(child);
      if (!('stopped' in message)) throw new Error('it did not come to where it should be killed');
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
    async dispose() {
      for (const child of children) child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
