import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { sendMessage } from '../../src/queries/send-message.js';
import { untilSessionsWait, useQueries } from '../support/query-database.js';
import { insertConversation, insertUser } from '../support/rows.js';

const queries = useQueries();
let alice: string;
let bob: string;
let room: string;

beforeEach(async () => {
  ({ alice, bob, room } = await insertConversation(queries.client));
});

/** As text, with microseconds. */
async function activity(): Promise<{ last_message_at: string | null; newest: string | null; count: number }> {
  const { rows } = await queries.client.query<{
    last_message_at: string | null;
    newest: string | null;
    count: number;
  }>(
    `select last_message_at::text,
            (select max(created_at)::text from chat_messages where room_id = r.id) as newest,
            (select count(*)::int from chat_messages where room_id = r.id) as count
     from chat_rooms r where id = $1`,
    [room],
  );
  return rows[0] ?? { last_message_at: null, newest: null, count: -1 };
}

describe('sending a message', () => {
  it('stores it and moves the activity of the room to its very microsecond', async () => {
    const sent = await sendMessage(queries.db, {
      roomId: room,
      senderId: alice,
      content: '안녕하세요! 반가워요 👋',
    });
    expect(sent).toMatchObject({
      room_id: room,
      sender_id: alice,
      message_type: 'TEXT',
      content: '안녕하세요! 반가워요 👋',
      file_url: null,
      reply_to_id: null,
      is_edited: false,
    });
    const { last_message_at, newest } = await activity();
    expect(last_message_at).not.toBeNull();
    expect(last_message_at).toBe(newest);
  });

  it('stores a file and what it answers', async () => {
    const question = await sendMessage(queries.db, { roomId: room, senderId: alice, content: '?' });
    const answer = await sendMessage(queries.db, {
      roomId: room,
      senderId: bob,
      messageType: 'VOICE',
      fileUrl: 'https://files.example.com/1.m4a',
      fileMetadata: { size: 3, type: 'audio/mp4' },
      replyToId: question.id,
    });
    expect(answer).toMatchObject({
      message_type: 'VOICE',
      content: null,
      file_url: 'https://files.example.com/1.m4a',
      file_metadata: { size: 3, type: 'audio/mp4' },
      reply_to_id: question.id,
    });
  });

  it('is refused to who is not, or no longer, in the room, and in a closed room; nothing is written', async () => {
    const stranger = await insertUser(queries.client);
    const refused = (senderId: string, roomId = room): Promise<void> =>
      expect(sendMessage(queries.db, { roomId, senderId, content: 'x' })).rejects.toMatchObject({
        code: 'CHAT_NOT_A_PARTICIPANT',
      });
    await refused(stranger);
    await refused(alice, '999999999');
    await queries.client.query('update chat_participants set is_active = false where user_id = $1', [bob]);
    await refused(bob);
    await queries.client.query('update chat_rooms set is_active = false where id = $1', [room]);
    await refused(alice);
    expect(await activity()).toEqual({ last_message_at: null, newest: null, count: 0 });
  });

  it('is refused as an answer to a message of another room, and the activity stays', async () => {
    const elsewhere = await insertConversation(queries.client);
    const other = await sendMessage(queries.db, {
      roomId: elsewhere.room,
      senderId: elsewhere.alice,
      content: 'x',
    });
    await expect(
      sendMessage(queries.db, { roomId: room, senderId: alice, replyToId: other.id }),
    ).rejects.toMatchObject({ code: '23503', constraint: 'fk_chat_messages_reply_to' });
    expect(await activity()).toEqual({ last_message_at: null, newest: null, count: 0 });
  });
});

describe('two senders in one room', () => {
  it('end with the later instant, though the transaction that began first commits last', async () => {
    const early = await queries.db.startTransaction().execute();
    await sql`select now()`.execute(early);
    await sendMessage(queries.db, { roomId: room, senderId: bob, content: 'later' });
    const { last_message_at: later } = await activity();
    await sendMessage(early, { roomId: room, senderId: alice, content: 'earlier' });
    await early.commit().execute();
    expect(await activity()).toEqual({ last_message_at: later, newest: later, count: 2 });
  });

  it('wait for each other and both get through', async () => {
    const first = await queries.db.startTransaction().execute();
    await sendMessage(first, { roomId: room, senderId: alice, content: 'one' });
    const second = sendMessage(queries.db, { roomId: room, senderId: bob, content: 'two' });
    await untilSessionsWait(queries.client);
    await first.commit().execute();
    await second;
    const { last_message_at, newest, count } = await activity();
    expect({ count, last_message_at }).toEqual({ count: 2, last_message_at: newest });
  });
});
