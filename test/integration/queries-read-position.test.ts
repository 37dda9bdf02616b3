import { beforeEach, describe, expect, it } from 'vitest';
import { markRoomRead } from '../../src/queries/read-position.js';
import { untilSessionsWait, useQueries } from '../support/query-database.js';
import { attachPartition, insertConversation, insertMessage } from '../support/rows.js';

const queries = useQueries();
let alice: string;
let bob: string;
let room: string;

beforeEach(async () => {
  ({ alice, bob, room } = await insertConversation(queries.client));
});

const write = (created_at: string, room_id = room): Promise<string> =>
  insertMessage(queries.client, { room_id, sender_id: alice, created_at });
const read = (messageId: string, db = queries.db): Promise<boolean> =>
  markRoomRead(db, { roomId: room, userId: bob, messageId });
async function position(): Promise<string | null | undefined> {
  const { rows } = await queries.client.query<{ last_read_message_id: string | null }>(
    'select last_read_message_id from chat_participants where room_id = $1 and user_id = $2',
    [room, bob],
  );
  return rows[0]?.last_read_message_id;
}

describe('marking a room as read', () => {
  it('moves forward and never back, in the order of time, whatever the ids are', async () => {
    const late = await write('2025-01-20T00:00:00Z');
    const early = await write('2025-01-10T00:00:00Z');
    expect(Number(early)).toBeGreaterThan(Number(late));
    expect(await read(early)).toBe(true);
    expect(await read(late)).toBe(true);
    expect(await read(early)).toBe(false);
    expect(await read(late)).toBe(false);
    expect(await position()).toBe(late);
  });

  it('goes by id where two messages share their microsecond', async () => {
    const [one, two] = [await write('2025-01-20T00:00:00Z'), await write('2025-01-20T00:00:00Z')];
    expect([await read(two), await read(one)]).toEqual([true, false]);
    expect(await position()).toBe(two);
  });

  it('takes an archived message, and goes on from there to a live one but not back', async () => {
    await attachPartition(queries.client, 'chat_messages_archive', 'chat_messages_archive_y2024m05', [
      new Date('2024-05-01'),
      new Date('2024-06-01'),
    ]);
    const { rows } = await queries.client.query<{ id: string }>(
      `insert into chat_messages_archive (id, room_id, sender_id, message_type, is_edited, created_at)
       select nextval('chat_messages_id_seq'), $1, $2, 'TEXT', false, '2024-05-10Z' returning id`,
      [room, alice],
    );
    const archived = rows[0]?.id ?? '';
    const live = await write('2025-01-20T00:00:00Z');
    expect([await read(archived), await read(live), await read(archived)]).toEqual([true, true, false]);
    expect(await position()).toBe(live);
  });

  it('is refused for a message of another room and for one that does not exist', async () => {
    const elsewhere = await insertConversation(queries.client);
    const other = await insertMessage(queries.client, {
      room_id: elsewhere.room,
      sender_id: elsewhere.alice,
    });
    await read(await write('2025-01-20T00:00:00Z'));
    for (const message of [other, '999999999'])
      await expect(read(message)).rejects.toMatchObject({
        code: '23503',
        constraint: 'fk_chat_participants_last_read',
      });
  });

  it('does nothing for who is not, or no longer, in the room', async () => {
    const message = await write('2025-01-20T00:00:00Z');
    expect(await markRoomRead(queries.db, { roomId: room, userId: '999999999', messageId: message })).toBe(
      false,
    );
    await queries.client.query('update chat_participants set is_active = false where user_id = $1', [bob]);
    expect(await read(message)).toBe(false);
    expect(await position()).toBeNull();
  });
});

describe('two devices at once', () => {
  it('end at the later message when the earlier one waited for it', async () => {
    const [early, late] = [await write('2025-01-10T00:00:00Z'), await write('2025-01-20T00:00:00Z')];
    const other = await queries.db.startTransaction().execute();
    expect(await read(late, other)).toBe(true);
    const waiting = read(early);
    await untilSessionsWait(queries.client);
    await other.commit().execute();
    expect(await waiting).toBe(false);
    expect(await position()).toBe(late);
  });

  it('end at the later message also when the one that waited cannot see it yet', async () => {
    const early = await write('2025-01-10T00:00:00Z');
    const other = await queries.db.startTransaction().execute();
    const { id: late } = await other
      .insertInto('chat_messages')
      .values({ room_id: room, sender_id: alice, content: 'new' })
      .returning('id')
      .executeTakeFirstOrThrow();
    await read(late, other);
    const waiting = read(early);
    await untilSessionsWait(queries.client);
    await other.commit().execute();
    expect(await waiting).toBe(false);
    expect(await position()).toBe(late);
  });
});
