import type pg from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';
import { useDatabase } from '../support/database.js';
import {
  insertConversation,
  insertMessage,
  insertRoom,
  insertRow,
  insertUser,
  type Values,
} from '../support/rows.js';

const JANUARY = '2025-01-10T00:00:00Z';
const database = useDatabase();
let client: pg.Client;
let alice: string;
let bob: string;
let room: string;
let message: string;

/** Each test works in one transaction that nobody commits. */
beforeEach(async () => {
  client = await database.connect();
  await client.query('begin');
  ({ alice, bob, room } = await insertConversation(client));
  message = await insertMessage(client, { room_id: room, sender_id: alice, created_at: JANUARY });
  return async () => client.end();
});

const reply = (values: Values = {}): Promise<string> =>
  insertMessage(client, { room_id: room, sender_id: bob, reply_to_id: message, ...values });

const readUpTo = (messageId: string | null, user = bob): Promise<unknown> =>
  client.query('update chat_participants set last_read_message_id = $1 where room_id = $2 and user_id = $3', [
    messageId,
    room,
    user,
  ]);

async function replyTarget(id: string): Promise<unknown> {
  const { rows } = await client.query<Values>(
    `select reply_to_id from (table chat_messages union all table chat_messages_archive) as m where id = $1`,
    [id],
  );
  return rows[0]?.['reply_to_id'];
}

async function lastRead(user = bob): Promise<unknown> {
  const { rows } = await client.query<Values>(
    'select last_read_message_id from chat_participants where room_id = $1 and user_id = $2',
    [room, user],
  );
  return rows[0]?.['last_read_message_id'];
}

/** Moves the whole month of `message` to the archive. */
const archive = (): Promise<unknown> => client.query('select archive_old_data()');

/** What the server says when a pointer has no message to point at. */
const violation = (table: string, column: string, constraint: string): Values => ({
  code: '23503',
  schema: 'public',
  table,
  column,
  constraint,
});
const replyViolation = violation('chat_messages', 'reply_to_id', 'fk_chat_messages_reply_to');
const readViolation = violation(
  'chat_participants',
  'last_read_message_id',
  'fk_chat_participants_last_read',
);

describe('a reply', () => {
  it('is accepted to a message of its room, of another month, and written in the same statement', async () => {
    expect(await replyTarget(await reply())).toBe(message);
    const { rows } = await client.query<{ id: string; reply_to_id: string | null }>(
      `insert into chat_messages (id, room_id, sender_id, reply_to_id)
       values (900002, $1, $2, 900001), (900001, $1, $2, null) returning id, reply_to_id`,
      [room, alice],
    );
    expect(rows[0]).toEqual({ id: '900002', reply_to_id: '900001' });
  });

  it('is refused to a message that does not exist', async () => {
    await expect(reply({ reply_to_id: '-1' })).rejects.toMatchObject({
      ...replyViolation,
      detail: `Key (reply_to_id)=(-1) is not a message of room ${room}.`,
    });
  });

  it('is refused to a message of another room', async () => {
    await expect(reply({ room_id: await insertRoom(client) })).rejects.toMatchObject(replyViolation);
  });

  it('is refused when it is changed to point outside its room, or leaves the room itself', async () => {
    const id = await reply();
    const elsewhere = await insertRoom(client);
    const stranger = await insertMessage(client, { room_id: elsewhere, sender_id: alice });
    await client.query('savepoint before');
    await expect(
      client.query('update chat_messages set reply_to_id = $1 where id = $2', [stranger, id]),
    ).rejects.toMatchObject(replyViolation);
    await client.query('rollback to before');
    await expect(
      client.query('update chat_messages set room_id = $1 where id = $2', [elsewhere, id]),
    ).rejects.toMatchObject(replyViolation);
  });

  it('is accepted to an archived message of the same room, and refused to one of another', async () => {
    await archive();
    expect(await replyTarget(await reply())).toBe(message);
    await expect(reply({ room_id: await insertRoom(client) })).rejects.toMatchObject(replyViolation);
  });
});

describe('a last-read pointer', () => {
  it('takes a message of the room, live or archived, and no other', async () => {
    await readUpTo(message);
    await archive();
    expect(await lastRead()).toBe(message);
    await readUpTo(message, alice);
    expect(await lastRead(alice)).toBe(message);
    const stranger = await insertMessage(client, { room_id: await insertRoom(client), sender_id: alice });
    for (const missing of ['-1', stranger]) {
      await client.query('savepoint before');
      await expect(readUpTo(missing)).rejects.toMatchObject(readViolation);
      await client.query('rollback to before');
    }
  });
});

describe('deleting', () => {
  it.each(['live', 'archived'])(
    'an %s message sets what points at it null, wherever that is',
    async (state) => {
      const archivedReply = await reply({ created_at: JANUARY });
      await readUpTo(message);
      if (state === 'archived') await archive();
      const liveReply = await reply();
      const bystander = await insertMessage(client, {
        room_id: room,
        sender_id: bob,
        reply_to_id: liveReply,
      });
      await client.query(`delete from chat_messages${state === 'archived' ? '_archive' : ''} where id = $1`, [
        message,
      ]);
      expect([await replyTarget(archivedReply), await replyTarget(liveReply), await lastRead()]).toEqual([
        null,
        null,
        null,
      ]);
      expect(await replyTarget(bystander)).toBe(liveReply);
    },
  );

  it.each(['live', 'archived'])(
    'a user whose %s messages were answered leaves the answers, pointing nowhere',
    async (state) => {
      if (state === 'archived') await archive();
      const answer = await reply();
      await readUpTo(message);
      await client.query('delete from users where id = $1', [alice]);
      expect(await replyTarget(message)).toBeUndefined();
      expect([await replyTarget(answer), await lastRead()]).toEqual([null, null]);
    },
  );

  it('a room takes its messages along, live and archived', async () => {
    await archive();
    const answer = await reply();
    await readUpTo(answer);
    await client.query('delete from chat_rooms where id = $1', [room]);
    expect([await replyTarget(message), await replyTarget(answer), await lastRead()]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('all messages at once by truncate leaves no pointer either', async () => {
    await readUpTo(message);
    await archive();
    const answer = await reply();
    await client.query('truncate chat_messages_archive');
    expect([await replyTarget(answer), await lastRead()]).toEqual([null, null]);
    await readUpTo(answer);
    await client.query('truncate chat_messages');
    expect(await lastRead()).toBeNull();
  });
});

describe('what is not deleting', () => {
  it('archiving leaves pointers as they are', async () => {
    const archived = await reply({ created_at: JANUARY });
    const live = await reply();
    await readUpTo(message);
    await archive();
    expect(
      (await client.query('select from chat_messages_archive where room_id = $1', [room])).rowCount,
    ).toBe(2);
    expect([await replyTarget(archived), await replyTarget(live), await lastRead()]).toEqual([
      message,
      message,
      message,
    ]);
  });

  it('moving rows by hand leaves pointers as they are while studymate.moving is on, and only then', async () => {
    const live = await reply();
    await client.query(`set local studymate.moving = 'on'`);
    await client.query('create temporary table parked as select * from chat_messages where id = $1', [
      message,
    ]);
    await client.query('delete from chat_messages where id = $1', [message]);
    expect(await replyTarget(live)).toBe(message);
    await client.query('insert into chat_messages select * from parked');
    await client.query(`set local studymate.moving = 'off'`);
    await client.query('delete from chat_messages where id = $1', [message]);
    expect(await replyTarget(live)).toBeNull();
  });

  it('an archiving earlier in the transaction does not make a deletion later pass as moving', async () => {
    const live = await reply();
    await archive();
    await client.query('delete from chat_messages_archive where id = $1', [message]);
    expect(await replyTarget(live)).toBeNull();
  });

  it('a date that moves a message to another partition leaves pointers as they are', async () => {
    const live = await reply();
    await client.query('update chat_messages set created_at = now() where id = $1', [message]);
    expect(await replyTarget(live)).toBe(message);
  });
});

describe('the room and the id of a message that something points at', () => {
  it.each([
    ['reply', 'room_id', 'fk_chat_messages_reply_to'],
    ['reply', 'id', 'fk_chat_messages_reply_to'],
    ['reader', 'id', 'fk_chat_participants_last_read'],
  ])('with a %s, %s cannot change', async (pointer, column, constraint) => {
    if (pointer === 'reply') await reply();
    else await readUpTo(message);
    const value = column === 'id' ? '900000' : await insertRoom(client);
    await expect(
      client.query(`update chat_messages set ${column} = $1 where id = $2`, [value, message]),
    ).rejects.toMatchObject({ code: '23503', table: 'chat_messages', constraint });
  });

  it('a message may change rooms together with its replies', async () => {
    const answer = await reply();
    const elsewhere = await insertRoom(client);
    await client.query('update chat_messages set room_id = $1 where room_id = $2', [elsewhere, room]);
    expect(await replyTarget(answer)).toBe(message);
  });
});

it('pointers are enforced with the owner’s rights, for roles that may only write messages', async () => {
  const live = await reply();
  await client.query(`create role writer; grant usage on schema public to writer;
    grant select, insert, delete on chat_messages to writer; grant usage on sequence chat_messages_id_seq to writer`);
  await client.query('set local role writer');
  const own = await reply();
  await client.query('delete from chat_messages where id = $1', [message]);
  await client.query('reset role');
  expect([await replyTarget(live), await replyTarget(own)]).toEqual([null, null]);
  await client.query('set local role writer');
  await expect(client.query('select hold_message(1)')).rejects.toMatchObject({ code: '42501' });
});

it('a user without messages can be deleted under repeatable read', async () => {
  await client.query('commit');
  const user = await insertUser(client);
  await insertRow(client, 'user_interests', { user_id: user, interest_tag: 'tea' });
  await client.query('begin isolation level repeatable read');
  expect((await client.query('delete from users where id = $1', [user])).rowCount).toBe(1);
  await client.query('rollback');
});
