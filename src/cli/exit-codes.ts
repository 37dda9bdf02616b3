import { BusyError, ConnectError, InterruptedError, UsageError } from '../errors.js';

/** Documented in docs/operations.md; scripts depend on them. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  found: 3,
  cannotConnect: 4,
  /** EX_TEMPFAIL of sysexits.h: another run holds the lock, retry later. */
  busy: 75,
} as const;

export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof ConnectError) return EXIT.cannotConnect;
  if (error instanceof BusyError) return EXIT.busy;
  if (error instanceof InterruptedError) return error.signal === 'SIGINT' ? 130 : 143;
  return EXIT.failed;
}
