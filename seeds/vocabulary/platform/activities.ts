import { jsonTexts, type Texts } from '../texts.js';
import { weighted, type Weighted } from '../weighted.js';

export interface ActivityKind {
  /** As user_activity_logs.activity has it. */
  readonly name: string;
  /** JSON of user_activity_logs.details; without ids, so that any of them agrees with any user. */
  readonly details: Texts;
}

const platforms = ['ios', 'android', 'web'] as const;

export const activities: Weighted<ActivityKind> = weighted([
  kind(
    'LOGIN',
    190,
    platforms.flatMap((platform) => ['GOOGLE', 'NAVER'].map((provider) => ({ platform, provider }))),
  ),
  kind(
    'LOGOUT',
    40,
    platforms.map((platform) => ({ platform })),
  ),
  kind(
    'ROOM_OPENED',
    260,
    ['DIRECT', 'GROUP'].flatMap((roomType) => [0, 1, 2, 5, 12].map((unread) => ({ roomType, unread }))),
  ),
  kind(
    'MESSAGE_SENT',
    210,
    ['TEXT', 'IMAGE', 'VOICE', 'FILE'].flatMap((type) => platforms.map((platform) => ({ type, platform }))),
  ),
  kind(
    'PROFILE_VIEWED',
    90,
    ['search', 'recommendation', 'room'].map((source) => ({ source })),
  ),
  kind(
    'PARTNER_SEARCHED',
    60,
    ['ko', 'en', 'ja', 'zh', 'es', 'fr'].map((language, index) => ({ language, results: 7 + 11 * index })),
  ),
  kind('MATCH_REQUESTED', 24, [{ source: 'profile' }, { source: 'recommendation' }]),
  kind('MATCH_ANSWERED', 18, [{ answer: 'ACCEPTED' }, { answer: 'REJECTED' }]),
  kind(
    'SESSION_JOINED',
    46,
    ['AUDIO_1V1', 'VIDEO_1V1', 'GROUP_VIDEO'].map((sessionType) => ({ sessionType })),
  ),
  kind(
    'SESSION_LEFT',
    44,
    [1_780, 2_410, 3_590].map((seconds) => ({ seconds })),
  ),
  kind(
    'LEVEL_TEST_STARTED',
    8,
    ['FULL', 'QUICK', 'RETAKE'].map((testType) => ({ testType })),
  ),
  kind(
    'LEVEL_TEST_FINISHED',
    6,
    ['FULL', 'QUICK', 'RETAKE'].map((testType) => ({ testType })),
  ),
  kind(
    'SETTINGS_CHANGED',
    10,
    ['notifications', 'languages', 'privacy', 'profile'].map((section) => ({ section })),
  ),
  kind(
    'NOTIFICATION_OPENED',
    80,
    ['push', 'list'].map((from) => ({ from })),
  ),
  kind(
    'ONBOARDING_STEP_DONE',
    8,
    [1, 2, 3, 4, 5, 6].map((step) => ({ step })),
  ),
]);

function kind(name: string, weight: number, details: readonly object[]): readonly [ActivityKind, number] {
  return [{ name, details: jsonTexts(details) }, weight];
}
