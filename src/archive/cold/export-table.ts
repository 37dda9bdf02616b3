import { join } from 'node:path';
import type { ConnectionSettings } from '../../database/connection-settings.js';
import { OperationError } from '../../errors.js';
import { packageVersion } from '../../package-root.js';
import { partitionSql } from '../archive-table.js';
import type { ArchivedMonth } from './archived-month.js';
import { readFileContent } from './check-copy.js';
import type { ColdTask } from './cold-run.js';
import { readColumns, textExpressions, type ColdColumn } from './columns.js';
import { describeContent, readContent, sameContent, type Content } from './content.js';
import { hashFile, writeDataFile } from './data-file.js';
import { dataFile } from './layout.js';
import { buildManifest, type Manifest, type ManifestFile } from './manifest.js';
import type { ColdFileFormat } from './options.js';
import { withSnapshot } from './snapshot.js';
import { writeCopy } from './write-copy.js';

/**
 * Writes the cold copy of an archived month. Rows, count and checksum come from one snapshot of the database; the file
 * is read again and added up before it gets its name.
 *
 * @throws OperationError COLD_DISK_FULL and COLD_FILE_UNWRITABLE: nothing is left of it; COLD_VALUE_UNSUPPORTED by
 * Parquet; COLD_CONTENT_DIFFERS when the file does not hold what the server sent
 */
export async function exportTable(
  connection: ConnectionSettings | string,
  { table, archived }: ArchivedMonth,
  task: ColdTask,
  fileFormat: ColdFileFormat,
): Promise<Manifest> {
  const { policy, month, signal, phase } = task;
  return writeCopy(task.folder, task.partial, (partial) =>
    withSnapshot(connection, signal, archived, async (snapshot) => {
      const { client } = snapshot;
      const columns = await readColumns(client, archived.oid, table.archive.oid);
      phase('count');
      const content = await readContent(client, partitionSql(archived), columns, table.archive.controlColumn);
      const name = dataFile(policy, month, fileFormat);
      const path = join(partial, name);
      const { to: copyTo } = await import('pg-copy-streams');
      const rows = client.query(copyTo(copyOut(partitionSql(archived), columns)));
      await writeDataFile(rows, { path, fileFormat, columns, onBytes: phase('write'), signal });
      const file = { name, fileFormat, ...(await hashFile(path)) };
      await assertContent(path, columns, file, content, phase('read back'));
      return buildManifest({
        policy,
        month,
        toolVersion: packageVersion(),
        exportedAt: snapshot.takenAt,
        serverVersion: snapshot.serverVersion,
        database: snapshot.database,
        partition: archived.name,
        columns,
        content,
        file,
      });
    }),
  );
}

/** Every column as its text: what the checksum is about. A cast column keeps its name. */
function copyOut(qualifiedName: string, columns: readonly ColdColumn[]): string {
  return `copy (select ${textExpressions(columns).join(', ')} from only ${qualifiedName})
    to stdout with (format csv, header, encoding 'UTF8')`;
}

async function assertContent(
  path: string,
  columns: readonly ColdColumn[],
  file: ManifestFile,
  expected: Content,
  onBytes: (count: number) => void,
): Promise<void> {
  const written = await readFileContent(path, { columns, file }, onBytes);
  if (typeof written !== 'string' && sameContent(written, expected)) return;
  throw new OperationError('COLD_CONTENT_DIFFERS', `${path} does not hold what the server sent`, {
    detail: `${typeof written === 'string' ? written : `The file: ${describeContent(written)}.`} The server: ${describeContent(expected)}.`,
    hint: 'The file was removed again. Check the disk, and run it again.',
  });
}
