import type { ResolvedSeedOptions, SeedPlan } from './seed-plan.js';
import { userActivityLogs } from './tables/activity-logs.js';
import { refreshTokens, userSessions } from './tables/auth.js';
import { chatParticipants, chatRooms } from './tables/chat.js';
import { learningAnalytics } from './tables/learning-analytics.js';
import { levelTestResponses, levelTests } from './tables/level-tests.js';
import { matchingPreferences } from './tables/matching-preferences.js';
import { matchingRequests, userPartnerships } from './tables/matching.js';
import { chatMessages } from './tables/messages.js';
import { notifications } from './tables/notifications.js';
import { onboardingProgress, onboardingStepData } from './tables/onboarding.js';
import { pushSubscriptions } from './tables/push-subscriptions.js';
import { learningSessions, sessionParticipants, sessionRecordings } from './tables/sessions.js';
import { systemMetrics } from './tables/system-metrics.js';
import { userInterests } from './tables/user-interests.js';
import { userLanguages } from './tables/user-languages.js';
import { users } from './tables/users.js';
import { vocabularyHash } from './vocabulary/index.js';
import { createWorld } from './world/world.js';

/** To be raised whenever the same options give other rows than before. */
const GENERATOR_VERSION = 2;

/**
 * The 23 tables of a world. Nothing is loaded and, until a table is looked into, little is computed. Values depend on
 * the options alone: the same on every machine, in any order, for any range of rows.
 */
export function planSeed(options: ResolvedSeedOptions): SeedPlan {
  const world = createWorld(options);
  return {
    options,
    tables: [
      users(world),
      userLanguages(world),
      userInterests(world),
      refreshTokens(world),
      userSessions(world),
      onboardingProgress(world),
      onboardingStepData(world),
      matchingRequests(world),
      userPartnerships(world),
      matchingPreferences(world),
      chatRooms(world),
      // Before its participants, who point at the message they have read up to.
      chatMessages(world),
      chatParticipants(world),
      learningSessions(world),
      sessionParticipants(world),
      sessionRecordings(world),
      levelTests(world),
      levelTestResponses(world),
      notifications(world),
      pushSubscriptions(world),
      userActivityLogs(world),
      learningAnalytics(world),
      systemMetrics(world),
    ],
    vocabularyHash: vocabularyHash(),
    generatorVersion: GENERATOR_VERSION,
  };
}
