import { boolean, count, day, nullable, ratio } from '../columns.js';
import { windowParameters } from '../parameters.js';
import { defineReport } from '../report.js';
import { asOf } from './as-of.js';

export const chat = defineReport({
  name: 'chat',
  group: 'product',
  title: { en: 'Chat', ko: '채팅' },
  question: {
    en: 'How much do people write to each other, and do they get an answer?',
    ko: '대화는 얼마나 활발하고, 답장은 잘 오나요?',
  },
  definition: [
    'messages: of any type but SYSTEM, which nobody wrote; live and archived. A message belongs to the local day on which it was sent.',
    'senders: people who wrote that day, each once.',
    'active rooms: with a message that day. active rooms, 7 days: with a message on that day or one of the six before, days before the window included.',
    'two-sided rooms: active that day, with messages of at least two people on that day; two-sided share: of the active rooms. A question answered after midnight makes two one-sided room days.',
    'one-message rooms: active that day with a single message.',
    'conversations: each is opened by a message before which nobody had written in the room for more than 24 hours, or ever; it belongs to the day of that message.',
    'answered: conversations in which another person wrote within 24 hours after that first message, 24 hours sharp included. answer rate: answered / conversations. A later answer does not count.',
    'complete: at the instant «as of» 24 hours had passed since the end of the day. Until then answered may still grow, and there is no answer rate.',
    'Messages of erased users and of deleted rooms are gone; those of months kept outside the database are not in it.',
  ],
  parameters: { ...windowParameters(28), asOf },
  columns: {
    day: day('day', '날짜'),
    messages: count('messages', '메시지'),
    senders: count('senders', '발신자'),
    activeRooms: count('active rooms', '활성 채팅방'),
    activeRooms7: count('active rooms, 7 days', '7일 활성 채팅방'),
    twoSidedRooms: count('two-sided rooms', '양방향 채팅방'),
    twoSidedShare: nullable(ratio('two-sided share', '양방향 비율')),
    oneMessageRooms: count('one-message rooms', '메시지 1건 채팅방'),
    conversations: count('conversations', '대화'),
    answered: count('answered within 24 h', '24시간 내 답장'),
    answerRate: nullable(ratio('answer rate', '답장률')),
    complete: boolean('complete', '집계 완료'),
  },
  plots: [
    { type: 'line', title: { en: 'Messages a day', ko: '일별 메시지' }, x: 'day', y: ['messages'] },
    {
      type: 'line',
      title: { en: 'Active rooms', ko: '활성 채팅방' },
      x: 'day',
      y: ['activeRooms', 'activeRooms7'],
    },
    {
      type: 'line',
      title: { en: 'Answered and two-sided', ko: '답장률과 양방향 비율' },
      x: 'day',
      y: ['answerRate', 'twoSidedShare'],
    },
  ],
  values: ['from', 'to', 'timeZone', 'asOf'],
  sql: `
    with days as (
      select generate_series($1::date, $2::date - 1, interval '1 day')::date as day
    ), messages as materialized (
      -- Six days before: rooms active in the week of the first day, and whether its first messages open a conversation.
      -- A day and a bit after: answers to the last day. Local midnights, as the planner can prune by them; a day
      -- may have 23 hours, so one is not enough.
      select id, room_id, sender_id, created_at, (created_at at time zone $3)::date as day
      from chat_messages
      where created_at >= ($1::date - 6)::timestamp at time zone $3
        and created_at < ($2::date + 2)::timestamp at time zone $3
        and message_type <> 'SYSTEM'
      union all
      select id, room_id, sender_id, created_at, (created_at at time zone $3)::date
      from chat_messages_archive
      where created_at >= ($1::date - 6)::timestamp at time zone $3
        and created_at < ($2::date + 2)::timestamp at time zone $3
        and message_type <> 'SYSTEM'
    ), room_senders as materialized (
      select day, room_id, sender_id, count(*) as messages
      from messages
      where day < $2::date
      group by day, room_id, sender_id
    ), room_days as materialized (
      select day, room_id, sum(messages) as messages, count(*) as senders
      from room_senders
      group by day, room_id
    ), active as (
      select day, sum(messages)::float8 as messages, count(*)::float8 as rooms,
        count(*) filter (where senders > 1)::float8 as two_sided,
        count(*) filter (where messages = 1)::float8 as one_message
      from room_days
      group by day
    ), writing as (
      select day, count(distinct sender_id)::float8 as senders from room_senders group by day
    ), active_7 as (
      -- A sweep: a room comes in on each day of it, and goes out on its next day or seven days later.
      select day, sum(sum(change)) over (order by day)::float8 as rooms
      from (
        select day, 1 as change from room_days
        union all
        select least(lead(day) over (partition by room_id order by day), day + 7), -1 from room_days
        union all
        select day, 0 from days
      ) as changes
      group by day
    ), talk as (
      select day, count(*)::float8 as conversations,
        count(*) filter (where next_sender <> sender_id and next_at <= created_at + interval '24 hours')::float8 as answered
      from (
        -- Within a conversation the next row here is the first message of another person.
        select *, lead(sender_id) over room as next_sender, lead(created_at) over room as next_at
        from (
          select id, room_id, sender_id, created_at, day,
            (lag(created_at) over room >= created_at - interval '24 hours') is not true as is_first,
            lag(sender_id) over room <> sender_id as is_answer
          from messages
          window room as (partition by room_id order by created_at, id)
        ) as sequence
        where is_first or is_answer
        window room as (partition by room_id order by created_at, id)
      ) as steps
      where is_first
      group by day
    )
    select days.day,
      coalesce(active.messages, 0) as messages,
      coalesce(writing.senders, 0) as senders,
      coalesce(active.rooms, 0) as "activeRooms",
      active_7.rooms as "activeRooms7",
      coalesce(active.two_sided, 0) as "twoSidedRooms",
      active.two_sided / active.rooms as "twoSidedShare",
      coalesce(active.one_message, 0) as "oneMessageRooms",
      coalesce(talk.conversations, 0) as conversations,
      coalesce(talk.answered, 0) as answered,
      case when ends.is_complete then talk.answered / talk.conversations end as "answerRate",
      ends.is_complete as complete
    from days
    cross join lateral (
      select (days.day + 1)::timestamp at time zone $3 + interval '24 hours' <= $4::timestamptz as is_complete
    ) as ends
    join active_7 on active_7.day = days.day
    left join active on active.day = days.day
    left join writing on writing.day = days.day
    left join talk on talk.day = days.day
    order by days.day`,
});
