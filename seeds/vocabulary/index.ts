/** What the seeded world's texts are drawn from. No faker here: its names are frozen in people/drawn-names.ts. */
export { attachments } from './conversation/attachments.js';
export { groupRooms } from './conversation/group-rooms.js';
export { matchingMessages } from './conversation/matching-messages.js';
export { systemMessages } from './conversation/system-messages.js';
export { TURNS_PER_THREAD, type Thread, type ThreadTurn } from './conversation/thread.js';
export { allThreads, threadsBetween, type Acquaintance } from './conversation/threads.js';
export {
  languageCodes,
  learnerLevels,
  learntLanguages,
  levels,
  nativeLanguages,
  type LanguageCode,
  type Level,
} from './languages.js';
export { ratings, recordingFormats, sessionFeedback, type Rating } from './learning/session-feedback.js';
export { sessionTopics } from './learning/session-topics.js';
export { aiScoresJson, scoredSkills, testAnalyses, type ScoredSkill } from './learning/test-analyses.js';
export { testAnswers } from './learning/test-answers.js';
export { testFeedback } from './learning/test-feedback.js';
export { testQuestions } from './learning/test-questions.js';
export { ipAddresses, mailDomains, oauthId, profileImageUrl, userAgents } from './people/accounts.js';
export { interestTags } from './people/interests.js';
export { intros } from './people/intros.js';
export { familyNames, givenNames } from './people/names.js';
export { composeName, type ComposedName, type PersonName } from './people/person-name.js';
export { preferredCountries, residences, type Residence } from './people/residences.js';
export { activities } from './platform/activities.js';
export { metrics, type Metric } from './platform/metrics.js';
export { notificationTypes, type NotificationType } from './platform/notification-types.js';
export { onboardingSteps } from './platform/onboarding-steps.js';
export { fillSlots, type Texts } from './texts.js';
export { vocabularyHash } from './vocabulary-hash.js';
export { pickWeighted, type Weighted } from './weighted.js';
