-- Why: users are told what happens while they are away.
-- What: notifications, push_subscriptions.
-- Locks: users SHARE ROW EXCLUSIVE, for the foreign keys.
-- Revert: drops both tables and their rows.

-- Up Migration

create table notifications (
  id bigserial constraint notifications_pkey primary key,
  user_id bigint not null
    constraint notifications_user_id_fkey references users (id) on delete cascade,
  type varchar(50) not null,
  title varchar(255) not null,
  message text not null,
  data_json jsonb,
  is_read boolean not null default false,
  read_at timestamptz,
  priority varchar(20) not null default 'NORMAL'
    constraint notifications_priority_check check (priority in ('LOW', 'NORMAL', 'HIGH', 'URGENT')),
  expires_at timestamptz,
  created_at timestamptz not null default current_timestamp
);

create index idx_user_notifications on notifications (user_id, is_read, created_at);
create index idx_notification_type on notifications (type, created_at);
create index idx_notification_expiry on notifications (expires_at);
create index idx_notifications_unread on notifications (user_id, created_at desc) where is_read = false;

comment on table notifications is 'Notifications (알림): what a user is told.';
comment on column notifications.id is 'Primary key.';
comment on column notifications.user_id is 'The user; the row goes with them.';
comment on column notifications.type is 'What it is about.';
comment on column notifications.title is 'Title.';
comment on column notifications.message is 'Text.';
comment on column notifications.data_json is 'Additional data for the notification.';
comment on column notifications.is_read is 'Whether the user has read it.';
comment on column notifications.read_at is 'When the user read it.';
comment on column notifications.priority is 'How urgent it is.';
comment on column notifications.expires_at is 'When it is of no more interest.';
comment on column notifications.created_at is 'When the row was made.';

create table push_subscriptions (
  id bigserial constraint push_subscriptions_pkey primary key,
  user_id bigint not null
    constraint push_subscriptions_user_id_fkey references users (id) on delete cascade,
  endpoint text not null constraint push_subscriptions_endpoint_key unique,
  p256dh_key text not null,
  auth_key text not null,
  user_agent text,
  is_active boolean not null default true,
  created_at timestamptz not null default current_timestamp,
  updated_at timestamptz not null default current_timestamp
);

create index idx_user_subscriptions on push_subscriptions (user_id, is_active);

create trigger set_updated_at before update on push_subscriptions
  for each row when (old.* is distinct from new.*) execute function set_updated_at();

comment on table push_subscriptions is 'Push subscriptions (푸시 구독): the browsers that take a user''s notifications.';
comment on column push_subscriptions.id is 'Primary key.';
comment on column push_subscriptions.user_id is 'The user; the row goes with them.';
comment on column push_subscriptions.endpoint is 'URL of the push service; unique.';
comment on column push_subscriptions.p256dh_key is 'Public key of the browser.';
comment on column push_subscriptions.auth_key is 'Authentication secret of the browser.';
comment on column push_subscriptions.user_agent is 'User agent of the browser.';
comment on column push_subscriptions.is_active is 'Whether notifications are sent there.';
comment on column push_subscriptions.created_at is 'When the row was made.';
comment on column push_subscriptions.updated_at is 'When the row last changed; maintained by a trigger.';

-- Down Migration

drop table push_subscriptions;
drop table notifications;
