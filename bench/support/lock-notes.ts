import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';

/** From the weakest to the strongest. */
const MODES = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
];

/** The strongest lock on each relation, by its name. */
export type StrongestLocks = ReadonlyMap<string, string>;

export interface HeldLocks {
  readonly locks: StrongestLocks;
  readonly transactions: number;
  /**
   * For how long one transaction held a default partition exclusively, at most: from the begin of the command that
   * took the lock to the commit, in milliseconds.
   */
  readonly longestHeldMs: number;
}

/**
 * From now on every DDL command notes, in its own transaction, the locks that its session holds then on `relations`
 * (pg_locks): all of them, and none that was rolled back. A lock taken by other means is still held at the next DDL
 * command of the transaction.
 */
export async function noteLocks(client: pg.Client, relations: readonly string[]): Promise<void> {
  await client.query(`
    create schema noted;
    create table noted.relations as
      select c.oid as relation, c.relname as name, c.relname like '%default' as is_default
      from unnest('{${relations.join(',')}}'::regclass[]) as named (relation)
      join pg_class as c on c.oid = named.relation;
    create table noted.locks (name name, mode text, primary key (name, mode));
    create table noted.held (xid xid8 primary key, since timestamptz not null, until timestamptz);
    create function noted.begin_command() returns event_trigger language plpgsql as $$
    begin
      perform set_config('noted.begun', clock_timestamp()::text, true);
    end
    $$;
    create function noted.end_command() returns event_trigger language plpgsql as $$
    begin
      insert into noted.locks
        select r.name, l.mode
        from pg_locks as l
        join noted.relations as r on r.relation = l.relation
        where l.pid = pg_backend_pid() and l.granted
        on conflict do nothing;
      insert into noted.held
        select pg_current_xact_id(), current_setting('noted.begun')::timestamptz
        from pg_locks as l
        join noted.relations as r on r.relation = l.relation
        where l.pid = pg_backend_pid() and l.granted and l.mode = 'AccessExclusiveLock' and r.is_default
        limit 1
        on conflict do nothing;
    end
    $$;
    create function noted.commit() returns trigger language plpgsql as $$
    begin
      update noted.held set until = clock_timestamp() where xid = new.xid;
      return null;
    end
    $$;
    create constraint trigger at_commit after insert on noted.held deferrable initially deferred
      for each row execute function noted.commit();
    create event trigger note_begin on ddl_command_start execute function noted.begin_command();
    create event trigger note_locks on ddl_command_end execute function noted.end_command()`);
}

export async function notedLocks(client: pg.Client): Promise<HeldLocks> {
  const locks = await client.query<LockRow>('select name, mode from noted.locks');
  const held = await client.query<{ transactions: number; longest: number }>(
    `select count(*)::int as transactions, extract(epoch from max(until - since))::float8 * 1000 as longest
     from noted.held`,
  );
  return {
    locks: strongest(locks.rows),
    transactions: held.rows[0]?.transactions ?? 0,
    longestHeldMs: held.rows[0]?.longest ?? Number.NaN,
  };
}

/** The strongest lock that sessions of this application name are seen waiting for, on each relation. */
export async function awaitedLocks(
  observer: pg.Client,
  applicationName: string,
  work: () => Promise<unknown>,
): Promise<StrongestLocks> {
  const seen: LockRow[] = [];
  const state = { done: false };
  const watching = (async () => {
    while (!state.done) {
      const { rows } = await observer.query<LockRow>(
        `select c.relname as name, l.mode
         from pg_locks as l
         join pg_stat_activity as a using (pid)
         join pg_class as c on c.oid = l.relation
         where not l.granted and a.application_name = $1`,
        [applicationName],
      );
      seen.push(...rows);
      await delay(10);
    }
  })();
  try {
    await work();
  } finally {
    state.done = true;
  }
  await watching;
  return strongest(seen);
}

interface LockRow {
  readonly name: string;
  readonly mode: string;
}

function strongest(rows: readonly LockRow[]): StrongestLocks {
  const found = new Map<string, string>();
  for (const { name, mode } of rows) {
    if (MODES.indexOf(mode) > MODES.indexOf(found.get(name) ?? '')) found.set(name, mode);
  }
  return found;
}

/** As the manual writes it: ACCESS EXCLUSIVE. */
export function lockName(mode: string | undefined): string {
  if (mode === undefined) return '-';
  return mode
    .replace(/Lock$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase();
}
