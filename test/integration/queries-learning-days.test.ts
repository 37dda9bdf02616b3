import { describe, expect, it } from 'vitest';
import { listLearningDays } from '../../src/queries/learning-days.js';
import { useQueries } from '../support/query-database.js';
import { insertRow, insertUser } from '../support/rows.js';

const queries = useQueries();

describe('the days of a learner', () => {
  it('are those of the period, its first day in and its end out, by language and day', async () => {
    const user = await insertUser(queries.client);
    const learn = (language_code: string, date: string, user_id = user): Promise<unknown> =>
      insertRow(queries.client, 'learning_analytics', {
        user_id,
        language_code,
        date,
        session_count: 2,
        average_session_rating: '4.50',
      });
    for (const date of ['2025-03-31', '2025-03-01', '2025-02-28', '2025-04-01']) await learn('ko', date);
    await learn('en', '2025-03-15');
    await learn('ko', '2025-03-15', await insertUser(queries.client));
    const period = { userId: user, from: '2025-03-01', to: '2025-04-01' };
    const days = await listLearningDays(queries.db, period);
    expect(days.map(({ language_code, date }) => `${language_code} ${date}`)).toEqual([
      'en 2025-03-15',
      'ko 2025-03-01',
      'ko 2025-03-31',
    ]);
    expect(await listLearningDays(queries.db, { ...period, languageCode: 'en' })).toEqual([
      {
        language_code: 'en',
        date: '2025-03-15',
        total_session_time: 0,
        session_count: 2,
        messages_sent: 0,
        level_improvements: 0,
        badges_earned: 0,
        average_session_rating: '4.50',
      },
    ]);
  });

  it('are none for a period without learning, and refused for what is no date', async () => {
    const userId = await insertUser(queries.client);
    expect(await listLearningDays(queries.db, { userId, from: '2025-01-01', to: '2025-02-01' })).toEqual([]);
    await expect(
      listLearningDays(queries.db, { userId, from: '2025-02-30', to: '2025-03-01' }),
    ).rejects.toMatchObject({ code: '22008' });
  });
});
