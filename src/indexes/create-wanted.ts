import type { ClientBase } from 'pg';
import { quoteIdentifier, quoteQualified } from '../database/identifier.js';
import { OperationError, UsageError } from '../errors.js';
import type { IndexLockOptions } from './concurrent-run.js';
import { readDefinition, writeDefinition, type IndexDefinition } from './create-definition.js';
import { readNameHolder, readTargetTable, type NameHolder, type TargetTable } from './create-target.js';
import { readIndexes, type LogicalIndex } from './index-catalog.js';

export interface CreateIndexOptions extends IndexDefinition, IndexLockOptions {
  /** Default public. */
  readonly schema?: string | undefined;
  /** A plain table, a partitioned one, or a partition, which then has an index of its own. */
  readonly table: string;
  readonly name: string;
  readonly unique?: boolean | undefined;
}

/** The index that is wanted, as the server understands it, and what has its name already: the same, or nothing. */
export interface WantedIndex {
  readonly table: TargetTable;
  /** What follows the table in its definition. */
  readonly tail: string;
  readonly holder: NameHolder | undefined;
}

/** @throws UsageError USAGE_INVALID_OPTION; OperationError INDEX_NAME_TAKEN; what readTargetTable throws */
export async function readWanted(client: ClientBase, options: CreateIndexOptions): Promise<WantedIndex> {
  const { schema = 'public', name, unique = false } = options;
  const bytes = Buffer.byteLength(name);
  if (bytes === 0 || bytes > 63) {
    throw new UsageError('USAGE_INVALID_OPTION', `an index cannot be called «${name}»`, {
      hint: 'A name has 1 to 63 bytes.',
    });
  }
  const definition = writeDefinition(options);
  const table = await readTargetTable(client, { schema, table: options.table });
  const tail = await readDefinition(client, table, { unique, definition });
  const holder = await readNameHolder(client, { schema, name });
  if (
    holder !== undefined &&
    !(holder.tableOid === table.oid && holder.unique === unique && holder.tail === tail)
  ) {
    throw new OperationError('INDEX_NAME_TAKEN', `there is something else called ${schema}.${name}`, {
      detail:
        holder.tail === undefined
          ? 'It is no index.'
          : `It is ${holder.unique ? 'a unique index' : 'an index'}: ${holder.tail}\nWanted is ${unique ? 'a unique one' : 'one'}: ${tail}`,
      hint: 'Choose another --name, or drop what has it.',
    });
  }
  return { table, tail, holder };
}

/** @throws OperationError INDEX_MISSING */
export async function readRootOid(client: ClientBase, table: TargetTable, name: string): Promise<number> {
  const holder = await readNameHolder(client, { schema: table.schema, name });
  if (holder?.tableOid === table.oid) return holder.oid;
  throw new OperationError('INDEX_MISSING', `${table.schema}.${name} was dropped meanwhile`, {
    hint: 'Run again, when nobody drops it.',
  });
}

/** A partitioned index, and the indexes that may become its leaves. @throws OperationError INDEX_MISSING */
export async function readRoot(
  client: ClientBase,
  table: TargetTable,
  oid: number,
): Promise<{ root: LogicalIndex; standalone: readonly LogicalIndex[] }> {
  // Partitions may be in other schemas.
  const indexes = await readIndexes(client, { table: table.name });
  const root = indexes.find((index) => index.oid === oid);
  if (root !== undefined) return { root, standalone: indexes.filter(({ partitioned }) => !partitioned) };
  throw new OperationError(
    'INDEX_MISSING',
    `an index of ${table.schema}.${table.name} was dropped meanwhile`,
    {
      hint: 'Run again, when nobody drops it.',
    },
  );
}

/** `only` on the parent alone, `concurrently` on what has rows. */
export function createStatement(
  table: { readonly schema: string; readonly name: string },
  name: string,
  {
    unique,
    tail,
    kind,
  }: { readonly unique: boolean; readonly tail: string; readonly kind: 'only' | 'concurrently' },
): string {
  const how = kind === 'only' ? '' : 'concurrently ';
  const where = kind === 'only' ? 'only ' : '';
  return `create ${unique ? 'unique ' : ''}index ${how}${quoteIdentifier(name)} on ${where}${quoteQualified(table.schema, table.name)} ${tail}`;
}
