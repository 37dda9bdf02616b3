import type { ClientBase } from 'pg';
import { packageVersion } from '../package-root.js';

/**
 * What was run, kept in the database: `studymate.migrations` is the engine's own table (what is applied now),
 * `studymate.migration_runs` holds a row for every attempt, with checksum, duration and error.
 */

export type RunAction = 'up' | 'down' | 'baseline' | 'repair';

export interface AppliedMigration {
  readonly name: string;
  readonly appliedAt: Date;
  readonly appliedBy: string | undefined;
  /** sha256 of the file as it was run or last accepted. */
  readonly checksum: string | undefined;
  readonly durationMs: number | undefined;
  readonly baseline: boolean;
}

/** The latest attempt at a file that is not done: it failed, or its process died. */
export interface OpenRun {
  readonly id: string;
  readonly name: string;
  readonly action: RunAction;
  readonly state: 'running' | 'failed';
  readonly checksum: string;
  readonly statementsDone: number;
  readonly statementsChecksum: string | undefined;
  readonly errorCode: string | undefined;
  readonly errorMessage: string | undefined;
  readonly errorPosition: string | undefined;
}

export interface Ledger {
  /** In the order they were applied. */
  readonly applied: readonly AppliedMigration[];
  readonly openRuns: ReadonlyMap<string, OpenRun>;
  /** Checksums of files that `repair` accepted to run out of order. */
  readonly acceptedOutOfOrder: ReadonlyMap<string, string>;
}

const createLedger = `
do $$
begin
  if to_regnamespace('studymate') is null then
    create schema studymate;
    comment on schema studymate is 'What studymate-db itself keeps: the migration ledger.';
  end if;
  if to_regclass('studymate.migrations') is null then
    -- The shape node-pg-migrate expects, with what it lacks: a name is applied once.
    create table studymate.migrations (
      id serial constraint migrations_pkey primary key,
      name varchar(255) not null constraint migrations_name_key unique,
      run_on timestamp not null
    );
    comment on table studymate.migrations is 'The migrations that are applied, in order. run_on is in UTC.';
  end if;
  if to_regclass('studymate.migration_runs') is null then
    create table studymate.migration_runs (
      id bigint generated always as identity constraint migration_runs_pkey primary key,
      name text not null,
      action text not null constraint migration_runs_action_check check (action in ('up', 'down', 'baseline', 'repair')),
      state text not null constraint migration_runs_state_check check (state in ('running', 'done', 'failed')),
      checksum text not null,
      -- Where a run without a transaction stands: statements done, and the sha256 of their texts.
      statements_done integer not null default 0,
      statements_checksum text,
      started_at timestamptz not null,
      finished_at timestamptz,
      error_code text,
      error_message text,
      error_position text,
      run_by text not null default session_user,
      tool_version text not null
    );
    comment on table studymate.migration_runs is 'One row for every attempt to apply, revert, accept or baseline a migration.';
    create index migration_runs_name_idx on studymate.migration_runs (name, id);
  end if;
end
$$`;

export async function ensureLedger(client: ClientBase): Promise<void> {
  await client.query(createLedger);
}

export async function ledgerExists(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `select to_regclass('studymate.migration_runs') is not null as found`,
  );
  return rows[0]?.found === true;
}

const readApplied = `
select m.name,
       m.run_on at time zone 'UTC' as applied_at,
       r.run_by, r.checksum, r.action,
       extract(epoch from r.finished_at - r.started_at)::float8 * 1000 as duration_ms
from studymate.migrations m
left join lateral (
  select checksum, run_by, started_at, finished_at, action
  from studymate.migration_runs r
  where r.name = m.name and r.state = 'done' and r.action <> 'down'
  order by r.id desc
  limit 1
) r on true
order by m.id`;

const readLatestRuns = `
select distinct on (name) *
from studymate.migration_runs
order by name, id desc`;

interface AppliedRow {
  name: string;
  applied_at: Date;
  run_by: string | null;
  checksum: string | null;
  action: RunAction | null;
  duration_ms: number | null;
}

interface RunRow {
  id: string;
  name: string;
  action: RunAction;
  state: 'running' | 'done' | 'failed';
  checksum: string;
  statements_done: number;
  statements_checksum: string | null;
  error_code: string | null;
  error_message: string | null;
  error_position: string | null;
}

/** Reads the ledger; an absent one is an empty one. Writes nothing. */
export async function readLedger(client: ClientBase): Promise<Ledger> {
  if (!(await ledgerExists(client)))
    return { applied: [], openRuns: new Map(), acceptedOutOfOrder: new Map() };
  const applied = await client.query<AppliedRow>(readApplied);
  const latest = await client.query<RunRow>(readLatestRuns);
  const openRuns = new Map<string, OpenRun>();
  const acceptedOutOfOrder = new Map<string, string>();
  const appliedNames = new Set(applied.rows.map(({ name }) => name));
  for (const row of latest.rows) {
    if (row.state !== 'done') openRuns.set(row.name, openRun(row, row.state));
    else if (row.action === 'repair' && !appliedNames.has(row.name))
      acceptedOutOfOrder.set(row.name, row.checksum);
  }
  return {
    applied: applied.rows.map((row) => ({
      name: row.name,
      appliedAt: row.applied_at,
      appliedBy: row.run_by ?? undefined,
      checksum: row.checksum ?? undefined,
      durationMs: row.duration_ms ?? undefined,
      baseline: row.action === 'baseline',
    })),
    openRuns,
    acceptedOutOfOrder,
  };
}

function openRun(row: RunRow, state: 'running' | 'failed'): OpenRun {
  return {
    id: row.id,
    name: row.name,
    action: row.action,
    state,
    checksum: row.checksum,
    statementsDone: row.statements_done,
    statementsChecksum: row.statements_checksum ?? undefined,
    errorCode: row.error_code ?? undefined,
    errorMessage: row.error_message ?? undefined,
    errorPosition: row.error_position ?? undefined,
  };
}

export interface RunRecord {
  readonly name: string;
  readonly action: RunAction;
  readonly checksum: string;
  readonly startedAt: Date;
}

export interface RunFailure {
  readonly code: string;
  readonly message: string;
  readonly position: string | undefined;
}

const insertRun = `
insert into studymate.migration_runs (name, action, state, checksum, started_at, finished_at,
                                      error_code, error_message, error_position, tool_version)
values ($1, $2, $3, $4, $5, case when $3 = 'running' then null else clock_timestamp() end, $6, $7, $8, $9)
returning id`;

/** Writes a run; inside the migration's own transaction when there is one, so that both are there or neither. */
export async function recordRun(
  client: ClientBase,
  record: RunRecord,
  state: 'running' | 'done' | 'failed',
  failure?: RunFailure,
): Promise<string> {
  const { rows } = await client.query<{ id: string }>(insertRun, [
    record.name,
    record.action,
    state,
    record.checksum,
    record.startedAt,
    failure?.code,
    failure?.message,
    failure?.position,
    packageVersion(),
  ]);
  return rows[0]?.id ?? '';
}

/** Moves the resume point of a run without a transaction. */
export async function recordStatementDone(
  client: ClientBase,
  runId: string,
  statementsDone: number,
  statementsChecksum: string,
): Promise<void> {
  await client.query(
    `update studymate.migration_runs set statements_done = $2, statements_checksum = $3 where id = $1`,
    [runId, statementsDone, statementsChecksum],
  );
}

export async function finishRun(client: ClientBase, runId: string, failure?: RunFailure): Promise<void> {
  await client.query(
    `update studymate.migration_runs
     set state = $2, finished_at = clock_timestamp(), error_code = $3, error_message = $4, error_position = $5
     where id = $1`,
    [runId, failure === undefined ? 'done' : 'failed', failure?.code, failure?.message, failure?.position],
  );
}
