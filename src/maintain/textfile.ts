import { chmod, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { UsageError } from '../errors.js';

/** @throws UsageError USAGE_INVALID_OPTION for a name that the collector would not read */
export function assertTextfileName(file: string): void {
  if (extname(file) === '.prom') return;
  throw new UsageError('USAGE_INVALID_OPTION', `--textfile: ${file} does not end in .prom`, {
    hint: 'The collector of node_exporter reads files called *.prom, and no others.',
  });
}

/** The text that is there; undefined when there is none, or it cannot be read. */
export async function readTextfile(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}

/**
 * Puts the text in place of the file, all of it or none: the collector may read at any moment. Under its final name
 * the file is readable by all, whatever the umask of cron.
 *
 * @throws what the file system reports; the old file is left
 */
export async function writeTextfile(file: string, text: string): Promise<void> {
  // Beside it, as a rename does not leave the file system; with a name that the collector passes over.
  const temporary = join(dirname(file), `.${basename(file)}.${process.pid}.tmp`);
  try {
    const handle = await open(temporary, 'w', 0o644);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await chmod(temporary, 0o644);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}
