-- Why: users log in, stay logged in and are logged out.
-- What: refresh_tokens, user_sessions.
-- Locks: users SHARE ROW EXCLUSIVE, for the foreign keys.
-- Revert: drops both tables and their rows.

-- Up Migration

create table refresh_tokens (
  id bigserial constraint refresh_tokens_pkey primary key,
  user_id bigint not null
    constraint refresh_tokens_user_id_fkey references users (id) on delete cascade,
  -- One index serves as the unique constraint and as the look-up index of the same column.
  token varchar(255) not null constraint idx_refresh_token unique,
  expires_at timestamptz not null,
  is_used boolean not null default false,
  created_at timestamptz not null default current_timestamp
);

create index idx_user_active_tokens on refresh_tokens (user_id, expires_at, is_used);

comment on table refresh_tokens is 'Refresh tokens (리프레시 토큰): what buys a new access token, once.';
comment on column refresh_tokens.id is 'Primary key.';
comment on column refresh_tokens.user_id is 'The user; the row goes with them.';
comment on column refresh_tokens.token is 'The token; unique.';
comment on column refresh_tokens.expires_at is 'Until when the token is good.';
comment on column refresh_tokens.is_used is 'Whether the token has been spent.';
comment on column refresh_tokens.created_at is 'When the row was made.';

create table user_sessions (
  id bigserial constraint user_sessions_pkey primary key,
  user_id bigint not null
    constraint user_sessions_user_id_fkey references users (id) on delete cascade,
  session_token varchar(255) not null constraint idx_session_token unique,
  ip_address inet,
  user_agent text,
  expires_at timestamptz not null,
  last_activity_at timestamptz not null default current_timestamp,
  is_active boolean not null default true,
  created_at timestamptz not null default current_timestamp
);

create index idx_user_active_sessions on user_sessions (user_id, is_active, expires_at);

comment on table user_sessions is 'User sessions (사용자 세션): where a user is logged in.';
comment on column user_sessions.id is 'Primary key.';
comment on column user_sessions.user_id is 'The user; the row goes with them.';
comment on column user_sessions.session_token is 'The token of the session; unique.';
comment on column user_sessions.ip_address is 'Address the session came from.';
comment on column user_sessions.user_agent is 'User agent the session came from.';
comment on column user_sessions.expires_at is 'Until when the session is good.';
comment on column user_sessions.last_activity_at is 'When the session was last seen.';
comment on column user_sessions.is_active is 'Whether the session has not been closed.';
comment on column user_sessions.created_at is 'When the row was made.';

-- Down Migration

drop table user_sessions;
drop table refresh_tokens;
