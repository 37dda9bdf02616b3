import type { ClientBase } from 'pg';

export interface LastArchiveRun {
  readonly command: string;
  readonly startedAt: Date;
  /** Undefined while it runs, and when it was killed. */
  readonly finishedAt: Date | undefined;
  /** `unfinished`: it was killed; the next run goes on where it stopped. */
  readonly result: 'done' | 'failed' | 'interrupted' | 'running' | 'unfinished';
  readonly runBy: string;
  /** Rows of this table that it moved, as far as its ledger says. */
  readonly rows: number;
  readonly error: string | undefined;
}

/** The last run that archived or restored, and what it did to this table; undefined where there is no ledger. */
export async function readLastRun(client: ClientBase, table: string): Promise<LastArchiveRun | undefined> {
  const { rows: ledger } = await client.query(`select where to_regclass('studymate.run_steps') is not null`);
  if (ledger.length === 0) return undefined;
  const { rows } = await client.query<LastRunRow>(lastRunQuery, [table]);
  const [row] = rows;
  return (
    row && {
      command: row.command,
      startedAt: row.started_at,
      finishedAt: row.finished_at ?? undefined,
      result: row.result,
      runBy: row.run_by,
      rows: row.row_count,
      error: row.error ?? undefined,
    }
  );
}

interface LastRunRow {
  command: string;
  started_at: Date;
  finished_at: Date | null;
  result: LastArchiveRun['result'];
  run_by: string;
  row_count: number;
  error: string | null;
}

// Whoever runs holds the lease, in the session that the ledger names.
const lastRunQuery = `
  select r.command, r.started_at, r.finished_at, r.run_by,
    coalesce(r.result, case when exists (
      select from pg_locks as l
      where l.locktype = 'advisory' and l.granted and l.pid = r.pid
        and l.database = (select oid from pg_database where datname = current_database())
        and l.classid = 1398031449 and l.objid = 2
    ) then 'running' else 'unfinished' end) as result,
    (select coalesce(sum(s.row_count), 0)::float8 from studymate.run_steps as s
     where s.run_id = r.id and s.result = 'done' and s.detail ->> 'table' = $1) as row_count,
    coalesce((select s.error_message from studymate.run_steps as s
     where s.run_id = r.id and s.result = 'failed' and s.detail ->> 'table' = $1 order by s.id desc limit 1),
     r.error_message) as error
  from studymate.runs as r
  where r.command in ('archive run', 'archive restore', 'archive_old_data()')
  order by r.started_at desc, r.id desc
  limit 1`;
