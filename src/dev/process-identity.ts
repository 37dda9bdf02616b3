import { readFile, stat } from 'node:fs/promises';
import { runProgram, type Account } from './program.js';

/**
 * What tells a process from a later one with the same, recycled pid: the time it started, in the system's own
 * unit. Undefined when no such process runs. A zombie counts as gone: in a container whose first process
 * reaps nobody it stays for ever.
 */
export async function processStart(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    // The name, in parentheses, may hold spaces and parentheses; the fields after it are state (3) to starttime (22).
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  }
  if (process.platform === 'win32') return isSignalable(pid) ? 'unknown' : undefined;
  const { exitCode, stdout } = await runProgram('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]);
  const [state, ...start] = stdout.trim().split(/\s+/);
  return exitCode === 0 && state !== undefined && !state.startsWith('Z') ? start.join('_') : undefined;
}

export async function isRunning(pid: number): Promise<boolean> {
  return (await processStart(pid)) !== undefined;
}

function isSignalable(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * True when process `pid` works in `folder`, as a postmaster does in its data directory. This is how a
 * postmaster is told from a stranger that got its pid: a program's name would not tell ours from other servers.
 */
export async function worksIn(pid: number, folder: string, account: Account | undefined): Promise<boolean> {
  if (process.platform !== 'linux') {
    const { stdout } = await runProgram('ps', ['-o', 'command=', '-ww', '-p', String(pid)]);
    return stdout.includes(folder);
  }
  try {
    const [there, here] = await Promise.all([stat(`/proc/${pid}/cwd`), stat(folder)]);
    return there.ino === here.ino && there.dev === here.dev;
  } catch {
    if (account === undefined) return false;
    // Root without CAP_SYS_PTRACE, as in most containers, may not look; the account may look at its own process.
    const test = ['-c', 'test "$0" -ef "$1"', `/proc/${pid}/cwd`, folder];
    return (await runProgram('/bin/sh', test, { account })).exitCode === 0;
  }
}

/**
 * The processes of PostgreSQL that work in `folder`: what a killed postmaster leaves behind. Asked of the account,
 * which may look at its own processes where root may not. Known on Linux only; empty elsewhere.
 */
export async function postgresProcessesIn(
  folder: string,
  account: Account | undefined,
): Promise<readonly number[]> {
  if (process.platform !== 'linux') return [];
  const script = `for process in /proc/[0-9]*; do
    if test "$process/cwd" -ef "$0" && read -r name < "$process/comm" && test "$name" = postgres; then echo "\${process#/proc/}"; fi
  done 2>/dev/null`;
  const { stdout } = await runProgram('/bin/sh', ['-c', script, folder], { account });
  return stdout.split('\n').filter(Boolean).map(Number);
}
