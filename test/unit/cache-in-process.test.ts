import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createCache } from '../../src/cache/create-cache.js';
import type { CacheEvent } from '../../src/cache/events.js';
import type { Cache } from '../../src/cache/cache.js';
import type { CacheOptions } from '../../src/cache/options.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  return () => vi.useRealTimers();
});
afterEach(() => vi.restoreAllMocks());

function cacheForTest(options: CacheOptions = {}): { cache: Cache; events: CacheEvent[] } {
  const events: CacheEvent[] = [];
  const cache = createCache({ ...options, onEvent: (event) => events.push(event) });
  onTestFinished(() => cache.close());
  return { cache, events };
}

/** A load that counts itself and ends when the test says so. */
function heldLoad<T>(): { load: () => Promise<T>; end: (value: T) => void; fail: (error: Error) => void } {
  let end!: (value: T) => void;
  let fail!: (error: Error) => void;
  const value = new Promise<T>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  return { load: vi.fn(() => value), end, fail };
}

const types = (events: readonly CacheEvent[]): string[] => events.map(({ type }) => type);

describe('a cache in one process', () => {
  it('loads once for all callers of a moment, and gives each a copy of its own', async () => {
    const { cache, events } = cacheForTest();
    const { load, end } = heldLoad<{ rows: number[]; at: Date }>();
    const calls = Array.from({ length: 200 }, () => cache.get('a', { ttlMs: 1000 }, load));
    end({ rows: [1], at: new Date(0) });
    const values = await Promise.all(calls);
    expect(load).toHaveBeenCalledTimes(1);
    values[0]?.rows.push(2);
    values[0]?.at.setFullYear(2000);
    expect(values[1]).toEqual({ rows: [1], at: new Date(0) });
    expect(await cache.get('a', { ttlMs: 1000 }, load)).toEqual({ rows: [1], at: new Date(0) });
    expect(types(events).filter((type) => type === 'miss')).toHaveLength(1);
    expect(events.filter((event) => event.type === 'hit' && event.source === 'load')).toHaveLength(199);
    expect(events.at(-1)).toEqual({ type: 'hit', key: 'a', source: 'memory' });
  });

  it('loads again after the time to live, which is a little shorter at random and never longer', async () => {
    const { cache } = cacheForTest();
    const load = vi.fn(() => 1);
    const random = vi.spyOn(Math, 'random').mockReturnValue(0);
    await cache.get('a', { ttlMs: 1000 }, load);
    random.mockReturnValue(1);
    await cache.get('b', { ttlMs: 1000 }, load);
    vi.advanceTimersByTime(899);
    await cache.get('a', { ttlMs: 1000 }, load);
    await cache.get('b', { ttlMs: 1000 }, load);
    expect(load).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(1);
    await cache.get('b', { ttlMs: 1000 }, load);
    expect(load).toHaveBeenCalledTimes(3);
    vi.advanceTimersByTime(99);
    await cache.get('a', { ttlMs: 1000 }, load);
    expect(load).toHaveBeenCalledTimes(3);
    vi.advanceTimersByTime(1);
    await cache.get('a', { ttlMs: 1000 }, load);
    expect(load).toHaveBeenCalledTimes(4);
  });

  it('caches null, and does not cache undefined', async () => {
    const { cache } = cacheForTest();
    const none = vi.fn((): string | null => null);
    const nothing = vi.fn((): string | undefined => undefined);
    for (let call = 0; call < 3; call += 1) {
      expect(await cache.get('null', { ttlMs: 1000 }, none)).toBeNull();
      expect(await cache.get('undefined', { ttlMs: 1000 }, nothing)).toBeUndefined();
    }
    expect(none).toHaveBeenCalledTimes(1);
    expect(nothing).toHaveBeenCalledTimes(3);
  });

  it('does not cache an error, and gives it to all who waited', async () => {
    const { cache } = cacheForTest();
    const { load, fail } = heldLoad<number>();
    const calls = [cache.get('a', { ttlMs: 1000 }, load), cache.get('a', { ttlMs: 1000 }, load)];
    fail(new Error('the database is away'));
    for (const result of await Promise.allSettled(calls)) {
      expect(result).toMatchObject({ status: 'rejected', reason: { message: 'the database is away' } });
    }
    expect(await cache.get('a', { ttlMs: 1000 }, () => 2)).toBe(2);
  });

  it('bridges a failing load with the old value, within staleMs and no longer', async () => {
    const { cache, events } = cacheForTest();
    const error = new Error('the database is away');
    const load = vi.fn((): number => 1);
    const options = { ttlMs: 1000, staleMs: 5000 };
    await cache.get('a', options, load);
    load.mockImplementation(() => {
      throw error;
    });
    vi.advanceTimersByTime(1000);
    expect(await cache.get('a', options, load)).toBe(1);
    expect(events.at(-1)).toEqual({ type: 'stale', key: 'a', error });
    // A failing database is not asked by every request.
    expect(await cache.get('a', options, load)).toBe(1);
    expect(events.at(-1)).toEqual({ type: 'stale', key: 'a', error });
    expect(load).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(1000);
    expect(await cache.get('a', options, load)).toBe(1);
    expect(load).toHaveBeenCalledTimes(3);
    vi.advanceTimersByTime(4000);
    await expect(cache.get('a', options, load)).rejects.toBe(error);
  });

  it('gives the old value at once where it may be revalidated in the background, and loads once', async () => {
    const { cache, events } = cacheForTest();
    const options = { ttlMs: 1000, staleMs: 5000, revalidate: 'background' } as const;
    await cache.get('a', options, () => 1);
    vi.advanceTimersByTime(1000);
    const { load, end } = heldLoad<number>();
    expect(await Promise.all([1, 2, 3].map(() => cache.get('a', options, load)))).toEqual([1, 1, 1]);
    expect(await cache.get('a', options, load)).toBe(1);
    expect(load).toHaveBeenCalledTimes(1);
    expect(events.at(-1)).toEqual({ type: 'stale', key: 'a', error: undefined });
    end(2);
    await vi.waitFor(async () => expect(await cache.get('a', options, load)).toBe(2));
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('never gives an invalidated value, not even when loading fails', async () => {
    const { cache } = cacheForTest();
    const options = { ttlMs: 1000, staleMs: 5000, tags: ['user:7'] };
    await cache.get('a', options, () => 1);
    await cache.invalidate('user:7');
    await expect(cache.get('a', options, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  });

  it.each([
    ['tag', (cache: Cache) => cache.invalidate('user:7')],
    ['key', (cache: Cache) => cache.delete('a')],
    ['everything', (cache: Cache) => cache.clear()],
  ])(
    'does not keep what a load from before an invalidation (%s) brings, nor let later callers join it',
    async (_, invalidate) => {
      const { cache } = cacheForTest();
      const options = { ttlMs: 1000, tags: ['user:7'] };
      const { load, end } = heldLoad<string>();
      const early = cache.get('a', options, load);
      await invalidate(cache);
      const late = cache.get('a', options, () => 'new');
      expect(await late).toBe('new');
      end('old');
      expect(await early).toBe('old');
      expect(await cache.get('a', options, () => 'newer')).toBe('new');
    },
  );

  it('gives up on a load after loadTimeoutMs, and tells it', async () => {
    const { cache } = cacheForTest();
    let told: AbortSignal | undefined;
    const answer = cache.get('a', { ttlMs: 1000, loadTimeoutMs: 50 }, ({ signal }) => {
      told = signal;
      return new Promise<number>(() => undefined);
    });
    const refused = expect(answer).rejects.toMatchObject({ code: 'CACHE_LOAD_TIMEOUT' });
    await vi.advanceTimersByTimeAsync(50);
    await refused;
    expect(told?.aborted).toBe(true);
    expect(await cache.get('a', { ttlMs: 1000 }, () => 2)).toBe(2);
  });

  it('is not disturbed by a listener that throws', async () => {
    const cache = createCache({
      onEvent: () => {
        throw new Error('the metrics are away');
      },
    });
    expect(await cache.get('a', { ttlMs: 1000 }, () => 1)).toBe(1);
    await cache.close();
  });

  it('waits for running loads when it is closed, and refuses later calls', async () => {
    const { cache } = cacheForTest();
    const { load, end } = heldLoad<number>();
    const answer = cache.get('a', { ttlMs: 1000 }, load);
    let closed = false;
    const closing = cache.close().then(() => (closed = true));
    await vi.advanceTimersByTimeAsync(100);
    expect(closed).toBe(false);
    end(1);
    expect(await answer).toBe(1);
    await closing;
    await expect(cache.get('a', { ttlMs: 1000 }, load)).rejects.toMatchObject({ code: 'CACHE_CLOSED' });
    await expect(cache.invalidate('x')).rejects.toMatchObject({ code: 'CACHE_CLOSED' });
  });

  it.each([
    ['', { ttlMs: 1 }],
    ['a', { ttlMs: 0 }],
    ['a', { ttlMs: Number.NaN }],
    ['a', { ttlMs: 1.5 }],
    ['a', { ttlMs: 1000, staleMs: -1 }],
    ['a', { ttlMs: 1000, tags: [''] }],
  ])('refuses get(%j, %j)', async (key, options) => {
    const { cache } = cacheForTest();
    await expect(cache.get(key, options, () => 1)).rejects.toMatchObject({ code: 'USAGE_INVALID_OPTION' });
  });
});
