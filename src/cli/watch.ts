import { setTimeout as delay } from 'node:timers/promises';
import { StudymateError, UsageError } from '../errors.js';
import { explain } from './run-command.js';

const LONGEST_S = 86_400;
// Home, then away with what is there: the frame takes its place without a flicker of an empty screen.
const CLEAR = '\u001b[H\u001b[2J\u001b[3J';

/** @throws UsageError USAGE_INVALID_OPTION, also away from a terminal: cron would be filled with frames */
export function parseWatchSeconds(text: string, isTerminal: boolean): number {
  const seconds = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || seconds < 0.1 || seconds > LONGEST_S) {
    throw new UsageError('USAGE_INVALID_OPTION', `--watch: «${text}» is not a number of seconds`, {
      hint: `Write a number from 0.1 to ${LONGEST_S}.`,
    });
  }
  if (!isTerminal) {
    throw new UsageError('USAGE_INVALID_OPTION', '--watch is for terminals', {
      hint: 'Leave it out, and let cron or a loop run the report again.',
    });
  }
  return seconds;
}

/**
 * Draws a frame again and again until the signal aborts, which is its proper end. A frame that fails is shown as its
 * error, and the next one is tried: a server that restarts is worth watching.
 */
export async function watch(
  seconds: number,
  signal: AbortSignal,
  frame: () => Promise<string>,
  write = (text: string): void => void process.stdout.write(text),
): Promise<void> {
  while (!signal.aborted) {
    const text = await frame().catch((error: unknown) => {
      if (error instanceof StudymateError && !(error instanceof UsageError)) return explain(error);
      throw error;
    });
    if (isAborted(signal)) return;
    write(CLEAR + text);
    await delay(seconds * 1000, undefined, { signal }).catch(() => undefined);
  }
}

/** A question: it may have changed meanwhile. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
