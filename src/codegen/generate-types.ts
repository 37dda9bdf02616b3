import { withConnection } from '../database/connect.js';
import type { ConnectionSettings } from '../database/connection-settings.js';
import type { DatabaseDescription } from './describe-database.js';
import { readTypesFile, writeTypesFile } from './types-file.js';
import { unifiedDiff } from '../catalog/unified-diff.js';

export interface GenerateTypesOptions {
  /** The database to describe; it is only read, in one snapshot. */
  readonly connection: ConnectionSettings | string;
  /** The file to write or to check; its folder must exist. Without one nothing is read or written. */
  readonly file?: string | undefined;
  /** Compares the file and leaves it as it is; default false. */
  readonly check?: boolean | undefined;
  /** On abort the running statement is cancelled on the server. */
  readonly signal?: AbortSignal | undefined;
}

export interface GenerateTypesResult extends DatabaseDescription {
  /** Whether the file was missing or different; false without a file. */
  readonly changed: boolean;
  /** What changes in the file, as a unified diff; empty when nothing does. */
  readonly diff: string;
}

/**
 * Writes the TypeScript types of a database's tables, for Kysely: an interface a table and `DB` of them all, a union
 * and a list for each column whose CHECK constraints the server proves to be a list of values, and the names of the
 * constraints. The text depends on the schema alone: not on the server's major version, the locale or the time.
 *
 * The file is replaced as a whole, and only when it changes; after an error the old one is still there.
 *
 * @throws ConnectError; OperationError CODEGEN_NO_TABLES, CODEGEN_FILE_UNREADABLE, CODEGEN_FILE_UNWRITABLE
 */
export async function generateTypes(options: GenerateTypesOptions): Promise<GenerateTypesResult> {
  const { connection, file, check = false, signal } = options;
  // With kysely-codegen comes a whole TypeScript compiler: not for those who only import this module.
  const { describeDatabase } = await import('./describe-database.js');
  const description = await withConnection(
    connection,
    { applicationName: 'studymate-db codegen', signal },
    async ({ client }) => {
      // The second, a setting of the server or the role, would change how expressions are printed.
      await client.query(
        'begin transaction isolation level repeatable read, read only; set local quote_all_identifiers = off',
      );
      return describeDatabase(client);
    },
  );
  if (file === undefined) return { ...description, changed: false, diff: '' };
  const old = await readTypesFile(file);
  const changed = old !== description.text;
  if (changed && !check) await writeTypesFile(file, description.text);
  return { ...description, changed, diff: changed ? unifiedDiff(file, old ?? '', description.text) : '' };
}
