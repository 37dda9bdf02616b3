import type { ClientBase } from 'pg';
import { quoteIdentifier, quoteQualified } from '../../database/identifier.js';
import { hasSqlState } from '../../database/sqlstate.js';
import { OperationError } from '../../errors.js';
import { partitionName } from '../../partitioning/partition-name.js';
import { lockAgainstMaintenance, objectName, recorded, type ArchiveRun } from '../archive-run.js';
import { partitionSql, rootSql, type ArchiveTable } from '../archive-table.js';
import type { ArchivedMonth } from './archived-month.js';
import type { ColdTask } from './cold-run.js';
import { readFingerprint } from './content.js';
import type { Manifest } from './manifest.js';

const DEPENDENT_OBJECTS_STILL_EXIST = '2BP01';
const FEATURE_NOT_SUPPORTED = '0A000';

/** Over before the deadlock_timeout (1 s) of whoever begins to wait for us meanwhile. */
const LOCK_TIMEOUT_BEHIND_SHARE_MS = 300;

/**
 * Drops an archived month whose copy was verified. Its rows go in one transaction that first proves that none of them
 * changed since: under SHARE on the partition, which keeps its writers out for 0.2 to 0.5 s a million rows (a
 * delete from users or chat_rooms is one; all others go on). Then, for a moment, nobody reads the archive: the partition
 * is detached and truncated. users and chat_rooms are not locked.
 *
 * That would take dropping the table, as its foreign keys have triggers there, and a lock on users that is asked for
 * after the one on the partition is a deadlock with everybody who deletes a user. So the empty table is dropped by a
 * second transaction, in the order of the application.
 *
 * @param fingerprint of the rows that were verified
 * @throws OperationError COLD_DATABASE_DIFFERS, COLD_DROP_REFUSED: the month is there as before; ARCHIVE_LOCK_TIMEOUT
 */
export async function dropMonth(
  run: ArchiveRun,
  { table, archived }: ArchivedMonth,
  task: ColdTask,
  manifest: Manifest,
  fingerprint: string,
): Promise<{ readonly heldMs: number; readonly lockWaitMs: number }> {
  const { client } = run.session;
  const partition = partitionSql(archived);
  task.phase('drop');
  await dropEmptyTable(run, table, task);
  const dropped = await recorded(run, { action: 'drop', object: objectName(archived) }, async () => {
    await lockAgainstMaintenance(run, [partition]);
    await client.query(`lock table only ${partition} in share mode`);
    if ((await readFingerprint(client, partition)) !== fingerprint) throw changed(archived);
    await assertNothingDepends(client, archived);
    await letWritersOfTheArchivePass(client, table.archive.oid, archived.oid);
    await client.query(
      `set local lock_timeout = ${Math.min(run.lockTimeoutMs, LOCK_TIMEOUT_BEHIND_SHARE_MS)}`,
    );
    await client.query(`lock table only ${rootSql(table.archive)} in access exclusive mode`);
    await client.query(`lock table only ${partition} in access exclusive mode`);
    await client.query(`alter table ${rootSql(table.archive)} detach partition ${partition}`);
    await refusing(archived, () => client.query(`truncate ${partition}`));
    await client.query(`alter table ${partition} rename to ${quoteIdentifier(emptyTableName(table, task))}`);
    return {
      rows: manifest.rows,
      detail: {
        folder: task.folder,
        contentChecksum: manifest.contentChecksum.value,
        sha256: manifest.file.sha256,
      },
    };
  });
  await dropEmptyTable(run, table, task);
  return dropped;
}

/** Drops what `dropMonth` leaves of a partition, now or in a run that was killed. Does nothing when nothing is left. */
export async function dropEmptyTable(run: ArchiveRun, table: ArchiveTable, task: ColdTask): Promise<void> {
  const { client } = run.session;
  const empty = { schema: table.archive.schema, name: emptyTableName(table, task) };
  const target = quoteQualified(empty.schema, empty.name);
  const { rowCount } = await client.query(
    `select from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname = $2 and c.relkind = 'r' and not c.relispartition`,
    [empty.schema, empty.name],
  );
  if (rowCount === 0) return;
  await recorded(run, { action: 'drop', object: objectName(empty) }, async () => {
    for (const parent of table.referenced)
      await client.query(`lock table ${parent} in access exclusive mode`);
    await client.query(`lock table ${target} in access exclusive mode`);
    const { rowCount: rows } = await client.query(`select from ${target} limit 1`);
    if (rows !== 0) {
      throw new OperationError('COLD_DROP_REFUSED', `${objectName(empty)} has rows`, {
        hint: 'Its name is the one of a partition that was emptied; rename it if it is yours, and run it again.',
      });
    }
    await refusing(empty, () => client.query(`drop table ${target}`));
    return { unrecorded: true };
  });
}

function emptyTableName({ archive }: ArchiveTable, { month }: ColdTask): string {
  return `${partitionName(archive.table, month)}_dropped`;
}

/**
 * Who holds a lock on the archive and waits for the partition, as a trigger that clears pointers does, would block our
 * lock on the archive: the server would break that deadlock a second after their wait began, and not necessarily to our
 * loss.
 *
 * @throws the server's 55P03, for which the caller tries again
 */
async function letWritersOfTheArchivePass(
  client: ClientBase,
  archive: number,
  partition: number,
): Promise<void> {
  await client.query(
    `do $$
     begin
       if exists (
         select from pg_locks as waiting
         join pg_locks as held using (pid, locktype, database)
         where waiting.locktype = 'relation' and waiting.relation = ${partition} and not waiting.granted
           and held.relation = ${archive} and held.granted
           and database = (select oid from pg_database where datname = current_database())
       ) then
         raise lock_not_available using message = 'others wait for the partition';
       end if;
     end
     $$`,
  );
}

/** A view, for one. What is found here is found before anything is dropped. */
async function assertNothingDepends(client: ClientBase, archived: ArchivedMonth['archived']): Promise<void> {
  const { rows } = await client.query<{ dependent: string }>(
    `select distinct pg_describe_object('pg_class'::regclass, r.ev_class, 0) as dependent
     from pg_depend as d
     join pg_rewrite as r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid
     where d.refclassid = 'pg_class'::regclass and d.refobjid = $1 and r.ev_class <> $1
     union
     select pg_describe_object('pg_constraint'::regclass, oid, 0)
     from pg_constraint where contype = 'f' and confrelid = $1`,
    [archived.oid],
  );
  if (rows.length > 0) throw refused(archived, rows.map(({ dependent }) => dependent).join('\n'));
}

async function refusing(
  relation: { readonly schema: string; readonly name: string },
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!hasSqlState(error, DEPENDENT_OBJECTS_STILL_EXIST, FEATURE_NOT_SUPPORTED)) throw error;
    throw refused(relation, (error as { detail?: string }).detail, error);
  }
}

function refused(
  relation: { readonly schema: string; readonly name: string },
  detail: string | undefined,
  cause?: unknown,
): OperationError {
  return new OperationError('COLD_DROP_REFUSED', `something depends on ${objectName(relation)}`, {
    detail,
    hint: 'Drop that first, and run it again. The cold copy is complete.',
    cause,
  });
}

function changed(archived: ArchivedMonth['archived']): OperationError {
  return new OperationError(
    'COLD_DATABASE_DIFFERS',
    `${objectName(archived)} changed while it was verified`,
    {
      hint: 'Nothing was dropped. Run it again; if rows really changed, export to another folder.',
    },
  );
}
