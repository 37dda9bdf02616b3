-- Why: reports ask these tables for what was made in a window; without an index on the instant they read all of the
--   history for the last month of it.
-- What: BRIN indexes on the instants. Rows come in about the order of time, so that a few kilobytes for each gigabyte
--   tell which pages a window is on; an insert costs next to nothing, and a b-tree's gigabytes are saved.
-- Locks: SHARE on each of the tables until all are built: reads go on, writes wait. They are built in one reading of
--   the table, about a second for some million rows.
-- Revert: drops them.

-- Up Migration

-- Small ranges: the tables are of people's size, not of messages'. Kept up by autovacuum as they grow.
create index idx_users_created on users using brin (created_at)
  with (pages_per_range = 16, autosummarize = on);
create index idx_chat_rooms_created on chat_rooms using brin (created_at)
  with (pages_per_range = 16, autosummarize = on);
create index idx_partnerships_created on user_partnerships using brin (created_at)
  with (pages_per_range = 16, autosummarize = on);
-- A row that is answered, or a test that is completed, moves to where there is room: several ranges of instants for
-- each range of pages leave such strays out.
create index idx_matching_created on matching_requests
  using brin (created_at timestamptz_minmax_multi_ops) with (pages_per_range = 16, autosummarize = on);
create index idx_tests_completed on level_tests
  using brin (completed_at timestamptz_minmax_multi_ops) with (pages_per_range = 16, autosummarize = on);

-- Down Migration

drop index idx_tests_completed;
drop index idx_matching_created;
drop index idx_partnerships_created;
drop index idx_chat_rooms_created;
drop index idx_users_created;
