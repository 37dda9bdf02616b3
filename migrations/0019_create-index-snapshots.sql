-- Why: the server's counters of index scans begin anew at every crash and reset, so that «never used» says little;
--   what was used over a window is told by readings taken meanwhile.
-- What: studymate.index_snapshots, one row a reading of one server; studymate.index_usage, one row a physical index.
-- Locks: none on existing tables.
-- Revert: drops both with their rows.

-- Up Migration

create table studymate.index_snapshots (
  id bigint generated always as identity constraint index_snapshots_pkey primary key,
  taken_at timestamptz not null default clock_timestamp(),
  server text not null,
  counted_since timestamptz
);

create index index_snapshots_server_idx on studymate.index_snapshots (server, taken_at);

comment on table studymate.index_snapshots is 'Readings of the index usage counters, taken by «studymate-db index snapshot».';
comment on column studymate.index_snapshots.server is '«primary», or what a replica was called when its reading was taken.';
comment on column studymate.index_snapshots.counted_since is 'When the server''s counters last began: a reset of the statistics, or a crash. Null when it does not know.';

create table studymate.index_usage (
  snapshot_id bigint not null constraint index_usage_snapshot_id_fkey
    references studymate.index_snapshots on delete cascade,
  -- By name: a concurrent rebuild gives an index another oid, and keeps its counters.
  leaf text not null,
  index text not null,
  scans bigint not null,
  tuples_read bigint not null,
  size_bytes bigint not null,
  constraint index_usage_pkey primary key (snapshot_id, leaf)
);

comment on table studymate.index_usage is 'What the counters of each physical index said at a reading.';
comment on column studymate.index_usage.leaf is 'Qualified name of the physical index.';
comment on column studymate.index_usage.index is 'Qualified name of the partitioned index it is attached to, or its own.';

-- Down Migration

drop table studymate.index_usage;
drop table studymate.index_snapshots;
