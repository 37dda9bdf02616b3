/** A process that uses the cache: does what its parent says, and tells what came of it. */
import { Redis } from 'ioredis';
import { createCache } from '../../src/cache/create-cache.js';
import type { CacheGetOptions } from '../../src/cache/options.js';

export type WorkerOrder =
  | {
      readonly do: 'get';
      readonly key: string;
      readonly options: CacheGetOptions;
      /** Concurrent callers. */
      readonly callers: number;
      readonly loadMs: number;
      readonly value: string;
    }
  | { readonly do: 'invalidate'; readonly tag: string };

export interface WorkerReport {
  readonly id: number;
  readonly values: readonly unknown[];
}

/** Sent when a load begins. */
export interface LoadNotice {
  readonly loading: string;
}

const { port, leaseMs } = JSON.parse(process.argv[2] ?? '{}') as { port: number; leaseMs: number };
const redis = new Redis({ host: '127.0.0.1', port });
const cache = createCache({ redis, leaseMs });

async function carryOut(order: WorkerOrder): Promise<readonly unknown[]> {
  if (order.do === 'invalidate') {
    await cache.invalidate(order.tag);
    return [];
  }
  const load = async (): Promise<string> => {
    process.send?.({ loading: order.key } satisfies LoadNotice);
    await new Promise((resolve) => setTimeout(resolve, order.loadMs));
    return order.value;
  };
  return Promise.all(Array.from({ length: order.callers }, () => cache.get(order.key, order.options, load)));
}

process.on('message', ({ id, order }: { id: number; order: WorkerOrder }) => {
  void carryOut(order).then((values) => process.send?.({ id, values } satisfies WorkerReport));
});
// A parent that is gone needs no answer.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
redis.on('ready', () => process.send?.({ ready: true }));
