-- Why: cron runs maintenance unwatched; what each run did, and whether it ended, is asked afterwards.
-- What: studymate.runs, one row a run of a maintenance command; studymate.run_steps, one row for each thing it did.
-- Locks: none on existing tables.
-- Revert: drops both with their rows.

-- Up Migration

-- There already, with the migration ledger, unless another tool runs this file.
create schema if not exists studymate;

create table studymate.runs (
  id bigint generated always as identity constraint runs_pkey primary key,
  command text not null,
  -- Still null when the process was killed.
  finished_at timestamptz,
  result text constraint runs_result_check check (result in ('done', 'failed', 'interrupted')),
  error_code text,
  error_message text,
  options jsonb not null default '{}',
  started_at timestamptz not null default clock_timestamp(),
  run_by text not null default session_user,
  client_address inet default inet_client_addr(),
  pid integer not null default pg_backend_pid(),
  tool_version text not null
);

create index runs_command_idx on studymate.runs (command, started_at desc);

comment on table studymate.runs is 'One row for every run of a maintenance command: partition rollover, archive, purge, index rebuild, seed.';
comment on column studymate.runs.command is 'As typed, without options: «archive run».';
comment on column studymate.runs.finished_at is 'Null while it runs, and for ever when its process was killed.';
comment on column studymate.runs.pid is 'Server process of its session.';

create table studymate.run_steps (
  id bigint generated always as identity constraint run_steps_pkey primary key,
  run_id bigint not null constraint run_steps_run_id_fkey references studymate.runs on delete cascade,
  action text not null,
  object text not null,
  result text not null constraint run_steps_result_check check (result in ('done', 'failed', 'skipped')),
  -- Rows the step moved, made or removed; null where it has none to count.
  row_count bigint,
  duration_ms double precision not null,
  lock_wait_ms double precision,
  held_ms double precision,
  attempts integer,
  detail jsonb not null default '{}',
  error_code text,
  error_message text,
  finished_at timestamptz not null default clock_timestamp()
);

create index run_steps_run_id_idx on studymate.run_steps (run_id);
create index run_steps_object_idx on studymate.run_steps (object, finished_at desc);

comment on table studymate.run_steps is 'What a run did, a row for each partition, table or index. Written in the transaction that did it where there is one.';
comment on column studymate.run_steps.object is 'Schema-qualified name of the table, partition or index.';
comment on column studymate.run_steps.lock_wait_ms is 'Time spent until the attempt began that got its locks.';
comment on column studymate.run_steps.held_ms is 'Duration of the transaction that did it: no longer were its locks held.';

-- Down Migration

drop table studymate.run_steps;
drop table studymate.runs;
