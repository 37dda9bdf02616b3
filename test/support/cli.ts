import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../src/package-root.js';

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliProcess {
  readonly process: ChildProcess;
  readonly result: Promise<CliResult>;
  /** Resolves once stderr holds the text. */
  stderrShows(text: string): Promise<void>;
}

/** Starts `studymate-db` as a process of its own, with nothing of this one's environment but the path. */
export function spawnCli(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): CliProcess {
  const child = spawn(process.execPath, [join(packageRoot(), 'bin', 'studymate-db.js'), ...args], {
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let wake = (): void => undefined;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
    wake();
  });
  const result = new Promise<CliResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      wake();
      resolve({ code, stdout, stderr });
    });
  });
  return {
    process: child,
    result,
    async stderrShows(text) {
      while (!stderr.includes(text)) {
        if (child.exitCode !== null) throw new Error(`it ended without saying «${text}»:\n${stderr}`);
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}

export function runCli(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  return spawnCli(args, environment).result;
}
