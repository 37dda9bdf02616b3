import type pg from 'pg';
import { quoteLiteral, quoteQualified } from '../../src/database/identifier.js';

export interface LoadMessagesOptions {
  /** Over the live months. */
  readonly messages: number;
  /** Start of the month, UTC, after the last message; default: of next month. */
  readonly until?: Date;
  /** Live months that hold messages; default 12. */
  readonly months?: number;
  /** Months before those, archived, with as many messages a month; default 0. */
  readonly archivedMonths?: number;
}

export interface LoadedMessages {
  readonly users: number;
  readonly rooms: number;
  /** A room of everybody's: one message in twenty is written there. */
  readonly busyRoom: string;
  /** A user who is in a great many rooms. */
  readonly busyUser: string;
  /** Instants, UTC, at which the live months start; the last is their end. */
  readonly bounds: readonly Date[];
}

const MONTHS_AHEAD = 3;

/**
 * Users, rooms of two, their participants and messages, all computed on the server and the same every time: for
 * tests and benchmarks that need volume rather than truth. Room 1 and user 1 are busy, the later rooms ever quieter;
 * a third of the participants have unread messages. One million messages take about 25 s on two slow cores, as each month
 * is filled before it has indexes or foreign keys. Leaves statistics behind. Into an empty, migrated database.
 */
export async function loadMessages(
  client: pg.ClientBase,
  options: LoadMessagesOptions,
): Promise<LoadedMessages> {
  const { messages, months = 12, archivedMonths = 0 } = options;
  const until = options.until ?? monthsAfter(new Date(), 1);
  const perMonth = Math.ceil(messages / months);
  const users = Math.max(1_000, Math.round(messages / 50));
  const rooms = users;
  await client.query(`set maintenance_work_mem = '256MB'`);
  await client.query(
    `insert into users (email, english_name, korean_name, birth_date, gender, residence)
     select 'u' || i || '@example.com', 'User ' || i, case when i % 2 = 0 then '사용자 ' || i end,
            date '1970-01-01' + (i * 37 % 12000)::int, (array['MALE', 'FEMALE', 'OTHER', null])[1 + i % 4],
            (array['KR', 'US', 'JP', null])[1 + i % 4]
     from generate_series(1, $1) i`,
    [users],
  );
  await client.query(
    `insert into chat_rooms (name, created_by_user_id, created_at)
     select case when i % 3 = 0 then '방 ' || i end, i, $2::timestamptz from generate_series(1, $1) i`,
    [rooms, monthsAfter(until, -months - archivedMonths)],
  );
  for (let month = -archivedMonths; month < months + MONTHS_AHEAD; month++) {
    const bounds = [monthsAfter(until, month - months), monthsAfter(until, month - months + 1)] as const;
    const first = (month + archivedMonths) * perMonth + 1;
    await loadMonth(client, month < 0 ? 'chat_messages_archive' : 'chat_messages', bounds, {
      first,
      count: month < months ? perMonth : 0,
      users,
      rooms,
    });
  }
  await client.query(`select setval('chat_messages_id_seq', $1)`, [(months + archivedMonths) * perMonth]);
  await client.query(`analyze chat_messages, chat_messages_archive`);
  await joinRooms(client, users, rooms);
  await client.query(`analyze users, chat_rooms, chat_participants`);
  const bounds = Array.from({ length: months + 1 }, (_, month) => monthsAfter(until, month - months));
  return { users, rooms, busyRoom: '1', busyUser: '1', bounds };
}

/** Start of the month, UTC, so many months from the one that `instant` is in. */
export function monthsAfter(instant: Date, months: number): Date {
  return new Date(Date.UTC(instant.getUTCFullYear(), instant.getUTCMonth() + months));
}

async function loadMonth(
  client: pg.ClientBase,
  parent: string,
  [lower, upper]: readonly [Date, Date],
  load: { first: number; count: number; users: number; rooms: number },
): Promise<void> {
  const name = `${parent}_y${lower.getUTCFullYear()}m${String(lower.getUTCMonth() + 1).padStart(2, '0')}`;
  const [parentName, partition] = [quoteQualified('public', parent), quoteQualified('public', name)];
  // The first migration brings one month of its own, which no test loads.
  await client.query(`drop table if exists ${partition}`);
  // Like the live table in either case: only there do the columns have defaults.
  await client.query(
    `create table ${partition} (like chat_messages including defaults including constraints)`,
  );
  await client.query(
    `insert into ${partition} (id, room_id, sender_id, content, reply_to_id, created_at)
     select m.id, m.room, 1 + (m.room * 2 + m.id % 2) % $3::bigint,
            case when m.id % 2 = 0 then '안녕하세요, 메시지 ' else 'Hello, this is message ' end || m.id,
            case when m.id % 10 = 0 then m.id - 20 end,
            $4::timestamptz + ($5::timestamptz - $4::timestamptz) * ((m.id - $1::bigint) / ($2 + 1)::float8)
     from (
       select i as id, case when i % 20 = 0 then 1
                            else 1 + floor($6::float8 * power((i * 2654435761 % 4294967296) / 4294967296.0, 3))::bigint end as room
       from generate_series($1::bigint, $1::bigint + $2::int - 1) i
     ) m`,
    [load.first, load.count, load.users, lower, upper, load.rooms],
  );
  await client.query(
    `alter table ${parentName} attach partition ${partition}
     for values from (${quoteLiteral(lower.toISOString())}) to (${quoteLiteral(upper.toISOString())})`,
  );
}

/** Two people a room, and the busy user in the first 300 rooms; each has read up to some message of the room. */
async function joinRooms(client: pg.ClientBase, users: number, rooms: number): Promise<void> {
  await client.query(
    `with latest as (select room_id, max(created_at) as at from chat_messages group by room_id)
     update chat_rooms r set last_message_at = latest.at from latest where r.id = latest.room_id`,
  );
  await client.query(
    `insert into chat_participants (room_id, user_id, joined_at, last_read_message_id)
     select p.room_id, p.user_id, r.created_at, case (p.user_id + p.room_id) % 6 when 0 then ids.some when 1 then null else ids.latest end
     from (
       select room_id, 1 + (room_id * 2 + slot) % $1::bigint as user_id
       from generate_series(1, $2::bigint) room_id, generate_series(0, 1) slot
       union select room_id, 1 from generate_series(1, 300) room_id
     ) p
     join chat_rooms r on r.id = p.room_id
     left join (
       select room_id, max(id) as latest, max(id) filter (where id % 7 = 0) as some from chat_messages group by room_id
     ) ids on ids.room_id = p.room_id`,
    [users, rooms],
  );
}
