/** What the ERD names, table by table: columns as `name type`, required ones with `!`, those with a default with `=`. */
export const erdTables: Readonly<Record<string, string>> = {
  users: `id bigint!=, email character varying(255)!, english_name character varying(100)!,
    korean_name character varying(100), birth_date date!, gender character varying(20),
    residence character varying(255), profile_image_url text, intro text, is_active boolean=,
    oauth_provider character varying(50), oauth_id character varying(255), created_at timestamptz=, updated_at timestamptz=`,
  user_languages: `id bigint!=, user_id bigint!, language_code character varying(10)!,
    language_type character varying(20)!, proficiency_level character varying(10), is_primary boolean=,
    created_at timestamptz=`,
  user_interests: `id bigint!=, user_id bigint!, interest_tag character varying(100)!, created_at timestamptz=`,
  refresh_tokens: `id bigint!=, user_id bigint!, token character varying(255)!, expires_at timestamptz!,
    is_used boolean=, created_at timestamptz=`,
  user_sessions: `id bigint!=, user_id bigint!, session_token character varying(255)!, ip_address inet,
    user_agent text, expires_at timestamptz!, last_activity_at timestamptz=, is_active boolean=, created_at timestamptz=`,
  onboarding_progress: `id bigint!=, user_id bigint!, current_step integer=, is_completed boolean=,
    completed_at timestamptz, created_at timestamptz=, updated_at timestamptz=`,
  onboarding_step_data: `id bigint!=, user_id bigint!, step_num integer!, data_json jsonb!, created_at timestamptz=`,
  matching_requests: `id bigint!=, requester_id bigint!, target_id bigint!, message text,
    status character varying(20)=, expires_at timestamptz!, responded_at timestamptz, created_at timestamptz=`,
  user_partnerships: `id bigint!=, user_id_1 bigint!, user_id_2 bigint!, partnership_type character varying(20)=,
    compatibility_score integer, total_sessions integer=, last_session_at timestamptz, is_active boolean=,
    created_at timestamptz=`,
  matching_preferences: `id bigint!=, user_id bigint!, preferred_age_min integer, preferred_age_max integer,
    preferred_gender character varying(20), preferred_countries text[], min_compatibility integer=,
    max_distance_km integer, created_at timestamptz=, updated_at timestamptz=`,
  chat_rooms: `id bigint!=, room_type character varying(20)=, name character varying(255), description text,
    created_by_user_id bigint, is_active boolean=, last_message_at timestamptz, created_at timestamptz=,
    updated_at timestamptz=`,
  chat_participants: `id bigint!=, room_id bigint!, user_id bigint!, role character varying(20)=,
    joined_at timestamptz=, last_read_message_id bigint, is_active boolean=`,
  chat_messages: `id bigint!=, room_id bigint!, sender_id bigint!, message_type character varying(20)=,
    content text, file_url text, file_metadata jsonb, reply_to_id bigint, is_edited boolean=,
    edited_at timestamptz, created_at timestamptz=`,
  learning_sessions: `id bigint!=, session_type character varying(20)!, title character varying(255),
    description text, scheduled_start_time timestamptz!, scheduled_end_time timestamptz!,
    actual_start_time timestamptz, actual_end_time timestamptz, status character varying(20)=,
    room_id character varying(255), primary_language character varying(10), secondary_language character varying(10),
    max_participants integer=, created_by_user_id bigint, created_at timestamptz=, updated_at timestamptz=`,
  session_participants: `id bigint!=, session_id bigint!, user_id bigint!, role character varying(20)=,
    joined_at timestamptz, left_at timestamptz, participation_time integer=, rating_given integer, feedback text,
    is_confirmed boolean=, created_at timestamptz=`,
  session_recordings: `id bigint!=, session_id bigint!, file_url text!, file_size bigint, duration integer,
    format character varying(20), quality character varying(20), is_available boolean=, expires_at timestamptz,
    created_at timestamptz=`,
  level_tests: `id bigint!=, user_id bigint!, language_code character varying(10)!, test_type character varying(20)=,
    status character varying(20)=, overall_level character varying(10), overall_score integer,
    pronunciation_score integer, grammar_score integer, fluency_score integer, vocabulary_score integer,
    comprehension_score integer, interaction_score integer, feedback_text text, ai_analysis jsonb,
    started_at timestamptz=, completed_at timestamptz`,
  level_test_responses: `id bigint!=, test_id bigint!, question_number integer!, question_text text!, audio_url text,
    transcription text, duration_seconds integer, ai_scores jsonb, created_at timestamptz=`,
  notifications: `id bigint!=, user_id bigint!, type character varying(50)!, title character varying(255)!,
    message text!, data_json jsonb, is_read boolean=, read_at timestamptz, priority character varying(20)=,
    expires_at timestamptz, created_at timestamptz=`,
  push_subscriptions: `id bigint!=, user_id bigint!, endpoint text!, p256dh_key text!, auth_key text!,
    user_agent text, is_active boolean=, created_at timestamptz=, updated_at timestamptz=`,
  user_activity_logs: `id bigint!=, user_id bigint, activity character varying(100)!, details jsonb, ip_address inet,
    user_agent text, created_at timestamptz=`,
  learning_analytics: `id bigint!=, user_id bigint!, language_code character varying(10)!, date date!,
    total_session_time integer=, session_count integer=, messages_sent integer=, level_improvements integer=,
    badges_earned integer=, average_session_rating numeric(3,2), created_at timestamptz=`,
  system_metrics: `id bigint!=, metric_name character varying(100)!, metric_value numeric(15,4)!,
    metric_unit character varying(20), tags jsonb, recorded_at timestamptz=`,
};

/** Every index and constraint that the ERD names, with its table and what it is on. */
export const erdNames = `
  users: unique_oauth_user (oauth_provider, oauth_id); valid_birth_date
  user_languages: unique_user_language (user_id, language_code, language_type)
  user_interests: unique_user_interest (user_id, interest_tag)
  refresh_tokens: idx_refresh_token (token); idx_user_active_tokens (user_id, expires_at, is_used)
  user_sessions: idx_session_token (session_token); idx_user_active_sessions (user_id, is_active, expires_at)
  onboarding_progress: unique_user_onboarding (user_id)
  onboarding_step_data: unique_user_step (user_id, step_num)
  matching_requests: different_users; fk_matching_different_users; idx_target_pending (target_id, status, expires_at)
  matching_requests: idx_requester_status (requester_id, status); idx_matching_active_requests (target_id, status, expires_at) WHERE ((status)::text = 'PENDING'::text)
  user_partnerships: different_partners; unique_partnership (user_id_1, user_id_2)
  user_partnerships: idx_user_active_partnerships (user_id_1, is_active); idx_partnership_activity (user_id_2, is_active, last_session_at)
  matching_preferences: unique_user_preferences (user_id); valid_age_range
  chat_rooms: idx_room_activity (is_active, last_message_at); idx_created_by (created_by_user_id)
  chat_participants: unique_room_participant (room_id, user_id); fk_chat_participants_last_read
  chat_participants: idx_user_rooms (user_id, is_active); idx_room_participants (room_id, is_active)
  chat_messages: idx_chat_messages_room_time (room_id, created_at DESC); idx_sender_messages (sender_id, created_at)
  chat_messages: idx_reply_chain (reply_to_id)
  learning_sessions: valid_session_duration; idx_session_schedule (scheduled_start_time, scheduled_end_time)
  learning_sessions: idx_session_status (status, scheduled_start_time); idx_room_lookup (room_id)
  learning_sessions: idx_sessions_upcoming (scheduled_start_time) WHERE ((status)::text = ANY ((ARRAY['SCHEDULED'::character varying, 'IN_PROGRESS'::character varying])::text[]))
  session_participants: unique_session_participant (session_id, user_id); idx_user_sessions (user_id, created_at)
  session_participants: idx_session_roster (session_id, role)
  session_recordings: idx_session_recordings (session_id); idx_recording_expiry (expires_at, is_available)
  level_tests: valid_scores; idx_user_tests (user_id, language_code, completed_at)
  level_tests: idx_level_distribution (language_code, overall_level)
  level_test_responses: unique_test_question (test_id, question_number)
  notifications: idx_user_notifications (user_id, is_read, created_at); idx_notification_type (type, created_at)
  notifications: idx_notification_expiry (expires_at); idx_notifications_unread (user_id, created_at DESC) WHERE (is_read = false)
  push_subscriptions: idx_user_subscriptions (user_id, is_active)
  user_activity_logs: idx_user_activity (user_id, created_at); idx_activity_type (activity, created_at)
  learning_analytics: unique_user_date_lang (user_id, language_code, date); idx_date_analytics (date, language_code)
  system_metrics: idx_metric_time (metric_name, recorded_at); idx_metric_tags (tags)`;

/** Named by the ERD, but the same as the index or constraint beside it; docs/schema-decisions.md says why. */
export const droppedTwins: Readonly<Record<string, string>> = {
  idx_room_messages: 'idx_chat_messages_room_time',
  idx_test_responses: 'unique_test_question',
  idx_user_analytics: 'unique_user_date_lang',
  idx_analytics_user_period: 'unique_user_date_lang',
};
