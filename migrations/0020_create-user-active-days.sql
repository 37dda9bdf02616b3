-- Why: who was active on a day is asked of weeks and months at once; the log has many rows for each answer, and its
--   old months leave the database.
-- What: studymate.user_active_days, a row for each user and day; studymate.user_active_days_state, how far it is
--   filled; the functions that fill it, correct it and read it together with what the log has since.
-- Locks: users SHARE ROW EXCLUSIVE, for the foreign key.
-- Revert: drops all of it. The log can fill it again, but for months that have left the database.

-- Up Migration

create table studymate.user_active_days (
  day date not null,
  user_id bigint not null
    constraint user_active_days_user_id_fkey references users (id) on delete cascade,
  constraint user_active_days_pkey primary key (day, user_id)
);

-- For the cascade.
create index user_active_days_user_id_idx on studymate.user_active_days (user_id);

comment on table studymate.user_active_days is 'Roll-up of the activity logs: on which days a user did something of their own. Filled by «studymate-db maintain»; read it with studymate.list_user_active_days(). Keeps the days of months whose logs have left the database.';
comment on column studymate.user_active_days.day is 'The day in the time zone of studymate.user_active_days_state.';

create table studymate.user_active_days_state (
  is_only boolean not null default true
    constraint user_active_days_state_pkey primary key
    constraint user_active_days_state_is_only_check check (is_only),
  time_zone text not null default 'Asia/Seoul',
  covered_id bigint not null default 0,
  covered_at timestamptz,
  mark_id bigint,
  marked_at timestamptz,
  mark_xid bigint,
  mark_is_safe boolean not null default false
);

comment on table studymate.user_active_days_state is 'How far the roll-up of active days is filled; one row, none before it is first filled.';
comment on column studymate.user_active_days_state.is_only is 'True: there is one row at most.';
comment on column studymate.user_active_days_state.time_zone is 'Where the days of the roll-up begin and end.';
comment on column studymate.user_active_days_state.covered_id is 'All log rows up to this id are in the roll-up, and none can come any more.';
comment on column studymate.user_active_days_state.covered_at is 'When covered_id was the newest id: what was logged before is covered. Null as long as nothing is.';
comment on column studymate.user_active_days_state.mark_id is 'What covered_id becomes next: the newest id at marked_at.';
comment on column studymate.user_active_days_state.mark_xid is 'An hour after marked_at or later: no transaction number had been given from here on. When all before have ended, the mark is safe.';
comment on column studymate.user_active_days_state.mark_is_safe is 'Whether every transaction that could write an id up to mark_id has ended.';

-- Without SET, so that it is inlined: it is asked of every row. Its body is parsed here and now, whatever the search
-- path of who calls it.
create function studymate.is_core_activity(activity text) returns boolean
language sql
immutable
parallel safe
return activity not in ('LOGIN', 'LOGOUT');

comment on function studymate.is_core_activity(text) is
  'Whether an activity makes a day an active one: any but coming and going. The only place that says so; after a change, recount.';

create function studymate.last_activity_id() returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  -- A reader may be allowed to read the log and not its sequence.
  if not has_sequence_privilege('public.user_activity_logs_id_seq', 'select') then
    return null;
  end if;
  return (select case when is_called then last_value else last_value - 1 end from public.user_activity_logs_id_seq);
end
$$;

comment on function studymate.last_activity_id() is
  'The newest id that was drawn for the activity log, committed or not; null for a role that may not know.';

create function studymate.logged_activity_range() returns tstzmultirange
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(range_agg(tstzrange(lower_bound, upper_bound)), '{}')
  from (
    select lower_bound, upper_bound from public.time_partitions('public.user_activity_logs')
    union all
    select lower_bound, upper_bound from public.time_partitions('public.user_activity_logs_archive')
  ) as months
$$;

comment on function studymate.logged_activity_range() is
  'The time of which the log, live or archived, has its months. Outside there are stray rows at most.';

create function studymate.day_range(day date, time_zone text) returns tstzrange
language sql
immutable
parallel safe
return tstzrange(day::timestamp at time zone time_zone, (day + 1)::timestamp at time zone time_zone);

comment on function studymate.day_range(date, text) is 'The instants of a day somewhere.';

create function studymate.lock_activity_state() returns studymate.user_active_days_state
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  state studymate.user_active_days_state;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise feature_not_supported using
      message = format('cannot fill the roll-up of active days under %s', current_setting('transaction_isolation')),
      hint = 'Call it under read committed, the default.';
  end if;
  insert into studymate.user_active_days_state default values on conflict do nothing;
  select * into strict state from studymate.user_active_days_state for update;
  return state;
end
$$;

comment on function studymate.lock_activity_state() is
  'How far the roll-up is filled, for one who fills it: another waits. Fails (0A000) in a transaction whose statements share one snapshot: they would not see who has ended meanwhile.';

-- The ids of the log are drawn before their rows are committed: a row may come after others with greater ids were
-- read. So covered_id moves only to a mark that is safe. A mark is the newest id. An hour later at least, mark_xid is
-- taken: whoever drew an id up to the mark has begun to write within that hour, or has ended, and has a transaction
-- number below mark_xid. Once all those transactions have ended, nothing can come up to the mark. (The hour bounds how
-- long an id may be held before it is written: in the cache of a sequence, or by a service that draws ahead.)
create function studymate.advance_activity_mark() returns studymate.user_active_days_state
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  state studymate.user_active_days_state := studymate.lock_activity_state();
  newest bigint;
begin
  newest := studymate.last_activity_id();
  if newest is null then
    raise insufficient_privilege using message = 'permission denied for sequence user_activity_logs_id_seq';
  end if;
  -- Ids are drawn anew that are covered already, or the roll-up was emptied (TRUNCATE … CASCADE on users; a dump
  -- without it): count all of the log again. Days of months that the log no longer has stay.
  if newest < greatest(state.covered_id, state.mark_id)
    or state.covered_id > 0 and not exists (select from studymate.user_active_days) then
    delete from studymate.user_active_days
    where studymate.day_range(day, state.time_zone) <@ (select studymate.logged_activity_range());
    state.covered_id := 0;
    state.covered_at := null;
    state.mark_id := null;
  end if;
  -- A mark of the future was made by another clock.
  if state.mark_id is null or state.marked_at > clock_timestamp() then
    state.mark_id := newest;
    state.marked_at := clock_timestamp();
    state.mark_xid := null;
    state.mark_is_safe := false;
  end if;
  -- A number that was not yet given comes from another server, whose dump this database was made of.
  if state.mark_xid > pg_snapshot_xmax(pg_current_snapshot())::text::bigint then
    state.mark_xid := null;
  end if;
  if state.mark_xid is null and state.marked_at < clock_timestamp() - interval '1 hour' then
    state.mark_xid := pg_snapshot_xmax(pg_current_snapshot())::text::bigint;
  elsif state.mark_xid <= pg_snapshot_xmin(pg_current_snapshot())::text::bigint then
    state.mark_is_safe := true;
  end if;
  update studymate.user_active_days_state
  set covered_id = state.covered_id, covered_at = state.covered_at, mark_id = state.mark_id,
    marked_at = state.marked_at, mark_xid = state.mark_xid, mark_is_safe = state.mark_is_safe;
  return state;
end
$$;

comment on function studymate.advance_activity_mark() is
  'Finds out how far the log can be covered for good; refresh_user_active_days() does it by itself. A mark becomes safe by two calls, an hour after it was made: the second after every transaction that ran during the first has ended.';

create function studymate.refresh_user_active_days(
  after_id bigint default 0,
  ids bigint default null,
  out read_id bigint,
  out added bigint,
  out is_last boolean
)
language plpgsql
set search_path = pg_catalog, pg_temp
-- The ids decide between an index and the whole log.
set plan_cache_mode = force_custom_plan
as $$
declare
  state studymate.user_active_days_state;
  newest bigint;
  first_id bigint;
  next_id bigint;
  last_id bigint;
begin
  -- Holds the row of the state to the end: one at a time.
  state := studymate.advance_activity_mark();
  newest := studymate.last_activity_id();
  first_id := greatest(after_id, state.covered_id);
  -- Over a gap in one leap, however wide.
  next_id := least(
    (select min(id) from public.user_activity_logs where id > first_id),
    (select min(id) from public.user_activity_logs_archive where id > first_id));
  is_last := (newest - next_id < ids) is not false;
  -- The last part is open: ids that were given by hand may be greater than any that was drawn.
  last_id := case when is_last then 9223372036854775807 else next_id - 1 + ids end;
  read_id := least(last_id, greatest(newest, first_id));
  for attempt in 1 .. 10 loop
    begin
      insert into studymate.user_active_days (day, user_id)
      select distinct (log.created_at at time zone state.time_zone)::date, log.user_id
      from (
        select user_id, activity, created_at from public.user_activity_logs where id > first_id and id <= last_id
        union all
        select user_id, activity, created_at from public.user_activity_logs_archive where id > first_id and id <= last_id
      ) as log
      join public.users on users.id = log.user_id
      where studymate.is_core_activity(log.activity)
      on conflict do nothing;
      get diagnostics added = row_count;
      exit;
    exception when foreign_key_violation then
      -- Somebody was erased meanwhile: their rows name nobody now.
      if attempt = 10 then
        raise;
      end if;
    end;
  end loop;
  if state.mark_is_safe and first_id = state.covered_id then
    state.covered_id := greatest(state.covered_id, least(last_id, state.mark_id));
    update studymate.user_active_days_state set covered_id = state.covered_id;
    if state.covered_id = state.mark_id then
      update studymate.user_active_days_state
      set covered_at = state.marked_at, mark_id = newest, marked_at = clock_timestamp(), mark_xid = null,
        mark_is_safe = false;
    end if;
  end if;
end
$$;

comment on function studymate.refresh_user_active_days(bigint, bigint) is
  'Brings the days of log rows that are not covered yet into the roll-up: those with an id greater than after_id, so many ids at most, null for all. Returns the id up to which it has read, how many user-days were new, and whether that was the end of the log; called again with that id it goes on. What was read and is not yet safe to cover is read again by the next run. Writers of the log do not wait for it; who deletes a user that it brings in does, to the end of its transaction. For the owner of the log, under read committed.';

create function studymate.recount_user_active_days(
  from_day date,
  until_day date,
  out removed bigint,
  out added bigint
)
language plpgsql
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
  state studymate.user_active_days_state := studymate.lock_activity_state();
  from_instant timestamptz := from_day::timestamp at time zone state.time_zone;
  until_instant timestamptz := until_day::timestamp at time zone state.time_zone;
begin
  for attempt in 1 .. 10 loop
    begin
      with active as materialized (
        select distinct (log.created_at at time zone state.time_zone)::date as day, log.user_id
        from (
          select user_id, activity, created_at from public.user_activity_logs
          where created_at >= from_instant and created_at < until_instant
          union all
          select user_id, activity, created_at from public.user_activity_logs_archive
          where created_at >= from_instant and created_at < until_instant
        ) as log
        join public.users on users.id = log.user_id
        where studymate.is_core_activity(log.activity)
      ), surplus as (
        delete from studymate.user_active_days as known
        where day >= from_day and day < until_day
          and studymate.day_range(day, state.time_zone) <@ (select studymate.logged_activity_range())
          and not exists (select from active where active.day = known.day and active.user_id = known.user_id)
        returning 1
      ), fresh as (
        insert into studymate.user_active_days (day, user_id)
        select day, user_id from active
        on conflict do nothing
        returning 1
      )
      select (select count(*) from surplus), (select count(*) from fresh) into removed, added;
      return;
    exception when foreign_key_violation then
      if attempt = 10 then
        raise;
      end if;
    end;
  end loop;
end
$$;

comment on function studymate.recount_user_active_days(date, date) is
  'Makes the days of the roll-up equal to the log, the second day exclusive; for after rows of the log were deleted, changed, or brought back under ids that were covered. Days that the log has not all the months of lose nothing. Not for a month of which the log has some rows only: import it first. Under read committed.';

create function studymate.list_user_active_days(from_day date, until_day date, time_zone text)
returns table (user_id bigint, day date)
language plpgsql
stable
strict
rows 100000
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
  state studymate.user_active_days_state;
  from_instant timestamptz := from_day::timestamp at time zone list_user_active_days.time_zone;
  until_instant timestamptz := until_day::timestamp at time zone list_user_active_days.time_zone;
  is_rolled_up boolean;
  is_true boolean;
begin
  select * into state from studymate.user_active_days_state;
  is_rolled_up := coalesce(state.time_zone = list_user_active_days.time_zone, false);
  -- See advance_activity_mark(): such a roll-up is about to be counted again.
  is_true := studymate.last_activity_id() < state.covered_id is not true;
  if not is_rolled_up or not is_true or not exists (select from studymate.user_active_days) then
    state.covered_id := -9223372036854775808;
  end if;
  return query
    with since as (
      select distinct log.user_id, (log.created_at at time zone list_user_active_days.time_zone)::date as day
      from (
        select l.user_id, l.activity, l.created_at from public.user_activity_logs as l
        where l.created_at >= from_instant and l.created_at < until_instant and l.id > state.covered_id
        union all
        select a.user_id, a.activity, a.created_at from public.user_activity_logs_archive as a
        where a.created_at >= from_instant and a.created_at < until_instant and a.id > state.covered_id
      ) as log
      where log.user_id is not null and studymate.is_core_activity(log.activity)
    ), known as not materialized (
      select r.user_id, r.day from studymate.user_active_days as r
      where is_rolled_up and r.day >= from_day and r.day < until_day
        and (is_true or not studymate.day_range(r.day, state.time_zone) <@ (select studymate.logged_activity_range()))
    )
    select known.user_id, known.day from known
    union all
    select since.user_id, since.day from since
    where not exists (select from known where known.user_id = since.user_id and known.day = since.day);
end
$$;

comment on function studymate.list_user_active_days(date, date, text) is
  'Who was active on which day, each once; the second day exclusive. In the time zone of the roll-up: from it, and from the log what it does not cover yet; at every moment the same as the log alone would say, however long ago the roll-up was filled. In another time zone: from the log.';

-- Down Migration

drop function studymate.list_user_active_days(date, date, text);
drop function studymate.recount_user_active_days(date, date);
drop function studymate.refresh_user_active_days(bigint, bigint);
drop function studymate.advance_activity_mark();
drop function studymate.lock_activity_state();
drop function studymate.day_range(date, text);
drop function studymate.logged_activity_range();
drop function studymate.last_activity_id();
drop function studymate.is_core_activity(text);
drop table studymate.user_active_days_state;
drop table studymate.user_active_days;
