import type pg from 'pg';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { quoteIdentifier, quoteQualified } from '../../database/identifier.js';
import { hasSqlState, isServerError, SQLSTATE } from '../../database/sqlstate.js';
import { OperationError, StudymateError } from '../../errors.js';
import { readModel } from '../../partitioning/create-partition.js';
import { partitionName } from '../../partitioning/partition-name.js';
import { readPartitionModel, type PartitionModel } from '../../partitioning/partition-model.js';
import type { PartitionSet } from '../../partitioning/partition-set.js';
import { takeAfter, type StandaloneTable } from '../../partitioning/standalone-table.js';
import type { ColdTask } from './cold-run.js';
import { columnList } from './columns.js';
import { csvChunks, readRows } from './data-file.js';
import { formatCsv } from './csv.js';
import { asReadFailure } from './file-failure.js';
import type { Manifest } from './manifest.js';

export interface MonthTable extends StandaloneTable {
  /** What it takes after. */
  readonly model: PartitionModel | undefined;
}

/** Within a transaction: an empty table like the archive, with what its siblings have of their own, without indexes. */
export async function createMonthTable(
  client: pg.Client,
  archive: PartitionSet,
  month: Date,
): Promise<MonthTable> {
  const { schema } = archive;
  const name = partitionName(archive.table, month);
  const sibling = await readModel(client, archive, month);
  const model = sibling?.traits ?? (await readPartitionModel(client, archive.oid));
  try {
    // Not by createStandaloneTable: rows are loaded faster before there are indexes.
    await client.query(
      `create table ${quoteQualified(schema, name)} (like ${quoteQualified(schema, archive.table)}
         including all excluding indexes excluding identity excluding comments excluding statistics)
         ${model?.tablespace ? `tablespace ${quoteIdentifier(model.tablespace)}` : ''}`,
    );
  } catch (error) {
    if (!hasSqlState(error, SQLSTATE.duplicateTable)) throw error;
    throw new OperationError('PARTITION_NAME_TAKEN', `there is another table ${schema}.${name}`, {
      detail: `It is not a partition of ${schema}.${archive.table}.`,
      hint: 'Nothing was imported. Rename or drop that table, and run it again.',
      cause: error,
    });
  }
  const { rows } = await client.query<{ oid: number }>('select $1::regclass::oid as oid', [
    quoteQualified(schema, name),
  ]);
  const table = { oid: rows[0]?.oid ?? 0, schema, name, model };
  if (model !== undefined) await takeAfter(client, table, model, sibling?.comment);
  return table;
}

/** Copies the rows of the file into the table, as fast as the server takes them. */
export async function loadRows(
  client: pg.Client,
  { schema, name }: MonthTable,
  manifest: Manifest,
  task: ColdTask,
): Promise<void> {
  const path = join(task.folder, manifest.file.name);
  const onBytes = task.phase('load');
  const csv = manifest.file.fileFormat === 'csv.gz';
  const { from: copyFrom } = await import('pg-copy-streams');
  const target = client.query(
    copyFrom(
      `copy ${quoteQualified(schema, name)} (${columnList(manifest.columns)})
       from stdin with (format csv, header ${csv ? 'match' : 'false'}, encoding 'UTF8')`,
    ),
  );
  try {
    await pipeline(csv ? counted(csvChunks(path), onBytes) : asCsv(path, manifest, onBytes), target, {
      signal: task.signal,
    });
  } catch (error) {
    task.signal?.throwIfAborted();
    throw asLoadFailure(error, `${schema}.${name}`, path);
  }
}

/** The server's own detail is left out: it shows the row, which may be a private message. */
function asLoadFailure(error: unknown, table: string, path: string): unknown {
  const failure = asReadFailure(error, path);
  if (failure instanceof StudymateError) return failure;
  if (!isServerError(error)) {
    return new OperationError('COLD_FILE_UNREADABLE', `${path} could not be read to its end`, {
      detail: error instanceof Error ? error.message : undefined,
      hint: 'Nothing was imported. The file changed after it was checked; verify it, and run it again.',
      cause: error,
    });
  }
  const { code, constraint, column } = error;
  const refusedBy =
    code === SQLSTATE.checkViolation
      ? `the constraint ${constraint ?? ''}`
      : code === SQLSTATE.notNullViolation
        ? `the column ${column ?? ''}, which allows no null`
        : code.startsWith('22')
          ? `the type of a column (SQLSTATE ${code})`
          : undefined;
  if (refusedBy === undefined) return error;
  return new OperationError('COLD_ROWS_REFUSED', `${table} refuses rows of the cold copy`, {
    detail: `By ${refusedBy}.`,
    hint: 'Nothing was imported. Load the file into a table of its own as its manifest says, and compare the rules.',
  });
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  onBytes: (count: number) => void,
): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of chunks) {
    onBytes(chunk.length);
    yield chunk;
  }
}

async function* asCsv(
  path: string,
  { file, columns }: Manifest,
  onBytes: (count: number) => void,
): AsyncGenerator<Uint8Array, void> {
  for await (const batch of readRows(path, file.fileFormat, columns, onBytes)) {
    yield Buffer.from(batch.map(formatCsv).join(''));
  }
}

/**
 * Messages are looked up by their id alone: one that comes back must not get a namesake. Only a database that is not the
 * one of the export has a sequence that is behind.
 */
export async function raiseSequence(
  client: pg.Client,
  live: PartitionSet,
  maxId: string | null,
): Promise<void> {
  const { rows } = await client.query<{ sequence: string | null }>(
    `select pg_get_serial_sequence($1, 'id') as sequence`,
    [quoteQualified(live.schema, live.table)],
  );
  const sequence = rows[0]?.sequence;
  if (maxId === null || sequence === null || sequence === undefined) return;
  const behind = async (): Promise<boolean> => {
    const { rowCount } = await client.query(`select from ${sequence} where last_value < $1`, [maxId]);
    return rowCount === 1;
  };
  if (!(await behind())) return;
  // Changes nothing, but keeps everybody else from drawing a number until the commit.
  await client.query(`alter sequence ${sequence} no cycle`);
  if (await behind()) await client.query('select setval($1, $2)', [sequence, maxId]);
}

/** The foreign keys without the proof that the rows have their parents: from now on the server keeps them. */
export async function addKeys(
  client: pg.Client,
  { schema, name }: MonthTable,
  keys: readonly { readonly name: string; readonly definition: string }[],
): Promise<void> {
  for (const key of keys) {
    await client.query(
      `alter table ${quoteQualified(schema, name)} add constraint ${quoteIdentifier(key.name)} ${key.definition} not valid`,
    );
  }
}
