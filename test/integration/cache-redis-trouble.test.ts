import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createCache } from '../../src/cache/create-cache.js';
import { cacheOn, clientKinds, typesOf } from '../support/cache-redis.js';
import { poll } from '../support/poll.js';
import {
  connectIoredis,
  freePort,
  redisIsInstalled,
  startRedis,
  type RedisServer,
} from '../support/redis.js';

const HOUR = 3_600_000;
const TIMEOUT = 150;
const quick = { redisTimeoutMs: TIMEOUT };
/** Two waits, with room for a slow machine; ten waits, or the trouble itself, take longer. */
const AT_ONCE = 2 * TIMEOUT + 1000;

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const started = performance.now();
  const value = await work();
  return { value, ms: performance.now() - started };
}

describe.runIf(redisIsInstalled).each(clientKinds)('a cache whose Redis is in trouble, by %s', (kind) => {
  it.each<[string, (server: RedisServer) => Promise<void> | void]>([
    ['down', (server) => server.kill()],
    ['frozen', (server) => server.freeze()],
    [
      'paused',
      async (server) => {
        await server.connect().call('client', ['pause', '60000', 'ALL']);
      },
    ],
    [
      'busy',
      (server) => {
        server
          .connect()
          .eval('while true do end', 0)
          .catch(() => undefined);
      },
    ],
  ])('answers within its timeout when Redis is %s, and then at once', async (_, trouble) => {
    const server = await startRedis();
    const { cache, events } = await cacheOn(server, kind, quick);
    await cache.get('warm', { ttlMs: HOUR }, () => 1);
    await trouble(server);
    // Until the trouble has begun: a command may have overtaken it.
    let round = 0;
    await poll(async () => {
      round += 1;
      const { value, ms } = await timed(() => cache.get(`probe-${round}`, { ttlMs: HOUR }, () => round));
      expect(value).toBe(round);
      expect(ms).toBeLessThan(AT_ONCE);
      return typesOf(events).includes('error');
    }, 'the trouble');
    // Redis is left alone for a second: no call waits for it, and 100 callers load once.
    const load = vi.fn(() => 7);
    const { ms } = await timed(async () => {
      for (let call = 0; call < 10; call += 1) await cache.get(`next-${call}`, { ttlMs: HOUR }, () => 1);
      const callers = Array.from({ length: 100 }, () => cache.get('next', { ttlMs: HOUR }, load));
      expect(new Set(await Promise.all(callers))).toEqual(new Set([7]));
    });
    expect(ms).toBeLessThan(AT_ONCE);
    expect(load).toHaveBeenCalledTimes(1);
    // Kept in memory meanwhile: an outage of the cache must not be one of the database.
    await cache.get('next', { ttlMs: HOUR }, load);
    expect(load).toHaveBeenCalledTimes(1);
    server.thaw();
  });

  it('uses Redis again once it is back', async () => {
    const server = await startRedis();
    const { cache } = await cacheOn(server, kind, quick);
    const other = await cacheOn(server, kind, { ...quick, memoryTtlMs: 0 });
    await server.kill();
    await cache.get('a', { ttlMs: HOUR }, () => 'while down');
    await server.restart();
    await poll(async () => {
      const key = `after-${performance.now()}`;
      await cache.get(key, { ttlMs: HOUR }, () => 1);
      return (await other.cache.get(key, { ttlMs: HOUR }, () => 2)) === 1;
    }, 'the return of Redis');
  });

  it('gives nothing from before a flush to those who ask Redis, and stores nothing loaded before it', async () => {
    const server = await startRedis();
    const admin = server.connect();
    const [first, second] = [await cacheOn(server, kind), await cacheOn(server, kind, { memoryTtlMs: 0 })];
    const options = { ttlMs: HOUR, tags: ['t'] };
    await first.cache.get('a', options, () => 'before');
    await admin.flushall();
    expect(await second.cache.get('a', options, () => 'after')).toBe('after');

    let end!: (value: string) => void;
    const begun = new Promise<void>((resolve) => {
      void first.cache.get('b', options, () => {
        resolve();
        return new Promise<string>((settle) => (end = settle));
      });
    });
    await begun;
    await admin.flushall();
    await admin.call('script', ['flush']);
    expect(await second.cache.get('b', options, () => 'after')).toBe('after');
    end('before');
    await first.cache.delete('other');
    expect(await first.cache.get('b', options, () => 'again')).toBe('after');
  });

  it('an invalidation that Redis does not take is refused, done in this process, and repeated', async () => {
    const server = await startRedis();
    const { cache } = await cacheOn(server, kind, quick);
    const other = await cacheOn(server, kind, { ...quick, memoryTtlMs: 0 });
    const options = { ttlMs: HOUR, tags: ['user:7'] };
    await cache.get('a', options, () => 'old');
    server.freeze();
    await expect(cache.invalidate('user:7')).rejects.toMatchObject({
      code: 'CACHE_INVALIDATION_FAILED',
      detail: 'tag «user:7»',
    });
    expect(await cache.get('a', options, () => 'new')).toBe('new');
    server.thaw();
    await poll(async () => (await other.cache.get('a', options, () => 'new')) === 'new', 'the repetition');
  });

  it('an invalidation made while Redis was gone holds when it comes back with its data', async () => {
    const server = await startRedis();
    const { cache } = await cacheOn(server, kind, { ...quick, memoryTtlMs: 0 });
    const options = { ttlMs: HOUR, tags: ['user:7'] };
    await cache.get('a', options, () => 'old');
    server.freeze();
    await expect(cache.delete('a')).rejects.toMatchObject({ code: 'CACHE_INVALIDATION_FAILED' });
    server.thaw();
    // Whenever Redis answers again: never the old value.
    await poll(async () => {
      const value = await cache.get('a', options, () => 'new');
      expect(value).toBe('new');
      return (await server.connect().hget('studymate:cache:1:value:a', 'value')) === '"new"';
    }, 'the return of Redis');
  });

  it('a lease that was granted too late is given back', async () => {
    const server = await startRedis();
    const { cache } = await cacheOn(server, kind, { ...quick, leaseMs: 3_600_000 });
    await cache.get('warm', { ttlMs: HOUR }, () => 1);
    server.freeze();
    expect(await cache.get('a', { ttlMs: HOUR }, () => 1)).toBe(1);
    server.thaw();
    const admin = server.connect();
    await poll(
      async () => (await admin.exists('studymate:cache:1:lease:a')) === 0,
      'the return of the lease',
    );
    const other = await cacheOn(server, kind, { memoryTtlMs: 0 });
    await poll(async () => (await other.cache.get('a', { ttlMs: HOUR }, () => 2)) === 2, 'a new load', 5000);
  });
});

describe.runIf(redisIsInstalled)('a cache without its Redis', () => {
  it('works in memory when Redis was never there, and asks again once it is', async () => {
    const port = await freePort();
    const events: string[] = [];
    const cache = createCache({
      redis: connectIoredis(port),
      ...quick,
      onEvent: ({ type }) => events.push(type),
    });
    onTestFinished(() => cache.close());
    const load = vi.fn(() => 1);
    expect(await cache.get('a', { ttlMs: HOUR }, load)).toBe(1);
    expect(await cache.get('a', { ttlMs: HOUR }, load)).toBe(1);
    expect(load).toHaveBeenCalledTimes(1);
    expect(events).toContain('error');
    const server = await startRedis(port);
    const other = await cacheOn(server, 'ioredis', { memoryTtlMs: 0 });
    await poll(async () => {
      const key = `after-${performance.now()}`;
      await cache.get(key, { ttlMs: HOUR }, () => 1);
      return (await other.cache.get(key, { ttlMs: HOUR }, () => 2)) === 1;
    }, 'the arrival of Redis');
    // And hears of invalidations.
    await cache.get('b', { ttlMs: HOUR, tags: ['t'] }, () => 1);
    await poll(
      async () => {
        await other.cache.invalidate('t');
        return (await cache.get('b', { ttlMs: HOUR, tags: ['t'] }, () => 2)) === 2;
      },
      'the invalidation',
      4000,
    );
  });

  it.each(['before it reads itself', 'unasked'])(
    'repeats an invalidation that was lost, %s',
    async (when) => {
      const server = await startRedis();
      const client = server.connect();
      const cache = createCache({ redis: client, memoryTtlMs: 0 });
      onTestFinished(() => cache.close());
      const other = await cacheOn(server, 'ioredis', { memoryTtlMs: 0 });
      const options = { ttlMs: HOUR, tags: ['user:7'] };
      await cache.get('a', options, () => 'old');
      client.disconnect();
      await expect(cache.invalidate('user:7')).rejects.toMatchObject({ code: 'CACHE_INVALIDATION_FAILED' });
      await client.connect();
      if (when === 'unasked') {
        await poll(
          async () => (await other.cache.get('a', options, () => 'new')) === 'new',
          'the repetition',
        );
      } else {
        expect(await cache.get('a', options, () => 'new')).toBe('new');
        expect(await other.cache.get('a', options, () => 'newer')).toBe('new');
      }
    },
  );

  it('a client without an offline queue costs no waiting at all', async () => {
    const server = await startRedis();
    const client = server.connect({ enableOfflineQueue: false });
    await new Promise((resolve) => client.once('ready', resolve));
    const cache = createCache({ redis: client, redisTimeoutMs: 10_000 });
    onTestFinished(() => cache.close());
    await server.kill();
    await poll(() => Promise.resolve(client.status !== 'ready'), 'the loss of the connection');
    for (let round = 0; round < 20; round += 1) {
      const { ms } = await timed(() => cache.get(`a-${round}`, { ttlMs: HOUR }, () => 1));
      expect(ms).toBeLessThan(5_000);
    }
  });

  it('a full Redis is a slower cache, not an error', async () => {
    const server = await startRedis();
    const admin = server.connect();
    const { cache, events } = await cacheOn(server, 'ioredis', quick);
    await cache.get('before', { ttlMs: HOUR }, () => 1);
    await admin.config('SET', 'maxmemory', '1');
    expect(await cache.get('a', { ttlMs: HOUR }, () => 2)).toBe(2);
    expect(events).toContainEqual(expect.objectContaining({ type: 'error', operation: 'read' }));
    const other = await cacheOn(server, 'ioredis', quick);
    expect(await other.cache.get('before', { ttlMs: HOUR }, () => 3)).toBe(1);
  });
});
