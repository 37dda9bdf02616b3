import { describe, expect, it } from 'vitest';
import { formatCursor } from '../../src/database/keyset-cursor.js';
import {
  listRoomMessages,
  type ListRoomMessagesOptions,
  type Message,
} from '../../src/queries/room-messages.js';
import { useQueries } from '../support/query-database.js';
import { attachPartition, insertConversation, insertMessage } from '../support/rows.js';

const queries = useQueries();

async function allPages(options: ListRoomMessagesOptions): Promise<Message[]> {
  const messages: Message[] = [];
  let cursor: string | undefined;
  do {
    const page = await listRoomMessages(queries.db, { ...options, after: cursor });
    messages.push(...page.rows);
    cursor = page.next;
  } while (cursor !== undefined);
  return messages;
}

/** Ids in the order the server gives to all messages of the room, live and archived. */
async function idsInOrder(
  room: string,
  table = '(table chat_messages union all table chat_messages_archive)',
) {
  const { rows } = await queries.client.query<{ id: string }>(
    `select id from ${table} m where room_id = $1 order by created_at desc, id desc`,
    [room],
  );
  return rows.map(({ id }) => id);
}

const ids = (messages: readonly Message[]): string[] => messages.map(({ id }) => id);

describe("a room's pages", () => {
  it('together hold every message once, newest first, where hundreds share a microsecond', async () => {
    const { room, alice } = await insertConversation(queries.client);
    await queries.client.query(
      `insert into chat_messages (room_id, sender_id, created_at)
       select $1, $2, timestamptz '2025-03-01 12:00:00.000001+00' + interval '1 microsecond' * (i % 3)
       from generate_series(1, 500) i`,
      [room, alice],
    );
    const messages = await allPages({ roomId: room, limit: 7 });
    expect(messages).toHaveLength(500);
    expect(ids(messages)).toEqual(await idsInOrder(room));
  });

  it('go on over months in which nothing was written', async () => {
    const { room, alice } = await insertConversation(queries.client);
    const times = ['2025-01-03', '2025-01-31', '2025-02-01', '2025-06-15', '2025-06-16', '2025-12-31'];
    for (const created_at of times)
      await insertMessage(queries.client, { room_id: room, sender_id: alice, created_at });
    for (const limit of [1, 2, 3, 6, 7])
      expect(ids(await allPages({ roomId: room, limit }))).toEqual(await idsInOrder(room));
  });

  it('begin with the latest message, though it is from the future', async () => {
    const { room, alice } = await insertConversation(queries.client);
    await insertMessage(queries.client, { room_id: room, sender_id: alice });
    const future = await insertMessage(queries.client, {
      room_id: room,
      sender_id: alice,
      created_at: '2199-01-01',
    });
    const { rows, next } = await listRoomMessages(queries.db, { roomId: room, limit: 1 });
    expect(ids(rows)).toEqual([future]);
    expect(next).toBeDefined();
  });

  it('are not disturbed by what is written between them', async () => {
    const { room, alice } = await insertConversation(queries.client);
    const write = (): Promise<string> => insertMessage(queries.client, { room_id: room, sender_id: alice });
    const [first, second, third] = [await write(), await write(), await write()];
    const { rows, next } = await listRoomMessages(queries.db, { roomId: room, limit: 1 });
    expect(ids(rows)).toEqual([third]);
    await write();
    expect(ids((await listRoomMessages(queries.db, { roomId: room, after: next })).rows)).toEqual([
      second,
      first,
    ]);
  });

  it('keep Hangul and the columns as they are stored', async () => {
    const { room, bob } = await insertConversation(queries.client);
    await queries.client.query(
      `insert into chat_messages (room_id, sender_id, message_type, content, file_metadata, created_at)
       values ($1, $2, 'FILE', '발음을 들어 봐 주세요 🙏', '{"size": 12, "name": "녹음.m4a"}', '2025-01-05 12:00:00.123456Z')`,
      [room, bob],
    );
    const { rows, next } = await listRoomMessages(queries.db, { roomId: room });
    expect(rows).toEqual([
      {
        id: expect.stringMatching(/^\d+$/) as string,
        room_id: room,
        sender_id: bob,
        message_type: 'FILE',
        content: '발음을 들어 봐 주세요 🙏',
        file_url: null,
        file_metadata: { size: 12, name: '녹음.m4a' },
        reply_to_id: null,
        is_edited: false,
        edited_at: null,
        created_at: new Date('2025-01-05T12:00:00.123Z'),
      },
    ]);
    expect(next).toBeUndefined();
  });

  it('are empty for a room without messages and for one that does not exist', async () => {
    const { room } = await insertConversation(queries.client);
    for (const roomId of [room, '999999999'])
      expect(await listRoomMessages(queries.db, { roomId })).toEqual({ rows: [], next: undefined });
  });

  it('are refused with a limit or a cursor that makes no sense', async () => {
    for (const limit of [0, -1, 1.5, 1001, Number.NaN])
      await expect(listRoomMessages(queries.db, { roomId: '1', limit })).rejects.toMatchObject({
        code: 'USAGE_INVALID_OPTION',
      });
    const order = [
      { column: 'm.created_at', direction: 'desc' },
      { column: 'm.id', direction: 'desc' },
    ] as const;
    const instant = '2026-11-30 18:54:09.007+00';
    const broken = [
      ['yesterday', '1'],
      ['2026-02-30 00:00:00+00', '1'],
      ['2026-01-01 24:00:00+00', '1'],
      ['2026-01-01 00:00:00.1234567+00', '1'],
      ['message 1', '1'],
      [instant, '-1'],
      [instant, '9223372036854775808'],
    ].map((values) => formatCursor(order, values));
    for (const after of ['', 'nonsense', ...broken])
      await expect(listRoomMessages(queries.db, { roomId: '1', after })).rejects.toMatchObject({
        code: 'CURSOR_INVALID',
      });
  });
});

describe('archived months', () => {
  it('are left out, and joined in order with includeArchive, also where a late message is still live', async () => {
    const { room, alice } = await insertConversation(queries.client);
    await attachPartition(queries.client, 'chat_messages_archive', 'chat_messages_archive_y2024m05', [
      new Date('2024-05-01'),
      new Date('2024-06-01'),
    ]);
    await queries.client.query(
      `insert into chat_messages_archive (id, room_id, sender_id, message_type, is_edited, created_at)
       select nextval('chat_messages_id_seq'), $1, $2, 'TEXT', false, timestamptz '2024-05-10Z' + interval '1 day' * i
       from generate_series(0, 9) i`,
      [room, alice],
    );
    // In the default partition, and older than half of what is archived.
    for (const created_at of ['2024-05-15T12:00:00Z', '2024-09-01T00:00:00Z', '2025-01-02T00:00:00Z'])
      await insertMessage(queries.client, { room_id: room, sender_id: alice, created_at });
    const everything = await idsInOrder(room);
    expect(everything).toHaveLength(13);
    for (const limit of [1, 3, 20])
      expect(ids(await allPages({ roomId: room, limit, includeArchive: true }))).toEqual(everything);
    expect(ids(await allPages({ roomId: room, limit: 2 }))).toEqual(await idsInOrder(room, 'chat_messages'));
  });

  it('lose nothing when a month moves to the archive between two pages', async () => {
    const { room, alice } = await insertConversation(queries.client);
    for (const created_at of ['2025-01-05', '2025-01-06', '2025-01-07', '2026-02-01'])
      await insertMessage(queries.client, { room_id: room, sender_id: alice, created_at });
    const everything = await idsInOrder(room);
    const first = await listRoomMessages(queries.db, { roomId: room, limit: 2, includeArchive: true });
    await queries.client.query('select archive_old_data()');
    expect(await idsInOrder(room, 'chat_messages')).not.toEqual(everything);
    const rest = await listRoomMessages(queries.db, {
      roomId: room,
      limit: 2,
      includeArchive: true,
      after: first.next,
    });
    expect([...ids(first.rows), ...ids(rest.rows)]).toEqual(everything);
  });
});
