import { sql, type Selectable } from 'kysely';
import type { LearningAnalytics } from '../../generated/db.js';
import type { ReadKysely } from '../database/read-kysely.js';
import { compileOnce } from './compile-once.js';

export interface ListLearningDaysOptions {
  readonly userId: string;
  /** Default: all languages. */
  readonly languageCode?: string | undefined;
  /** First day, `YYYY-MM-DD`, inclusive. */
  readonly from: string;
  /** The day after the last, `YYYY-MM-DD`, exclusive. */
  readonly to: string;
}

export type LearningDay = Omit<Selectable<LearningAnalytics>, 'id' | 'user_id' | 'created_at'>;

/**
 * What a learner achieved in a period, a row a day and language, by language and day. Days without learning have no
 * row.
 *
 * Cost: as many rows as there are days times languages; with all languages, the index is read from the user's first
 * day on.
 *
 * Index: `unique_user_date_lang` in its order.
 *
 * @throws the server's 22007 or 22008: not a date
 */
export function listLearningDays(
  db: ReadKysely,
  { userId, languageCode, from, to }: ListLearningDaysOptions,
): Promise<LearningDay[]> {
  return selectDays(db, { userId, languageCode, from, to }, { isOneLanguage: languageCode !== undefined });
}

const selectDays = compileOnce(
  (db: ReadKysely, values: ListLearningDaysOptions, { isOneLanguage }: { isOneLanguage: boolean }) =>
    db
      .selectFrom('learning_analytics')
      .select(['language_code', 'date', 'total_session_time', 'session_count', 'messages_sent'])
      .select(['level_improvements', 'badges_earned', 'average_session_rating'])
      .where('user_id', '=', values.userId)
      .$if(isOneLanguage, (query) => query.where('language_code', '=', sql<string>`${values.languageCode}`))
      .where('date', '>=', values.from)
      .where('date', '<', values.to)
      .orderBy('language_code')
      .orderBy('date'),
);
