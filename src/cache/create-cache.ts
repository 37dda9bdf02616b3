import { setTimeout as delay } from 'node:timers/promises';
import { OperationError } from '../errors.js';
import type { Cache } from './cache.js';
import type { CacheEvent } from './events.js';
import { Flight, Flights } from './flights.js';
import { ALL, type Invalidation } from './invalidation.js';
import { MemoryStore } from './memory-store.js';
import {
  cacheRequest,
  cacheSettings,
  checkName,
  type CacheGetOptions,
  type CacheOptions,
  type CacheRequest,
} from './options.js';
import { RedisStore, type Lease, type RedisAnswer } from './redis-store.js';
import { runLoad, type CacheLoad } from './run-load.js';
import { decodeValue, encodeValue } from './value-text.js';

interface Remembered {
  readonly text: string;
  readonly tags: readonly string[];
  readonly freshMs: number;
  readonly staleMs: number;
  readonly error?: unknown;
}

interface Answer {
  /** undefined: the load had nothing to cache. */
  readonly text: string | undefined;
  readonly event: CacheEvent;
}

/** After a failed load, how long the old value is given without trying again. */
const FAILURE_PAUSE_MS = 1000;
/** Of its time to live, what is taken off at random, so that what was cached together does not expire together. */
const JITTER = 0.1;

/**
 * A read-through cache: in this process, and in Redis where a client is given.
 *
 * @throws UsageError USAGE_INVALID_OPTION
 */
export function createCache(options: CacheOptions = {}): Cache {
  const settings = cacheSettings(options);
  const memory = new MemoryStore(settings);
  const flights = new Flights<Answer>();
  const refreshing = new Set<string>();
  let closing: Promise<void> | undefined;

  const emit = (event: CacheEvent): void => {
    try {
      options.onEvent?.(event);
    } catch {
      // A metric must not fail a request.
    }
  };
  const forget = (invalidation: Invalidation): void => {
    memory.invalidate(invalidation);
    flights.invalidate(invalidation);
  };
  const redis =
    settings.redis &&
    new RedisStore({
      client: settings.redis,
      namespace: settings.namespace,
      timeoutMs: settings.redisTimeoutMs,
      leaseMs: settings.leaseMs,
      onInvalidation: forget,
      onMissed: () => memory.clear(),
      onError: (operation, error) => emit({ type: 'error', operation, error }),
    });

  function remember(key: string, value: Remembered): void {
    const { text, tags, freshMs, staleMs, error } = value;
    const now = performance.now();
    const trustedMs = redis === undefined ? freshMs : Math.min(freshMs, settings.memoryTtlMs);
    memory.set(key, {
      text,
      tags,
      freshUntilMs: now + trustedMs,
      staleUntilMs: now + freshMs + staleMs,
      error,
    });
  }

  async function get<T>(key: string, getOptions: CacheGetOptions, load: CacheLoad<T>): Promise<T> {
    const request = cacheRequest(key, getOptions);
    for (;;) {
      assertOpen();
      const entry = memory.get(key, performance.now());
      if (entry !== undefined && performance.now() < entry.freshUntilMs) {
        emit(
          entry.error === undefined
            ? { type: 'hit', key, source: 'memory' }
            : { type: 'stale', key, error: entry.error },
        );
        return valueOf(entry.text) as T;
      }
      const shared = flights.joinable(key);
      if (shared === undefined) break;
      const { text, event } = await shared.answer;
      // One that lost against an invalidation may have begun before it, and this call after.
      if (shared.flight.isOutdated()) continue;
      emit(event.type === 'stale' ? event : { type: 'hit', key, source: 'load' });
      return valueOf(text) as T;
    }
    const own = flights.start(new Flight(key, request.tags), (flight) => answer(flight, request, load));
    const { text, event } = await own.answer;
    emit(event);
    return valueOf(text) as T;
  }

  async function answer(flight: Flight, request: CacheRequest, load: CacheLoad<unknown>): Promise<Answer> {
    const { key } = request;
    const found = await readRedis(request);
    if (found?.state === 'fresh') {
      if (!flight.isOutdated(found.tags)) remember(key, found);
      return { text: found.text, event: { type: 'hit', key, source: 'redis' } };
    }
    const old = found ?? memory.get(key, performance.now());
    const stale = old === undefined || old.text === '' ? undefined : old;
    if (stale !== undefined && request.revalidate === 'background') {
      // Who else holds the lease is loading it already.
      if (found?.lease !== undefined || (found === undefined && !refreshing.has(key))) {
        refresh(request, load, found?.lease);
      }
      return { text: stale.text, event: { type: 'stale', key, error: undefined } };
    }
    try {
      return { text: await loadAndStore(flight, request, load, found?.lease), event: { type: 'miss', key } };
    } catch (error) {
      if (stale === undefined || flight.isOutdated(stale.tags)) throw error;
      const leftMs = 'staleUntilMs' in stale ? stale.staleUntilMs - performance.now() : stale.staleMs;
      const pauseMs = Math.max(0, Math.min(FAILURE_PAUSE_MS, leftMs));
      remember(key, {
        text: stale.text,
        tags: stale.tags,
        freshMs: pauseMs,
        staleMs: leftMs - pauseMs,
        error,
      });
      return { text: stale.text, event: { type: 'stale', key, error } };
    }
  }

  /** Asks until there is a value, or the right to load one, or no more patience for another process that loads. */
  async function readRedis({
    key,
    tags,
    ttlMs,
    staleMs,
    loadTimeoutMs,
    revalidate,
  }: CacheRequest): Promise<RedisAnswer | undefined> {
    const deadlineMs = performance.now() + loadTimeoutMs;
    const lifetimeMs = loadTimeoutMs + ttlMs + staleMs;
    for (let pauseMs = 10; ; pauseMs = Math.min(pauseMs * 1.5, 100)) {
      const found = await redis?.read({ key, tags, lifetimeMs });
      if (found === undefined || found.state === 'fresh' || found.lease !== undefined) return found;
      if (found.state === 'stale' && revalidate === 'background') return found;
      if (performance.now() >= deadlineMs) return found;
      await delay(pauseMs * (0.5 + Math.random()));
    }
  }

  function refresh(request: CacheRequest, load: CacheLoad<unknown>, lease: Lease | undefined): void {
    const { key, tags } = request;
    refreshing.add(key);
    flights
      .follow(new Flight(key, tags), (flight) => loadAndStore(flight, request, load, lease))
      // The `load` event has told of the failure.
      .catch(() => undefined)
      .finally(() => refreshing.delete(key));
  }

  async function loadAndStore(
    flight: Flight,
    { key, tags, ttlMs, staleMs, loadTimeoutMs }: CacheRequest,
    load: CacheLoad<unknown>,
    lease: Lease | undefined,
  ): Promise<string | undefined> {
    const text = await keeping(lease, async () => {
      const startedMs = performance.now();
      const ended = (error: unknown): void =>
        emit({ type: 'load', key, durationMs: performance.now() - startedMs, error });
      try {
        const value = await runLoad(load, key, loadTimeoutMs);
        const encoded = value === undefined ? undefined : encodeValue(value);
        ended(undefined);
        return encoded;
      } catch (error) {
        ended(error);
        throw error;
      }
    });
    const freshMs = Math.max(1, Math.round(ttlMs * (1 - JITTER * Math.random())));
    if ((await lease?.store(text, freshMs, staleMs)) === 'outdated') flight.markOutdated();
    if (!flight.isOutdated()) {
      if (text === undefined) memory.delete(key);
      else remember(key, { text, tags, freshMs, staleMs });
    }
    return text;
  }

  /** Holds the lease for as long as `work` runs, and gives it back when that fails: the next process may try. */
  async function keeping<Result>(lease: Lease | undefined, work: () => Promise<Result>): Promise<Result> {
    const heart = lease && setInterval(() => void lease.renew(), settings.leaseMs / 3);
    try {
      return await work();
    } catch (error) {
      await lease?.release();
      throw error;
    } finally {
      clearInterval(heart);
    }
  }

  async function invalidate(invalidation: Invalidation): Promise<void> {
    assertOpen();
    try {
      await redis?.invalidate(invalidation);
    } finally {
      forget(invalidation);
    }
  }

  function assertOpen(): void {
    if (closing !== undefined) throw new OperationError('CACHE_CLOSED', 'the cache is closed');
  }

  return {
    get,
    invalidate: async (...tags) => invalidate({ tags: tags.map((tag) => checkName('tag', tag)), keys: [] }),
    delete: async (...keys) => invalidate({ tags: [], keys: keys.map((key) => checkName('key', key)) }),
    clear: async () => invalidate({ tags: [ALL], keys: [] }),
    close: () =>
      (closing ??= flights.landed().then(() => {
        redis?.close();
        memory.clear();
      })),
  };
}

function valueOf(text: string | undefined): unknown {
  return text === undefined ? undefined : decodeValue(text);
}
