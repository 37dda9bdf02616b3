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
set client_min_messages = 'warning'
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

create function give_way(partition regclass) returns void
language plpgsql
set search_path = pg_catalog, public, pg_temp
as $$
begin
  if exists (select from pg_locks where relation = partition and not granted) then
    raise lock_not_available using message = format('other sessions wait for %s', partition);
  end if;
end
$$;

comment on function give_way(regclass) is
  'Fails (55P03) when a session waits for a lock on the partition: whoever holds one and waits for its table next would have the server kill that session in a deadlock.';

create function drop_unseen_partition(partition regclass) returns void
language plpgsql
set search_path = pg_catalog, public, pg_temp
as $$
begin
  -- A file without a page: no snapshot, however old, finds a row in it. One that was emptied gets there by vacuum.
  if pg_relation_size(partition) = 0 then
    execute format('drop table %s', partition);
  end if;
end
$$;

comment on function drop_unseen_partition(regclass) is
  'Drops a partition that was emptied, once no transaction can see the rows it had; their copies in the archive are invisible to older transactions. For a caller who has locked it.';

create function archive_bounds_commands(live regclass, archive regclass, cutoff timestamptz) returns text
language sql
stable
set search_path = pg_catalog, public, pg_temp
set timezone = 'UTC'
as $$
  select coalesce(
    string_agg(format(
      'lock table only %1$s in access exclusive mode;
       alter table %1$s drop constraint if exists archive_bounds,
         add constraint archive_bounds check (created_at >= %2$L and created_at < %3$L);',
      leaf, lower_bound, upper_bound), '' order by lower_bound)
    || string_agg(format('select public.give_way(%L);', leaf), ''), '')
  from public.time_partitions(live)
  where upper_bound <= cutoff
    and public.archive_partition_commands(archive, lower_bound, upper_bound) is not null
$$;

comment on function archive_bounds_commands(regclass, regclass, timestamptz) is
  'The commands that prove the bounds of the partitions about to move, with only them locked, so that attaching them to the archive scans nothing while the whole live table is locked.';

create function archive_months_commands(live regclass, archive regclass, cutoff timestamptz) returns text
language sql
stable
set search_path = pg_catalog, public, pg_temp
set timezone = 'UTC'
as $$
  -- The archive too: who has read it, and reads the live table next in one snapshot, must not miss the month.
  select coalesce(format('lock table only %s, only %s in access exclusive mode;', live, archive)
    || string_agg(
      case when public.archive_partition_commands(archive, lower_bound, upper_bound) is null then
        format('lock table only %1$s in access exclusive mode; select public.drop_unseen_partition(%1$L);', leaf)
      else
        format(
          'alter table %1$s detach partition %2$s;
           alter table %2$s rename to %4$I;
           alter table %5$s attach partition %3$s.%4$I for values from (%6$L) to (%7$L);
           alter table %3$s.%4$I drop constraint archive_bounds;',
          live, leaf, l.relnamespace::regnamespace, a.relname || to_char(lower_bound, '"_y"YYYY"m"MM'), archive,
          lower_bound, upper_bound)
      end, '' order by lower_bound), '')
  from public.time_partitions(live)
  join pg_class as l on l.oid = leaf
  join pg_class as a on a.oid = archive
  where upper_bound <= cutoff
    and (public.archive_partition_commands(archive, lower_bound, upper_bound) is not null
      or pg_relation_size(leaf) = 0)
$$;

comment on function archive_months_commands(regclass, regclass, timestamptz) is
  'The commands that move the partitions that end before the cutoff to the archive; of one whose month is already there, that drop it once it is empty for everybody.';

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

create function archive_old_months(cutoff timestamptz) returns void
language plpgsql
set search_path = pg_catalog, public, pg_temp
as $$
declare
  months text := concat(
    public.archive_months_commands('public.chat_messages', 'public.chat_messages_archive', cutoff),
    public.archive_months_commands('public.user_activity_logs', 'public.user_activity_logs_archive', cutoff));
begin
  if months = '' then
    return;
  end if;
  -- One step: what fails to get the live table leaves no partition locked. Then in the order in which the
  -- application takes them: users, rooms, messages.
  perform public.run_archive_step(concat(
    public.archive_bounds_commands('public.chat_messages', 'public.chat_messages_archive', cutoff),
    public.archive_bounds_commands('public.user_activity_logs', 'public.user_activity_logs_archive', cutoff),
    'lock table public.users, public.chat_rooms in share row exclusive mode;',
    months));
end
$$;

comment on function archive_old_months(timestamptz) is
  'Moves the partitions of both tables that end before the cutoff to the archives.';

create function record_archive_run(started_at timestamptz, cutoff timestamptz) returns void
language plpgsql
set search_path = pg_catalog, public, pg_temp
as $$
begin
  -- The ledger is younger than this function, and may belong to somebody else.
  if exists (
    select from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname = 'studymate' and c.relname = 'runs'
      and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'insert')
  ) then
    insert into studymate.runs (command, options, started_at, finished_at, result, tool_version)
    values ('archive_old_data()', jsonb_build_object('cutoff', cutoff), started_at, clock_timestamp(), 'done', 'sql');
  end if;
end
$$;

comment on function record_archive_run(timestamptz, timestamptz) is
  'Leaves a row in the run ledger, where there is one that the role may write to.';

create function archive_old_data() returns void
language plpgsql
set search_path = pg_catalog, public, pg_temp
as $$
declare
  -- A day begins in UTC, whatever the time zone of the session.
  cutoff timestamptz := (date_trunc('day', now() at time zone 'UTC') - interval '6 months') at time zone 'UTC';
  started_at timestamptz := clock_timestamp();
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
  perform public.archive_foreign_keys('public.chat_messages', 'public.chat_messages_archive');
  perform public.archive_foreign_keys('public.user_activity_logs', 'public.user_activity_logs_archive');
  perform public.archive_old_months(cutoff);
  perform public.record_archive_run(started_at, cutoff);
end
$$;

comment on function archive_old_data() is
  'Moves chat messages and user activity logs from before the UTC day six months ago to their archives: whole months by detaching and attaching their partitions, the other rows one month a statement. All or nothing; nothing written meanwhile is lost, the next call takes it. Run again it does nothing, run twice at once the second waits for the first. Locks users and chat_rooms against writers and both tables with their archives against everybody for a few milliseconds at the end, and before that each whole month that moves while its bounds are proved; it waits 200 ms for a lock and tries 30 times before it fails (55P03). A month whose rows were moved one by one stays as an empty partition until vacuum has removed what older transactions may still see. For the owner of the tables, under read committed.';

-- Down Migration

drop function archive_old_data();
drop function record_archive_run(timestamptz, timestamptz);
drop function archive_old_months(timestamptz);
drop function archive_foreign_keys(regclass, regclass);
drop function archive_months_commands(regclass, regclass, timestamptz);
drop function archive_bounds_commands(regclass, regclass, timestamptz);
drop function drop_unseen_partition(regclass);
drop function give_way(regclass);
drop function archive_old_rows(regclass, regclass, timestamptz);
drop function archive_rows_command(regclass, regclass, timestamptz, timestamptz);
drop function archive_partition_commands(regclass, timestamptz, timestamptz);
drop function run_archive_step(text);
drop function time_partitions(regclass);
