import { beforeEach, describe, expect, it } from 'vitest';
import { markRoomRead } from '../../src/queries/read-position.js';
import { sendMessage } from '../../src/queries/send-message.js';
import { listUserRooms, type UserRoom } from '../../src/queries/user-rooms.js';
import { useQueries } from '../support/query-database.js';
import { insertConversation, insertRoom, insertRow, insertUser } from '../support/rows.js';

const queries = useQueries();
let alice: string;
let bob: string;
let room: string;

beforeEach(async () => {
  ({ alice, bob, room } = await insertConversation(queries.client));
  await queries.client.query(`update chat_participants set joined_at = '2024-01-01' where room_id = $1`, [
    room,
  ]);
});

async function only(userId: string): Promise<UserRoom> {
  const { rows } = await listUserRooms(queries.db, { userId });
  const [first] = rows;
  if (rows.length !== 1 || first === undefined) throw new Error(`the user has ${rows.length} rooms`);
  return first;
}
const send = async (senderId: string, content: string): Promise<string> =>
  (await sendMessage(queries.db, { roomId: room, senderId, content })).id;
const unread = async (userId: string): Promise<number> => (await only(userId)).unread_count;

describe('the rooms of a user', () => {
  it('show the newest message, the unread count and the partner, with names that may be null', async () => {
    await queries.client.query(`update users set korean_name = '김앨리스' where id = $1`, [alice]);
    const first = await send(alice, '안녕'.repeat(150));
    const last = await send(alice, '안녕하세요'.repeat(100));
    await markRoomRead(queries.db, { roomId: room, userId: bob, messageId: first });
    const shown = await only(bob);
    expect(shown).toEqual({
      id: room,
      room_type: 'DIRECT',
      name: null,
      role: 'MEMBER',
      last_message_at: shown.last_message?.created_at,
      last_read_message_id: first,
      unread_count: 1,
      last_message: {
        id: last,
        sender_id: alice,
        message_type: 'TEXT',
        excerpt: '안녕하세요'.repeat(40),
        created_at: expect.any(Date) as Date,
      },
      partner: { id: alice, english_name: 'Alice', korean_name: '김앨리스', profile_image_url: null },
    });
    expect((await only(alice)).partner).toMatchObject({ id: bob, english_name: 'Bob', korean_name: null });
  });

  it('count nothing as unread that the user wrote or has read', async () => {
    await send(bob, 'mine');
    expect(await unread(bob)).toBe(0);
    const theirs = await send(alice, 'theirs');
    await send(bob, 'mine again');
    expect(await unread(bob)).toBe(1);
    await markRoomRead(queries.db, { roomId: room, userId: bob, messageId: theirs });
    expect(await unread(bob)).toBe(0);
    expect(await unread(alice)).toBe(2);
  });

  it('count from the joining on where nothing has been read, or what was read is deleted', async () => {
    const seen = await send(alice, 'one');
    await send(alice, 'two');
    await queries.client.query('update chat_participants set joined_at = now() where user_id = $1', [bob]);
    expect(await unread(bob)).toBe(0);
    await send(alice, 'three');
    expect(await unread(bob)).toBe(1);
    await markRoomRead(queries.db, { roomId: room, userId: bob, messageId: seen });
    expect(await unread(bob)).toBe(2);
    await queries.client.query('delete from chat_messages where id = $1', [seen]);
    expect(await only(bob)).toMatchObject({ last_read_message_id: null, unread_count: 1 });
  });

  it('tell messages of one microsecond apart by id', async () => {
    await queries.client.query(
      `insert into chat_messages (room_id, sender_id, created_at) select $1, $2, now() from generate_series(1, 4)`,
      [room, alice],
    );
    const { rows } = await queries.client.query<{ id: string }>(
      'select id from chat_messages where room_id = $1 order by id',
      [room],
    );
    await queries.client.query(
      `update chat_rooms set last_message_at = now() - interval '1 minute' where id = $1`,
      [room],
    );
    await markRoomRead(queries.db, { roomId: room, userId: bob, messageId: rows[1]?.id ?? '' });
    const shown = await only(bob);
    expect(shown.last_message?.id).toBe(rows[3]?.id);
    expect(shown.unread_count).toBe(2);
  });

  it('stop counting at a hundred, and see others behind many messages of the user', async () => {
    const write = (sender: string, count: number): Promise<unknown> =>
      queries.client.query(
        `insert into chat_messages (room_id, sender_id, created_at)
         select $1, $2, clock_timestamp() from generate_series(1, $3::int)`,
        [room, sender, count],
      );
    await write(alice, 98);
    await write(bob, 300);
    expect(await unread(bob)).toBe(98);
    await write(alice, 50);
    expect(await unread(bob)).toBe(100);
  });

  it('have no newest message where it has been archived or deleted, nor count what is archived', async () => {
    await queries.client.query(
      `insert into chat_messages (room_id, sender_id, created_at) values ($1, $2, '2025-01-05')`,
      [room, alice],
    );
    await queries.client.query(`update chat_rooms set last_message_at = '2025-01-05' where id = $1`, [room]);
    expect(await only(bob)).toMatchObject({ unread_count: 1, last_message: { sender_id: alice } });
    await queries.client.query('select archive_old_data()');
    expect(await only(bob)).toMatchObject({
      unread_count: 0,
      last_message: null,
      last_message_at: new Date('2025-01-05'),
    });
  });

  it('come page by page in the order of activity, rooms without messages by when they were made', async () => {
    const user = await insertUser(queries.client);
    const times = ['2025-03-01', '2025-03-01', null, '2025-03-02', null];
    for (const last_message_at of times) {
      const id = await insertRoom(queries.client, {
        last_message_at,
        created_at: '2025-03-01',
        room_type: 'GROUP',
      });
      await insertRow(queries.client, 'chat_participants', { room_id: id, user_id: user });
    }
    const { rows: expected } = await queries.client.query<{ id: string }>(
      `select r.id from chat_rooms r join chat_participants p on p.room_id = r.id where user_id = $1
       order by coalesce(last_message_at, r.created_at) desc, r.id desc`,
      [user],
    );
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listUserRooms(queries.db, { userId: user, limit: 2, after: cursor });
      seen.push(...page.rows.map(({ id }) => id));
      cursor = page.next;
    } while (cursor !== undefined);
    expect(seen).toEqual(expected.map(({ id }) => id));
  });

  it('leave out rooms that are closed and rooms the user has left', async () => {
    await queries.client.query('update chat_participants set is_active = false where user_id = $1', [bob]);
    expect((await listUserRooms(queries.db, { userId: bob })).rows).toEqual([]);
    await queries.client.query('update chat_rooms set is_active = false where id = $1', [room]);
    expect((await listUserRooms(queries.db, { userId: alice })).rows).toEqual([]);
  });
});
