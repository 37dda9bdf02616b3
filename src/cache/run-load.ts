import { OperationError } from '../errors.js';

/** Loads the value of a key. `signal` is aborted when it takes longer than `loadTimeoutMs`. */
export type CacheLoad<T> = (context: { readonly signal: AbortSignal }) => Promise<T> | T;

/**
 * The value, or the error of the load.
 *
 * @throws OperationError CACHE_LOAD_TIMEOUT
 */
export async function runLoad<T>(load: CacheLoad<T>, key: string, timeoutMs: number): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new OperationError(
        'CACHE_LOAD_TIMEOUT',
        `loading «${key}» took longer than ${timeoutMs} ms`,
        { hint: 'Make the load faster, give it a larger loadTimeoutMs, or set staleMs to bridge the time.' },
      );
      controller.abort(error);
      reject(error);
    }, timeoutMs);
  });
  try {
    return await Promise.race([load({ signal }), expiry]);
  } finally {
    clearTimeout(timer);
  }
}
