import { weighted, type Weighted } from '../weighted.js';

interface NotificationText {
  readonly title: string;
  readonly message: string;
}

/** Slots: `{name}` another user's name, `{id}` the number of what it is about, `{level}` a level such as B1. */
export interface NotificationType {
  /** As notifications.type has it. */
  readonly type: string;
  readonly priority: 'LOW' | 'NORMAL' | 'HIGH' | 'URGENT';
  readonly ko: NotificationText;
  readonly en: NotificationText;
  /** JSON of notifications.data_json, once its slots are filled. */
  readonly data: string;
}

export const notificationTypes: Weighted<NotificationType> = weighted([
  [
    {
      type: 'NEW_MESSAGE',
      priority: 'NORMAL',
      ko: { title: '새 메시지', message: '{name}님이 메시지를 보냈어요.' },
      en: { title: 'New message', message: '{name} sent you a message.' },
      data: '{"room_id": {id}}',
    },
    420,
  ],
  [
    {
      type: 'MATCH_REQUEST',
      priority: 'HIGH',
      ko: { title: '새 매칭 요청', message: '{name}님이 언어 교환을 신청했어요.' },
      en: { title: 'New match request', message: '{name} would like to exchange languages with you.' },
      data: '{"request_id": {id}}',
    },
    120,
  ],
  [
    {
      type: 'MATCH_ACCEPTED',
      priority: 'HIGH',
      ko: { title: '매칭 성사 🎉', message: '{name}님이 신청을 수락했어요. 먼저 인사해 보세요!' },
      en: { title: "It's a match 🎉", message: '{name} accepted your request. Say hello!' },
      data: '{"request_id": {id}}',
    },
    70,
  ],
  [
    {
      type: 'MATCH_REJECTED',
      priority: 'LOW',
      ko: { title: '매칭 결과', message: '이번에는 인연이 닿지 않았어요. 다른 파트너를 찾아보세요.' },
      en: {
        title: 'About your match request',
        message: "It didn't work out this time. Have a look at other partners.",
      },
      data: '{"request_id": {id}}',
    },
    30,
  ],
  [
    {
      type: 'SESSION_INVITATION',
      priority: 'NORMAL',
      ko: { title: '학습 세션 초대', message: '{name}님이 학습 세션에 초대했어요.' },
      en: { title: 'Invitation to a session', message: '{name} invited you to a learning session.' },
      data: '{"session_id": {id}}',
    },
    70,
  ],
  [
    {
      type: 'SESSION_REMINDER',
      priority: 'HIGH',
      ko: { title: '곧 시작해요', message: '{name}님과의 학습 세션이 10분 뒤에 시작돼요.' },
      en: { title: 'Starting soon', message: 'Your session with {name} starts in 10 minutes.' },
      data: '{"session_id": {id}, "minutes": 10}',
    },
    110,
  ],
  [
    {
      type: 'SESSION_CANCELLED',
      priority: 'HIGH',
      ko: { title: '세션 취소', message: '{name}님과의 학습 세션이 취소되었어요.' },
      en: { title: 'Session cancelled', message: 'Your session with {name} was cancelled.' },
      data: '{"session_id": {id}}',
    },
    25,
  ],
  [
    {
      type: 'SESSION_FEEDBACK',
      priority: 'NORMAL',
      ko: { title: '새 피드백', message: '{name}님이 세션 후기를 남겼어요.' },
      en: { title: 'New feedback', message: '{name} left feedback on your session.' },
      data: '{"session_id": {id}}',
    },
    50,
  ],
  [
    {
      type: 'LEVEL_TEST_RESULT',
      priority: 'NORMAL',
      ko: { title: '레벨 테스트 결과', message: '결과가 나왔어요. 현재 레벨은 {level}입니다.' },
      en: { title: 'Your level test result', message: 'Your result is in: you are at level {level}.' },
      data: '{"test_id": {id}, "level": "{level}"}',
    },
    40,
  ],
  [
    {
      type: 'BADGE_EARNED',
      priority: 'LOW',
      ko: { title: '새 배지 🏅', message: '7일 연속으로 학습했어요. 정말 대단해요!' },
      en: { title: 'New badge 🏅', message: 'Seven days in a row. Well done!' },
      data: '{"badge": "streak-7"}',
    },
    35,
  ],
  [
    {
      type: 'SYSTEM',
      priority: 'LOW',
      ko: { title: '서비스 점검 안내', message: '일요일 새벽 3시부터 30분 동안 서비스를 점검해요.' },
      en: {
        title: 'Maintenance',
        message: 'The service will be down for 30 minutes on Sunday at 3 a.m. (KST).',
      },
      data: '{"notice": "maintenance"}',
    },
    25,
  ],
  [
    {
      type: 'SECURITY_ALERT',
      priority: 'URGENT',
      ko: {
        title: '새 기기 로그인',
        message: '새로운 기기에서 로그인했어요. 본인이 아니라면 비밀번호를 바꿔 주세요.',
      },
      en: {
        title: 'New sign-in',
        message: "We noticed a sign-in from a new device. If it wasn't you, secure your account.",
      },
      data: '{"notice": "new-device"}',
    },
    5,
  ],
]);
