-- Why: a new user is led through six steps and may leave in the middle.
-- What: onboarding_progress, onboarding_step_data.
-- Locks: users SHARE ROW EXCLUSIVE, for the foreign keys.
-- Revert: drops both tables and their rows.

-- Up Migration

create table onboarding_progress (
  id bigserial constraint onboarding_progress_pkey primary key,
  user_id bigint not null
    constraint onboarding_progress_user_id_fkey references users (id) on delete cascade,
  current_step integer not null default 1
    constraint onboarding_progress_current_step_check check (current_step between 1 and 6),
  is_completed boolean not null default false,
  completed_at timestamptz,
  created_at timestamptz not null default current_timestamp,
  updated_at timestamptz not null default current_timestamp,
  constraint unique_user_onboarding unique (user_id)
);

create trigger set_updated_at before update on onboarding_progress
  for each row when (old.* is distinct from new.*) execute function set_updated_at();

comment on table onboarding_progress is 'Onboarding progress (온보딩 진행 상황): how far a user has come; one row a user.';
comment on column onboarding_progress.id is 'Primary key.';
comment on column onboarding_progress.user_id is 'The user; the row goes with them.';
comment on column onboarding_progress.current_step is 'The step the user is at, 1 to 6.';
comment on column onboarding_progress.is_completed is 'Whether all steps are done.';
comment on column onboarding_progress.completed_at is 'When the last step was done.';
comment on column onboarding_progress.created_at is 'When the row was made.';
comment on column onboarding_progress.updated_at is 'When the row last changed; maintained by a trigger.';

create table onboarding_step_data (
  id bigserial constraint onboarding_step_data_pkey primary key,
  user_id bigint not null
    constraint onboarding_step_data_user_id_fkey references users (id) on delete cascade,
  step_num integer not null
    constraint onboarding_step_data_step_num_check check (step_num between 1 and 6),
  data_json jsonb not null,
  created_at timestamptz not null default current_timestamp,
  constraint unique_user_step unique (user_id, step_num)
);

comment on table onboarding_step_data is 'Onboarding step data (온보딩 단계별 데이터): what a user entered at each step.';
comment on column onboarding_step_data.id is 'Primary key.';
comment on column onboarding_step_data.user_id is 'The user; the row goes with them.';
comment on column onboarding_step_data.step_num is 'The step, 1 to 6; once a user.';
comment on column onboarding_step_data.data_json is 'What was entered.';
comment on column onboarding_step_data.created_at is 'When the row was made.';

-- Down Migration

drop table onboarding_step_data;
drop table onboarding_progress;
