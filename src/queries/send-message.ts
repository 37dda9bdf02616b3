import { sql, type Kysely } from 'kysely';
import type { ChatMessageType, DB, FileMetadata } from '../../generated/db.js';
import { OperationError } from '../errors.js';
import { compileOnce } from './compile-once.js';
import { messageColumns, type Message } from './room-messages.js';

export interface SendMessageOptions {
  readonly roomId: string;
  readonly senderId: string;
  /** Default TEXT. */
  readonly messageType?: ChatMessageType | undefined;
  readonly content?: string | undefined;
  readonly fileUrl?: string | undefined;
  readonly fileMetadata?: FileMetadata | undefined;
  /** A message of the same room, live or archived. */
  readonly replyToId?: string | undefined;
}

/**
 * Writes a message if its sender is an active participant of an active room, and moves `last_message_at` of the room
 * up to it. One statement, all or nothing; returns the row as stored.
 *
 * `last_message_at` never goes back, also when a transaction that began earlier commits later. Who sends to one room
 * waits for the others who do until they commit; keep transactions around it short. A participant who leaves while
 * the statement runs may still have it sent.
 *
 * Cost: two look-ups by key, one row in one partition, one row of `chat_rooms`; a reply also looks its target up by
 * id, one index descent a live month.
 *
 * Index: `unique_room_participant`, `chat_rooms_pkey`.
 *
 * @throws OperationError CHAT_NOT_A_PARTICIPANT: nobody by that id is active in an active room of that id; nothing was
 *   written. The server's 23503 `fk_chat_messages_reply_to`: the message answered is not in the room; nothing was
 *   written, and a transaction around it is aborted.
 */
export async function sendMessage(db: Kysely<DB>, options: SendMessageOptions): Promise<Message> {
  const { roomId, senderId, messageType = 'TEXT', content, fileUrl, fileMetadata, replyToId } = options;
  const values = {
    roomId,
    senderId,
    messageType,
    content,
    fileUrl,
    fileMetadata: fileMetadata && JSON.stringify(fileMetadata),
    replyToId,
  };
  const [sent] = await insertMessage(db, values, {});
  if (sent !== undefined) return sent;
  throw new OperationError(
    'CHAT_NOT_A_PARTICIPANT',
    `user ${senderId} is not an active participant of room ${roomId}`,
    {
      hint: 'Add the user to the room, or open the room again.',
    },
  );
}

type Values = Omit<SendMessageOptions, 'fileMetadata'> & { readonly fileMetadata: string | undefined };

const insertMessage = compileOnce((db: Kysely<DB>, values: Values) =>
  db
    .with('member', (cte) =>
      cte
        .selectFrom('chat_participants as p')
        .innerJoin('chat_rooms as r', 'r.id', 'p.room_id')
        .select(['p.room_id', 'p.user_id'])
        .where('p.room_id', '=', values.roomId)
        .where('p.user_id', '=', values.senderId)
        .where('p.is_active', '=', sql.lit(true))
        .where('r.is_active', '=', sql.lit(true)),
    )
    .with('sent', (cte) =>
      cte
        .insertInto('chat_messages')
        .columns([
          'room_id',
          'sender_id',
          'message_type',
          'content',
          'file_url',
          'file_metadata',
          'reply_to_id',
        ])
        .expression((insert) =>
          insert
            .selectFrom('member')
            .select([
              'room_id',
              'user_id',
              sql<string>`${values.messageType}::varchar`.as('message_type'),
              sql<string | null>`${values.content}::text`.as('content'),
              sql<string | null>`${values.fileUrl}::text`.as('file_url'),
              sql`${values.fileMetadata}::jsonb`.as('file_metadata'),
              sql<string | null>`${values.replyToId}::bigint`.as('reply_to_id'),
            ]),
        )
        .returning(messageColumns),
    )
    .with('activity', (cte) =>
      cte
        .updateTable('chat_rooms as r')
        .from('sent')
        .set({ last_message_at: sql`sent.created_at` })
        .whereRef('r.id', '=', 'sent.room_id')
        // Evaluated anew on the row another sender has just written: the later instant stays.
        .where(sql<boolean>`coalesce(r.last_message_at < sent.created_at, true)`),
    )
    .selectFrom('sent')
    .selectAll(),
);
