import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { quoteIdentifier, quoteLiteral, quoteQualified } from '../../src/database/identifier.js';

export type Values = Readonly<Record<string, unknown>>;
export type Row = Record<string, unknown> & { readonly id: string };

/** Inserts a row and returns it as the server stored it. Column and table names come from the test's own text. */
export async function insertRow(client: pg.ClientBase, table: string, values: Values): Promise<Row> {
  const columns = Object.keys(values);
  const { rows } = await client.query<Row>(
    `insert into ${quoteIdentifier(table)} (${columns.map(quoteIdentifier).join(', ')})
     values (${columns.map((_, index) => `$${index + 1}`).join(', ')}) returning *`,
    Object.values(values),
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`the row was not inserted into ${table}`);
  return row;
}

/** A user nobody else is; returns the id. */
export async function insertUser(client: pg.ClientBase, values: Values = {}): Promise<string> {
  return (await insertRow(client, 'users', { ...userValues(), ...values })).id;
}

/** A room; returns the id. */
export async function insertRoom(client: pg.ClientBase, values: Values = {}): Promise<string> {
  return (await insertRow(client, 'chat_rooms', { room_type: 'DIRECT', ...values })).id;
}

export interface MessageValues extends Values {
  readonly room_id: string;
  readonly sender_id: string;
}

/** A message of now, or of `created_at`; returns the id. */
export async function insertMessage(client: pg.ClientBase, values: MessageValues): Promise<string> {
  return (await insertRow(client, 'chat_messages', { content: 'hello', ...values })).id;
}

/** Two users in one room. */
export async function insertConversation(
  client: pg.ClientBase,
): Promise<{ readonly alice: string; readonly bob: string; readonly room: string }> {
  const alice = await insertUser(client, { english_name: 'Alice' });
  const bob = await insertUser(client, { english_name: 'Bob' });
  const room = await insertRoom(client, { created_by_user_id: alice });
  for (const user of [alice, bob])
    await insertRow(client, 'chat_participants', { room_id: room, user_id: user });
  return { alice, bob, room };
}

/** A partition as a rollover makes it: like its parent, then attached. Bounds are instants, upper exclusive. */
export async function attachPartition(
  client: pg.ClientBase,
  parent: string,
  partition: string,
  [lower, upper]: readonly [Date, Date],
): Promise<void> {
  // Qualified: the role of a test server may have a schema of its own name, which comes first.
  const [parentName, partitionName] = [quoteQualified('public', parent), quoteQualified('public', partition)];
  await client.query(`create table ${partitionName} (like ${parentName} including all excluding identity)`);
  await client.query(
    `alter table ${parentName} attach partition ${partitionName}
     for values from (${quoteLiteral(lower.toISOString())}) to (${quoteLiteral(upper.toISOString())})`,
  );
}

/** What the rows of `validRows` belong to. */
export interface Parents {
  readonly user: string;
  readonly other: string;
  readonly room: string;
  readonly session: string;
  readonly test: string;
}

export async function insertParents(client: pg.ClientBase): Promise<Parents> {
  const user = await insertUser(client);
  const parents = {
    user,
    other: await insertUser(client),
    room: await insertRoom(client),
    session: '',
    test: '',
  };
  const session = (await insertRow(client, 'learning_sessions', validRows.learning_sessions())).id;
  const test = (await insertRow(client, 'level_tests', validRows.level_tests(parents))).id;
  return { ...parents, session, test };
}

const TOMORROW = new Date(Date.now() + 86_400_000);

function userValues(): Values {
  return { email: `${randomUUID()}@example.com`, english_name: 'Test User', birth_date: '1995-05-05' };
}

/** For each table, the least that it accepts: every column without which a row is refused, and no other. */
export const validRows = {
  users: () => userValues(),
  user_languages: ({ user }) => ({ user_id: user, language_code: 'ko', language_type: 'NATIVE' }),
  user_interests: ({ user }) => ({ user_id: user, interest_tag: 'hiking' }),
  refresh_tokens: ({ user }) => ({ user_id: user, token: randomUUID(), expires_at: TOMORROW }),
  user_sessions: ({ user }) => ({ user_id: user, session_token: randomUUID(), expires_at: TOMORROW }),
  onboarding_progress: ({ user }) => ({ user_id: user }),
  onboarding_step_data: ({ user }) => ({ user_id: user, step_num: 1, data_json: {} }),
  matching_requests: ({ user, other }) => ({ requester_id: user, target_id: other, expires_at: TOMORROW }),
  user_partnerships: ({ user, other }) => ({ user_id_1: user, user_id_2: other }),
  matching_preferences: ({ user }) => ({ user_id: user }),
  chat_rooms: () => ({ name: null }),
  chat_participants: ({ user, room }) => ({ room_id: room, user_id: user }),
  chat_messages: ({ user, room }) => ({ room_id: room, sender_id: user }),
  learning_sessions: () => ({
    session_type: 'AUDIO_1V1',
    scheduled_start_time: '2025-03-01T10:00:00Z',
    scheduled_end_time: '2025-03-01T11:00:00Z',
  }),
  session_participants: ({ user, session }) => ({ session_id: session, user_id: user }),
  session_recordings: ({ session }) => ({ session_id: session, file_url: 'https://example.com/a.mp4' }),
  level_tests: ({ user }) => ({ user_id: user, language_code: 'en' }),
  level_test_responses: ({ test }) => ({ test_id: test, question_number: 1, question_text: 'Who are you?' }),
  notifications: ({ user }) => ({ user_id: user, type: 'MATCH', title: 'A match', message: 'Say hello' }),
  push_subscriptions: ({ user }) => ({
    user_id: user,
    endpoint: `https://push.example.com/${randomUUID()}`,
    p256dh_key: 'key',
    auth_key: 'secret',
  }),
  user_activity_logs: ({ user }) => ({ user_id: user, activity: 'LOGIN' }),
  learning_analytics: ({ user }) => ({ user_id: user, language_code: 'en', date: '2025-03-01' }),
  system_metrics: () => ({ metric_name: 'cpu', metric_value: '0.5' }),
} satisfies Record<string, (parents: Parents) => Values>;

export type TableName = keyof typeof validRows;
