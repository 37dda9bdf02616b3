-- Why: rows older than six months leave the tables that are read all day.
-- What: chat_messages_archive, user_activity_logs_archive; partitioned by month like the tables they are fed
--   from, so that a whole month moves by changing its parent.
-- Locks: none that conflict with reads or writes.
-- Revert: drops both archives with all their partitions and their rows.

-- Up Migration

-- No foreign keys on the archive: attaching a month would lock users and chat_rooms exclusively. Each
-- partition has its own, so that erasing a user or a room reaches the archive as well. No default partition:
-- whatever moves rows here makes their month first.
create table chat_messages_archive (like chat_messages including constraints including comments)
  partition by range (created_at);

alter table chat_messages_archive
  add constraint chat_messages_archive_pkey primary key (id, created_at);
create index idx_archive_room_time on chat_messages_archive (room_id, created_at desc);
create index idx_archive_sender_messages on chat_messages_archive (sender_id, created_at);
create index idx_archive_reply_chain on chat_messages_archive (reply_to_id);

comment on table chat_messages_archive is 'Archived chat messages (채팅 메시지): messages older than six months, by month like chat_messages.';

create table user_activity_logs_archive (like user_activity_logs including constraints including comments)
  partition by range (created_at);

alter table user_activity_logs_archive
  add constraint user_activity_logs_archive_pkey primary key (id, created_at);
create index idx_archive_user_activity on user_activity_logs_archive (user_id, created_at);
create index idx_archive_activity_type on user_activity_logs_archive (activity, created_at);

comment on table user_activity_logs_archive is 'Archived user activity logs (사용자 활동 로그): entries older than six months, by month like user_activity_logs.';

-- Down Migration

drop table user_activity_logs_archive;
drop table chat_messages_archive;
