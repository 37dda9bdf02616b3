import { readCatalog } from '../catalog/read-catalog.js';
import { withConnection } from '../database/connect.js';
import type { ConnectionSettings } from '../database/connection-settings.js';
import { OperationError } from '../errors.js';
import { describeCatalog } from './describe-catalog.js';
import type { SchemaDescription } from './schema-description.js';

export interface DescribeSchemaOptions {
  /** The database to describe; it is only read, in one snapshot. */
  readonly connection: ConnectionSettings | string;
  /** On abort the running statement is cancelled on the server. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads the tables of a database for its readers: by domain, with columns, keys, checks, indexes, references in both
 * directions and how it is partitioned. The same schema gives the same description on PostgreSQL 15 to 18; which
 * partitions there are is in `partitions` alone.
 *
 * @throws ConnectError; OperationError ERD_NO_TABLES
 */
export async function describeSchema({
  connection,
  signal,
}: DescribeSchemaOptions): Promise<SchemaDescription> {
  const catalog = await withConnection(
    connection,
    { applicationName: 'studymate-db erd', signal },
    ({ client }) => readCatalog(client),
  );
  if (catalog.tables.length === 0) {
    throw new OperationError('ERD_NO_TABLES', 'the database has no tables to describe', {
      hint: 'Apply the migrations first with «studymate-db migrate», or name another database.',
    });
  }
  return describeCatalog(catalog);
}
