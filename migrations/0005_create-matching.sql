-- Why: users find partners to practise with.
-- What: matching_requests, user_partnerships, matching_preferences.
-- Locks: users SHARE ROW EXCLUSIVE, for the foreign keys.
-- Revert: drops the three tables and their rows.

-- Up Migration

create table matching_requests (
  id bigserial constraint matching_requests_pkey primary key,
  requester_id bigint not null
    constraint matching_requests_requester_id_fkey references users (id) on delete cascade,
  target_id bigint not null
    constraint matching_requests_target_id_fkey references users (id) on delete cascade,
  message text,
  status varchar(20) not null default 'PENDING'
    constraint matching_requests_status_check check (status in ('PENDING', 'ACCEPTED', 'REJECTED', 'EXPIRED')),
  expires_at timestamptz not null,
  responded_at timestamptz,
  created_at timestamptz not null default current_timestamp,
  constraint different_users check (requester_id != target_id),
  -- The same rule under the second name the ERD gives it; a comparison of two integers costs nothing.
  constraint fk_matching_different_users check (requester_id != target_id)
);

-- The whole one also finds a target's rows when the user is deleted; the partial one is what the inbox reads.
create index idx_target_pending on matching_requests (target_id, status, expires_at);
create index idx_matching_active_requests on matching_requests (target_id, status, expires_at)
  where status = 'PENDING';
-- Not in the ERD, whose index of pending requests leads with the target: what has expired is asked of all targets.
create index idx_matching_expiry on matching_requests (expires_at) where status = 'PENDING';
create index idx_requester_status on matching_requests (requester_id, status);

comment on table matching_requests is 'Matching requests (매칭 요청): one user asks another to be partners.';
comment on column matching_requests.id is 'Primary key.';
comment on column matching_requests.requester_id is 'The user who asks; the row goes with them.';
comment on column matching_requests.target_id is 'The user who is asked, another one; the row goes with them.';
comment on column matching_requests.message is 'What the requester writes.';
comment on column matching_requests.status is 'What has become of the request.';
comment on column matching_requests.expires_at is 'Until when the request can be answered.';
comment on column matching_requests.responded_at is 'When the request was answered.';
comment on column matching_requests.created_at is 'When the row was made.';

create table user_partnerships (
  id bigserial constraint user_partnerships_pkey primary key,
  user_id_1 bigint not null
    constraint user_partnerships_user_id_1_fkey references users (id) on delete cascade,
  user_id_2 bigint not null
    constraint user_partnerships_user_id_2_fkey references users (id) on delete cascade,
  partnership_type varchar(20) not null default 'CASUAL'
    constraint user_partnerships_partnership_type_check check (partnership_type in ('CASUAL', 'REGULAR')),
  compatibility_score integer
    constraint user_partnerships_compatibility_score_check check (compatibility_score between 0 and 100),
  total_sessions integer not null default 0,
  last_session_at timestamptz,
  is_active boolean not null default true,
  created_at timestamptz not null default current_timestamp,
  constraint different_partners check (user_id_1 != user_id_2),
  constraint unique_partnership unique (user_id_1, user_id_2)
);

create index idx_user_active_partnerships on user_partnerships (user_id_1, is_active);
create index idx_partnership_activity on user_partnerships (user_id_2, is_active, last_session_at);
-- (1, 2) and (2, 1) are one pair; unique_partnership alone would take both.
create unique index unique_partnership_pair
  on user_partnerships (least(user_id_1, user_id_2), greatest(user_id_1, user_id_2));

comment on table user_partnerships is 'User partnerships (사용자 파트너십): two users who practise together; one row a pair, whichever comes first.';
comment on column user_partnerships.id is 'Primary key.';
comment on column user_partnerships.user_id_1 is 'One of the two; the row goes with them.';
comment on column user_partnerships.user_id_2 is 'The other; the row goes with them.';
comment on column user_partnerships.partnership_type is 'How regularly the two meet.';
comment on column user_partnerships.compatibility_score is 'How well the two match, 0 to 100.';
comment on column user_partnerships.total_sessions is 'Number of sessions the two have had.';
comment on column user_partnerships.last_session_at is 'When the two last met.';
comment on column user_partnerships.is_active is 'Whether the partnership goes on.';
comment on column user_partnerships.created_at is 'When the row was made.';

create table matching_preferences (
  id bigserial constraint matching_preferences_pkey primary key,
  user_id bigint not null
    constraint matching_preferences_user_id_fkey references users (id) on delete cascade,
  preferred_age_min integer
    constraint matching_preferences_preferred_age_min_check check (preferred_age_min >= 13),
  preferred_age_max integer
    constraint matching_preferences_preferred_age_max_check check (preferred_age_max <= 100),
  preferred_gender varchar(20)
    constraint matching_preferences_preferred_gender_check check (preferred_gender in ('MALE', 'FEMALE', 'ANY')),
  preferred_countries text[],
  min_compatibility integer not null default 70
    constraint matching_preferences_min_compatibility_check check (min_compatibility between 0 and 100),
  max_distance_km integer,
  created_at timestamptz not null default current_timestamp,
  updated_at timestamptz not null default current_timestamp,
  constraint unique_user_preferences unique (user_id),
  constraint valid_age_range check (preferred_age_min <= preferred_age_max)
);

create trigger set_updated_at before update on matching_preferences
  for each row when (old.* is distinct from new.*) execute function set_updated_at();

comment on table matching_preferences is 'Matching preferences (매칭 선호도): whom a user wants to meet; one row a user.';
comment on column matching_preferences.id is 'Primary key.';
comment on column matching_preferences.user_id is 'The user; the row goes with them.';
comment on column matching_preferences.preferred_age_min is 'Youngest age wanted, in years, 13 or more; null for any.';
comment on column matching_preferences.preferred_age_max is 'Oldest age wanted, in years, 100 or less; null for any.';
comment on column matching_preferences.preferred_gender is 'Gender wanted.';
comment on column matching_preferences.preferred_countries is 'Country codes wanted.';
comment on column matching_preferences.min_compatibility is 'Lowest compatibility score wanted, 0 to 100.';
comment on column matching_preferences.max_distance_km is 'Greatest distance wanted, in kilometres.';
comment on column matching_preferences.created_at is 'When the row was made.';
comment on column matching_preferences.updated_at is 'When the row last changed; maintained by a trigger.';

-- Down Migration

drop table matching_preferences;
drop table user_partnerships;
drop table matching_requests;
