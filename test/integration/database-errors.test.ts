import { sql, type Insertable } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { DB } from '../../generated/db.js';
import {
  isCheckViolation,
  isForeignKeyViolation,
  isLockTimeout,
  isNotNullViolation,
  isQueryCanceled,
  isUniqueViolation,
} from '../../src/database/constraint-violation.js';
import { useDatabase } from '../support/database.js';
import { openDatabase, type OpenDatabase } from '../support/open-database.js';

const test = useDatabase();

const user = { email: 'minji@example.com', english_name: 'Minji', birth_date: '1995-05-05' };

async function insertFails(database: OpenDatabase, values: Insertable<DB['users']>): Promise<unknown> {
  return database.primary
    .insertInto('users')
    .values(values)
    .execute()
    .then(
      () => undefined,
      (error: unknown) => error,
    );
}

describe('an error of the server', () => {
  it('is told by the constraint that was violated', async () => {
    const database = openDatabase(test.url);
    await database.primary.insertInto('users').values(user).execute();
    const duplicate = await insertFails(database, user);
    expect(isUniqueViolation(duplicate)).toBe(true);
    expect(isUniqueViolation(duplicate, 'users_email_key')).toBe(true);
    expect(isUniqueViolation(duplicate, 'idx_refresh_token')).toBe(false);
    expect(isForeignKeyViolation(duplicate)).toBe(false);

    const orphan = await database.primary
      .insertInto('user_interests')
      .values({ user_id: '999999', interest_tag: 'hiking' })
      .execute()
      .catch((error: unknown) => error);
    expect(isForeignKeyViolation(orphan, 'user_interests_user_id_fkey')).toBe(true);
    expect(isForeignKeyViolation(orphan, 'user_sessions_user_id_fkey')).toBe(false);

    const left = await sql`insert into users (email) values ('x@example.com')`
      .execute(database.primary)
      .catch((error: unknown) => error);
    expect(isNotNullViolation(left)).toBe(true);
    expect(isNotNullViolation(left, 'english_name')).toBe(true);
    expect(isNotNullViolation(left, 'email')).toBe(false);
  });

  it('is told when a check forbids the value', async () => {
    const database = openDatabase(test.url);
    const other = await insertFails(database, {
      ...user,
      email: 'a@example.com',
      gender: sql`'UNKNOWN'` as never,
    });
    expect(isCheckViolation(other)).toBe(true);
    expect(isCheckViolation(other, 'users_gender_check')).toBe(true);
    expect(isCheckViolation(other, 'users_oauth_provider_check')).toBe(false);
    expect(isUniqueViolation(other)).toBe(false);
  });

  it('is found below the errors that were wrapped around it', async () => {
    const database = openDatabase(test.url);
    await insertFails(database, { ...user, email: 'b@example.com' });
    const duplicate = await insertFails(database, { ...user, email: 'b@example.com' });
    const wrapped = new Error('sign-up failed', { cause: new Error('no account', { cause: duplicate }) });
    expect(isUniqueViolation(wrapped, 'users_email_key')).toBe(true);
    expect(isUniqueViolation(new Error('23505'))).toBe(false);
    expect(isUniqueViolation(undefined)).toBe(false);
    const circle = new Error('circle');
    circle.cause = circle;
    expect(isUniqueViolation(circle)).toBe(false);
  });

  it('goes by the name of the table when a partition was hit', async () => {
    const database = openDatabase(test.url);
    const { rows } = await sql<{ sender: string; room: string }>`
      with sender as (insert into users (email, english_name, birth_date) values ('p@example.com', 'P', '1990-01-01') returning id),
           room as (insert into chat_rooms default values returning id)
      select sender.id as sender, room.id as room from sender, room`.execute(database.primary);
    for (const at of ['2025-01-15T00:00:00Z', '1999-01-01T00:00:00Z']) {
      const send = (): Promise<unknown> =>
        sql`insert into chat_messages (id, room_id, sender_id, content, created_at)
            values (-1, ${rows[0]?.room}, ${rows[0]?.sender}, 'once', ${at})`.execute(database.primary);
      await send();
      const twice = await send().catch((error: unknown) => error);
      expect(twice).toHaveProperty('table', expect.stringMatching(/^chat_messages_(y2025m01|default)$/));
      expect(isUniqueViolation(twice, 'chat_messages_pkey')).toBe(true);
      expect(isUniqueViolation(twice, 'users_pkey')).toBe(false);
    }
  });

  it('takes the names of this schema alone', () => {
    // @ts-expect-error there is no such constraint
    expect(isUniqueViolation(new Error('none'), 'users_emial_key')).toBe(false);
    // @ts-expect-error this one is a foreign key
    expect(isUniqueViolation(new Error('none'), 'user_interests_user_id_fkey')).toBe(false);
  });

  it('tells timeouts of locks from those of statements', async () => {
    const database = openDatabase(test.url, { lockTimeoutMs: 50, statementTimeoutMs: 200 });
    const client = await test.connect();
    await client.query('begin; lock table users in access exclusive mode');
    const locked = await database.read
      .selectFrom('users')
      .select('id')
      .execute()
      .catch((error: unknown) => error);
    await client.query('rollback');
    expect([isLockTimeout(locked), isQueryCanceled(locked)]).toEqual([true, false]);
    const slow = await sql`select pg_sleep(60)`.execute(database.primary).catch((error: unknown) => error);
    expect([isLockTimeout(slow), isQueryCanceled(slow)]).toEqual([false, true]);
  });

  it('shows in its stack who asked', async () => {
    const database = openDatabase(test.url);
    async function askWrongly(): Promise<void> {
      await sql`select nonsense`.execute(database.primary);
    }
    const failed = (await askWrongly().catch((error: unknown) => error)) as Error;
    expect(failed.stack).toContain('askWrongly');
    expect(failed.stack).toContain('column "nonsense" does not exist');
  });
});
