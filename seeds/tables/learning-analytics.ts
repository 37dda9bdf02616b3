import type { SeedTable } from '../seed-table.js';
import { countBefore } from '../world/order-by-time.js';
import { dateValue, MINUTE, SECOND, startOfSeoulDay, timestampValue, wholeSeconds } from '../world/time.js';
import type { LearningDay } from '../world/learning-days.js';
import type { World } from '../world/world.js';

/**
 * One row for each user and day in Asia/Seoul on which the user wrote, was in a session or gained a level. Counted
 * from what the other tables say, a day at a time.
 */
export function learningAnalytics(world: World): SeedTable {
  const { history, people } = world;
  let date = 0;
  let user = 0;
  let day: LearningDay | undefined;
  const prepare = (row: number): void => {
    const { learningDays } = world;
    const index = countBefore(learningDays.rowsBefore, row, true) - 1;
    date = learningDays.firstDay + index;
    day = learningDays.open(date);
    user = day.users[row - (learningDays.rowsBefore[index] as number)] as number;
  };
  const read = (column: Exclude<keyof LearningDay, 'users'>): number =>
    (day as LearningDay)[column][user] as number;
  return {
    table: 'learning_analytics',
    get rowCount() {
      return world.learningDays.rowsBefore.at(-1) as number;
    },
    prepare,
    columns: {
      id: (row) => row + 1,
      user_id: () => user + 1,
      language_code: () => people.learning(user),
      date: () => dateValue(date),
      total_session_time: () => read('seconds'),
      session_count: () => read('sessions'),
      messages_sent: () => read('messages'),
      level_improvements: () => read('improvements'),
      badges_earned: () => read('badges'),
      average_session_rating: () =>
        read('ratings') === 0 ? null : average(read('ratingSum'), read('ratings')),
      // Summed up shortly after midnight; the day that is not over has been summed up until now.
      created_at: () =>
        timestampValue(Math.min(startOfSeoulDay(date + 1) + 5 * MINUTE, wholeSeconds(history.to - SECOND))),
    },
  };
}

/** Two digits, rounded half up as numeric is. */
function average(sum: number, count: number): string {
  const hundredths = Math.floor((sum * 100) / count + 0.5);
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`;
}
