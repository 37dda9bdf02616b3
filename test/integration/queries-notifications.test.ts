import { beforeEach, describe, expect, it } from 'vitest';
import { listUnreadNotifications, markNotificationsRead } from '../../src/queries/notifications.js';
import { useQueries } from '../support/query-database.js';
import { insertRow, insertUser } from '../support/rows.js';

const queries = useQueries();
let user: string;

beforeEach(async () => {
  user = await insertUser(queries.client);
});

const notify = async (values: Readonly<Record<string, unknown>> = {}): Promise<string> =>
  (
    await insertRow(queries.client, 'notifications', {
      user_id: user,
      type: 'MATCH',
      title: '새 매칭',
      message: 'Say hello',
      ...values,
    })
  ).id;

const unreadIds = async (): Promise<string[]> =>
  (await listUnreadNotifications(queries.db, { userId: user })).rows.map(({ id }) => id);

describe('unread notifications', () => {
  it('come newest first, page by page, where all share a microsecond', async () => {
    const created_at = '2025-03-01T00:00:00.000001Z';
    const ids = [await notify({ created_at }), await notify({ created_at }), await notify({ created_at })];
    const first = await listUnreadNotifications(queries.db, { userId: user, limit: 2 });
    const second = await listUnreadNotifications(queries.db, { userId: user, limit: 2, after: first.next });
    expect([...first.rows, ...second.rows].map(({ id }) => id)).toEqual(ids.reverse());
    expect(second.next).toBeUndefined();
    expect(first.rows[0]).toMatchObject({ title: '새 매칭', priority: 'NORMAL', data_json: null });
  });

  it('leave out what is read, expired, or of others', async () => {
    const [kept, lasting] = [await notify(), await notify({ expires_at: '2199-01-01' })];
    await notify({ expires_at: '2025-01-01' });
    await notify({ is_read: true });
    await notify({ user_id: await insertUser(queries.client) });
    expect(await unreadIds()).toEqual([lasting, kept]);
  });
});

describe('marking notifications as read', () => {
  it('takes those named, if they are of the user and unread', async () => {
    const [one, two, foreign] = [
      await notify(),
      await notify(),
      await notify({ user_id: await insertUser(queries.client) }),
    ];
    expect(await markNotificationsRead(queries.db, { userId: user, ids: [one, foreign, '999999999'] })).toBe(
      1,
    );
    expect(await unreadIds()).toEqual([two]);
    expect(await markNotificationsRead(queries.db, { userId: user, ids: [] })).toBe(0);
  });

  it('takes all without names, and leaves the time of what was read before', async () => {
    const read_at = new Date('2025-03-01T00:00:00Z');
    const before = await notify({ is_read: true, read_at });
    await notify();
    await notify();
    expect(await markNotificationsRead(queries.db, { userId: user })).toBe(2);
    expect(await unreadIds()).toEqual([]);
    const { rows } = await queries.client.query<{ id: string; read_at: Date | null }>(
      'select id, read_at from notifications where user_id = $1',
      [user],
    );
    expect(rows.find(({ id }) => id === before)?.read_at).toEqual(read_at);
    expect(rows.filter((row) => row.read_at === null)).toEqual([]);
  });
});
