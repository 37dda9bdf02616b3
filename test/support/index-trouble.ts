import type pg from 'pg';
import { poll } from './poll.js';
import type { TestDatabase } from './database.js';

/** The states of the indexes of a table or partition, by name: `vrl` is valid, ready and live, `-` where it is not. */
export async function indexStates(client: pg.ClientBase, table: string): Promise<Record<string, string>> {
  const { rows } = await client.query<{ name: string; state: string }>(
    `select c.relname as name, concat(case when i.indisvalid then 'v' else '-' end,
        case when i.indisready then 'r' else '-' end, case when i.indislive then 'l' else '-' end) as state
       from pg_index i join pg_class c on c.oid = i.indexrelid
      where i.indrelid = $1::regclass
      order by c.relname collate "C"`,
    [table],
  );
  return Object.fromEntries(rows.map(({ name, state }) => [name, state]));
}

/** Where REINDEX CONCURRENTLY waits for a session that stands in its way. */
export type BlockedPhase = 'writers before build' | 'writers before validation' | 'old snapshots' | 'readers';

export interface BlockedBuild {
  /** Ends the session that builds, as a crash of its client or a DBA would. */
  kill(): Promise<void>;
  /** Ends the transaction in its way; what is built then goes on. */
  release(): Promise<void>;
  readonly done: Promise<unknown>;
}

/**
 * Runs a concurrent build until a real session stops it in that phase.
 *
 * @param statement what builds, in a session of its own
 */
export async function blockBuild(
  database: TestDatabase,
  table: string,
  phase: BlockedPhase,
  statement: string,
): Promise<BlockedBuild> {
  const blocker = await database.connect();
  const builder = await database.connect();
  const observer = await database.connect();
  const { rows } = await builder.query<{ pid: number }>('select pg_backend_pid() as pid');
  const pid = rows[0]?.pid;
  const shows = (wanted: string): Promise<unknown> =>
    poll(async () => {
      const { rows: found } = await observer.query<{ phase: string }>(
        'select phase from pg_stat_progress_create_index where pid = $1',
        [pid],
      );
      return found[0]?.phase === wanted;
    }, `«${wanted}»`);
  let second: pg.Client | undefined;
  switch (phase) {
    case 'writers before build':
      await blocker.query(`begin; lock table ${table} in row exclusive mode`);
      break;
    case 'old snapshots':
      await blocker.query('begin isolation level repeatable read; select 1');
      break;
    case 'readers':
      await blocker.query('begin isolation level repeatable read; select 1');
      break;
    case 'writers before validation':
      await blocker.query(`begin; lock table ${table} in row exclusive mode`);
      second = await database.connect();
      break;
  }
  const done = builder.query(statement).catch((error: unknown) => error);
  if (phase === 'writers before build') await shows('waiting for writers before build');
  if (phase === 'old snapshots') await shows('waiting for old snapshots');
  if (phase === 'readers') {
    // A reader that comes while it waits for the snapshot sees the index, which cannot be swapped away under it.
    await shows('waiting for old snapshots');
    second = await database.connect();
    await second.query(`begin; select count(*) from ${table}`);
    await blocker.query('commit');
    await shows('waiting for readers before marking dead');
  }
  if (phase === 'writers before validation') {
    await shows('waiting for writers before build');
    // Takes its lock before the first one lets go: the next wait is for it.
    await second?.query(`begin; lock table ${table} in row exclusive mode`);
    await blocker.query('commit');
    await shows('waiting for writers before validation');
  }
  const release = async (): Promise<void> => {
    await blocker.query('rollback');
    await second?.query('rollback');
  };
  return {
    done,
    release,
    async kill() {
      await observer.query('select pg_terminate_backend($1)', [pid]);
      await done;
      await poll(async () => {
        const { rows: left } = await observer.query('select 1 from pg_stat_activity where pid = $1', [pid]);
        return left.length === 0;
      }, 'the end of the build');
      await release();
    },
  };
}
