import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OperationError } from '../errors.js';
import { replaceFile } from '../files/replace-file.js';

/** The text of the file; undefined when there is none. */
export async function readDocument(file: string): Promise<string | undefined> {
  try {
    // As git may have checked it out on Windows.
    return (await readFile(file, 'utf8')).replaceAll('\r\n', '\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new OperationError('ERD_FILE_UNREADABLE', `${file} cannot be read`, {
      detail: (error as Error).message,
      hint: 'Name a file with --output that may be read and written.',
      cause: error,
    });
  }
}

/** Replaces the file at once: readers see the old text or the new, never a part. */
export async function writeDocument(file: string, text: string): Promise<void> {
  try {
    await replaceFile(file, text);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new OperationError('ERD_FILE_UNWRITABLE', `${file} cannot be written`, {
      detail: (error as Error).message,
      hint: missing
        ? `Make the folder ${dirname(file)} first, or name another file with --output.`
        : 'Name a file with --output that may be written.',
      cause: error,
    });
  }
}
