-- Why: messages are the bulk of the data; by month, old ones leave without touching the new ones.
-- What: chat_messages, partitioned by month of created_at in UTC, its first month and its default partition.
-- Locks: users and chat_rooms SHARE ROW EXCLUSIVE, for the foreign keys.
-- Revert: drops the table with all its partitions and their rows.

-- Up Migration

create table chat_messages (
  id bigserial,
  room_id bigint not null
    constraint chat_messages_room_id_fkey references chat_rooms (id) on delete cascade,
  sender_id bigint not null
    constraint chat_messages_sender_id_fkey references users (id) on delete cascade,
  message_type varchar(20) not null default 'TEXT'
    constraint chat_messages_message_type_check
    check (message_type in ('TEXT', 'IMAGE', 'VOICE', 'FILE', 'SYSTEM')),
  content text,
  file_url text,
  file_metadata jsonb,
  reply_to_id bigint,
  is_edited boolean not null default false,
  edited_at timestamptz,
  created_at timestamptz not null default current_timestamp,
  -- A unique key of a partitioned table must contain the partition key. The sequence keeps id unique.
  constraint chat_messages_pkey primary key (id, created_at)
) partition by range (created_at);

create index idx_chat_messages_room_time on chat_messages (room_id, created_at desc);
create index idx_sender_messages on chat_messages (sender_id, created_at);
create index idx_reply_chain on chat_messages (reply_to_id);

-- Bounds carry their offset: without it they would be midnight in the time zone of whoever migrates.
create table chat_messages_y2025m01 partition of chat_messages
  for values from ('2025-01-01 00:00:00+00') to ('2025-02-01 00:00:00+00');

-- A message must never be refused because nobody made its month in time.
create table chat_messages_default partition of chat_messages default;

comment on table chat_messages is 'Chat messages (채팅 메시지): what is written in a room; partitioned by month of created_at in UTC.';
comment on table chat_messages_y2025m01 is 'Chat messages of January 2025, UTC.';
comment on table chat_messages_default is 'Chat messages whose month has no partition; should be empty.';
comment on column chat_messages.id is 'Number of the message; unique by its sequence, primary key together with created_at.';
comment on column chat_messages.room_id is 'The room; the row goes with it.';
comment on column chat_messages.sender_id is 'The user who wrote it; the row goes with them.';
comment on column chat_messages.message_type is 'What kind of message it is.';
comment on column chat_messages.content is 'The text.';
comment on column chat_messages.file_url is 'URL of the file sent.';
comment on column chat_messages.file_metadata is 'Size, type, etc. of the file.';
comment on column chat_messages.reply_to_id is 'The message of this room, live or archived, that this one answers; set null when it is deleted.';
comment on column chat_messages.is_edited is 'Whether the text was changed after it was sent.';
comment on column chat_messages.edited_at is 'When the text was last changed.';
comment on column chat_messages.created_at is 'When it was sent; decides the partition.';

-- Down Migration

drop table chat_messages;
