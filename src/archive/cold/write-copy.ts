import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OperationError } from '../../errors.js';
import { asWriteFailure } from './file-failure.js';
import { CHECKSUM_FILE, MANIFEST_FILE } from './layout.js';
import { manifestText, type Manifest } from './manifest.js';

/**
 * Makes the folder of a copy, all or nothing: `write` fills another one beside it, which is renamed when everything in
 * it is on disk. What a killed run left of that one is thrown away first. An existing copy is never replaced.
 *
 * @param write writes the data into the folder it is given, and tells the manifest
 * @throws OperationError COLD_DISK_FULL, COLD_FILE_UNWRITABLE, COLD_COPY_EXISTS; no copy and no remains are there then
 */
export async function writeCopy(
  folder: string,
  partial: string,
  write: (partial: string) => Promise<Manifest>,
): Promise<Manifest> {
  try {
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { recursive: true });
    const manifest = await write(partial);
    const text = manifestText(manifest);
    await writeDurably(join(partial, MANIFEST_FILE), text);
    const sha256 = createHash('sha256').update(text).digest('hex');
    await writeDurably(
      join(partial, CHECKSUM_FILE),
      `${manifest.file.sha256}  ${manifest.file.name}\n${sha256}  ${MANIFEST_FILE}\n`,
    );
    await syncFolder(partial);
    await rename(partial, folder);
    await syncFolder(dirname(folder));
    return manifest;
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    throw hasErrno(error, 'ENOTEMPTY', 'EEXIST')
      ? new OperationError('COLD_COPY_EXISTS', `${folder} was made by someone else meanwhile`, {
          hint: 'Check it with «studymate-db archive verify», or give another folder.',
          cause: error,
        })
      : asWriteFailure(error, folder);
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A new name is on disk only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } catch (error) {
    // Some network file systems, and Windows, have no such thing.
    if (!hasErrno(error, 'EINVAL', 'EPERM', 'ENOTSUP')) throw error;
  } finally {
    await folder.close();
  }
}

function hasErrno(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException).code ?? '');
}
