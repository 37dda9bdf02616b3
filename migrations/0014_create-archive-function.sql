-- Why: rows older than six months leave the live tables; the ERD's INSERT, then DELETE loses what is written
--   between the two.
-- What: archive_old_data(), for psql and pg_cron, and the functions it is made of.
-- Locks: none on existing tables. What the function locks when it runs is in its comment.
-- Revert: drops the functions; what they archived stays in the archive.

-- Up Migration

create function time_partitions(root regclass)
returns table (leaf regclass, lower_bound timestamptz, upper_bound timestamptz)
language sql
stable
set search_path = pg_catalog, public, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
as $$
  -- The bounds are what the catalog says, never what a name says.
  select c.oid::regclass, bound[1]::timestamptz, bound[2]::timestamptz
  from pg_inherits as i
  join pg_class as c on c.oid = i.inhrelid
  cross join lateral regexp_match(pg_get_expr(c.relpartbound, c.oid), $re$FROM \('(.+)'\) TO \('(.+)'\)$re$) as bound
  where i.inhparent = root and bound is not null
  order by 2
$$;

comment on function time_partitions(regclass) is
  'Partitions of a table partitioned by time, in order: lower bound inclusive, upper bound exclusive. Without the default partition.';

create function run_archive_step(commands text) returns void
language plpgsql
set search_path = pg_catalog, public, pg_temp
-- Below deadlock_timeout: the archive gives up before the server kills a transaction of the application.
set lock_timeout = '200ms'
as $$
declare
  moving text := coalesce(current_setting('studymate.moving', true), '');
begin
  for attempt in 1 .. 30 loop
    begin
      -- Not a SET clause of the function: only a superuser may store one of an unknown parameter.
      perform set_config('studymate.moving', 'on', true);
      execute commands;
      -- What the caller deletes later in its transaction is deleted, not moved.
      perform set_config('studymate.moving', moving, true);
      return;
    exception when lock_not_available or deadlock_detected then
      if attempt = 30 then
        raise;
      end if;
    end;
    -- The failed attempt holds no lock any more. With jitter, so that two that collide do not keep colliding.
    perform pg_sleep(0.1 + random() * 0.2);
  end loop;
end
$$;

comment on function run_archive_step(text) is
  'Runs SQL commands that move rows, all or none; waits 200 ms at most for each lock, 30 times at most.';

create function archive_partition_commands(archive regclass, lower_bound timestamptz, upper_bound timestamptz)
returns text
language sql
stable
set search_path = pg_catalog, public, pg_temp
set timezone = 'UTC'
as $$
  -- Attached, not created as a partition: that would lock the archive exclusively.
  select format(
    'create table %1$s.%2$I (like %3$s including all);
     alter table %3$s attach partition %1$s.%2$I for values from (%4$L) to (%5$L);',
    relnamespace::regnamespace, relname || to_char(lower_bound, '"_y"YYYY"m"MM'), archive, lower_bound, upper_bound)
  from pg_class
  where oid = archive
    and not exists (
      select from public.time_partitions(archive) as a
      where a.lower_bound < archive_partition_commands.upper_bound
        and a.upper_bound > archive_partition_commands.lower_bound
    )
$$;

comment on function archive_partition_commands(regclass, timestamptz, timestamptz) is
  'The commands that make the archive partition of a range; null when the archive has one.';

create function archive_rows_command(source regclass, archive regclass, lower_bound timestamptz, upper_bound timestamptz)
returns text
language sql
stable
set search_path = pg_catalog, public, pg_temp
set timezone = 'UTC'
as $$
  -- One statement: what it does not see it neither copies nor deletes. Columns by name: their order may differ.
  select format(
    'with moved as (delete from only %s where created_at >= %L and created_at < %L returning %s)
     insert into %s (%4$s) select %4$s from moved;',
    source, lower_bound, upper_bound, string_agg(quote_ident(attname), ', ' order by attnum), archive)
  from pg_attribute
  where attrelid = source and attnum > 0 and not attisdropped
$$;

comment on function archive_rows_command(regclass, regclass, timestamptz, timestamptz) is
  'The command that moves the rows of a range, upper bound exclusive, from one partition to the archive.';

create function archive_old_rows(live regclass, archive regclass, cutoff timestamptz) returns void
language plpgsql
set search_path = pg_catalog, public, pg_temp
set timezone = 'UTC'
as $$
declare
  default_leaf regclass := (select nullif(partdefid, 0) from pg_partitioned_table where partrelid = live);
  month record;
  has_rows boolean;
begin
  for month in
    -- The month that holds the cutoff, and older ones that already have rows in the archive.
    select l.leaf, l.lower_bound, l.upper_bound
    from public.time_partitions(live) as l
    where l.lower_bound < cutoff
      and (l.upper_bound > cutoff
        or public.archive_partition_commands(archive, l.lower_bound, l.upper_bound) is null)
  loop
    execute format('select exists (select from only %s where created_at < %L)', month.leaf, cutoff) into has_rows;
    if has_rows then
      perform public.run_archive_step(
        concat(public.archive_partition_commands(archive, month.lower_bound, month.upper_bound),
          public.archive_rows_command(month.leaf, archive, month.lower_bound, least(month.upper_bound, cutoff))));
    end if;
  end loop;
  if default_leaf is null then
    return;
  end if;
  -- Years before 1 and -infinity stay: they have no month.
  for month in execute format(
    'select distinct date_trunc(''month'', created_at) as lower_bound from only %s
     where created_at >= ''0001-01-01 00:00:00+00'' and created_at < %L order by 1', default_leaf, cutoff)
  loop
    perform public.run_archive_step(
      concat(public.archive_partition_commands(archive, month.lower_bound, month.lower_bound + interval '1 month'),
        public.archive_rows_command(default_leaf, archive, month.lower_bound,
          least(month.lower_bound + interval '1 month', cutoff))));
  end loop;
end
$$;

comment on function archive_old_rows(regclass, regclass, timestamptz) is
  'Moves the rows before the cutoff that cannot go by whole months: of the month that holds the cutoff, of months partly archived, of the default partition.';

create function archive_old_months(live regclass, archive regclass, cutoff timestamptz) returns void
language plpgsql
set search_path = pg_catalog, public, pg_temp
set timezone = 'UTC'
as $$
declare
  -- In the order in which the application takes them: users, rooms, then messages.
  locks text := format(
    'lock table public.users, public.chat_rooms in share row exclusive mode; lock table %s in access exclusive mode;',
    live);
  archive_name name := (select relname from pg_class where oid = archive);
  month record;
begin
  for month in
    select l.leaf, l.lower_bound, l.upper_bound, c.relnamespace::regnamespace as schema,
      archive_name || to_char(l.lower_bound, '"_y"YYYY"m"MM') as archived_name,
      public.archive_partition_commands(archive, l.lower_bound, l.upper_bound) is not null as whole
    from public.time_partitions(live) as l
    join pg_class as c on c.oid = l.leaf
    where l.upper_bound <= cutoff
  loop
    if month.whole then
      perform public.run_archive_step(locks || format(
        'alter table %1$s detach partition %2$s;
         alter table %2$s rename to %4$I;
         alter table %5$s attach partition %3$s.%4$I for values from (%6$L) to (%7$L);
         alter table %3$s.%4$I drop constraint archive_bounds;',
        live, month.leaf, month.schema, month.archived_name, archive, month.lower_bound, month.upper_bound));
    else
      -- Under the lock nobody writes any more, so after the rows that came meanwhile the partition is empty.
      perform public.run_archive_step(locks
        || public.archive_rows_command(month.leaf, archive, month.lower_bound, month.upper_bound)
        || format('drop table %s;', month.leaf));
    end if;
  end loop;
end
$$;

comment on function archive_old_months(regclass, regclass, timestamptz) is
  'Moves the partitions that end before the cutoff to the archive; one whose month is already there is emptied into it and dropped.';

create function archive_foreign_keys(live regclass, archive regclass) returns void
language plpgsql
set search_path = pg_catalog, public, pg_temp
as $$
declare
  missing record;
begin
  for missing in
    select a.leaf, string_agg(format('add constraint %I %s', f.conname, pg_get_constraintdef(f.oid)), ', ') as keys
    from public.time_partitions(archive) as a
    join pg_constraint as f on f.conrelid = live and f.contype = 'f'
    where not exists (
      select from pg_constraint as k
      where k.conrelid = a.leaf and k.contype = 'f' and pg_get_constraintdef(k.oid) = pg_get_constraintdef(f.oid)
    )
    group by a.leaf
  loop
    perform public.run_archive_step(format(
      'lock table public.users, public.chat_rooms in share row exclusive mode; alter table %s %s;',
      missing.leaf, missing.keys));
  end loop;
end
$$;

comment on function archive_foreign_keys(regclass, regclass) is
  'Gives every partition of the archive the foreign keys of the live table, where it lacks them.';

create function archive_bounds(live regclass, archive regclass, cutoff timestamptz) returns void
language plpgsql
set search_path = pg_catalog, public, pg_temp
set timezone = 'UTC'
as $$
declare
  month record;
begin
  for month in
    select l.leaf, l.lower_bound, l.upper_bound
    from public.time_partitions(live) as l
    where l.upper_bound <= cutoff
      and public.archive_partition_commands(archive, l.lower_bound, l.upper_bound) is not null
  loop
    perform public.run_archive_step(format(
      'alter table %s add constraint archive_bounds check (created_at >= %L and created_at < %L);',
      month.leaf, month.lower_bound, month.upper_bound));
  end loop;
end
$$;

comment on function archive_bounds(regclass, regclass, timestamptz) is
  'Proves the bounds of the partitions that are about to move, with only them locked, so that attaching them to the archive scans nothing while the whole live table is locked.';

create function archive_old_data() returns void
language plpgsql
set search_path = pg_catalog, public, pg_temp
as $$
declare
  -- A day begins in UTC, whatever the time zone of the session.
  cutoff timestamptz := (date_trunc('day', now() at time zone 'UTC') - interval '6 months') at time zone 'UTC';
begin
  -- With one snapshot for all statements, a partition could look empty that is not.
  if current_setting('transaction_isolation') <> 'read committed' then
    raise feature_not_supported using
      message = format('cannot archive under %s', current_setting('transaction_isolation')),
      hint = 'Call archive_old_data() under read committed, the default.';
  end if;
  -- The lease of studymate-db's maintenance commands: «STDY», 2.
  perform pg_advisory_xact_lock(1398031449, 2);
  -- What takes long comes first, with row locks only; what locks whole tables comes last and is short.
  perform public.archive_old_rows('public.chat_messages', 'public.chat_messages_archive', cutoff);
  perform public.archive_old_rows('public.user_activity_logs', 'public.user_activity_logs_archive', cutoff);
  perform public.archive_bounds('public.chat_messages', 'public.chat_messages_archive', cutoff);
  perform public.archive_bounds('public.user_activity_logs', 'public.user_activity_logs_archive', cutoff);
  perform public.archive_foreign_keys('public.chat_messages', 'public.chat_messages_archive');
  perform public.archive_foreign_keys('public.user_activity_logs', 'public.user_activity_logs_archive');
  perform public.archive_old_months('public.chat_messages', 'public.chat_messages_archive', cutoff);
  perform public.archive_old_months('public.user_activity_logs', 'public.user_activity_logs_archive', cutoff);
end
$$;

comment on function archive_old_data() is
  'Moves chat messages and user activity logs from before the UTC day six months ago to their archives: whole months by detaching and attaching their partitions, the other rows one month a statement. All or nothing; nothing written meanwhile is lost, the next call takes it. Run again it does nothing, run twice at once the second waits for the first. Locks users and chat_rooms against writers and the live tables against everybody for a few milliseconds at the end, for which it waits 200 ms at a time and 30 times at most before it fails (55P03). For the owner of the tables, under read committed.';

-- Down Migration

drop function archive_old_data();
drop function archive_bounds(regclass, regclass, timestamptz);
drop function archive_foreign_keys(regclass, regclass);
drop function archive_old_months(regclass, regclass, timestamptz);
drop function archive_old_rows(regclass, regclass, timestamptz);
drop function archive_rows_command(regclass, regclass, timestamptz, timestamptz);
drop function archive_partition_commands(regclass, timestamptz, timestamptz);
drop function run_archive_step(text);
drop function time_partitions(regclass);
