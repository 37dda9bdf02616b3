import type pg from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';
import { useDatabase } from '../support/database.js';
import { insertConversation, insertMessage, insertRoom } from '../support/rows.js';
import { backendPid, start, untilWaiting } from './schema-sessions.js';

const database = useDatabase();
let one: pg.Client;
let two: pg.Client;
let observer: pg.Client;
let bob: string;
let room: string;
let message: string;
let pidOfTwo: number;

beforeEach(async () => {
  [one, two, observer] = [await database.connect(), await database.connect(), await database.connect()];
  pidOfTwo = await backendPid(two);
  let alice: string;
  ({ alice, bob, room } = await insertConversation(observer));
  message = await insertMessage(observer, { room_id: room, sender_id: alice });
  return async () => Promise.all([one, two, observer].map((client) => client.end()));
});

const reply = (client: pg.Client): Promise<string> =>
  insertMessage(client, { room_id: room, sender_id: bob, reply_to_id: message });
const deleteMessage = (client: pg.Client): Promise<unknown> =>
  client.query('delete from chat_messages where id = $1', [message]);
const readUpTo = (client: pg.Client): Promise<unknown> =>
  client.query('update chat_participants set last_read_message_id = $1 where room_id = $2 and user_id = $3', [
    message,
    room,
    bob,
  ]);

/** Pointers at messages that are in neither table. */
async function dangling(): Promise<number> {
  const { rows } = await observer.query<{ count: number }>(
    `with all_messages as (table chat_messages union all table chat_messages_archive)
     select count(*)::int as count from (
       select reply_to_id from all_messages union all select last_read_message_id from chat_participants
     ) as pointers (id)
     where id is not null and not exists (select from all_messages as m where m.id = pointers.id)`,
  );
  return rows[0]?.count ?? -1;
}

async function replies(): Promise<unknown[]> {
  const { rows } = await observer.query<{ reply_to_id: string | null }>(
    'select reply_to_id from chat_messages where room_id = $1 and id <> $2',
    [room, message],
  );
  return rows.map((row) => row.reply_to_id);
}

describe.each([
  ['a reply', reply],
  ['a last-read pointer', readUpTo],
])('%s and the deletion of its message', (name, point) => {
  it('written first, the deletion waits and sets it null', async () => {
    await one.query('begin');
    await point(one);
    const deletion = start(deleteMessage(two));
    await untilWaiting(observer, pidOfTwo);
    await one.query('commit');
    await deletion;
    expect(await dangling()).toBe(0);
    if (name === 'a reply') expect(await replies()).toEqual([null]);
  });

  it('deleted first, the pointer waits and is refused', async () => {
    await one.query('begin');
    await deleteMessage(one);
    const pointing = start(point(two));
    await untilWaiting(observer, pidOfTwo);
    await one.query('commit');
    await expect(pointing).rejects.toMatchObject({ code: '23503' });
    expect(await dangling()).toBe(0);
  });

  it('deleted first and rolled back, the pointer is accepted', async () => {
    await one.query('begin');
    await deleteMessage(one);
    const pointing = start(point(two));
    await untilWaiting(observer, pidOfTwo);
    await one.query('rollback');
    await pointing;
    expect(await dangling()).toBe(0);
    if (name === 'a reply') expect(await replies()).toEqual([message]);
  });
});

it('a reply to a message that is just being archived waits, and finds it in the archive', async () => {
  await one.query(`begin; set local studymate.moving = 'on'`);
  await one.query('create table chat_messages_archive_all partition of chat_messages_archive default');
  await one.query(
    `with moved as (delete from chat_messages where id = $1 returning *) insert into chat_messages_archive select * from moved`,
    [message],
  );
  const answer = start(reply(two));
  await untilWaiting(observer, pidOfTwo);
  await one.query('commit');
  await answer;
  expect(await replies()).toEqual([message]);
  // And back again, which the look-up meets in the other order.
  await one.query(`begin; set local studymate.moving = 'on'`);
  await one.query(
    `with moved as (delete from chat_messages_archive where id = $1 returning *) insert into chat_messages select * from moved`,
    [message],
  );
  const second = start(reply(two));
  await untilWaiting(observer, pidOfTwo);
  await one.query('commit');
  await second;
  expect(await replies()).toEqual([message, message]);
  expect(await dangling()).toBe(0);
  await observer.query('drop table chat_messages_archive_all');
});

it('a message cannot leave the room while a reply to it is being written', async () => {
  const elsewhere = await insertRoom(observer);
  await one.query('begin');
  await reply(one);
  const leaving = start(
    two.query('update chat_messages set room_id = $1 where id = $2', [elsewhere, message]),
  );
  await untilWaiting(observer, pidOfTwo);
  await one.query('commit');
  await expect(leaving).rejects.toMatchObject({ code: '23503', constraint: 'fk_chat_messages_reply_to' });
});

describe('under another isolation level', () => {
  it('repeatable read refuses the deletion of a message, as it could not see a reply written meanwhile', async () => {
    await one.query('begin isolation level repeatable read');
    await one.query('select from users');
    await reply(two);
    await expect(deleteMessage(one)).rejects.toMatchObject({
      code: '0A000',
      hint: expect.any(String) as string,
    });
    await one.query('rollback');
    expect(await dangling()).toBe(0);
  });

  it('repeatable read fails a reply to a message deleted meanwhile, to be retried', async () => {
    await one.query('begin isolation level repeatable read');
    await one.query('select from users');
    await deleteMessage(two);
    await expect(reply(one)).rejects.toMatchObject({ code: '40001' });
    await one.query('rollback');
    expect(await dangling()).toBe(0);
  });

  it('of two serializable transactions, one is to be retried', async () => {
    await one.query('begin isolation level serializable');
    await two.query('begin isolation level serializable');
    await one.query('select from users');
    await reply(two);
    await two.query('commit');
    const ended = deleteMessage(one).then(() => one.query('commit'));
    await expect(ended).rejects.toMatchObject({ code: '40001' });
    await one.query('rollback');
    expect(await dangling()).toBe(0);
  });
});
