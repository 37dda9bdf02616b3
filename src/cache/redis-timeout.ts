import { OperationError } from '../errors.js';

export function isRedisTimeout(error: unknown): boolean {
  return error instanceof OperationError && error.code === 'CACHE_REDIS_TIMEOUT';
}

/**
 * The reply of a command, for which nobody waits longer than `timeoutMs`.
 *
 * @param onLate gets the reply that comes after that: a command that was sent is done, sooner or later
 * @throws OperationError CACHE_REDIS_TIMEOUT
 */
export function within<Result>(
  timeoutMs: number,
  command: () => Promise<Result>,
  onLate?: (result: Result) => void,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    let late = false;
    const giveUp = (): void => {
      late = true;
      reject(new OperationError('CACHE_REDIS_TIMEOUT', `Redis did not answer within ${timeoutMs} ms`));
    };
    let check: NodeJS.Immediate | undefined;
    // When it was this process that had no time, the reply is waiting in the socket: read it first.
    const timer = setTimeout(() => (check = setImmediate(giveUp)), timeoutMs);
    const stop = (): void => {
      clearTimeout(timer);
      clearImmediate(check);
    };
    command().then(
      (result) => {
        stop();
        if (late) onLate?.(result);
        else resolve(result);
      },
      (error: unknown) => {
        stop();
        reject(error instanceof Error ? error : new Error('Redis failed', { cause: error }));
      },
    );
  });
}
