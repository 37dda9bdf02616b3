import type { CacheGetOptions } from './options.js';
import type { CacheLoad } from './run-load.js';

/** What `createCache` gives. */
export interface Cache {
  /**
   * The cached value of a key, or what `load` gives, which is then cached.
   *
   * However many callers of however many processes miss at the same time, one of them loads and all get its value; if
   * its process dies, another takes over after `leaseMs`. Redis in trouble delays an answer by `redisTimeoutMs` twice at
   * most, and then costs nothing for a second at a time: values are loaded, and kept in memory for `memoryTtlMs`.
   *
   * `null` is a value and is cached; `undefined` is «nothing to cache», and the next call loads again. Every caller gets
   * a copy of its own: plain objects, arrays, strings, numbers, booleans, null, Date and bigint come back as they were;
   * anything else is refused.
   *
   * @param load should read the primary, or a replica that has replayed what an invalidation was about
   * @throws what `load` throws, to all who wait for it, unless there is a value within `staleMs`; it is not cached
   * @throws OperationError CACHE_LOAD_TIMEOUT, CACHE_CLOSED
   * @throws UsageError USAGE_INVALID_OPTION, CACHE_VALUE_UNSUPPORTED
   */
  get<T>(key: string, options: CacheGetOptions, load: CacheLoad<T>): Promise<T>;
  /**
   * Makes every value that was loaded with one of the tags invalid, in all processes. Call it after the commit. Once it
   * resolves, no call that begins later in this process or asks Redis gets an older value, nor does a load that is still
   * running store one; the memory of other processes follows within milliseconds (see `memoryTtlMs`).
   *
   * @throws OperationError CACHE_INVALIDATION_FAILED: done in this process; Redis gets it as soon as it answers
   */
  invalidate(...tags: string[]): Promise<void>;
  /** The same for single keys. */
  delete(...keys: string[]): Promise<void>;
  /** The same for everything in the namespace. */
  clear(): Promise<void>;
  /** Waits for running loads and closes the cache's own connection, not the caller's client. */
  close(): Promise<void>;
}
