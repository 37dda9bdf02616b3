-- Why: no foreign key can point at chat_messages.id alone, and one on (id, created_at) would forbid detaching
--   any month in which a message answers another.
-- What: fk_chat_messages_reply_to and fk_chat_participants_last_read as constraint triggers; triggers that set
--   both kinds of pointer null when a message is deleted. They run with the owner's rights, as foreign keys do.
-- Locks: chat_messages, chat_messages_archive and chat_participants SHARE ROW EXCLUSIVE.
-- Revert: drops the triggers and their functions; the pointers stay as they are.

-- Up Migration

create function hold_message(message_id bigint) returns bigint
language plpgsql
security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  room bigint;
begin
  -- By id alone: with the room in the condition, tables without statistics were read by the room index.
  select room_id into room from public.chat_messages where id = message_id for key share;
  if not found then
    -- Not there, or moved to the archive while we waited for its row.
    select room_id into room from public.chat_messages_archive where id = message_id for key share;
  end if;
  if not found then
    -- Or brought back from the archive between the two look-ups.
    select room_id into room from public.chat_messages where id = message_id for key share;
  end if;
  return room;
end
$$;

comment on function hold_message(bigint) is
  'Room of a message, live or archived; null when there is none. Until the end of the transaction nobody else can delete the message.';

create function check_reply_to() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  if public.hold_message(new.reply_to_id) is distinct from new.room_id then
    raise foreign_key_violation using
      message = 'insert or update on table "chat_messages" violates foreign key constraint "fk_chat_messages_reply_to"',
      detail = format('Key (reply_to_id)=(%s) is not a message of room %s.', new.reply_to_id, new.room_id),
      schema = 'public', table = 'chat_messages', column = 'reply_to_id', constraint = 'fk_chat_messages_reply_to';
  end if;
  return null;
end
$$;

comment on function check_reply_to() is
  'Refuses (23503) a reply to a message that is not, live or archived, in the same room.';

create function check_last_read() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  if public.hold_message(new.last_read_message_id) is distinct from new.room_id then
    raise foreign_key_violation using
      message = 'insert or update on table "chat_participants" violates foreign key constraint "fk_chat_participants_last_read"',
      detail = format('Key (last_read_message_id)=(%s) is not a message of room %s.', new.last_read_message_id, new.room_id),
      schema = 'public', table = 'chat_participants', column = 'last_read_message_id', constraint = 'fk_chat_participants_last_read';
  end if;
  return null;
end
$$;

comment on function check_last_read() is
  'Refuses (23503) a last-read message that is not, live or archived, in the participant''s room.';

create function check_message_pointers() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  broken text;
begin
  -- A change of room_id does not wait for the key share lock of a pointer being written; this does.
  perform from public.chat_messages where id = new.id for update;
  perform from public.chat_messages_archive where id = new.id for update;
  select pointer into broken
  from (
    select 'fk_chat_messages_reply_to', room_id from public.chat_messages where reply_to_id = old.id
    union all
    select 'fk_chat_messages_reply_to', room_id from public.chat_messages_archive where reply_to_id = old.id
    union all
    select 'fk_chat_participants_last_read', room_id from public.chat_participants where last_read_message_id = old.id
  ) as pointing (pointer, room_id)
  where new.id <> old.id or pointing.room_id <> new.room_id
  limit 1;
  if found then
    raise foreign_key_violation using
      message = format('update on table "chat_messages" violates foreign key constraint "%s"', broken),
      detail = format('Key (id, room_id)=(%s, %s) is still referenced.', old.id, old.room_id),
      schema = 'public', table = 'chat_messages', constraint = broken;
  end if;
  return null;
end
$$;

comment on function check_message_pointers() is
  'Refuses (23503) to change the id or the room of a message while a reply or a last-read pointer would lose it.';

create function clear_message_pointers() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  if current_setting('studymate.moving', true) = 'on' then
    return null;
  end if;
  -- Under repeatable read a pointer committed since the snapshot was taken cannot be seen, and no row of ours
  -- collides with it. Serializable transactions are safe among themselves: PostgreSQL sees the dependency.
  if current_setting('transaction_isolation') = 'repeatable read' then
    raise feature_not_supported using
      message = 'cannot delete a chat message under repeatable read',
      detail = 'A reply written meanwhile would be left pointing at nothing.',
      hint = 'Delete under read committed, the default.';
  end if;
  -- One statement, so that a row that is just moving between the tables is seen in exactly one of them.
  if not (
       exists (select from public.chat_messages where reply_to_id = old.id)
    or exists (select from public.chat_messages_archive where reply_to_id = old.id)
    or exists (select from public.chat_participants where last_read_message_id = old.id)
  )
  -- An update of created_at across a bound arrives here as a delete, but the message is still there.
  or exists (select from public.chat_messages where id = old.id and room_id = old.room_id)
  or exists (select from public.chat_messages_archive where id = old.id and room_id = old.room_id)
  then
    return null;
  end if;
  update public.chat_messages set reply_to_id = null where reply_to_id = old.id;
  update public.chat_messages_archive set reply_to_id = null where reply_to_id = old.id;
  -- Again, for a reply that came back from the archive between the two.
  update public.chat_messages set reply_to_id = null where reply_to_id = old.id;
  update public.chat_participants set last_read_message_id = null where last_read_message_id = old.id;
  return null;
end
$$;

comment on function clear_message_pointers() is
  'Sets reply_to_id and last_read_message_id null where they point at a message that is deleted. Does nothing while studymate.moving is on: moving a row between partitions or to the archive is not deleting it.';

create function clear_truncated_pointers() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  update public.chat_messages as m set reply_to_id = null
  where reply_to_id is not null
    and not exists (select from public.chat_messages where id = m.reply_to_id)
    and not exists (select from public.chat_messages_archive where id = m.reply_to_id);
  update public.chat_messages_archive as m set reply_to_id = null
  where reply_to_id is not null
    and not exists (select from public.chat_messages where id = m.reply_to_id)
    and not exists (select from public.chat_messages_archive where id = m.reply_to_id);
  update public.chat_participants as p set last_read_message_id = null
  where last_read_message_id is not null
    and not exists (select from public.chat_messages where id = p.last_read_message_id)
    and not exists (select from public.chat_messages_archive where id = p.last_read_message_id);
  return null;
end
$$;

comment on function clear_truncated_pointers() is
  'Sets reply_to_id and last_read_message_id null where their message is gone, after chat_messages or its archive is truncated.';

-- Whoever may create a trigger with these functions could have the owner's rights used on other rows.
revoke execute on function
  hold_message(bigint), check_reply_to(), check_last_read(),
  check_message_pointers(), clear_message_pointers(), clear_truncated_pointers()
from public;

create constraint trigger fk_chat_messages_reply_to
  after insert or update of reply_to_id, room_id on chat_messages
  for each row when (new.reply_to_id is not null) execute function check_reply_to();

create constraint trigger fk_chat_participants_last_read
  after insert or update of last_read_message_id, room_id on chat_participants
  for each row when (new.last_read_message_id is not null) execute function check_last_read();

-- On both roots: PostgreSQL takes them off a partition that is detached and puts them on one attached.
create trigger check_message_pointers after update of id, room_id on chat_messages
  for each row when (old.id <> new.id or old.room_id <> new.room_id) execute function check_message_pointers();
create trigger check_message_pointers after update of id, room_id on chat_messages_archive
  for each row when (old.id <> new.id or old.room_id <> new.room_id) execute function check_message_pointers();

create trigger clear_message_pointers after delete on chat_messages
  for each row execute function clear_message_pointers();
create trigger clear_message_pointers after delete on chat_messages_archive
  for each row execute function clear_message_pointers();

create trigger clear_truncated_pointers after truncate on chat_messages
  for each statement execute function clear_truncated_pointers();
create trigger clear_truncated_pointers after truncate on chat_messages_archive
  for each statement execute function clear_truncated_pointers();

-- Down Migration

drop trigger clear_truncated_pointers on chat_messages_archive;
drop trigger clear_truncated_pointers on chat_messages;
drop trigger clear_message_pointers on chat_messages_archive;
drop trigger clear_message_pointers on chat_messages;
drop trigger check_message_pointers on chat_messages_archive;
drop trigger check_message_pointers on chat_messages;
drop trigger fk_chat_participants_last_read on chat_participants;
drop trigger fk_chat_messages_reply_to on chat_messages;
drop function clear_truncated_pointers();
drop function clear_message_pointers();
drop function check_message_pointers();
drop function check_last_read();
drop function check_reply_to();
drop function hold_message(bigint);
