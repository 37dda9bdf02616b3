import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/package-root.js';

/** The real binary: Debian's `psql` on the PATH is a Perl script that looks for it. */
export function findPsql(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const folders = existsSync(debian)
    ? readdirSync(debian).map((version) => join(debian, version, 'bin'))
    : [];
  const candidates = [...folders, ...(process.env['PATH'] ?? '').split(':')].map((folder) =>
    join(folder, 'psql'),
  );
  return candidates.find((file) => existsSync(file));
}

export function nodePgMigrateCli(): string {
  return join(packageRoot(), 'node_modules', '.bin', 'node-pg-migrate');
}

/** dbmate's own binary, without the shim that npm puts before it; undefined where its package is not installed. */
export function dbmateBinary(): string | undefined {
  const folder = join(packageRoot(), 'node_modules', '@dbmate', `${process.platform}-${process.arch}`);
  const binary = join(folder, 'bin', 'dbmate');
  return existsSync(binary) ? binary : undefined;
}

/** The same SQL in a form each tool reads. Removed by the caller. */
export async function forPeers(
  directory: string,
): Promise<{ sqlFile: string; dbmateFolder: string; remove: () => Promise<void> }> {
  const dbmateFolder = await mkdtemp(join(tmpdir(), 'studymate-dbmate-'));
  const scripts = await mkdtemp(join(tmpdir(), 'studymate-psql-'));
  const sqlFile = join(scripts, 'up.sql');
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  const ups: string[] = [];
  for (const name of names) {
    const [up = '', down = ''] = (await readFile(join(directory, name), 'utf8')).split(
      /^-- Down Migration$/m,
    );
    ups.push(up);
    await writeFile(
      join(dbmateFolder, name),
      `-- migrate:up\n${up.replace(/^[\s\S]*?^-- Up Migration$/m, '')}\n-- migrate:down\n${down}`,
    );
  }
  await writeFile(sqlFile, ups.join('\n'));
  return {
    sqlFile,
    dbmateFolder,
    remove: async () => {
      await rm(dbmateFolder, { recursive: true, force: true });
      await rm(scripts, { recursive: true, force: true });
    },
  };
}
