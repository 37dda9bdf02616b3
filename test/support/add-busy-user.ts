import type pg from 'pg';

/** What the hot queries read; with users, rooms and messages, which are always loaded. */
export const hotTables = [
  'user_languages',
  'refresh_tokens',
  'matching_requests',
  'user_partnerships',
  'matching_preferences',
  'chat_participants',
  'learning_sessions',
  'session_participants',
  'notifications',
  'learning_analytics',
] as const;

export interface BusyWorld {
  /** The room with the most messages. */
  readonly busyRoom: string;
  /** Of the busy room. */
  readonly latestMessage: string;
  /** A room with messages in every month, and of those the one with the fewest. */
  readonly quietRoom: string;
  /** The user in the most rooms: now in 300 at least, the busiest among them; has much unread and unanswered. */
  readonly busyUser: string;
  /** Somebody whom the busy user neither is a partner of nor was. */
  readonly stranger: string;
  /** The language that the busy user has learnt on most days. */
  readonly busyLanguage: string;
  /** A user with three rooms, who has read one of them up to a message of the last month that is not its latest. */
  readonly user: string;
}

/**
 * Finds the busiest of a seeded world, and adds what nobody has so much of there: rooms of one user, notifications
 * unread, requests that wait, requests overdue, and preferences that many meet. Leaves statistics behind.
 */
export async function addBusyUser(client: pg.ClientBase): Promise<BusyWorld> {
  const { busy: busyRoom, quiet: quietRoom } = await one<'busy' | 'quiet'>(
    client,
    `with rooms as materialized (
       select room_id, count(*) as messages, count(distinct tableoid) as months from chat_messages group by room_id
     )
     select (select room_id from rooms order by messages desc, room_id limit 1) as busy,
            (select room_id from rooms order by months desc, messages, room_id limit 1) as quiet`,
  );
  const { user_id: busyUser } = await one<'user_id'>(
    client,
    `select user_id from chat_participants where is_active group by user_id order by count(*) desc, user_id limit 1`,
  );
  const { language_code: busyLanguage } = await one<'language_code'>(
    client,
    `select language_code from learning_analytics
     where user_id = $1 group by language_code order by count(*) desc, language_code limit 1`,
    busyUser,
  );
  const { user_id: user } = await one<'user_id'>(
    client,
    `select p.user_id
     from chat_participants p
     join chat_rooms r on r.id = p.room_id
     left join chat_messages m on m.id = p.last_read_message_id
     where p.is_active and r.is_active
     group by p.user_id
     having count(*) = 3
       and bool_or(m.created_at < r.last_message_at
         and m.created_at >= (select date_trunc('month', max(last_message_at), 'UTC') from chat_rooms))
     order by p.user_id limit 1`,
  );
  const { stranger } = await one<'stranger'>(
    client,
    `select max(id) as stranger from users u
     where not exists (
       select from user_partnerships where (user_id_1, user_id_2) in (($1::bigint, u.id), (u.id, $1::bigint))
     )`,
    busyUser,
  );
  const { id: latestMessage } = await one<'id'>(
    client,
    `select id from chat_messages where room_id = $1 order by created_at desc, id desc limit 1`,
    busyRoom,
  );
  await joinRooms(client, busyUser, busyRoom);
  for (const statement of additions) await client.query(statement, [busyUser]);
  await client.query('analyze chat_participants, notifications, matching_requests');
  return { busyRoom, latestMessage, quietRoom, busyUser, stranger, busyLanguage, user };
}

/** The busy room and 299 that were active last, groups first: each read to the end, up to some message, or not at all. */
async function joinRooms(client: pg.ClientBase, user: string, busyRoom: string): Promise<void> {
  await client.query(
    `insert into chat_participants (room_id, user_id, joined_at, last_read_message_id)
     select r.id, $1::bigint, r.created_at, m.id
     from (
       select * from chat_rooms where is_active
       order by id = $2::bigint desc, room_type = 'GROUP' desc, last_message_at desc nulls last, id limit 300
     ) r
     left join lateral (
       select id from chat_messages where room_id = r.id and r.id % 6 <> 1
       order by created_at desc offset case r.id % 6 when 0 then 30 else 0 end limit 1
     ) m on true
     on conflict (room_id, user_id) do update set is_active = true`,
    [user, busyRoom],
  );
}

/** $1 is the busy user. */
const additions = [
  `insert into notifications (user_id, type, title, message, created_at, expires_at)
   select $1::bigint, 'MATCH_REQUEST', '새 매칭', 'Say hello', now() - interval '1 minute' * i, now() + interval '7 days'
   from generate_series(1, 200) i`,
  // Nobody is found for some that the seed makes.
  `insert into matching_preferences (user_id, preferred_age_min, preferred_age_max, preferred_gender)
   values ($1::bigint, 18, 60, 'MALE')
   on conflict (user_id) do update set
     preferred_age_min = 18, preferred_age_max = 60, preferred_gender = 'MALE', preferred_countries = null`,
  `insert into matching_requests (requester_id, target_id, expires_at)
   select id, $1::bigint, now() + interval '1 hour' * row_number() over (order by id)
   from users where id <> $1::bigint order by id limit 100`,
  `insert into matching_requests (requester_id, target_id, expires_at)
   select id, id - 1, now() - interval '1 minute' * row_number() over (order by id)
   from users where id > 1 and id - 1 <> $1::bigint order by id desc limit 300`,
];

async function one<Column extends string>(
  client: pg.ClientBase,
  sql: string,
  ...parameters: readonly string[]
): Promise<Readonly<Record<Column, string>>> {
  const { rows } = await client.query<Record<Column, string>>(sql, [...parameters]);
  if (rows[0] === undefined) throw new Error('the seeded world is too small for a busy user');
  return rows[0];
}
