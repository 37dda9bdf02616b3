import type { ClientBase } from 'pg';
import type { PartitionSet } from '../partitioning/partition-set.js';

export interface IndexTrouble {
  readonly trouble: 'index missing' | 'index invalid';
  /** The partition, or the partitioned table itself; schema-qualified. */
  readonly object: string;
  /** The partitioned index. */
  readonly index: string;
}

/** Finds, for every index of a partitioned table, the partitions that lack it or have it invalid. */
export async function readIndexTrouble(
  client: ClientBase,
  set: PartitionSet,
): Promise<readonly IndexTrouble[]> {
  const { rows } = await client.query<IndexTrouble>(
    `with root_index as (
       select i.indexrelid as oid, c.relname as name, i.indisvalid as valid
       from pg_index as i join pg_class as c on c.oid = i.indexrelid
       where i.indrelid = $1
     ),
     leaf as (
       select p.inhrelid as oid, n.nspname || '.' || c.relname as name
       from pg_inherits as p
       join pg_class as c on c.oid = p.inhrelid
       join pg_namespace as n on n.oid = c.relnamespace
       where p.inhparent = $1 and c.relkind in ('r', 'p')
     ),
     leaf_index as (
       select i.indrelid as leaf, p.inhparent as root_index, i.indisvalid as valid
       from pg_index as i join pg_inherits as p on p.inhrelid = i.indexrelid
       where i.indrelid in (select oid from leaf)
     ),
     trouble as (
       select case when li.leaf is null then 'index missing' else 'index invalid' end as trouble,
         leaf.name as object, ri.name as index
       from leaf
       cross join root_index as ri
       left join leaf_index as li on li.leaf = leaf.oid and li.root_index = ri.oid
       where li.valid is not true
     )
     select * from trouble
     union all
     -- All of its partitions are valid, and it has not noticed.
     select 'index invalid', $2, name from root_index
     where not valid and name not in (select index from trouble)
     order by 3, 2`,
    [set.oid, `${set.schema}.${set.table}`],
  );
  return rows;
}
