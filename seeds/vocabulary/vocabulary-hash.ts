import { createHash } from 'node:crypto';
import { attachments } from './conversation/attachments.js';
import { groupRooms } from './conversation/group-rooms.js';
import { matchingMessages } from './conversation/matching-messages.js';
import { systemMessages } from './conversation/system-messages.js';
import { allThreads } from './conversation/threads.js';
import { languageCodes, learnerLevels, learntLanguages, levels, nativeLanguages } from './languages.js';
import { recordingFormats, sessionFeedback } from './learning/session-feedback.js';
import { sessionTopics } from './learning/session-topics.js';
import { testAnalyses } from './learning/test-analyses.js';
import { testAnswers } from './learning/test-answers.js';
import { testFeedback } from './learning/test-feedback.js';
import { testQuestions } from './learning/test-questions.js';
import { ipAddresses, mailDomains, userAgents } from './people/accounts.js';
import { interestTags } from './people/interests.js';
import { intros } from './people/intros.js';
import { allGivenNames, familyNames } from './people/names.js';
import { preferredCountries, residences } from './people/residences.js';
import { activities } from './platform/activities.js';
import { metrics } from './platform/metrics.js';
import { notificationTypes } from './platform/notification-types.js';
import { onboardingSteps } from './platform/onboarding-steps.js';

/**
 * SHA-256 of everything that texts are drawn from, in hexadecimal. The same on every machine, until somebody changes
 * a word, a weight or the order of a list: draws are positions.
 */
export function vocabularyHash(): string {
  return hashOf({
    conversation: { allThreads, attachments, groupRooms, matchingMessages, systemMessages },
    languages: { languageCodes, learnerLevels, learntLanguages, levels, nativeLanguages },
    learning: {
      recordingFormats,
      sessionFeedback,
      sessionTopics,
      testAnalyses,
      testAnswers,
      testFeedback,
      testQuestions,
    },
    people: {
      allGivenNames,
      familyNames,
      interestTags,
      intros,
      ipAddresses,
      mailDomains,
      preferredCountries,
      residences,
      userAgents,
    },
    platform: { activities, metrics, notificationTypes, onboardingSteps },
  });
}

/** The order of keys does not matter. Bytes and places are not in it: they follow from texts and weights. */
export function hashOf(vocabulary: unknown): string {
  const canonical = JSON.stringify(vocabulary, (_key, value: unknown) =>
    typeof value !== 'object' || value === null || Array.isArray(value)
      ? value
      : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))),
  );
  return createHash('sha256').update(canonical).digest('hex');
}
