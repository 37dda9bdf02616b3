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

const people = `
insert into users (email, english_name, korean_name, birth_date)
values ('minji.kim@example.com', 'Minji Kim', '김민지', '1998-05-17'), ('emma.stone@example.com', 'Emma Stone', null, '1996-11-02')
returning id`;

const room = `
with made as (insert into chat_rooms (name, created_by_user_id) values ('한국어 ↔ English', $1) returning id)
insert into chat_participants (room_id, user_id) select made.id, person from made, unnest($2::bigint[]) person
returning room_id`;

const message = `
insert into chat_messages (room_id, sender_id, content, reply_to_id) values ($1, $2, $3, $4) returning id`;

const read = `
select m.id, coalesce(u.korean_name, u.english_name) as sender, m.content, m.reply_to_id as "replyTo"
from chat_messages m join users u on u.id = m.sender_id
where m.room_id = $1
order by m.created_at, m.id`;

/** Two people talk in a room and answer one another; then somebody answers a message of another room. */
export async function holdConversation(client: ClientBase): Promise<Conversation> {
  const [minji, emma] = (await client.query<{ id: string }>(people)).rows.map(({ id }) => id);
  const openRoom = async (): Promise<string | undefined> =>
    (await client.query<{ room_id: string }>(room, [minji, [minji, emma]])).rows[0]?.room_id;
  const say = async (
    roomId: string | undefined,
    sender: string | undefined,
    text: string,
    replyTo?: string,
  ): Promise<string | undefined> =>
    (await client.query<{ id: string }>(message, [roomId, sender, text, replyTo])).rows[0]?.id;
  const here = await openRoom();
  const hello = await say(here, minji, '안녕하세요! 오늘은 무슨 이야기를 할까요?');
  const answer = await say(here, emma, 'Hi Minji! 주말에 뭐 했어요? Was my sentence right?', hello);
  await say(here, minji, '완벽해요 👏 I went hiking on Bukhansan.', answer);

  const elsewhere = await openRoom();
  const attempt = 'a reply in one room to a message of another';
  try {
    await say(elsewhere, emma, 'wrong room', hello);
    throw new Error(`the database took ${attempt}`);
  } catch (error) {
    if (!isServerError(error)) throw error;
    const { code, message: text } = error;
    const constraint = (error as { constraint?: string }).constraint ?? '';
    const { rows } = await client.query<Conversation['messages'][number]>(read, [here]);
    return { messages: rows, refused: { attempt, sqlstate: code, constraint, message: text } };
  }
}
