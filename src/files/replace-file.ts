import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';

/**
 * Replaces the file at once: readers see the old text or the new, never a part. After an error the old one is still
 * there. Its folder must exist.
 *
 * @throws the file system's own error
 */
export async function replaceFile(file: string, text: string): Promise<void> {
  // Beside the file, as a rename is atomic within one file system only.
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}
