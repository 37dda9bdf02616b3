/** A part of the schema that is read together, under the names that the ERD gives it. */
export interface Domain {
  /** For flags and anchors. */
  readonly key: string;
  readonly name: string;
  readonly koreanName: string;
  /** As the catalog writes them; the order is that of the ERD. */
  readonly tables: readonly string[];
}

/**
 * The domains of the ERD, in its order: the one place where a table is put into one. The ERD's «Languages & Levels»
 * is left out, as it draws no table of its own.
 */
export const domains: readonly Domain[] = [
  {
    key: 'users',
    name: 'User Management',
    koreanName: '사용자 관리',
    tables: ['public.users', 'public.user_languages', 'public.user_interests'],
  },
  {
    key: 'authentication',
    name: 'Authentication & Sessions',
    koreanName: '인증 및 세션',
    tables: ['public.refresh_tokens', 'public.user_sessions'],
  },
  {
    key: 'onboarding',
    name: 'Onboarding System',
    koreanName: '온보딩 시스템',
    tables: ['public.onboarding_progress', 'public.onboarding_step_data'],
  },
  {
    key: 'matching',
    name: 'Matching System',
    koreanName: '매칭 시스템',
    tables: ['public.matching_requests', 'public.user_partnerships', 'public.matching_preferences'],
  },
  {
    key: 'chat',
    name: 'Chat System',
    koreanName: '채팅 시스템',
    tables: [
      'public.chat_rooms',
      'public.chat_participants',
      'public.chat_messages',
      'public.chat_messages_archive',
    ],
  },
  {
    key: 'sessions',
    name: 'Session Management',
    koreanName: '세션 관리',
    tables: ['public.learning_sessions', 'public.session_participants', 'public.session_recordings'],
  },
  {
    key: 'level-test',
    name: 'Level Test',
    koreanName: '레벨 테스트',
    tables: ['public.level_tests', 'public.level_test_responses'],
  },
  {
    key: 'notifications',
    name: 'Notification System',
    koreanName: '알림 시스템',
    tables: ['public.notifications', 'public.push_subscriptions'],
  },
  {
    key: 'analytics',
    name: 'Analytics',
    koreanName: '분석 및 통계',
    tables: [
      'public.user_activity_logs',
      'public.user_activity_logs_archive',
      'public.learning_analytics',
      'public.system_metrics',
    ],
  },
];

/** What studymate-db itself keeps: every table of its schema, whichever the migrations make. */
export const toolkitDomain = { key: 'toolkit', name: 'Toolkit', koreanName: '도구', schema: 'studymate' };

/** For a table that nobody has put into a domain, so that none is hidden. */
export const otherDomain = { key: 'other', name: 'Other', koreanName: '기타' };
