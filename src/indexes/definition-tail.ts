import type { ClientBase } from 'pg';
import { OperationError } from '../errors.js';

/**
 * What follows the table in the definition of an index: the same for a partitioned index and its leaves. Of i
 * (pg_index), c and t (pg_class of index and table), tn (pg_namespace of the table).
 */
export const DEFINITION_TAIL = `
  substr(pg_get_indexdef(i.indexrelid), length(format('CREATE %sINDEX %I ON %s%I.%I ',
    case when i.indisunique then 'UNIQUE ' end, c.relname, case when t.relkind = 'p' then 'ONLY ' end,
    tn.nspname, t.relname)) + 1)`;

/** @throws OperationError INDEX_MISSING */
export async function readDefinitionTail(client: ClientBase, oid: number): Promise<string> {
  const { rows } = await client.query<{ tail: string }>(
    `select ${DEFINITION_TAIL} as tail
       from pg_index i
       join pg_class c on c.oid = i.indexrelid
       join pg_class t on t.oid = i.indrelid
       join pg_namespace tn on tn.oid = t.relnamespace
      where i.indexrelid = $1`,
    [oid],
  );
  if (rows[0] !== undefined) return rows[0].tail;
  throw new OperationError('INDEX_MISSING', 'the index was dropped meanwhile', {
    hint: 'Run again: what is there then is looked at.',
  });
}
