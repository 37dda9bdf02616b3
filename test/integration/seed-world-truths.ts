/** Queries that find what would be untrue of a seeded world; each must find nothing. `reference` is its today. */
export const truths = {
  'e-mail addresses are plain ASCII and Koreans have a Korean name': `
    select u.id, email, korean_name from users u left join user_languages l on l.user_id = u.id and l.language_type = 'NATIVE'
    where email !~ '^[a-z.]+[0-9]+@[a-z0-9.-]+$' or english_name !~ '^[A-Za-z''. -]+$'
      or (l.language_code = 'ko') <> (korean_name is not null) or korean_name !~ '^[가-힣]{2,5}$'`,
  'everybody is at least 13 on the day they join': `
    select id from users where birth_date > (created_at at time zone 'Asia/Seoul')::date - interval '13 years'`,
  'messages come from members of the room who have joined and not left, after the room was made': `
    select m.id from chat_messages m
    left join chat_participants p on p.room_id = m.room_id and p.user_id = m.sender_id
    join chat_rooms r on r.id = m.room_id
    where p.id is null or m.created_at < p.joined_at or m.created_at < r.created_at`,
  'messages are in the order of time by id': `
    select id from (select id, created_at, lag(created_at) over (order by id) as before from chat_messages) m
    where created_at < before`,
  'a reply answers an earlier message of its room': `
    select m.id from chat_messages m join chat_messages a on a.id = m.reply_to_id
    where a.room_id <> m.room_id or a.created_at >= m.created_at or a.id >= m.id`,
  'files have a URL and metadata, texts have content': `
    select id from chat_messages
    where (message_type in ('IMAGE', 'VOICE', 'FILE')) <> (file_url is not null and file_metadata is not null)
      or (message_type in ('TEXT', 'SYSTEM') and coalesce(content, '') = '')`,
  'edits have an instant after the message': `
    select id from chat_messages where is_edited <> (edited_at is not null) or edited_at <= created_at`,
  'last_message_at is that of the last message': `
    select r.id from chat_rooms r
    left join (select room_id, max(created_at) as at from chat_messages group by room_id) m on m.room_id = r.id
    where r.last_message_at is distinct from m.at`,
  'nobody has read less than they wrote, or a message from before they joined': `
    select p.id from chat_participants p
    left join chat_messages m on m.id = p.last_read_message_id
    left join (select room_id, sender_id, max(id) as id from chat_messages group by 1, 2) own
      on own.room_id = p.room_id and own.sender_id = p.user_id
    where own.id > coalesce(p.last_read_message_id, 0) or m.created_at < p.joined_at or m.room_id <> p.room_id`,
  'a room of two has two, a group two or more with one admin': `
    select r.id from chat_rooms r left join chat_participants p on p.room_id = r.id
    group by r.id having case r.room_type when 'DIRECT' then count(*) <> 2 or count(*) filter (where role = 'ADMIN') > 0
      else count(*) < 2 or count(*) filter (where role = 'ADMIN') <> 1 end`,
  'nothing is written in a room that is closed': `
    select r.id from chat_rooms r where not is_active and last_message_at > updated_at`,
  'members joined no room before they finished the onboarding': `
    select p.id from chat_participants p left join onboarding_progress o on o.user_id = p.user_id
    where o.completed_at is null or p.joined_at < o.completed_at`,
  'requests are between people who finished the onboarding and complement one another': `
    select r.id from matching_requests r
    left join onboarding_progress a on a.user_id = r.requester_id and a.completed_at <= r.created_at
    left join onboarding_progress b on b.user_id = r.target_id and b.completed_at <= r.created_at
    where a.id is null or b.id is null
      or not exists (
        select from user_languages teach join user_languages learn using (language_code)
        where teach.user_id = r.requester_id and teach.language_type = 'NATIVE'
          and learn.user_id = r.target_id and (learn.language_type = 'LEARNING' or learn.language_type = 'NATIVE'))`,
  'a request is answered in time, or pending, or has expired': `
    select r.id, status from matching_requests r, reference
    where expires_at <= created_at
      or (status in ('ACCEPTED', 'REJECTED')) <> (responded_at is not null)
      or responded_at <= created_at or responded_at > expires_at
      or (status = 'PENDING' and expires_at <= today) or (status = 'EXPIRED' and expires_at > today)`,
  'nobody asks the same person twice': `
    select least(requester_id, target_id), greatest(requester_id, target_id) from matching_requests
    group by 1, 2 having count(*) > 1`,
  'partnerships are the accepted requests, from when they were accepted': `
    select p.id, r.id from user_partnerships p
    full join (select * from matching_requests where status = 'ACCEPTED') r
      on r.requester_id = p.user_id_1 and r.target_id = p.user_id_2 and r.responded_at = p.created_at
    where p.id is null or r.id is null`,
  'each partnership has one room of its two': `
    select p.id from user_partnerships p
    left join (
      select room_id, min(user_id) as one, max(user_id) as other, min(r.created_at) as at
      from chat_participants c join chat_rooms r on r.id = c.room_id where room_type = 'DIRECT' group by room_id
    ) d on d.one = least(p.user_id_1, p.user_id_2) and d.other = greatest(p.user_id_1, p.user_id_2)
    group by p.id having count(d.room_id) <> 1 or min(d.at) < p.created_at`,
  'partnerships count the sessions of their two': `
    select p.id, p.total_sessions, s.count, p.last_session_at, s.at from user_partnerships p
    left join (
      select one, other, count(*) as count, max(at) as at from (
        select s.id, min(user_id) as one, max(user_id) as other, min(actual_start_time) as at
        from learning_sessions s join session_participants sp on sp.session_id = s.id
        where status = 'COMPLETED' and session_type <> 'GROUP_VIDEO' group by s.id) x group by 1, 2
    ) s on s.one = least(p.user_id_1, p.user_id_2) and s.other = greatest(p.user_id_1, p.user_id_2)
    where p.total_sessions <> coalesce(s.count, 0) or p.last_session_at is distinct from s.at`,
  'sessions of two are between partners while they are partners': `
    select s.id from learning_sessions s
    where session_type <> 'GROUP_VIDEO' and not exists (
      select from user_partnerships p
      where p.created_at <= s.created_at
        and (select array_agg(user_id order by user_id) from session_participants where session_id = s.id)
          = array[least(user_id_1, user_id_2), greatest(user_id_1, user_id_2)])`,
  'sessions of groups are between members of one group': `
    select s.id from learning_sessions s
    where session_type = 'GROUP_VIDEO' and not exists (
      select from chat_rooms r where room_type = 'GROUP' and not exists (
        select from session_participants sp where session_id = s.id and not exists (
          select from chat_participants p where p.room_id = r.id and p.user_id = sp.user_id and p.joined_at <= s.created_at)))`,
  'the state of a session agrees with its times': `
    select s.id, status from learning_sessions s, reference
    where s.created_at >= scheduled_start_time
      or case status
        when 'COMPLETED' then actual_start_time is null or actual_end_time is null or actual_end_time <= actual_start_time
          or actual_start_time < scheduled_start_time
        when 'IN_PROGRESS' then actual_start_time is null or actual_end_time is not null or scheduled_start_time >= today
        when 'SCHEDULED' then scheduled_start_time < today or actual_start_time is not null
        else actual_start_time is not null or updated_at >= scheduled_start_time end`,
  'a session has one host, who made it, and no more people than places': `
    select s.id from learning_sessions s left join session_participants p on p.session_id = s.id
    group by s.id having count(*) > max_participants or count(*) < 2
      or count(*) filter (where role = 'HOST' and user_id = created_by_user_id) <> 1
      or count(*) filter (where role = 'HOST') <> 1`,
  'nobody is in a session longer than it is, or rates one that they were not in': `
    select p.id from session_participants p join learning_sessions s on s.id = p.session_id
    where participation_time <> coalesce(extract(epoch from left_at - joined_at), 0)
      or joined_at < actual_start_time or left_at > actual_end_time
      or (status = 'COMPLETED' and participation_time > extract(epoch from actual_end_time - actual_start_time))
      or (status <> 'COMPLETED' and (participation_time > 0 or rating_given is not null or left_at is not null))
      or (rating_given is not null and participation_time = 0) or (feedback is not null and rating_given is null)
      or (joined_at is not null and not is_confirmed)`,
  'recordings are of finished sessions, as long as they were': `
    select r.id from session_recordings r join learning_sessions s on s.id = r.session_id, reference
    where status <> 'COMPLETED' or r.created_at <= actual_end_time
      or duration <> extract(epoch from actual_end_time - actual_start_time) or file_size <= 0
      or is_available <> (expires_at > today)`,
  'scores, levels and times of a test are there once it is completed, and obey valid_scores': `
    select id from level_tests
    where (status = 'COMPLETED') <> (overall_score is not null and overall_level is not null and completed_at is not null
        and interaction_score is not null and feedback_text is not null and ai_analysis is not null)
      or completed_at <= started_at
      or (pronunciation_score + grammar_score + fluency_score + vocabulary_score + comprehension_score
        + interaction_score) / 6 <> overall_score`,
  'a better score is never a lower level': `
    select a.id from level_tests a join level_tests b on a.overall_score > b.overall_score and a.overall_level < b.overall_level`,
  'completed tests have all their answers, given during the test': `
    select t.id, count(r.id) from level_tests t left join level_test_responses r on r.test_id = t.id
    group by t.id
    having (status = 'COMPLETED' and count(r.id) <> case test_type when 'QUICK' then 2 else 4 end)
      or min(r.created_at) <= started_at or max(r.created_at) > completed_at or max(question_number) <> count(r.id)`,
  'the level of the language somebody learns is the last one tested': `
    select l.id from user_languages l
    join lateral (select overall_level from level_tests t where t.user_id = l.user_id and t.language_code = l.language_code
      and status = 'COMPLETED' order by completed_at desc limit 1) t on true
    where language_type = 'LEARNING' and is_primary and proficiency_level <> overall_level`,
  'progress agrees with the steps that were done': `
    select o.user_id from onboarding_progress o
    left join onboarding_step_data d on d.user_id = o.user_id
    group by o.id
    having is_completed <> (count(d.id) = 6) or is_completed <> (completed_at is not null)
      or completed_at <> max(d.created_at) or current_step <> least(6, count(d.id) + 1)
      or coalesce(max(step_num), 0) <> count(d.id)`,
  'languages, interests and preferences are those of the steps that were done': `
    select u.id from users u
    left join onboarding_step_data s2 on s2.user_id = u.id and s2.step_num = 2
    left join onboarding_step_data s3 on s3.user_id = u.id and s3.step_num = 3
    left join onboarding_step_data s5 on s5.user_id = u.id and s5.step_num = 5
    where (s2.id is not null) <> exists (select from user_languages l where l.user_id = u.id
        and language_type = 'NATIVE' and language_code = s2.data_json ->> 'native')
      or (s3.id is not null) <> exists (select from user_interests i where i.user_id = u.id
        and s3.data_json -> 'interests' ? interest_tag)
      or (s5.id is not null) <> exists (select from matching_preferences p where p.user_id = u.id
        and p.preferred_gender = s5.data_json ->> 'preferredGender')`,
  'the first login is the sign-up, sessions and tokens end after they were last used': `
    select s.id from user_sessions s join users u on u.id = s.user_id
    where s.created_at < u.created_at or last_activity_at < s.created_at or expires_at <= last_activity_at
      or not exists (select from user_sessions f where f.user_id = u.id and f.created_at = u.created_at)
    union all
    select t.id from refresh_tokens t where expires_at <= created_at or not exists (
      select from user_sessions s where s.user_id = t.user_id and t.created_at between s.created_at and s.last_activity_at)`,
  'sessions that are over are not active': `
    select s.id from user_sessions s, reference where s.is_active and expires_at <= today`,
  'closed accounts do nothing any more': `
    select u.id from users u where not is_active and (
      exists (select from user_sessions s where s.user_id = u.id and (s.is_active or last_activity_at > u.updated_at))
      or exists (select from chat_participants p where p.user_id = u.id)
      or exists (select from matching_requests r where r.requester_id = u.id and r.created_at > u.updated_at)
      or exists (select from push_subscriptions s where s.user_id = u.id and s.is_active))`,
  'notifications are of requests, sessions, tests and messages that exist, at their time': `
    select n.id, type from notifications n
    left join matching_requests r on r.id = (data_json ->> 'request_id')::bigint
    left join learning_sessions s on s.id = (data_json ->> 'session_id')::bigint
    left join level_tests t on t.id = (data_json ->> 'test_id')::bigint
    left join chat_messages m on m.id = (data_json ->> 'message_id')::bigint
    where case type
      when 'MATCH_REQUEST' then r.target_id = n.user_id and r.created_at = n.created_at
      when 'MATCH_ACCEPTED' then r.requester_id = n.user_id and r.status = 'ACCEPTED' and r.responded_at = n.created_at
      when 'MATCH_REJECTED' then r.requester_id = n.user_id and r.status = 'REJECTED' and r.responded_at = n.created_at
      when 'SESSION_INVITATION' then s.created_at = n.created_at and s.created_by_user_id <> n.user_id
      when 'SESSION_REMINDER' then n.created_at = s.scheduled_start_time - interval '10 minutes' and n.created_at > s.created_at
        and (s.status <> 'CANCELLED' or s.updated_at > n.created_at)
      when 'SESSION_CANCELLED' then s.status = 'CANCELLED' and s.updated_at = n.created_at
      when 'BADGE_EARNED' then s.status = 'COMPLETED' and s.actual_end_time = n.created_at
      when 'LEVEL_TEST_RESULT' then t.user_id = n.user_id and t.completed_at = n.created_at and t.overall_level = data_json ->> 'level'
      when 'NEW_MESSAGE' then m.sender_id <> n.user_id and n.created_at between m.created_at and m.created_at + interval '1 second'
        and exists (select from chat_participants p where p.room_id = m.room_id and p.user_id = n.user_id
          and coalesce(p.last_read_message_id, 0) < m.id)
      end is not true
      or (s.id is not null and not exists (select from session_participants p where p.session_id = s.id and p.user_id = n.user_id))`,
  'what was read has an instant after it was made, and no slot is left in a text': `
    select id from notifications where is_read <> (read_at is not null) or read_at <= created_at or expires_at <= created_at
      or title || message like '%{%' or title = '' or message = ''`,
  'activities are those of logins, requests, conversations, sessions and tests': `
    select l.id, activity from user_activity_logs l
    where case activity
      when 'SIGN_UP' then exists (select from users u where u.id = l.user_id and u.created_at = l.created_at)
      when 'LOGIN' then exists (select from user_sessions s where s.user_id = l.user_id and s.created_at = l.created_at
        and s.id = (details ->> 'sessionId')::bigint)
      when 'ONBOARDING_COMPLETED' then exists (select from onboarding_progress o where o.user_id = l.user_id and o.completed_at = l.created_at)
      when 'MATCH_REQUESTED' then exists (select from matching_requests r where r.id = (details ->> 'requestId')::bigint
        and r.requester_id = l.user_id and r.created_at = l.created_at)
      when 'MATCH_ANSWERED' then exists (select from matching_requests r where r.id = (details ->> 'requestId')::bigint
        and r.target_id = l.user_id and r.responded_at = l.created_at and r.status = details ->> 'answer')
      when 'ROOM_OPENED' then exists (select from chat_messages m where m.id = (details ->> 'messageId')::bigint
        and m.room_id = (details ->> 'roomId')::bigint and m.sender_id = l.user_id and m.created_at = l.created_at)
      when 'SESSION_JOINED' then exists (select from session_participants p where p.session_id = (details ->> 'sessionId')::bigint
        and p.user_id = l.user_id and p.joined_at = l.created_at)
      when 'LEVEL_TEST_FINISHED' then exists (select from level_tests t where t.id = (details ->> 'testId')::bigint
        and t.user_id = l.user_id and t.completed_at = l.created_at)
      end is not true`,
  'activities are in the order of time by id': `
    select id from (select id, created_at, lag(created_at) over (order by id) as before from user_activity_logs) l
    where created_at < before`,
  'every login, request, joined session and finished test is logged once': `
    select * from (
      select 'LOGIN' as activity, count(*) from user_sessions
      union all select 'SIGN_UP', count(*) from users
      union all select 'MATCH_REQUESTED', count(*) from matching_requests
      union all select 'SESSION_JOINED', count(joined_at) from session_participants
      union all select 'LEVEL_TEST_FINISHED', count(completed_at) from level_tests
    ) wanted
    where count <> (select count(*) from user_activity_logs l where l.activity = wanted.activity)`,
  'analytics are what the messages, sessions and tests of the day in Seoul come to': `
    with main as (select user_id, language_code from user_languages where language_type = 'LEARNING' and is_primary),
    attended as (
      select p.user_id, p.participation_time, p.rating_given, (s.actual_start_time at time zone 'Asia/Seoul')::date as date,
        row_number() over (partition by p.user_id order by s.actual_start_time, p.id) in (1, 10, 50, 100) as badge
      from session_participants p join learning_sessions s on s.id = p.session_id
      where s.status = 'COMPLETED' and p.participation_time > 0),
    tested as (
      select user_id, language_code, (completed_at at time zone 'Asia/Seoul')::date as date, greatest(0,
        position(overall_level in 'A1A2B1B2C1C2') - position(lag(overall_level) over w in 'A1A2B1B2C1C2')) / 2 as gained
      from level_tests where status = 'COMPLETED' window w as (partition by user_id, language_code order by completed_at)),
    counted as (
      select user_id, date, language_code, sum(messages)::int as messages_sent, sum(sessions)::int as session_count,
        sum(seconds)::int as total_session_time, sum(gained)::int as level_improvements, sum(badges)::int as badges_earned,
        round(avg(rating), 2) as average_session_rating
      from (
        select sender_id as user_id, (created_at at time zone 'Asia/Seoul')::date as date, m.language_code, 1 as messages,
          0 as sessions, 0 as seconds, 0 as gained, 0 as badges, null::int as rating
        from chat_messages join main m on m.user_id = sender_id
        union all select a.user_id, date, m.language_code, 0, 1, participation_time, 0, badge::int, rating_given
        from attended a join main m using (user_id)
        union all select user_id, date, language_code, 0, 0, 0, gained, 0, null from tested where gained > 0
      ) all_rows group by 1, 2, 3)
    select coalesce(a.user_id, c.user_id) as user_id, coalesce(a.date, c.date) as date, to_jsonb(a) as said, to_jsonb(c) as counted
    from learning_analytics a full join counted c
      on c.user_id = a.user_id and c.date = a.date and c.language_code = a.language_code
    where (a.messages_sent, a.session_count, a.total_session_time, a.level_improvements, a.badges_earned, a.average_session_rating)
      is distinct from
      (c.messages_sent, c.session_count, c.total_session_time, c.level_improvements, c.badges_earned, c.average_session_rating)`,
  'metrics are sampled at regular intervals': `
    select metric_name, count(distinct gap) from (
      select metric_name, recorded_at - lag(recorded_at) over (partition by metric_name order by recorded_at) as gap
      from system_metrics) m where gap is not null group by metric_name having count(distinct gap) <> 1`,
  'endpoints and keys look like those of browsers': `
    select id from push_subscriptions where endpoint !~ '^https://' or length(auth_key) <> 22`,
} as const satisfies Readonly<Record<string, string>>;
