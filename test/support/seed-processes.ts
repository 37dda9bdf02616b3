import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from '../../src/package-root.js';
import type { SeedOrder, SeedReport } from './seed-worker.js';
import { makeTemporaryFolder } from './server.js';

export interface SeedProcesses {
  /** Runs to its end. */
  run(order: SeedOrder): Promise<Extract<SeedReport, { done: true }>>;
  /** Runs to where the order stops it, and is killed there with SIGKILL. */
  killAt(order: SeedOrder & Required<Pick<SeedOrder, 'stopAt'>>): Promise<void>;
  dispose(): Promise<void>;
}

/** Node processes of their own that load a small world, for tests that kill or measure them. */
export async function makeSeedProcesses(): Promise<SeedProcesses> {
  const folder = await makeTemporaryFolder();
  const script = join(folder, 'seed-worker.mjs');
  // What the worker asks for its version.
  await writeFile(join(folder, 'package.json'), '{"version": "0.0.0"}');
  await build({
    entryPoints: [join(packageRoot(), 'test', 'support', 'seed-worker.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['pg-native', 'cloudflare:sockets'],
    banner: {
      js: "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);",
    },
  });
  const children = new Set<ChildProcess>();
  const report = async (child: ChildProcess): Promise<SeedReport> => {
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`the seeding process ended with ${String(code)}`);
    });
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [SeedReport];
    return message;
  };
  const start = (order: SeedOrder): ChildProcess => {
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
