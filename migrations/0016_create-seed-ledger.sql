-- Why: a seed that was killed goes on where it stopped, two machines can compare what they loaded, and rows are
--   only ever thrown away in a database that was declared to be no production.
-- What: studymate.seeds, one row a seeded world; studymate.seed_tables, one row a table loaded, with its checksum;
--   studymate.environment, the mark of a database that holds nothing of value.
-- Locks: none on existing tables.
-- Revert: drops the three tables with their rows; seeded rows of other tables stay.

-- Up Migration

create table studymate.seeds (
  id bigint generated always as identity constraint seeds_pkey primary key,
  -- Of the options and versions below: the same world has the same hash.
  plan_hash text not null,
  options jsonb not null,
  generator_version integer not null,
  vocabulary_hash text not null,
  tool_version text not null,
  -- Of the whole manifest; null while a table is missing.
  checksum text,
  started_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz
);

comment on table studymate.seeds is 'Worlds that «seed» has loaded, or has begun to load, since the last reset.';
comment on column studymate.seeds.plan_hash is 'SHA-256 of what decides the rows: options, generator version, vocabulary.';
comment on column studymate.seeds.checksum is 'SHA-256 of the manifest: names, row counts and checksums of all tables. Null until all are loaded.';

create table studymate.seed_tables (
  seed_id bigint not null constraint seed_tables_seed_id_fkey references studymate.seeds on delete cascade,
  table_name text not null,
  row_count bigint not null,
  checksum text not null,
  duration_ms double precision not null,
  loaded_at timestamptz not null default clock_timestamp(),
  constraint seed_tables_pkey primary key (seed_id, table_name)
);

comment on table studymate.seed_tables is 'Tables that were loaded; the row is written in the transaction that loaded them.';
comment on column studymate.seed_tables.checksum is 'SHA-256 of the rows in order, in the form of COPY BINARY.';

create table studymate.environment (
  name text not null
    constraint environment_pkey primary key
    constraint environment_name_check check (name in ('development', 'test', 'staging')),
  -- A mark that came along in a copy or a restored dump does not count: it was given to another database.
  database_name text not null default current_database(),
  system_identifier bigint not null default (pg_control_system()).system_identifier,
  marked_by text not null default session_user,
  marked_at timestamptz not null default clock_timestamp()
);

comment on table studymate.environment is 'Marks this database as no production: «insert into studymate.environment (name) values (''development'')» allows «seed --reset» without its name.';
comment on column studymate.environment.system_identifier is 'Of the cluster it was marked in; the mark counts only there and under this database name.';

-- Down Migration

drop table studymate.environment;
drop table studymate.seed_tables;
drop table studymate.seeds;
