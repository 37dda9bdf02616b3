import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { createCache } from '../../src/cache/create-cache.js';
import { cacheOn, clientKinds, typesOf } from '../support/cache-redis.js';
import { poll } from '../support/poll.js';
import { redisIsInstalled, startRedis } from '../support/redis.js';

const HOUR = 3_600_000;

/** A load that ends when the test says so. */
function heldLoad<T>(): { load: () => Promise<T>; begun: Promise<void>; end: (value: T) => void } {
  let end!: (value: T) => void;
  let begin!: () => void;
  const value = new Promise<T>((resolve) => (end = resolve));
  const begun = new Promise<void>((resolve) => (begin = resolve));
  return {
    load: () => {
      begin();
      return value;
    },
    begun,
    end,
  };
}

describe.runIf(redisIsInstalled).each(clientKinds)('a cache in Redis, by %s', (kind) => {
  it('gives another process what one has loaded, with its dates and big integers', async () => {
    const server = await startRedis();
    const [first, second] = [await cacheOn(server, kind), await cacheOn(server, kind)];
    const row = {
      id: '9007199254740993',
      at: new Date('2025-01-01T00:00:00.123Z'),
      total: 12n,
      name: '안녕',
    };
    expect(await first.cache.get('row', { ttlMs: HOUR }, () => row)).toEqual(row);
    const other = vi.fn(() => ({ ...row, name: 'loaded again' }));
    expect(await second.cache.get('row', { ttlMs: HOUR }, other)).toEqual(row);
    expect(other).not.toHaveBeenCalled();
    expect(second.events).toEqual([{ type: 'hit', key: 'row', source: 'redis' }]);
  });

  it('keeps its keys in its namespace, and lets Redis forget them', async () => {
    const server = await startRedis();
    const client = server.connect();
    const [mine, theirs] = [
      await cacheOn(server, kind, { namespace: 'mine' }),
      await cacheOn(server, kind, { namespace: 'theirs' }),
    ];
    await mine.cache.get('a', { ttlMs: HOUR, staleMs: HOUR, tags: ['t'] }, () => 1);
    expect(await theirs.cache.get('a', { ttlMs: HOUR, tags: ['t'] }, () => 2)).toBe(2);
    const keys = await client.keys('*');
    expect(keys.length).toBeGreaterThanOrEqual(6);
    for (const key of keys) {
      expect(key).toMatch(/^(mine|theirs):cache:1:/);
      const left = await client.pttl(key);
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(2 * HOUR + 60_000);
    }
    await theirs.cache.clear();
    expect(await mine.cache.get('a', { ttlMs: HOUR }, () => 3)).toBe(1);
  });

  it('does not store what a load from before an invalidation brings, whichever process invalidated', async () => {
    const server = await startRedis();
    const [loader, writer, reader] = [
      await cacheOn(server, kind),
      await cacheOn(server, kind),
      await cacheOn(server, kind, { memoryTtlMs: 0 }),
    ];
    const options = { ttlMs: HOUR, tags: ['user:7', 'users'] };
    for (const [key, invalidate] of [
      ['by tag', () => writer.cache.invalidate('users')],
      ['by key', () => writer.cache.delete('by key')],
      ['all', () => writer.cache.clear()],
    ] as const) {
      const { load, begun, end } = heldLoad<string>();
      const early = loader.cache.get(key, options, load);
      await begun;
      await invalidate();
      // Neither waits for the load from before, nor gets its value.
      expect(await reader.cache.get(key, options, () => 'new')).toBe('new');
      end('old');
      expect(await early).toBe('old');
      expect(await reader.cache.get(key, options, () => 'newer')).toBe('new');
      expect(await loader.cache.get(key, options, () => 'newer')).toBe('new');
    }
  });

  it('leaves nothing in Redis of a load that was overtaken by an invalidation', async () => {
    const server = await startRedis();
    const client = server.connect();
    const [loader, writer] = [await cacheOn(server, kind), await cacheOn(server, kind)];
    for (const [key, invalidate] of [
      ['by tag', () => writer.cache.invalidate('users')],
      ['by key', () => writer.cache.delete('by key')],
      ['all', () => writer.cache.clear()],
    ] as const) {
      const { load, begun, end } = heldLoad<string>();
      const early = loader.cache.get(key, { ttlMs: HOUR, tags: ['users'] }, load);
      await begun;
      await invalidate();
      end('old');
      await early;
      expect(await client.exists(`studymate:cache:1:value:${key}`, `studymate:cache:1:lease:${key}`)).toBe(0);
    }
  });

  it('a call after an invalidation by its own process is never answered with the old value', async () => {
    const server = await startRedis();
    const { cache } = await cacheOn(server, kind);
    let truth = 0;
    const stop = new AbortController();
    const options = { ttlMs: HOUR, tags: ['counter'] };
    const noise = (async () => {
      while (!stop.signal.aborted) {
        await cache.get('counter', options, () => truth);
        await setImmediate();
      }
    })();
    for (let round = 1; round <= 200; round += 1) {
      truth = round;
      await cache.invalidate('counter');
      expect(await cache.get('counter', options, () => truth)).toBe(round);
    }
    stop.abort();
    await noise;
  });

  it('is not taken for dead when it was this process that had no time', async () => {
    const server = await startRedis();
    const { cache, events } = await cacheOn(server, kind, { redisTimeoutMs: 50, memoryTtlMs: 0 });
    await cache.get('a', { ttlMs: HOUR }, () => 1);
    const answer = cache.get('a', { ttlMs: HOUR }, () => 2);
    await setImmediate();
    const until = performance.now() + 200;
    while (performance.now() < until);
    expect(await answer).toBe(1);
    expect(typesOf(events)).not.toContain('error');
  });

  it('a value invalidated under any of its tags is loaded anew, and one of other tags is not', async () => {
    const server = await startRedis();
    const [first, second] = [await cacheOn(server, kind), await cacheOn(server, kind, { memoryTtlMs: 0 })];
    await first.cache.get('a', { ttlMs: HOUR, tags: ['x', 'y'] }, () => 'a1');
    await first.cache.get('b', { ttlMs: HOUR, tags: ['z'] }, () => 'b1');
    await first.cache.invalidate('y');
    // Whatever tags the reader names: those of the load count.
    expect(await second.cache.get('a', { ttlMs: HOUR }, () => 'a2')).toBe('a2');
    expect(await second.cache.get('b', { ttlMs: HOUR }, () => 'b2')).toBe('b1');
  });

  it('bridges a failing load with the old value of another process, and frees the right to load', async () => {
    const server = await startRedis();
    const [first, second] = [await cacheOn(server, kind), await cacheOn(server, kind)];
    const options = { ttlMs: 20, staleMs: HOUR };
    await first.cache.get('a', options, () => 1);
    const away = new Error('the database is away');
    await poll(async () => {
      await second.cache.get('a', options, () => Promise.reject(away));
      return second.events.some((event) => event.type === 'stale' && event.error === away);
    }, 'the end of the time to live');
    // Were the lease still held, this would wait for five seconds.
    const started = performance.now();
    expect(await first.cache.get('a', options, () => 2)).toBe(2);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('gives the old value at once while one process loads in the background', async () => {
    const server = await startRedis();
    const [first, second] = [await cacheOn(server, kind), await cacheOn(server, kind)];
    const options = { ttlMs: 20, staleMs: HOUR, revalidate: 'background' } as const;
    await first.cache.get('a', options, () => 1);
    const { load, begun, end } = heldLoad<number>();
    await poll(async () => {
      expect(await first.cache.get('a', options, load)).toBe(1);
      return first.events.some(({ type }) => type === 'stale');
    }, 'the end of the time to live');
    await begun;
    const never = vi.fn(() => 3);
    expect(await second.cache.get('a', options, never)).toBe(1);
    expect(never).not.toHaveBeenCalled();
    end(2);
    await poll(
      async () => (await second.cache.get('a', { ...options, ttlMs: HOUR }, never)) !== 1,
      'the new value',
    );
  });

  it('a value that somebody else has written there costs a load, not an error', async () => {
    const server = await startRedis();
    const client = server.connect();
    const { cache, events } = await cacheOn(server, kind, { memoryTtlMs: 0 });
    await cache.get('a', { ttlMs: HOUR }, () => 1);
    await client.hset('studymate:cache:1:value:a', 'value', '{"not json');
    expect(await cache.get('a', { ttlMs: HOUR }, () => 2)).toBe(2);
    expect(events).toContainEqual(expect.objectContaining({ type: 'error', operation: 'read' }));
    await client.del('studymate:cache:1:value:b');
    await client.set('studymate:cache:1:value:b', 'a string');
    expect(await cache.get('b', { ttlMs: HOUR }, () => 3)).toBe(3);
  });

  it('forgets the old value when loading it anew gives undefined', async () => {
    const server = await startRedis();
    const { cache } = await cacheOn(server, kind);
    const options = { ttlMs: 20, staleMs: HOUR };
    await cache.get('a', options, (): number | undefined => 1);
    await poll(
      async () => (await cache.get<number | undefined>('a', options, () => undefined)) === undefined,
      'the end of its time',
    );
    await expect(cache.get('a', options, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  });
});

describe.runIf(redisIsInstalled)('a cache in Redis', () => {
  it('works with a client that puts a prefix before every key', async () => {
    const server = await startRedis();
    const [first, second] = [
      createCache({ redis: server.connect({ keyPrefix: 'app:' }) }),
      createCache({ redis: server.connect({ keyPrefix: 'app:' }), memoryTtlMs: 0 }),
    ];
    const options = { ttlMs: HOUR, tags: ['t'] };
    await first.get('a', options, () => 1);
    expect(await second.get('a', options, () => 2)).toBe(1);
    await first.invalidate('t');
    expect(await second.get('a', options, () => 3)).toBe(3);
    await second.delete('a');
    expect(await second.get('a', options, () => 4)).toBe(4);
    await Promise.all([first.close(), second.close()]);
  });

  it('leaves the client to its owner when it is closed', async () => {
    const server = await startRedis();
    const client = server.connect();
    const admin = server.connect();
    const connections = async (): Promise<number> =>
      String(await admin.call('client', ['list']))
        .trim()
        .split('\n').length;
    await client.ping();
    const before = await connections();
    const listeners = client.listenerCount('error');
    const cache = createCache({ redis: client });
    await cache.get('a', { ttlMs: HOUR }, () => 1);
    await poll(async () => (await connections()) === before + 1, 'the second connection');
    await cache.close();
    await poll(async () => (await connections()) === before, 'the end of the second connection');
    expect(await client.ping()).toBe('PONG');
    expect(client.listenerCount('error')).toBe(listeners);
  });
});
