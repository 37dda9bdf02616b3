import { boolean, count, day, nullable, ratio, seconds, text } from '../columns.js';
import { oneOf, windowParameters } from '../parameters.js';
import { defineReport } from '../report.js';
import { asOf } from './as-of.js';

export const notifications = defineReport({
  name: 'notifications',
  group: 'product',
  title: { en: 'Notifications', ko: '알림' },
  question: {
    en: 'Which notifications are read, and how soon?',
    ko: '어떤 알림이 얼마나 빨리 읽히나요?',
  },
  definition: [
    'Notifications by type and priority that were made within the window; of each day with `by` day, of the whole window otherwise. A notification belongs to the local day on which it was made.',
    'sent: made; whether a device showed it is not recorded. read: marked as read.',
    'read rate: read / sent.',
    'median and p90 time to read: from its making to its reading, of those that are read and say when; a reading before the making counts as 0. Those unread are not in it, so that it tells how fast readers are, not how many there are.',
    'expired: unread, and their end had passed at the instant «as of». unread: unread, and may still be read.',
    'complete: none of them may still be read; those that never expire always may. Until then read and the read rate may grow.',
    'Maintenance deletes what has expired, after a grace period: old windows hold what is left, and notifications that never expire.',
  ],
  parameters: {
    ...windowParameters(28),
    by: oneOf({ en: 'by', ko: '집계 단위' }, ['window', 'day'], 'window'),
    asOf,
  },
  columns: {
    day: nullable(day('day', '날짜')),
    type: text('type', '유형'),
    priority: text('priority', '중요도'),
    sent: count('sent', '발송'),
    read: count('read', '읽음'),
    readRate: ratio('read rate', '읽음 비율'),
    medianTimeToRead: nullable(seconds('median time to read', '읽기까지 걸린 시간(중앙값)')),
    p90TimeToRead: nullable(seconds('p90 time to read', '읽기까지 걸린 시간(90백분위)')),
    unread: count('unread', '읽지 않음'),
    expired: count('expired', '만료'),
    complete: boolean('complete', '집계 완료'),
  },
  plots: [
    {
      type: 'bar',
      title: { en: 'Read, unread and expired', ko: '유형별 읽음·읽지 않음·만료' },
      x: 'type',
      y: ['read', 'unread', 'expired'],
      stacked: true,
    },
  ],
  values: ['from', 'to', 'timeZone', 'by', 'asOf'],
  sql: `
    with recursive types as (
      -- Each type is found by one look-up in idx_notification_type, which holds no range of time across types.
      (select type from notifications order by type limit 1)
      union all
      select (select n.type from notifications as n where n.type > types.type order by n.type limit 1)
      from types
      where types.type is not null
    ), sent as (
      select case when $4 = 'day' then (n.created_at at time zone $3)::date end as day,
        types.type, n.priority, n.is_read,
        not n.is_read and coalesce(n.expires_at <= $5::timestamptz, false) as is_expired,
        case when n.is_read and isfinite(n.read_at)
          then greatest(extract(epoch from n.read_at - n.created_at), 0)::float8 end as time_to_read
      from types
      cross join lateral (
        select priority, is_read, read_at, expires_at, created_at
        from notifications
        where type = types.type
          and created_at >= $1::date::timestamp at time zone $3
          and created_at < $2::date::timestamp at time zone $3
        -- Kept apart, so that it is read by the index for each type, not joined to the whole table.
        offset 0
      ) as n
    ), counted as (
      select day, type, priority, count(*)::float8 as sent,
        count(*) filter (where is_read)::float8 as read,
        count(*) filter (where is_expired)::float8 as expired,
        percentile_cont(array[0.5, 0.9]) within group (order by time_to_read) as times
      from sent
      group by day, type, priority
    )
    select day, type, priority, sent, read,
      read / sent as "readRate",
      times[1] as "medianTimeToRead",
      times[2] as "p90TimeToRead",
      sent - read - expired as unread,
      expired,
      sent = read + expired as complete
    from counted
    order by day, type collate "C",
      array_position(array['URGENT', 'HIGH', 'NORMAL', 'LOW'], priority::text)`,
});
