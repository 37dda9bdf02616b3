import { UsageError } from '../errors.js';
import type { CacheListener } from './events.js';
import { ALL } from './invalidation.js';
import type { RedisClient } from './redis-client.js';

export interface CacheOptions {
  /**
   * A connected client of ioredis (5, 6) or node-redis (5 or later). Without one, the cache is this process's alone.
   * The cache opens a second connection (`duplicate()`) to hear of invalidations, and closes that one.
   */
  readonly redis?: RedisClient | undefined;
  /** What keys in Redis begin with; caches of the same namespace share values and invalidations. Default `studymate`. */
  readonly namespace?: string | undefined;
  /** Values kept in this process, at most. Default 10,000; 0 keeps none. */
  readonly maxEntries?: number | undefined;
  /** Estimated size of what is kept in this process, at most, in bytes. Default 64 MiB. */
  readonly maxSizeBytes?: number | undefined;
  /**
   * With Redis: how long this process answers from its own memory without asking Redis, in milliseconds. An invalidation
   * of another process gets here by message within milliseconds; when the message is lost, within this time.
   * Default 5,000; 0 asks Redis each time.
   */
  readonly memoryTtlMs?: number | undefined;
  /** How long a command to Redis may take, in milliseconds, before the call goes on without it. Default 250. */
  readonly redisTimeoutMs?: number | undefined;
  /**
   * After how many milliseconds without a sign of life another process takes over the load of a process that died.
   * Default 5,000.
   */
  readonly leaseMs?: number | undefined;
  /** Hears of hits, misses, loads and errors. */
  readonly onEvent?: CacheListener | undefined;
}

export interface CacheGetOptions {
  /** How long the value is true, in milliseconds; 1 to 30 days. Up to a tenth is taken off at random. */
  readonly ttlMs: number;
  /** What `invalidate` will know the value by. Default none. */
  readonly tags?: readonly string[] | undefined;
  /**
   * How long past its time the value may still be given, in milliseconds, when loading it anew fails. An invalidated
   * value is never given. Default 0; up to 30 days.
   */
  readonly staleMs?: number | undefined;
  /**
   * Past its time and within `staleMs`: `wait` for the new value, or give the old one at once and load in the
   * `background`. Default `wait`.
   */
  readonly revalidate?: 'wait' | 'background' | undefined;
  /** How long a load may take, in milliseconds, before it counts as failed. Default 30,000. */
  readonly loadTimeoutMs?: number | undefined;
}

/** A `CacheGetOptions` with its defaults. */
export interface CacheRequest {
  readonly key: string;
  readonly ttlMs: number;
  readonly staleMs: number;
  readonly revalidate: 'wait' | 'background';
  readonly loadTimeoutMs: number;
  /** Those of the caller, and ALL. */
  readonly tags: readonly string[];
}

const MONTH_MS = 30 * 86_400_000;

/** @throws UsageError USAGE_INVALID_OPTION */
export function cacheRequest(key: string, options: CacheGetOptions): CacheRequest {
  const { ttlMs, tags = [], staleMs = 0, revalidate = 'wait', loadTimeoutMs = 30_000 } = options;
  return {
    key: checkName('key', key),
    ttlMs: checkNumber('ttlMs', ttlMs, 1, MONTH_MS),
    staleMs: checkNumber('staleMs', staleMs, 0, MONTH_MS),
    revalidate,
    loadTimeoutMs: checkNumber('loadTimeoutMs', loadTimeoutMs, 1, MONTH_MS),
    tags: [ALL, ...new Set(tags.map((tag) => checkName('tag', tag)))],
  };
}

/** @throws UsageError USAGE_INVALID_OPTION */
export function cacheSettings(options: CacheOptions) {
  return {
    redis: options.redis,
    namespace: checkName('namespace', options.namespace ?? 'studymate'),
    maxEntries: checkNumber('maxEntries', options.maxEntries ?? 10_000, 0, Number.MAX_SAFE_INTEGER),
    maxSizeBytes: checkNumber(
      'maxSizeBytes',
      options.maxSizeBytes ?? 64 * 2 ** 20,
      0,
      Number.MAX_SAFE_INTEGER,
    ),
    memoryTtlMs: checkNumber('memoryTtlMs', options.memoryTtlMs ?? 5000, 0, MONTH_MS),
    redisTimeoutMs: checkNumber('redisTimeoutMs', options.redisTimeoutMs ?? 250, 1, 60_000),
    leaseMs: checkNumber('leaseMs', options.leaseMs ?? 5000, 100, 3_600_000),
  };
}

export function checkName(what: 'key' | 'tag' | 'namespace', name: string): string {
  if (typeof name === 'string' && name !== '') return name;
  throw new UsageError('USAGE_INVALID_OPTION', `cache: «${name}» is not a ${what}`, {
    hint: 'Give a text that is not empty.',
  });
}

function checkNumber(option: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new UsageError('USAGE_INVALID_OPTION', `cache: ${option} is ${String(value)}`, {
    hint: `Give a whole number from ${least} to ${most}.`,
  });
}
