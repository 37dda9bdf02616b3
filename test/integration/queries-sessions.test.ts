import { describe, expect, it } from 'vitest';
import { listUpcomingSessions } from '../../src/queries/sessions.js';
import { useQueries } from '../support/query-database.js';
import { insertRow, insertUser } from '../support/rows.js';

const queries = useQueries();
const inHours = (hours: number): Date => new Date(Date.now() + hours * 3_600_000);

async function plan(
  user: string,
  start: Date,
  values: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const { id } = await insertRow(queries.client, 'learning_sessions', {
    session_type: 'VIDEO_1V1',
    scheduled_start_time: start,
    scheduled_end_time: new Date(start.getTime() + 3_600_000),
    ...values,
  });
  await insertRow(queries.client, 'session_participants', { session_id: id, user_id: user, role: 'HOST' });
  return id;
}

describe('the upcoming sessions of a user', () => {
  it('come in the order in which they start, page by page, one that runs first', async () => {
    const user = await insertUser(queries.client);
    const at = inHours(5);
    const [one, two] = [await plan(user, at), await plan(user, at, { title: '회화 연습' })];
    const running = await plan(user, inHours(-0.5), { status: 'IN_PROGRESS' });
    const first = await listUpcomingSessions(queries.db, { userId: user, limit: 2 });
    expect(first.rows.map(({ id }) => id)).toEqual([running, one]);
    const second = await listUpcomingSessions(queries.db, { userId: user, limit: 2, after: first.next });
    expect(second).toMatchObject({
      rows: [{ id: two, title: '회화 연습', status: 'SCHEDULED', role: 'HOST', is_confirmed: false }],
      next: undefined,
    });
  });

  it('leave out what is over, cancelled, or of others', async () => {
    const user = await insertUser(queries.client);
    await plan(user, inHours(-2));
    await plan(user, inHours(2), { status: 'CANCELLED' });
    await plan(user, inHours(-2), { status: 'COMPLETED' });
    await plan(await insertUser(queries.client), inHours(2));
    expect(await listUpcomingSessions(queries.db, { userId: user })).toEqual({ rows: [], next: undefined });
  });
});
