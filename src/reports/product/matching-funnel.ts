import { boolean, count, nullable, ratio, text } from '../columns.js';
import { windowParameters } from '../parameters.js';
import { defineReport } from '../report.js';
import { asOf } from './as-of.js';

export const matchingFunnel = defineReport({
  name: 'matching-funnel',
  group: 'product',
  title: { en: 'Matching funnel', ko: '매칭 퍼널' },
  question: {
    en: 'How many matching requests become partners who write to each other, meet, and meet again?',
    ko: '매칭 요청 중 얼마나 많은 요청이 대화와 첫 세션, 두 번째 세션으로 이어지나요?',
  },
  definition: [
    'Requests made in the window, by the local day of created_at; each request counts, also when one pair has several. Requests of erased users are gone. Whether a request was seen is not recorded.',
    'Each step counts only requests that made the step before: requests of the row above = requests + lost + open. Partners who meet without a message before end at «accepted».',
    'accepted: of status ACCEPTED. lost: REJECTED, EXPIRED, and PENDING beyond expires_at (expired, not yet marked). open: PENDING before it.',
    'first message: one of the two wrote in a room of two (DIRECT) they are both in, within 48 hours of the acceptance; live and archived messages, those of type SYSTEM apart.',
    'first session: the first session of the two that began within 14 days of the acceptance. second session: the next one, if it began within 28 days of the first. A session of the two is one of type AUDIO_1V1 or VIDEO_1V1 with both as participants, COMPLETED, and not one to which only one of them came (joined_at); it began at its actual start, else at the planned one.',
    'An acceptance without responded_at is taken to be of the time of the request.',
    'open: the step was not made yet, and its time is not over. lost: not made, and its time is over.',
    'share: requests / all requests made; low while requests are open.',
    'of the step before: for «accepted» accepted / (accepted + lost), pending ones apart. For the later steps only of requests whose time for the step is over, made it or not: those that are quick would count before those that are slow.',
    'complete: nothing is open here nor at an earlier step.',
  ],
  parameters: { ...windowParameters(28), asOf },
  columns: {
    step: text('step', '단계'),
    requests: count('requests', '요청'),
    share: nullable(ratio('share', '전체 대비')),
    ofStepBefore: nullable(ratio('of the step before', '이전 단계 대비')),
    lost: count('lost', '이탈'),
    rejected: nullable(count('rejected', '거절')),
    expired: nullable(count('expired', '만료')),
    open: count('open', '대기 중'),
    complete: boolean('complete', '집계 완료'),
  },
  plots: [
    {
      type: 'funnel',
      title: { en: 'From a request to the second session', ko: '요청부터 두 번째 세션까지' },
      step: 'step',
      value: 'requests',
    },
  ],
  values: ['from', 'to', 'timeZone', 'asOf'],
  sql: `
    with made as materialized (
      select id, requester_id, target_id,
        case when status = 'PENDING' and expires_at <= $4::timestamptz then 'EXPIRED' else status end as status,
        coalesce(responded_at, created_at) as accepted_at
      from matching_requests
      where created_at >= $1::date::timestamp at time zone $3
        and created_at < $2::date::timestamp at time zone $3
    ), rooms as materialized (
      select made.*, one.room_id
      from made
      join chat_participants as one on one.user_id = made.requester_id
      join chat_participants as other on other.room_id = one.room_id and other.user_id = made.target_id
      join chat_rooms as room on room.id = one.room_id and room.room_type = 'DIRECT'
      where made.status = 'ACCEPTED'
    ), writers as (
      select distinct id
      from rooms
      -- Two look-ups by index in the one or two months of the 48 hours; a join would read the months whole.
      where exists (
        select from chat_messages as m
        where m.room_id = rooms.room_id and m.sender_id in (rooms.requester_id, rooms.target_id)
          and m.message_type <> 'SYSTEM'
          and m.created_at >= rooms.accepted_at and m.created_at < rooms.accepted_at + interval '48 hours'
      ) or exists (
        select from chat_messages_archive as m
        where m.room_id = rooms.room_id and m.sender_id in (rooms.requester_id, rooms.target_id)
          and m.message_type <> 'SYSTEM'
          and m.created_at >= rooms.accepted_at and m.created_at < rooms.accepted_at + interval '48 hours'
      )
    ), written as materialized (
      select made.*, writers.id is not null as wrote
      from made
      left join writers using (id)
      where made.status = 'ACCEPTED'
    ), met as (
      select written.id, coalesce(s.actual_start_time, s.scheduled_start_time) as at,
        row_number() over (
          partition by written.id order by coalesce(s.actual_start_time, s.scheduled_start_time), s.id
        ) as nth
      from written
      join session_participants as one on one.user_id = written.requester_id
      join session_participants as other
        on other.session_id = one.session_id and other.user_id = written.target_id
      join learning_sessions as s on s.id = one.session_id
      where written.wrote
        and s.status = 'COMPLETED' and s.session_type in ('AUDIO_1V1', 'VIDEO_1V1')
        and (one.joined_at is null) = (other.joined_at is null)
        and coalesce(s.actual_start_time, s.scheduled_start_time) >= written.accepted_at
    ), followed as (
      select written.id, accepted_at, wrote,
        wrote and first.at < accepted_at + interval '336 hours' as met,
        first.at as met_at,
        second.at < first.at + interval '672 hours' as met_again
      from written
      left join met as first on first.id = written.id and first.nth = 1
      left join met as second on second.id = written.id and second.nth = 2
    ), outcomes as (
      -- A row a request and step that it may come to: whether it made it, and whether its time for it is over.
      select 1 as step, true as is_made, true as is_over from made
      union all
      select 2, status = 'ACCEPTED', status <> 'PENDING' from made
      union all
      select 3, wrote, accepted_at + interval '48 hours' <= $4::timestamptz from followed
      union all
      select 4, coalesce(met, false), accepted_at + interval '336 hours' <= $4::timestamptz from followed where wrote
      union all
      select 5, coalesce(met_again, false), met_at + interval '672 hours' <= $4::timestamptz from followed where met
    ), counted as (
      select step, name,
        count(*) filter (where is_made)::float8 as requests,
        count(*) filter (where not is_made and is_over)::float8 as lost,
        count(*) filter (where not is_made and not is_over)::float8 as open,
        count(*) filter (where is_made and is_over)::float8 / nullif(count(*) filter (where is_over), 0) as of_step_before
      from (values (1, 'requested'), (2, 'accepted'), (3, 'first message'), (4, 'first session'), (5, 'second session'))
        as steps (step, name)
      left join outcomes using (step)
      group by step, name
    )
    select name as step, requests,
      requests / nullif(first_value(requests) over (order by counted.step), 0) as share,
      case when counted.step > 1 then of_step_before end as "ofStepBefore",
      lost,
      case when counted.step = 2 then (select count(*) from made where status = 'REJECTED') end::float8 as rejected,
      case when counted.step = 2 then (select count(*) from made where status = 'EXPIRED') end::float8 as expired,
      open,
      sum(open) over (order by counted.step) = 0 as complete
    from counted
    order by counted.step`,
});
