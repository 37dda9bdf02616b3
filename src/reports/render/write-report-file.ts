import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OperationError } from '../../errors.js';
import { replaceFile } from '../../files/replace-file.js';

/**
 * Writes a report to a file, at once: readers see the old one or the new, never a part. Its folder must exist.
 *
 * @throws OperationError REPORT_FILE_UNWRITABLE; the old file is still there
 */
export async function writeReportFile(file: string, text: string): Promise<void> {
  try {
    await replaceFile(file, text);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw unwritable(
      file,
      error,
      missing
        ? `Make the folder ${dirname(file)} first, or name another file.`
        : 'Name a file that may be written.',
    );
  }
}

/**
 * Writes the pages of `renderReportSite` into a folder, which is made when there is none. Each is replaced at once, in
 * their order, so the index is last. Other files of the folder are left alone.
 *
 * @returns the files written
 * @throws OperationError REPORT_FILE_UNWRITABLE; pages before the one it names are written
 */
export async function writeReportSite(
  directory: string,
  files: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  await mkdir(directory, { recursive: true }).catch((error: unknown) => {
    throw unwritable(directory, error, 'Name a folder that may be made and written.');
  });
  const written: string[] = [];
  for (const [name, text] of files) {
    const file = join(directory, name);
    await writeReportFile(file, text);
    written.push(file);
  }
  return written;
}

function unwritable(file: string, error: unknown, hint: string): OperationError {
  return new OperationError('REPORT_FILE_UNWRITABLE', `${file} cannot be written`, {
    detail: (error as Error).message,
    hint,
    cause: error,
  });
}
