import { rename, rm, writeFile } from 'node:fs/promises';
import { withConnection } from '../database/connect.js';
import type { ConnectionSettings } from '../database/connection-settings.js';
import { readCatalog } from './read-catalog.js';
import { renderCatalog } from './render/render-catalog.js';

export interface WriteSchemaFileOptions {
  /** A database that holds what the migrations make and nothing else. */
  readonly connection: ConnectionSettings | string;
  /** The file to write; its folder must exist. */
  readonly file: string;
}

/**
 * Writes the schema of a database as SQL. Readers of the file see the old text or the new, never a part; when it
 * fails the old one is still there.
 *
 * @throws ConnectError; the server's or the file system's own error
 */
export async function writeSchemaFile({ connection, file }: WriteSchemaFileOptions): Promise<void> {
  const catalog = await withConnection(
    connection,
    { applicationName: 'studymate-db generate' },
    ({ client }) => readCatalog(client),
  );
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, renderCatalog(catalog));
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
