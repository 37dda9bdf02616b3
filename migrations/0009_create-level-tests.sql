-- Why: a spoken test finds out a user's level in a language.
-- What: level_tests, level_test_responses.
-- Locks: users SHARE ROW EXCLUSIVE, for the foreign keys.
-- Revert: drops both tables and their rows.

-- Up Migration

create table level_tests (
  id bigserial constraint level_tests_pkey primary key,
  user_id bigint not null
    constraint level_tests_user_id_fkey references users (id) on delete cascade,
  language_code varchar(10) not null,
  test_type varchar(20) not null default 'FULL'
    constraint level_tests_test_type_check check (test_type in ('FULL', 'QUICK', 'RETAKE')),
  status varchar(20) not null default 'IN_PROGRESS'
    constraint level_tests_status_check check (status in ('IN_PROGRESS', 'COMPLETED', 'FAILED')),
  overall_level varchar(10)
    constraint level_tests_overall_level_check check (overall_level in ('A1', 'A2', 'B1', 'B2', 'C1', 'C2')),
  overall_score integer
    constraint level_tests_overall_score_check check (overall_score between 0 and 100),
  pronunciation_score integer
    constraint level_tests_pronunciation_score_check check (pronunciation_score between 0 and 100),
  grammar_score integer
    constraint level_tests_grammar_score_check check (grammar_score between 0 and 100),
  fluency_score integer
    constraint level_tests_fluency_score_check check (fluency_score between 0 and 100),
  vocabulary_score integer
    constraint level_tests_vocabulary_score_check check (vocabulary_score between 0 and 100),
  comprehension_score integer
    constraint level_tests_comprehension_score_check check (comprehension_score between 0 and 100),
  interaction_score integer
    constraint level_tests_interaction_score_check check (interaction_score between 0 and 100),
  feedback_text text,
  ai_analysis jsonb,
  started_at timestamptz not null default current_timestamp,
  completed_at timestamptz,
  -- Integer division, rounded down; with any part null the sum is null and the check passes, as in the ERD.
  constraint valid_scores check (
    overall_score is null
    or (
      pronunciation_score + grammar_score + fluency_score
      + vocabulary_score + comprehension_score + interaction_score
    ) / 6 = overall_score
  )
);

create index idx_user_tests on level_tests (user_id, language_code, completed_at);
create index idx_level_distribution on level_tests (language_code, overall_level);

comment on table level_tests is 'Level tests (레벨 테스트): one spoken test of a user in a language.';
comment on column level_tests.id is 'Primary key.';
comment on column level_tests.user_id is 'The user; the row goes with them.';
comment on column level_tests.language_code is 'Language code.';
comment on column level_tests.test_type is 'Whether the test is whole, short or taken again.';
comment on column level_tests.status is 'What has become of the test.';
comment on column level_tests.overall_level is 'CEFR level found, from A1 to C2.';
comment on column level_tests.overall_score is 'Mean of the six scores, rounded down, once all six are there.';
comment on column level_tests.pronunciation_score is 'Pronunciation, 0 to 100.';
comment on column level_tests.grammar_score is 'Grammar, 0 to 100.';
comment on column level_tests.fluency_score is 'Fluency, 0 to 100.';
comment on column level_tests.vocabulary_score is 'Vocabulary, 0 to 100.';
comment on column level_tests.comprehension_score is 'Comprehension, 0 to 100.';
comment on column level_tests.interaction_score is 'Interaction, 0 to 100.';
comment on column level_tests.feedback_text is 'What the user is told.';
comment on column level_tests.ai_analysis is 'Detailed AI analysis data.';
comment on column level_tests.started_at is 'When the test was started.';
comment on column level_tests.completed_at is 'When the test was finished.';

create table level_test_responses (
  id bigserial constraint level_test_responses_pkey primary key,
  test_id bigint not null
    constraint level_test_responses_test_id_fkey references level_tests (id) on delete cascade,
  question_number integer not null
    constraint level_test_responses_question_number_check check (question_number between 1 and 4),
  question_text text not null,
  audio_url text,
  transcription text,
  duration_seconds integer,
  ai_scores jsonb,
  created_at timestamptz not null default current_timestamp,
  constraint unique_test_question unique (test_id, question_number)
);

comment on table level_test_responses is 'Level test responses (레벨 테스트 응답): what a user answered to each question.';
comment on column level_test_responses.id is 'Primary key.';
comment on column level_test_responses.test_id is 'The test; the row goes with it.';
comment on column level_test_responses.question_number is 'Number of the question, 1 to 4; once a test.';
comment on column level_test_responses.question_text is 'What was asked.';
comment on column level_test_responses.audio_url is 'URL of the recorded response.';
comment on column level_test_responses.transcription is 'AI transcription of the audio.';
comment on column level_test_responses.duration_seconds is 'Length of the audio, in seconds.';
comment on column level_test_responses.ai_scores is 'Detailed scoring from the AI.';
comment on column level_test_responses.created_at is 'When the row was made.';

-- Down Migration

drop table level_test_responses;
drop table level_tests;
