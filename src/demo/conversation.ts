import type { ClientBase } from 'pg';
import { isServerError } from '../database/sqlstate.js';

export interface Conversation {
  readonly messages: readonly {
    readonly id: string;
    readonly sender: string;
    readonly content: string;
    readonly replyTo: string | null;
  }[];
  /** A row that the database did not take. */
  readonly refused: {
    readonly attempt: string;
    readonly sqlstate: string;
    readonly constraint: string;
    readonly message: string;
  };
}

/** The latest words around a reply, in a room of one who has a Korean name and one who has none. */
const latest = `
with reply as (
  select m.room_id, m.created_at
  from chat_messages m
  where m.reply_to_id is not null
    and (select count(*) = 2 and count(u.korean_name) = 1
           from chat_participants p join users u on u.id = p.user_id
          where p.room_id = m.room_id)
  order by m.created_at desc, m.id desc
  limit 1
), around as (
  select m.*
  from reply, chat_messages m
  where m.room_id = reply.room_id and m.created_at <= reply.created_at and m.message_type = 'TEXT'
  order by m.created_at desc, m.id desc
  limit 6
)
select a.id, coalesce(u.korean_name, u.english_name) as sender, a.content, a.reply_to_id as "replyTo", a.room_id as "roomId"
from around a join users u on u.id = a.sender_id
order by a.created_at, a.id`;

/** A member of another room than that of the message answers it there. */
const strangeReply = `
insert into chat_messages (room_id, sender_id, content, reply_to_id)
select p.room_id, p.user_id, 'wrong room', $1 from chat_participants p where p.room_id <> $2 order by p.id limit 1`;

/** Shows what two people of the seeded world said last, and that nobody can answer it in another room. */
export async function readConversation(client: ClientBase): Promise<Conversation> {
  const { rows } = await client.query<Conversation['messages'][number] & { roomId: string }>(latest);
  const [first] = rows;
  if (first === undefined) throw new Error('the seeded world has no conversation');
  const messages = rows.map(({ id, sender, content, replyTo }) => ({ id, sender, content, replyTo }));
  const attempt = 'a reply in one room to a message of another';
  try {
    await client.query(strangeReply, [first.id, first.roomId]);
    throw new Error(`the database took ${attempt}`);
  } catch (error) {
    if (!isServerError(error)) throw error;
    const { code: sqlstate, constraint = '', message } = error;
    return { messages, refused: { attempt, sqlstate, constraint, message } };
  }
}
