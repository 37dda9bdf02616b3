/**
 * What a cache tells its listener. Every answered call is exactly one of `hit`, `stale` and `miss`; every call of a
 * load function is one `load`.
 */
export type CacheEvent =
  /** Answered without a load of its own. `load`: by one that was already running in this process. */
  | { readonly type: 'hit'; readonly key: string; readonly source: 'memory' | 'redis' | 'load' }
  /** Answered with a value past its time: while it is loaded anew, or (`error` is set) because that failed. */
  | { readonly type: 'stale'; readonly key: string; readonly error: unknown }
  /** Answered by the load that this call began. */
  | { readonly type: 'miss'; readonly key: string }
  /** A load ended; `error` is undefined when it succeeded. */
  | { readonly type: 'load'; readonly key: string; readonly durationMs: number; readonly error: unknown }
  /** Redis did not do what it was asked in time. The call was answered all the same, unless it was an invalidation. */
  | { readonly type: 'error'; readonly operation: CacheOperation; readonly error: unknown };

export type CacheOperation = 'connect' | 'subscribe' | 'read' | 'store' | 'renew' | 'release' | 'invalidate';

/** Called in the way of the request: it should count and return. What it throws is ignored. */
export type CacheListener = (event: CacheEvent) => void;
