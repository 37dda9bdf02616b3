-- Why: everything else in StudyMate belongs to a user.
-- What: users, user_languages, user_interests.
-- Locks: none on existing tables.
-- Revert: drops the three tables and their rows.

-- Up Migration

create table users (
  id bigserial constraint users_pkey primary key,
  email varchar(255) not null constraint users_email_key unique,
  english_name varchar(100) not null,
  korean_name varchar(100),
  birth_date date not null,
  gender varchar(20) constraint users_gender_check check (gender in ('MALE', 'FEMALE', 'OTHER')),
  residence varchar(255),
  profile_image_url text,
  intro text,
  is_active boolean not null default true,
  oauth_provider varchar(50)
    constraint users_oauth_provider_check check (oauth_provider in ('GOOGLE', 'NAVER')),
  oauth_id varchar(255),
  created_at timestamptz not null default current_timestamp,
  updated_at timestamptz not null default current_timestamp,
  constraint unique_oauth_user unique (oauth_provider, oauth_id),
  -- current_date makes the check depend on the day and on the session's time zone. Both only ever let more
  -- people in as time goes by, so a dump of valid rows always restores.
  constraint valid_birth_date
    check (birth_date > '1900-01-01' and birth_date < current_date - interval '13 years')
);

create trigger set_updated_at before update on users
  for each row when (old.* is distinct from new.*) execute function set_updated_at();

comment on table users is 'Users (사용자): the people who learn and teach languages with each other.';
comment on column users.id is 'Primary key.';
comment on column users.email is 'E-mail address; unique, compared with case.';
comment on column users.english_name is 'Name in English.';
comment on column users.korean_name is 'Name in Korean.';
comment on column users.birth_date is 'Date of birth: after 1900-01-01, and more than 13 years before today in the time zone of the session.';
comment on column users.gender is 'Gender.';
comment on column users.residence is 'Place of residence.';
comment on column users.profile_image_url is 'URL of the profile image.';
comment on column users.intro is 'Self-introduction.';
comment on column users.is_active is 'Whether the account is in use.';
comment on column users.oauth_provider is 'Who vouches for the login; null when it is none of them.';
comment on column users.oauth_id is 'The user''s id at the OAuth provider; unique together with the provider.';
comment on column users.created_at is 'When the row was made.';
comment on column users.updated_at is 'When the row last changed; maintained by a trigger.';

create table user_languages (
  id bigserial constraint user_languages_pkey primary key,
  user_id bigint not null
    constraint user_languages_user_id_fkey references users (id) on delete cascade,
  language_code varchar(10) not null,
  language_type varchar(20) not null
    constraint user_languages_language_type_check check (language_type in ('NATIVE', 'TEACHING', 'LEARNING')),
  proficiency_level varchar(10)
    constraint user_languages_proficiency_level_check
    check (proficiency_level in ('A1', 'A2', 'B1', 'B2', 'C1', 'C2')),
  is_primary boolean not null default false,
  created_at timestamptz not null default current_timestamp,
  constraint unique_user_language unique (user_id, language_code, language_type)
);

-- Not in the ERD: who speaks, teaches or learns a language is asked for each match, and nothing else leads there.
create index idx_language_users on user_languages (language_code, language_type, user_id);

comment on table user_languages is 'User languages (사용자 언어 설정): what a user speaks, teaches and learns.';
comment on column user_languages.id is 'Primary key.';
comment on column user_languages.user_id is 'The user; the row goes with them.';
comment on column user_languages.language_code is 'Language code: ko, en, zh, ja, es, fr.';
comment on column user_languages.language_type is 'Whether it is spoken natively, taught or learned.';
comment on column user_languages.proficiency_level is 'CEFR level, from A1 to C2.';
comment on column user_languages.is_primary is 'Whether it is the user''s main language of its type.';
comment on column user_languages.created_at is 'When the row was made.';

create table user_interests (
  id bigserial constraint user_interests_pkey primary key,
  user_id bigint not null
    constraint user_interests_user_id_fkey references users (id) on delete cascade,
  interest_tag varchar(100) not null,
  created_at timestamptz not null default current_timestamp,
  constraint unique_user_interest unique (user_id, interest_tag)
);

comment on table user_interests is 'User interests (사용자 관심사): what a user likes to talk about.';
comment on column user_interests.id is 'Primary key.';
comment on column user_interests.user_id is 'The user; the row goes with them.';
comment on column user_interests.interest_tag is 'The interest, as a tag.';
comment on column user_interests.created_at is 'When the row was made.';

-- Down Migration

drop table user_interests;
drop table user_languages;
drop table users;
