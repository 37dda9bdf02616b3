import { elapsedMs } from '../database/duration.js';
import { quoteIdentifier, quoteQualified } from '../database/identifier.js';
import { OperationError } from '../errors.js';
import { objectName, type ArchiveRun, type RelationName } from './archive-run.js';

interface MissingIndex {
  readonly name: string;
  readonly unique: boolean;
  /** ` USING btree (…)`, and whatever follows. */
  readonly definition: string;
  readonly constraint: string | null;
  /** An index of that name on the partition: what a build that did not finish left. */
  readonly leftover: boolean;
}

/**
 * Builds, concurrently, the indexes of the target that a partition lacks; attaching it would build them under its
 * locks. An index that was left invalid is dropped and built again.
 */
export async function buildMissingIndexes(
  run: ArchiveRun,
  partition: RelationName,
  targetOid: number,
): Promise<void> {
  const { client } = run.session;
  const { rows } = await client.query<MissingIndex>(missingIndexesQuery, [partition.oid, targetOid]);
  for (const { name, unique, definition, constraint, leftover } of rows) {
    const startedAt = performance.now();
    if (constraint !== null) {
      throw new OperationError(
        'ARCHIVE_TABLES_DIFFER',
        `${objectName(partition)} lacks the constraint ${constraint} of its new table`,
        { hint: 'Give the live table and its archive the same primary key and unique constraints.' },
      );
    }
    const index = quoteQualified(partition.schema, name);
    // Longer than others wait behind us: CONCURRENTLY waits for transactions, and blocks nobody meanwhile.
    await client.query(`set lock_timeout = '1h'`);
    try {
      if (leftover) await client.query(`drop index concurrently ${index}`);
      await client.query(
        `create ${unique ? 'unique ' : ''}index concurrently ${quoteIdentifier(name)}
         on ${quoteQualified(partition.schema, partition.name)} ${definition}`,
      );
    } finally {
      await client.query(`set lock_timeout = '200ms'`).catch(() => undefined);
    }
    run.onEvent({
      type: 'index-built',
      partition: objectName(partition),
      index: `${partition.schema}.${name}`,
      durationMs: elapsedMs(startedAt),
    });
  }
}

// Alike is what follows the table in their definitions; an index of the partition serves one of the target only.
const missingIndexesQuery = `
  with indexes as (
    select i.indrelid, i.indexrelid, i.indisvalid, i.indisunique, c.relname,
      substr(pg_get_indexdef(i.indexrelid), length(format('CREATE %sINDEX %I ON %s%I.%I ',
        case when i.indisunique then 'UNIQUE ' end, c.relname, case when t.relkind = 'p' then 'ONLY ' end,
        n.nspname, t.relname))) as definition,
      (select conname from pg_constraint where conindid = i.indexrelid and contype in ('p', 'u', 'x')) as constraint
    from pg_index as i
    join pg_class as c on c.oid = i.indexrelid
    join pg_class as t on t.oid = i.indrelid
    join pg_namespace as n on n.oid = t.relnamespace
    where i.indrelid in ($1, $2)
  ), wanted as (
    select *, left(relname || '_' || $1::oid, 63) as name,
      row_number() over (partition by definition, indisunique, "constraint" is not null) as nth
    from indexes where indrelid = $2
  ), had as (
    select *, row_number() over (partition by definition, indisunique, "constraint" is not null) as nth
    from indexes where indrelid = $1 and indisvalid
  )
  select w.name::text, w.indisunique as unique, w.definition, w.constraint::text,
    exists (select from indexes as i where i.indrelid = $1 and i.relname = w.name) as leftover
  from wanted as w
  left join had as h on h.definition = w.definition and h.indisunique = w.indisunique and h.nth = w.nth
    and (h.constraint is null) = (w.constraint is null)
  where h.indexrelid is null
  order by w.name`;
