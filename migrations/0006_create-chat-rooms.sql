-- Why: users talk in rooms, two or more of them.
-- What: chat_rooms, chat_participants.
-- Locks: users SHARE ROW EXCLUSIVE, for the foreign keys.
-- Revert: drops both tables and their rows.

-- Up Migration

create table chat_rooms (
  id bigserial constraint chat_rooms_pkey primary key,
  room_type varchar(20) not null default 'DIRECT'
    constraint chat_rooms_room_type_check check (room_type in ('DIRECT', 'GROUP')),
  name varchar(255),
  description text,
  created_by_user_id bigint
    constraint chat_rooms_created_by_user_id_fkey references users (id) on delete set null,
  is_active boolean not null default true,
  last_message_at timestamptz,
  created_at timestamptz not null default current_timestamp,
  updated_at timestamptz not null default current_timestamp
);

create index idx_room_activity on chat_rooms (is_active, last_message_at);
create index idx_created_by on chat_rooms (created_by_user_id);

create trigger set_updated_at before update on chat_rooms
  for each row when (old.* is distinct from new.*) execute function set_updated_at();

comment on table chat_rooms is 'Chat rooms (채팅방): where two users or a group write to each other.';
comment on column chat_rooms.id is 'Primary key.';
comment on column chat_rooms.room_type is 'Whether the room is for two or for a group.';
comment on column chat_rooms.name is 'Name of the room.';
comment on column chat_rooms.description is 'What the room is about.';
comment on column chat_rooms.created_by_user_id is 'Who made the room; null once that user is gone.';
comment on column chat_rooms.is_active is 'Whether the room is in use.';
comment on column chat_rooms.last_message_at is 'When the latest message was sent.';
comment on column chat_rooms.created_at is 'When the row was made.';
comment on column chat_rooms.updated_at is 'When the row last changed; maintained by a trigger.';

create table chat_participants (
  id bigserial constraint chat_participants_pkey primary key,
  room_id bigint not null
    constraint chat_participants_room_id_fkey references chat_rooms (id) on delete cascade,
  user_id bigint not null
    constraint chat_participants_user_id_fkey references users (id) on delete cascade,
  role varchar(20) not null default 'MEMBER'
    constraint chat_participants_role_check check (role in ('ADMIN', 'MEMBER')),
  joined_at timestamptz not null default current_timestamp,
  last_read_message_id bigint,
  is_active boolean not null default true,
  constraint unique_room_participant unique (room_id, user_id)
);

create index idx_user_rooms on chat_participants (user_id, is_active);
create index idx_room_participants on chat_participants (room_id, is_active);
-- Not in the ERD: whoever deletes a message must find who has read up to it.
create index idx_participant_last_read on chat_participants (last_read_message_id)
  where last_read_message_id is not null;

comment on table chat_participants is 'Chat participants (채팅 참가자): who is in a room.';
comment on column chat_participants.id is 'Primary key.';
comment on column chat_participants.room_id is 'The room; the row goes with it.';
comment on column chat_participants.user_id is 'The user, once a room; the row goes with them.';
comment on column chat_participants.role is 'What the user may do in the room.';
comment on column chat_participants.joined_at is 'When the user joined.';
comment on column chat_participants.last_read_message_id is 'The message of this room, live or archived, up to which the user has read; set null when it is deleted.';
comment on column chat_participants.is_active is 'Whether the user is still in the room.';

-- Down Migration

drop table chat_participants;
drop table chat_rooms;
