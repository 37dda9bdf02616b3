-- Why: users meet by voice and video to practise.
-- What: learning_sessions, session_participants, session_recordings.
-- Locks: users SHARE ROW EXCLUSIVE, for the foreign keys.
-- Revert: drops the three tables and their rows.

-- Up Migration

create table learning_sessions (
  id bigserial constraint learning_sessions_pkey primary key,
  session_type varchar(20) not null
    constraint learning_sessions_session_type_check
    check (session_type in ('AUDIO_1V1', 'VIDEO_1V1', 'GROUP_VIDEO')),
  title varchar(255),
  description text,
  scheduled_start_time timestamptz not null,
  scheduled_end_time timestamptz not null,
  actual_start_time timestamptz,
  actual_end_time timestamptz,
  status varchar(20) not null default 'SCHEDULED'
    constraint learning_sessions_status_check
    check (status in ('SCHEDULED', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED')),
  room_id varchar(255),
  primary_language varchar(10),
  secondary_language varchar(10),
  max_participants integer not null default 2
    constraint learning_sessions_max_participants_check check (max_participants between 2 and 4),
  created_by_user_id bigint
    constraint learning_sessions_created_by_user_id_fkey references users (id) on delete set null,
  created_at timestamptz not null default current_timestamp,
  updated_at timestamptz not null default current_timestamp,
  constraint valid_session_duration check (scheduled_end_time > scheduled_start_time)
);

create index idx_session_schedule on learning_sessions (scheduled_start_time, scheduled_end_time);
create index idx_session_status on learning_sessions (status, scheduled_start_time);
create index idx_room_lookup on learning_sessions (room_id);
create index idx_sessions_upcoming on learning_sessions (scheduled_start_time)
  where status in ('SCHEDULED', 'IN_PROGRESS');
-- Not in the ERD: deleting a user must not scan the table.
create index idx_session_created_by on learning_sessions (created_by_user_id);

create trigger set_updated_at before update on learning_sessions
  for each row when (old.* is distinct from new.*) execute function set_updated_at();

comment on table learning_sessions is 'Learning sessions (학습 세션): a planned meeting by voice or video.';
comment on column learning_sessions.id is 'Primary key.';
comment on column learning_sessions.session_type is 'Voice or video, for two or for a group.';
comment on column learning_sessions.title is 'Title.';
comment on column learning_sessions.description is 'What the session is about.';
comment on column learning_sessions.scheduled_start_time is 'When it is planned to start.';
comment on column learning_sessions.scheduled_end_time is 'When it is planned to end, after its start.';
comment on column learning_sessions.actual_start_time is 'When it started.';
comment on column learning_sessions.actual_end_time is 'When it ended.';
comment on column learning_sessions.status is 'What has become of the session.';
comment on column learning_sessions.room_id is 'WebRTC room id; not a chat room.';
comment on column learning_sessions.primary_language is 'Language code for the first half.';
comment on column learning_sessions.secondary_language is 'Language code for the second half.';
comment on column learning_sessions.max_participants is 'How many may take part, 2 to 4.';
comment on column learning_sessions.created_by_user_id is 'Who planned it; null once that user is gone.';
comment on column learning_sessions.created_at is 'When the row was made.';
comment on column learning_sessions.updated_at is 'When the row last changed; maintained by a trigger.';

create table session_participants (
  id bigserial constraint session_participants_pkey primary key,
  session_id bigint not null
    constraint session_participants_session_id_fkey references learning_sessions (id) on delete cascade,
  user_id bigint not null
    constraint session_participants_user_id_fkey references users (id) on delete cascade,
  role varchar(20) not null default 'PARTICIPANT'
    constraint session_participants_role_check check (role in ('HOST', 'PARTICIPANT')),
  joined_at timestamptz,
  left_at timestamptz,
  participation_time integer not null default 0,
  rating_given integer
    constraint session_participants_rating_given_check check (rating_given between 1 and 5),
  feedback text,
  is_confirmed boolean not null default false,
  created_at timestamptz not null default current_timestamp,
  constraint unique_session_participant unique (session_id, user_id)
);

create index idx_user_sessions on session_participants (user_id, created_at);
create index idx_session_roster on session_participants (session_id, role);

comment on table session_participants is 'Session participants (세션 참가자): who takes part in a session.';
comment on column session_participants.id is 'Primary key.';
comment on column session_participants.session_id is 'The session; the row goes with it.';
comment on column session_participants.user_id is 'The user, once a session; the row goes with them.';
comment on column session_participants.role is 'Whether the user leads the session.';
comment on column session_participants.joined_at is 'When the user came.';
comment on column session_participants.left_at is 'When the user left.';
comment on column session_participants.participation_time is 'How long the user was there, in seconds.';
comment on column session_participants.rating_given is 'The user''s rating of the session, 1 to 5.';
comment on column session_participants.feedback is 'What the user says about the session.';
comment on column session_participants.is_confirmed is 'Whether the user has confirmed to come.';
comment on column session_participants.created_at is 'When the row was made.';

create table session_recordings (
  id bigserial constraint session_recordings_pkey primary key,
  session_id bigint not null
    constraint session_recordings_session_id_fkey references learning_sessions (id) on delete cascade,
  file_url text not null,
  file_size bigint,
  duration integer,
  format varchar(20),
  quality varchar(20),
  is_available boolean not null default true,
  expires_at timestamptz,
  created_at timestamptz not null default current_timestamp
);

create index idx_session_recordings on session_recordings (session_id);
create index idx_recording_expiry on session_recordings (expires_at, is_available);

comment on table session_recordings is 'Session recordings (세션 녹화): files recorded in a session.';
comment on column session_recordings.id is 'Primary key.';
comment on column session_recordings.session_id is 'The session; the row goes with it.';
comment on column session_recordings.file_url is 'URL of the file.';
comment on column session_recordings.file_size is 'Size of the file, in bytes.';
comment on column session_recordings.duration is 'Length of the recording, in seconds.';
comment on column session_recordings.format is 'File format: MP4, WEBM, etc.';
comment on column session_recordings.quality is 'Picture quality: HD, SD, etc.';
comment on column session_recordings.is_available is 'Whether the file can be watched.';
comment on column session_recordings.expires_at is 'When the file is deleted automatically.';
comment on column session_recordings.created_at is 'When the row was made.';

-- Down Migration

drop table session_recordings;
drop table session_participants;
drop table learning_sessions;
