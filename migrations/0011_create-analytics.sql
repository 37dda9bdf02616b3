-- Why: what users do is counted, for them and for the platform.
-- What: user_activity_logs, partitioned by month of created_at in UTC; learning_analytics, system_metrics.
-- Locks: users SHARE ROW EXCLUSIVE, for the foreign keys.
-- Revert: drops the three tables with all partitions and their rows.

-- Up Migration

create table user_activity_logs (
  id bigserial,
  user_id bigint
    constraint user_activity_logs_user_id_fkey references users (id) on delete set null,
  activity varchar(100) not null,
  details jsonb,
  ip_address inet,
  user_agent text,
  created_at timestamptz not null default current_timestamp,
  -- A unique key of a partitioned table must contain the partition key. The sequence keeps id unique.
  constraint user_activity_logs_pkey primary key (id, created_at)
) partition by range (created_at);

create index idx_user_activity on user_activity_logs (user_id, created_at);
create index idx_activity_type on user_activity_logs (activity, created_at);

-- Bounds carry their offset: without it they would be midnight in the time zone of whoever migrates.
create table user_activity_logs_y2025m01 partition of user_activity_logs
  for values from ('2025-01-01 00:00:00+00') to ('2025-02-01 00:00:00+00');

-- An activity must never be refused because nobody made its month in time.
create table user_activity_logs_default partition of user_activity_logs default;

comment on table user_activity_logs is 'User activity logs (사용자 활동 로그): what users did; partitioned by month of created_at in UTC.';
comment on table user_activity_logs_y2025m01 is 'User activity logs of January 2025, UTC.';
comment on table user_activity_logs_default is 'User activity logs whose month has no partition; should be empty.';
comment on column user_activity_logs.id is 'Number of the entry; unique by its sequence, primary key together with created_at.';
comment on column user_activity_logs.user_id is 'Who did it; null once that user is gone.';
comment on column user_activity_logs.activity is 'What was done.';
comment on column user_activity_logs.details is 'Additional data of the activity.';
comment on column user_activity_logs.ip_address is 'Address it came from.';
comment on column user_activity_logs.user_agent is 'User agent it came from.';
comment on column user_activity_logs.created_at is 'When it was done; decides the partition.';

create table learning_analytics (
  id bigserial constraint learning_analytics_pkey primary key,
  user_id bigint not null
    constraint learning_analytics_user_id_fkey references users (id) on delete cascade,
  language_code varchar(10) not null,
  date date not null,
  total_session_time integer not null default 0,
  session_count integer not null default 0,
  messages_sent integer not null default 0,
  level_improvements integer not null default 0,
  badges_earned integer not null default 0,
  average_session_rating decimal(3,2),
  created_at timestamptz not null default current_timestamp,
  constraint unique_user_date_lang unique (user_id, language_code, date)
);

create index idx_date_analytics on learning_analytics (date, language_code);

comment on table learning_analytics is 'Learning analytics (학습 분석): what a user achieved in a language on a day.';
comment on column learning_analytics.id is 'Primary key.';
comment on column learning_analytics.user_id is 'The user; the row goes with them.';
comment on column learning_analytics.language_code is 'Language code.';
comment on column learning_analytics.date is 'The day.';
comment on column learning_analytics.total_session_time is 'Time in sessions, in seconds.';
comment on column learning_analytics.session_count is 'Number of sessions.';
comment on column learning_analytics.messages_sent is 'Number of messages sent.';
comment on column learning_analytics.level_improvements is 'Number of levels gained.';
comment on column learning_analytics.badges_earned is 'Number of badges earned.';
comment on column learning_analytics.average_session_rating is 'Mean rating of the sessions.';
comment on column learning_analytics.created_at is 'When the row was made.';

create table system_metrics (
  id bigserial constraint system_metrics_pkey primary key,
  metric_name varchar(100) not null,
  metric_value decimal(15,4) not null,
  metric_unit varchar(20),
  tags jsonb,
  recorded_at timestamptz not null default current_timestamp
);

create index idx_metric_time on system_metrics (metric_name, recorded_at);
create index idx_metric_tags on system_metrics using gin (tags);

comment on table system_metrics is 'System metrics (시스템 메트릭): measurements of the platform over time.';
comment on column system_metrics.id is 'Primary key.';
comment on column system_metrics.metric_name is 'What is measured.';
comment on column system_metrics.metric_value is 'The value measured.';
comment on column system_metrics.metric_unit is 'Unit of the value.';
comment on column system_metrics.tags is 'Additional metadata.';
comment on column system_metrics.recorded_at is 'When it was measured.';

-- Down Migration

drop table system_metrics;
drop table learning_analytics;
drop table user_activity_logs;
