import { jsonTexts, type Texts } from '../texts.js';

const goals = ['daily-conversation', 'travel', 'work', 'exam', 'culture', 'friends'] as const;
const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** JSON of onboarding_step_data.data_json, by step: 1 is at index 0. Whatever is drawn agrees with any user. */
export const onboardingSteps: readonly Texts[] = [
  // Terms
  jsonTexts(
    [true, false].flatMap((marketing) =>
      ['1.2', '1.3', '1.4'].map((version) => ({ terms: true, privacy: true, marketing, version })),
    ),
  ),
  // Profile
  jsonTexts(
    [true, false].flatMap((hasPhoto) =>
      ['voice', 'text', 'both'].map((introduction) => ({ hasPhoto, introduction, isPublic: true })),
    ),
  ),
  // Goals
  jsonTexts(
    goals.flatMap((first, index) => [
      { goals: [first], minutesPerDay: 15 + 15 * (index % 3) },
      { goals: [first, goals[(index + 1) % goals.length]], minutesPerDay: 30 },
      { goals: [first, goals[(index + 2) % goals.length]], minutesPerDay: 20 },
    ]),
  ),
  // Self-assessment
  jsonTexts(
    ['beginner', 'elementary', 'intermediate', 'advanced'].flatMap((speaking) =>
      ['weak', 'fair', 'good'].map((listening) => ({
        speaking,
        listening,
        wantsLevelTest: listening !== 'good',
      })),
    ),
  ),
  // Partner and style
  jsonTexts(
    ['relaxed', 'structured', 'mixed'].flatMap((style) =>
      ['immediately', 'afterwards', 'only-important'].map((corrections) => ({
        style,
        corrections,
        sessionTypes: style === 'relaxed' ? ['AUDIO_1V1'] : ['AUDIO_1V1', 'VIDEO_1V1'],
      })),
    ),
  ),
  // Availability
  jsonTexts(
    days.flatMap((day, index) => [
      {
        days: [day, days[(index + 2) % 7]],
        from: '20:00',
        to: '22:00',
        notifications: { push: true, email: false },
      },
      { days: [day], from: '09:00', to: '11:00', notifications: { push: true, email: true } },
      {
        days: [day, days[(index + 1) % 7], days[(index + 3) % 7]],
        from: '19:30',
        to: '23:00',
        notifications: { push: false, email: true },
      },
    ]),
  ),
];
