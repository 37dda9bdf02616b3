import { spawn } from 'node:child_process';

/** An account by its numbers, to run a program as. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** initdb takes the server's time zone from TZ; LC_ALL keeps messages in English, whatever the cluster's locale. */
export const PROGRAM_ENVIRONMENT: Readonly<Record<string, string>> = {
  LC_ALL: 'C',
  TZ: 'UTC',
  PATH: '/usr/local/bin:/usr/bin:/bin',
};

export interface RunOptions {
  readonly account?: Account | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ProgramResult {
  /** Null when it did not start or was ended by a signal. */
  readonly exitCode: number | null;
  readonly stdout: string;
  /** What it wrote to stderr, or why it did not start. */
  readonly stderr: string;
}

/**
 * Runs a program to its end, as `account` if given. The caller's environment is not passed on: PGDATA,
 * PGOPTIONS, LC_ALL and the like would change what PostgreSQL's programs do.
 */
export async function runProgram(
  program: string,
  parameters: readonly string[],
  options: RunOptions = {},
): Promise<ProgramResult> {
  options.signal?.throwIfAborted();
  const result = await new Promise<ProgramResult>((resolve) => {
    let stdout = '';
    let stderr = '';
    const child = spawn(program, parameters, {
      ...options.account,
      // The caller's own folder may be out of the account's reach.
      cwd: '/',
      env: { ...PROGRAM_ENVIRONMENT, ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: options.signal,
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', (error) => resolve({ exitCode: null, stdout, stderr: error.message }));
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
    // Some reasons for not starting are thrown at once: an account that this user namespace does not have.
  }).catch((error: unknown) => ({ exitCode: null, stdout: '', stderr: String(error) }));
  options.signal?.throwIfAborted();
  return result;
}
