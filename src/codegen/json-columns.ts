/** The one place that says what is in the JSON columns. Their types go into generated/db.ts as written here. */

interface JsonType {
  /** The columns of this type, as table.column of schema public. */
  readonly columns: readonly string[];
  /** Its declaration. It may use JsonValue and JsonObject, and must be an object: pg sends an array as an SQL array. */
  readonly declaration: string;
}

/**
 * No constraint holds JSON to its type: keys are optional, and others may be there. The keys named are those that
 * the platform writes.
 */
export const jsonTypes: Readonly<Record<string, JsonType>> = {
  FileMetadata: {
    columns: ['chat_messages.file_metadata', 'chat_messages_archive.file_metadata'],
    declaration: `/** What is known of a file that was sent. */
export interface FileMetadata {
  /** Its name where it came from. */
  name?: string;
  /** Bytes. */
  size?: number;
  /** Media type, such as image/png. */
  type?: string;
  /** Pixels. */
  width?: number;
  /** Pixels. */
  height?: number;
  /** Seconds, of a recording. */
  duration?: number;
  [key: string]: JsonValue | undefined;
}`,
  },
  AiAnalysis: {
    columns: ['level_tests.ai_analysis'],
    declaration: `/** The analysis of a level test by AI. */
export interface AiAnalysis {
  summary?: string;
  strengths?: string[];
  weaknesses?: string[];
  recommendations?: string[];
  [key: string]: JsonValue | undefined;
}`,
  },
  AiScores: {
    columns: ['level_test_responses.ai_scores'],
    declaration: `/** The scoring of one response by AI, 0 to 100 each. */
export interface AiScores {
  pronunciation?: number;
  grammar?: number;
  fluency?: number;
  vocabulary?: number;
  comprehension?: number;
  interaction?: number;
  [key: string]: JsonValue | undefined;
}`,
  },
  OnboardingData: {
    columns: ['onboarding_step_data.data_json'],
    declaration: `/** What a user entered in one step of the onboarding. */
export type OnboardingData = JsonObject;`,
  },
  NotificationData: {
    columns: ['notifications.data_json'],
    declaration: `/** What a client needs to act on a notification. */
export type NotificationData = JsonObject;`,
  },
  ActivityDetails: {
    columns: ['user_activity_logs.details', 'user_activity_logs_archive.details'],
    declaration: `/** Additional data of an activity. */
export type ActivityDetails = JsonObject;`,
  },
  MetricTags: {
    columns: ['system_metrics.tags'],
    declaration: `/** What a measurement belongs to: host, region, … */
export interface MetricTags {
  [tag: string]: string | number | boolean | null | undefined;
}`,
  },
};

/** The name of the type declared for a column of schema public, if there is one. */
export function jsonTypeOf(table: string, column: string): string | undefined {
  return Object.keys(jsonTypes).find((name) => jsonTypes[name]?.columns.includes(`${table}.${column}`));
}
