import { InterruptedError, StudymateError } from '../errors.js';
import { EXIT, exitCodeOf } from './exit-codes.js';
import { render, type Format, type Outcome } from './output.js';
import { Progress } from './progress.js';

export interface OutputFlags {
  readonly format: Format;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** How a command hands its exit code to the one place that exits. */
export type SetExitCode = (code: number) => void;

export interface CommandContext {
  /** Aborted by Ctrl-C and SIGTERM; connections made with it cancel their statement on the server. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/**
 * The way every command goes: run, render to stdout, or explain the error on stderr. Progress is on stderr.
 *
 * @returns the exit code
 */
export async function runCommand(
  flags: OutputFlags,
  action: (context: CommandContext) => Promise<Outcome>,
): Promise<number> {
  const interruption = interruptible();
  try {
    const progress = new Progress(flags.quiet === true ? 'none' : process.stderr.isTTY ? 'text' : 'json');
    const outcome = await action({ signal: interruption.signal, progress });
    process.stdout.write(render(outcome, flags.format));
    return outcome.exitCode ?? EXIT.done;
  } catch (error) {
    const asJson = flags.format === 'json' || flags.format === 'ndjson';
    process.stderr.write(
      asJson ? `${JSON.stringify({ error: errorFields(error) })}\n` : explain(error, flags.verbose),
    );
    return exitCodeOf(error);
  } finally {
    interruption.release();
  }
}

/** The first signal asks the work to stop in order; a second one ends the process at once. */
function interruptible(): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    const reason = new InterruptedError(signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM');
    if (controller.signal.aborted) process.exit(exitCodeOf(reason));
    controller.abort(reason);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}

function errorFields(error: unknown): Record<string, unknown> {
  if (error instanceof StudymateError) {
    const { code, message, detail, hint } = error as StudymateError;
    return { code, message, detail, hint };
  }
  return { code: 'BUG', message: error instanceof Error ? error.message : String(error) };
}

/** An error that is none of ours is a bug: with its stack, and where to report it. */
export function explain(error: unknown, verbose = false): string {
  if (!(error instanceof StudymateError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `error: this is a bug in studymate-db; please report it with these lines\n${stack}\n`;
  }
  const lines = [`error: ${error.message} [${error.code}]`];
  if (error.detail) lines.push(...error.detail.split('\n').map((line) => `  ${line}`));
  if (error.hint) lines.push(`hint: ${error.hint}`);
  if (verbose && error.cause instanceof Error)
    lines.push(`cause: ${error.cause.stack ?? error.cause.message}`);
  return `${lines.join('\n')}\n`;
}
