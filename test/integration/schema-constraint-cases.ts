import type { TableName, Values } from '../support/rows.js';

/** What is changed in a valid row; several columns where they only make sense together. */
export interface CheckCase {
  readonly refused: readonly Values[];
  readonly accepted: readonly Values[];
}

export interface KeyCase {
  readonly columns: readonly string[];
  /** Changes after which the second row no longer collides with the first. */
  readonly accepted: readonly Values[];
}

export interface ForeignKeyCase {
  readonly column: string;
  readonly references: TableName;
  readonly onDelete: 'cascade' | 'set null';
}

const oneOf = (column: string, values: readonly string[], nullable = true): CheckCase => ({
  refused: [...(values[0] === undefined ? [] : [values[0].toLowerCase()]), '', 'UNKNOWN'].map((value) => ({
    [column]: value,
  })),
  accepted: [...values, ...(nullable ? [null] : [])].map((value) => ({ [column]: value })),
});

const between = (column: string, low: number, high: number, nullable = true): CheckCase => ({
  refused: [low - 1, high + 1].map((value) => ({ [column]: value })),
  accepted: [low, high, ...(nullable ? [null] : [])].map((value) => ({ [column]: value })),
});

const CEFR = ['A1', 'A2', 'B1', 'B2', 'C1', 'C2'];
const FULL_SCORES = {
  pronunciation_score: 80,
  grammar_score: 81,
  fluency_score: 82,
  vocabulary_score: 83,
  comprehension_score: 84,
  interaction_score: 85,
};

/** Keyed by table and constraint, as two tables may name a constraint alike. */
export const checkCases: Readonly<Record<string, CheckCase>> = {
  'users.users_gender_check': oneOf('gender', ['MALE', 'FEMALE', 'OTHER']),
  'users.users_oauth_provider_check': oneOf('oauth_provider', ['GOOGLE', 'NAVER']),
  'users.valid_birth_date': {
    refused: [{ birth_date: '1900-01-01' }, { birth_date: '2999-01-01' }],
    accepted: [{ birth_date: '1900-01-02' }],
  },
  'user_languages.user_languages_language_type_check': oneOf(
    'language_type',
    ['NATIVE', 'TEACHING', 'LEARNING'],
    false,
  ),
  'user_languages.user_languages_proficiency_level_check': oneOf('proficiency_level', CEFR),
  'onboarding_progress.onboarding_progress_current_step_check': between('current_step', 1, 6, false),
  'onboarding_step_data.onboarding_step_data_step_num_check': between('step_num', 1, 6, false),
  'matching_requests.matching_requests_status_check': oneOf(
    'status',
    ['PENDING', 'ACCEPTED', 'REJECTED', 'EXPIRED'],
    false,
  ),
  'user_partnerships.user_partnerships_partnership_type_check': oneOf(
    'partnership_type',
    ['CASUAL', 'REGULAR'],
    false,
  ),
  'user_partnerships.user_partnerships_compatibility_score_check': between('compatibility_score', 0, 100),
  'matching_preferences.matching_preferences_preferred_age_min_check': {
    refused: [{ preferred_age_min: 12 }],
    accepted: [{ preferred_age_min: 13 }, { preferred_age_min: null }],
  },
  'matching_preferences.matching_preferences_preferred_age_max_check': {
    refused: [{ preferred_age_max: 101 }],
    accepted: [{ preferred_age_max: 100 }, { preferred_age_max: null }],
  },
  'matching_preferences.matching_preferences_preferred_gender_check': oneOf('preferred_gender', [
    'MALE',
    'FEMALE',
    'ANY',
  ]),
  'matching_preferences.matching_preferences_min_compatibility_check': between(
    'min_compatibility',
    0,
    100,
    false,
  ),
  'matching_preferences.valid_age_range': {
    refused: [{ preferred_age_min: 31, preferred_age_max: 30 }],
    accepted: [
      { preferred_age_min: 30, preferred_age_max: 30 },
      { preferred_age_min: 99, preferred_age_max: null },
      { preferred_age_min: null, preferred_age_max: 13 },
    ],
  },
  'chat_rooms.chat_rooms_room_type_check': oneOf('room_type', ['DIRECT', 'GROUP'], false),
  'chat_participants.chat_participants_role_check': oneOf('role', ['ADMIN', 'MEMBER'], false),
  'chat_messages.chat_messages_message_type_check': oneOf(
    'message_type',
    ['TEXT', 'IMAGE', 'VOICE', 'FILE', 'SYSTEM'],
    false,
  ),
  'learning_sessions.learning_sessions_session_type_check': oneOf(
    'session_type',
    ['AUDIO_1V1', 'VIDEO_1V1', 'GROUP_VIDEO'],
    false,
  ),
  'learning_sessions.learning_sessions_status_check': oneOf(
    'status',
    ['SCHEDULED', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED'],
    false,
  ),
  'learning_sessions.learning_sessions_max_participants_check': between('max_participants', 2, 4, false),
  'learning_sessions.valid_session_duration': {
    refused: [{ scheduled_end_time: '2025-03-01T10:00:00Z' }, { scheduled_end_time: '2025-03-01T09:59:59Z' }],
    accepted: [{ scheduled_end_time: '2025-03-01T10:00:01Z' }],
  },
  'session_participants.session_participants_role_check': oneOf('role', ['HOST', 'PARTICIPANT'], false),
  'session_participants.session_participants_rating_given_check': between('rating_given', 1, 5),
  'level_tests.level_tests_test_type_check': oneOf('test_type', ['FULL', 'QUICK', 'RETAKE'], false),
  'level_tests.level_tests_status_check': oneOf('status', ['IN_PROGRESS', 'COMPLETED', 'FAILED'], false),
  'level_tests.level_tests_overall_level_check': oneOf('overall_level', CEFR),
  'level_tests.level_tests_overall_score_check': between('overall_score', 0, 100),
  'level_tests.level_tests_pronunciation_score_check': between('pronunciation_score', 0, 100),
  'level_tests.level_tests_grammar_score_check': between('grammar_score', 0, 100),
  'level_tests.level_tests_fluency_score_check': between('fluency_score', 0, 100),
  'level_tests.level_tests_vocabulary_score_check': between('vocabulary_score', 0, 100),
  'level_tests.level_tests_comprehension_score_check': between('comprehension_score', 0, 100),
  'level_tests.level_tests_interaction_score_check': between('interaction_score', 0, 100),
  'level_tests.valid_scores': {
    // The mean is 82.5; integer division rounds it down.
    refused: [81, 83].map((overall_score) => ({ ...FULL_SCORES, overall_score })),
    accepted: [
      { ...FULL_SCORES, overall_score: 82 },
      { ...FULL_SCORES, overall_score: null },
      { ...FULL_SCORES, interaction_score: null, overall_score: 1 },
    ],
  },
  'level_test_responses.level_test_responses_question_number_check': between('question_number', 1, 4, false),
  'notifications.notifications_priority_check': oneOf('priority', ['LOW', 'NORMAL', 'HIGH', 'URGENT'], false),
};

/** A row that breaks either breaks both; PostgreSQL names the first by name. */
export const twinChecks: Readonly<Record<string, Values>> = {
  'matching_requests.different_users': { target_id: 'requester_id' },
  'matching_requests.fk_matching_different_users': { target_id: 'requester_id' },
  'user_partnerships.different_partners': { user_id_2: 'user_id_1' },
};

export const uniqueCases: Readonly<Record<string, KeyCase>> = {
  'users.users_email_key': { columns: ['email'], accepted: [{ email: 'other@example.com' }] },
  'users.unique_oauth_user': {
    columns: ['oauth_provider', 'oauth_id'],
    accepted: [
      { oauth_provider: 'NAVER' },
      { oauth_id: 'other' },
      { oauth_id: null },
      { oauth_provider: null },
    ],
  },
  'user_languages.unique_user_language': {
    columns: ['user_id', 'language_code', 'language_type'],
    accepted: [{ language_code: 'en' }, { language_type: 'LEARNING' }],
  },
  'user_interests.unique_user_interest': {
    columns: ['user_id', 'interest_tag'],
    accepted: [{ interest_tag: 'cooking' }],
  },
  'refresh_tokens.idx_refresh_token': { columns: ['token'], accepted: [{ token: 'other' }] },
  'user_sessions.idx_session_token': { columns: ['session_token'], accepted: [{ session_token: 'other' }] },
  'onboarding_progress.unique_user_onboarding': { columns: ['user_id'], accepted: [{ user_id: 'other' }] },
  'onboarding_step_data.unique_user_step': { columns: ['user_id', 'step_num'], accepted: [{ step_num: 2 }] },
  'user_partnerships.unique_partnership': {
    columns: ['user_id_1', 'user_id_2'],
    accepted: [{ user_id_2: 'third' }],
  },
  'matching_preferences.unique_user_preferences': { columns: ['user_id'], accepted: [{ user_id: 'other' }] },
  'chat_participants.unique_room_participant': {
    columns: ['room_id', 'user_id'],
    accepted: [{ user_id: 'other' }],
  },
  'session_participants.unique_session_participant': {
    columns: ['session_id', 'user_id'],
    accepted: [{ user_id: 'other' }],
  },
  'level_test_responses.unique_test_question': {
    columns: ['test_id', 'question_number'],
    accepted: [{ question_number: 2 }],
  },
  'push_subscriptions.push_subscriptions_endpoint_key': {
    columns: ['endpoint'],
    accepted: [{ endpoint: 'https://push.example.com/other' }],
  },
  'learning_analytics.unique_user_date_lang': {
    columns: ['user_id', 'language_code', 'date'],
    accepted: [{ language_code: 'ko' }, { date: '2025-03-02' }],
  },
};

const toUser = (column = 'user_id', onDelete: ForeignKeyCase['onDelete'] = 'cascade'): ForeignKeyCase => ({
  column,
  references: 'users',
  onDelete,
});

export const foreignKeyCases: Readonly<Record<string, ForeignKeyCase>> = {
  'user_languages.user_languages_user_id_fkey': toUser(),
  'user_interests.user_interests_user_id_fkey': toUser(),
  'refresh_tokens.refresh_tokens_user_id_fkey': toUser(),
  'user_sessions.user_sessions_user_id_fkey': toUser(),
  'onboarding_progress.onboarding_progress_user_id_fkey': toUser(),
  'onboarding_step_data.onboarding_step_data_user_id_fkey': toUser(),
  'matching_requests.matching_requests_requester_id_fkey': toUser('requester_id'),
  'matching_requests.matching_requests_target_id_fkey': toUser('target_id'),
  'user_partnerships.user_partnerships_user_id_1_fkey': toUser('user_id_1'),
  'user_partnerships.user_partnerships_user_id_2_fkey': toUser('user_id_2'),
  'matching_preferences.matching_preferences_user_id_fkey': toUser(),
  'chat_rooms.chat_rooms_created_by_user_id_fkey': toUser('created_by_user_id', 'set null'),
  'chat_participants.chat_participants_room_id_fkey': {
    column: 'room_id',
    references: 'chat_rooms',
    onDelete: 'cascade',
  },
  'chat_participants.chat_participants_user_id_fkey': toUser(),
  'chat_messages.chat_messages_room_id_fkey': {
    column: 'room_id',
    references: 'chat_rooms',
    onDelete: 'cascade',
  },
  'chat_messages.chat_messages_sender_id_fkey': toUser('sender_id'),
  'learning_sessions.learning_sessions_created_by_user_id_fkey': toUser('created_by_user_id', 'set null'),
  'session_participants.session_participants_session_id_fkey': {
    column: 'session_id',
    references: 'learning_sessions',
    onDelete: 'cascade',
  },
  'session_participants.session_participants_user_id_fkey': toUser(),
  'session_recordings.session_recordings_session_id_fkey': {
    column: 'session_id',
    references: 'learning_sessions',
    onDelete: 'cascade',
  },
  'level_tests.level_tests_user_id_fkey': toUser(),
  'level_test_responses.level_test_responses_test_id_fkey': {
    column: 'test_id',
    references: 'level_tests',
    onDelete: 'cascade',
  },
  'notifications.notifications_user_id_fkey': toUser(),
  'push_subscriptions.push_subscriptions_user_id_fkey': toUser(),
  'user_activity_logs.user_activity_logs_user_id_fkey': toUser('user_id', 'set null'),
  'learning_analytics.learning_analytics_user_id_fkey': toUser(),
};

/** Proved in schema-message-pointers.test.ts. */
export const triggerConstraints = [
  'chat_messages.fk_chat_messages_reply_to',
  'chat_participants.fk_chat_participants_last_read',
] as const;
