import { onTestFinished } from 'vitest';
import type { Cache } from '../../src/cache/cache.js';
import { createCache } from '../../src/cache/create-cache.js';
import type { CacheEvent } from '../../src/cache/events.js';
import type { CacheOptions } from '../../src/cache/options.js';
import type { RedisClient } from '../../src/cache/redis-client.js';
import type { RedisServer } from './redis.js';

/** What the tests use of `@redis/client`, which they do without where it is not installed. */
interface NodeRedis {
  createClient(options: { url: string }): RedisClient & {
    connect(): Promise<unknown>;
    destroy(): void;
  };
}

// Not a literal: the compiler must not look for it.
const nodeRedisName: string = '@redis/client';
const nodeRedis = await (import(nodeRedisName) as Promise<NodeRedis>).catch(() => undefined);
if (nodeRedis === undefined) {
  process.stderr.write(
    '\n*** @redis/client is not installed: the cache is NOT tested with node-redis ***\n\n',
  );
}

export type ClientKind = 'ioredis' | 'node-redis';

/** The client packages that are installed. */
export const clientKinds: readonly ClientKind[] =
  nodeRedis === undefined ? ['ioredis'] : ['ioredis', 'node-redis'];

export interface CacheForTest {
  readonly cache: Cache;
  readonly events: CacheEvent[];
}

/** A cache as another process would have it: with a client, and a memory, of its own. */
export async function cacheOn(
  server: RedisServer,
  kind: ClientKind,
  options: Omit<CacheOptions, 'redis' | 'onEvent'> = {},
): Promise<CacheForTest> {
  const events: CacheEvent[] = [];
  const redis = await clientOf(server, kind);
  const cache = createCache({ redis, ...options, onEvent: (event) => events.push(event) });
  onTestFinished(() => cache.close());
  return { cache, events };
}

async function clientOf(server: RedisServer, kind: ClientKind): Promise<RedisClient> {
  if (kind === 'ioredis' || nodeRedis === undefined) return server.connect();
  const client = nodeRedis.createClient({ url: `redis://127.0.0.1:${server.port}` });
  await client.connect();
  onTestFinished(() => client.destroy());
  return client;
}

export function typesOf(events: readonly CacheEvent[]): string[] {
  return events.map(({ type }) => type);
}
