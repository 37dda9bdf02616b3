import { execFile } from 'node:child_process';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../src/package-root.js';
import { makeTemporaryFolder } from './server.js';

export interface CommandResult {
  readonly code: number;
  /** What it wrote to stdout and stderr, in this order. */
  readonly output: string;
  readonly stdout: string;
}

export interface Consumer {
  readonly folder: string;
  /** Compiles with this repository's TypeScript by a tsconfig of the folder. */
  compile(project?: string): Promise<CommandResult>;
  node(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<CommandResult>;
  dispose(): Promise<void>;
}

/** Runs a command to its end, whatever its exit code. */
export function run(
  command: string,
  args: readonly string[],
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...environment };
  return new Promise((resolve, reject) => {
    execFile(command, args, { cwd: folder, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number')
        reject(new Error(`${command} did not run to its end`, { cause: error }));
      else resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr, stdout });
    });
  });
}

export async function mustRun(command: string, args: readonly string[], folder: string): Promise<string> {
  const { code, output, stdout } = await run(command, args, folder);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`);
  return stdout;
}

/** Packs this package as it would be published. Wants `npm run build` to have been run. @returns the tarball */
export async function packPackage(folder: string): Promise<string> {
  const packed = await mustRun(
    'npm',
    ['pack', '--ignore-scripts', '--json', '--pack-destination', folder],
    packageRoot(),
  );
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  return join(folder, filename);
}

/** Copies test/consumer to a folder of its own and installs the tarball there, as a service would, from the registry. */
export async function installConsumer(tarball: string, packages: readonly string[]): Promise<Consumer> {
  const folder = await makeTemporaryFolder();
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await cp(join(packageRoot(), 'test', 'consumer'), folder, { recursive: true });
    await mustRun(
      'npm',
      [
        'install',
        '--prefer-offline',
        '--no-audit',
        '--no-fund',
        '--ignore-scripts',
        // The embedded PostgreSQL: 100 MB that nothing here needs.
        '--omit=optional',
        tarball,
        '@types/node@20',
        ...packages,
      ],
      folder,
    );
  } catch (error) {
    await dispose();
    throw error;
  }
  const compiler = join(packageRoot(), 'node_modules', 'typescript', 'bin', 'tsc');
  return {
    folder,
    compile: (project = 'tsconfig.json') =>
      run(process.execPath, [compiler, '--pretty', 'false', '-p', project], folder),
    node: (args, environment) => run(process.execPath, args, folder, environment),
    dispose,
  };
}
