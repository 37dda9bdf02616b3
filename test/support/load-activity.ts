import type pg from 'pg';

/**
 * Everything but messages, for the users of `loadMessages`: languages, preferences, requests, partnerships, sessions,
 * notifications, refresh tokens and analytics, in volumes that make a sequential scan the wrong plan. User 1 has more
 * of everything. Relative to the server's clock; leaves statistics behind.
 */
export async function loadActivity(client: pg.ClientBase, users: number): Promise<void> {
  // No foreign key is looked up row by row: that would take longer than all the rest.
  await client.query(`set session_replication_role = replica`);
  for (const statement of statements) await client.query(statement, [users]);
  await client.query(`reset session_replication_role`);
  await client.query(
    `analyze user_languages, matching_preferences, matching_requests, user_partnerships, learning_sessions,
             session_participants, notifications, refresh_tokens, learning_analytics`,
  );
}

/** $1 is the number of users. */
const statements = [
  `insert into user_languages (user_id, language_code, language_type)
   select i, (array['ko', 'en'])[1 + (i + slot) % 2], (array['NATIVE', 'LEARNING'])[slot + 1]
   from generate_series(1, $1::int) i, generate_series(0, 1) slot
   union all select i, 'ja', 'TEACHING' from generate_series(1, $1::int, 10) i
   union all select i, 'ja', 'LEARNING' from generate_series(4, $1::int, 10) i`,
  `insert into matching_preferences (user_id, preferred_age_min, preferred_age_max, preferred_gender, preferred_countries)
   select i, 18, 60, (array['ANY', 'MALE', 'FEMALE'])[1 + i % 3], case when i % 2 = 0 then array['KR', 'US'] end
   from generate_series(1, $1::int, 2) i`,
  // Answered ones for the most part; few of the others are overdue, and user 1 is asked by a hundred people.
  `insert into matching_requests (requester_id, target_id, status, expires_at)
   select 1 + i % $1::int, 1 + (i * 7 + 3) % $1::int, (array['ACCEPTED', 'REJECTED', 'EXPIRED', 'PENDING'])[1 + i % 4],
          now() + interval '1 hour' * case when i % 300 = 3 then -1 else 1 + i % 500 end
   from generate_series(1, 5 * $1::int) i where i % $1::int <> (i * 7 + 3) % $1::int
   union all
   select i, 1, 'PENDING', now() + interval '1 minute' * i from generate_series(2, 101) i`,
  `insert into user_partnerships (user_id_1, user_id_2, compatibility_score, is_active)
   select i, i + 7, i % 101, i % 5 <> 0 from generate_series(1, $1::int - 7) i`,
  `insert into learning_sessions (session_type, title, scheduled_start_time, scheduled_end_time, status)
   select 'VIDEO_1V1', 'Session ' || i, at, at + interval '1 hour',
          case when at > now() then 'SCHEDULED' else (array['COMPLETED', 'CANCELLED'])[1 + i % 2] end
   from (
     select i, now() + interval '1 hour' * (i * 37 % 10000 - 9300) as at from generate_series(1, 5 * $1::int) i
   ) s`,
  `insert into session_participants (session_id, user_id)
   select i, u from generate_series(1, 5 * $1::int) i, lateral (values (1 + i % $1::int), (1 + (i * 13 + 5) % $1::int)) v (u)
   union select i, 1 from generate_series(1, 5 * $1::int, 500) i`,
  `insert into notifications (user_id, type, title, message, is_read, created_at)
   select case when i % 100 = 0 then 1 else 1 + i % $1::int end, 'MATCH', '새 매칭', 'Say hello', i % 5 <> 0,
          now() - interval '1 minute' * (i / 10)
   from generate_series(1, 5 * $1::int) i`,
  `insert into refresh_tokens (user_id, token, expires_at, is_used)
   select 1 + i % $1::int, md5(i::text), now() + interval '1 hour' * (i % 500 - 250), i % 2 = 0
   from generate_series(1, 3 * $1::int) i`,
  `insert into learning_analytics (user_id, language_code, date, session_count)
   select u, code, current_date - day, 1
   from generate_series(1, $1::int, 50) u, unnest(array['en', 'ko']) code, generate_series(0, 199) day`,
];
