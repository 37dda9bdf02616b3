import type { ClientBase } from 'pg';
import { OperationError } from '../errors.js';
import type { Partition } from '../partitioning/partition-set.js';
import type { ArchiveTable, RelationFacts } from './archive-table.js';

/**
 * What stands in the way of moving anything between a table and its archive, whichever month it is.
 *
 * @returns the first obstacle; undefined when there is none
 */
export async function findTableObstacle(
  client: ClientBase,
  table: ArchiveTable,
): Promise<OperationError | undefined> {
  return (
    findPendingDetach(table) ??
    findForeignOwner(table, [table.live.oid, table.archive.oid]) ??
    (await findDifference(client, table)) ??
    (await findInboundKey(client, table))
  );
}

/** What stands in the way of moving this partition as a whole. */
export function findPartitionObstacle(
  table: ArchiveTable,
  partition: Pick<Partition, 'oid'>,
): OperationError | undefined {
  const facts = relationOf(table, partition.oid);
  if (facts.kind !== 'table') {
    return new OperationError(
      'ARCHIVE_PARTITION_UNSUPPORTED',
      `${facts.sql} is a ${facts.kind} table and cannot be moved`,
      { hint: 'Move it by hand, or name a cutoff before it.' },
    );
  }
  return findForeignOwner(table, [partition.oid]);
}

export function relationOf(table: ArchiveTable, oid: number): RelationFacts {
  const facts = table.relations.get(oid);
  if (facts !== undefined) return facts;
  throw new OperationError('ARCHIVE_STATE_CHANGED', 'a partition went while it was looked at', {
    hint: 'Run again; something else changes partitions at the same time.',
  });
}

/** Its rows are in neither table, and PostgreSQL refuses every other change of its range until it is finished. */
function findPendingDetach({ live, archive, relations }: ArchiveTable): OperationError | undefined {
  for (const set of [live, archive]) {
    const pending = set.partitions.find(({ detachPending }) => detachPending);
    if (pending === undefined) continue;
    const [root, partition] = [relations.get(set.oid)?.sql, relations.get(pending.oid)?.sql];
    return new OperationError(
      'ARCHIVE_DETACH_PENDING',
      `a concurrent detach of ${partition} was begun and not finished`,
      {
        detail: 'Its rows are in neither table meanwhile.',
        hint: `Finish it with «alter table ${root} detach partition ${partition} finalize», attach it again where it belongs, and run again.`,
      },
    );
  }
  return undefined;
}

function findForeignOwner(table: ArchiveTable, oids: readonly number[]): OperationError | undefined {
  const { owner } = relationOf(table, table.live.oid);
  for (const oid of oids) {
    const facts = relationOf(table, oid);
    if (!facts.owned) {
      return new OperationError('ARCHIVE_OWNER_DIFFERS', `the session may not change ${facts.sql}`, {
        detail: `Its owner is ${facts.owner}.`,
        hint: 'Connect as the owner of the tables, or as a member of that role.',
      });
    }
    if (facts.owner !== owner) {
      return new OperationError(
        'ARCHIVE_OWNER_DIFFERS',
        `${facts.sql} does not have the owner of ${relationOf(table, table.live.oid).sql}`,
        {
          detail: `Their owners are ${facts.owner} and ${owner}.`,
          hint: `Give it the same owner: alter table ${facts.sql} owner to …`,
        },
      );
    }
  }
  return undefined;
}

async function findDifference(
  client: ClientBase,
  { live, archive, relations }: ArchiveTable,
): Promise<OperationError | undefined> {
  const { rows } = await client.query<{ what: string; live: string | null; archive: string | null }>(
    differenceQuery,
    [live.oid, archive.oid],
  );
  if (rows.length === 0) return undefined;
  const [liveSql, archiveSql] = [relations.get(live.oid)?.sql, relations.get(archive.oid)?.sql];
  return new OperationError('ARCHIVE_TABLES_DIFFER', `${liveSql} and ${archiveSql} are not alike`, {
    detail: rows
      .map(
        (row) =>
          `${row.what}: ${row.live ?? 'missing'} in ${live.table}, ${row.archive ?? 'missing'} in ${archive.table}`,
      )
      .join('\n'),
    hint: 'Give both the same columns and checks with a migration; their order does not matter.',
  });
}

/** A partition with a key pointing at it is scanned under an exclusive lock when it is detached, or not let go at all. */
async function findInboundKey(
  client: ClientBase,
  { live, archive, relations }: ArchiveTable,
): Promise<OperationError | undefined> {
  const { rows } = await client.query<{ name: string; from: string; to: string }>(inboundQuery, [
    [...relations.keys()],
  ]);
  const [key] = rows;
  if (key === undefined) return undefined;
  return new OperationError(
    'ARCHIVE_INBOUND_FOREIGN_KEY',
    `a foreign key points at ${live.table} or ${archive.table}`,
    {
      detail: rows.map(({ name, from, to }) => `${name}, of ${from}, references ${to}`).join('\n'),
      hint: 'Replace it by a trigger, as fk_chat_participants_last_read is one: a month that is referenced cannot be detached without scanning it under an exclusive lock.',
    },
  );
}

const differenceQuery = `
  with columns as (
    select attrelid, attname as what, format_type(atttypid, atttypmod)
      || case when attcollation not in (0, (select oid from pg_collation where collname = 'default' and collnamespace = 'pg_catalog'::regnamespace))
              then ' collate ' || attcollation::regcollation else '' end
      || case when attnotnull then ' not null' else '' end as definition
    from pg_attribute
    where attrelid in ($1, $2) and attnum > 0 and not attisdropped
    union all
    select conrelid, conname, pg_get_constraintdef(oid) from pg_constraint
    where conrelid in ($1, $2) and contype = 'c'
  )
  select coalesce(l.what, a.what)::text as what, l.definition as live, a.definition as archive
  from (select * from columns where attrelid = $1) as l
  full join (select * from columns where attrelid = $2) as a on a.what = l.what
  where l.definition is distinct from a.definition
  order by 1`;

const inboundQuery = `
  select conname::text as name, conrelid::regclass::text as from, confrelid::regclass::text as to
  from pg_constraint
  where contype = 'f' and confrelid = any ($1) and conparentid = 0
  order by conrelid::regclass::text, conname`;
