import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { revokeRefreshTokens, rotateRefreshToken } from '../../src/queries/refresh-tokens.js';
import { untilSessionsWait, useQueries } from '../support/query-database.js';
import { insertRow, insertUser } from '../support/rows.js';

const queries = useQueries();
let user: string;
let token: string;

beforeEach(async () => {
  user = await insertUser(queries.client);
  token = await issue();
});

const tomorrow = (): Date => new Date(Date.now() + 86_400_000);

async function issue(values: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const issued = randomUUID();
  await insertRow(queries.client, 'refresh_tokens', {
    user_id: user,
    token: issued,
    expires_at: tomorrow(),
    ...values,
  });
  return issued;
}

const rotate = (from: string, newToken: string = randomUUID(), db = queries.db) =>
  rotateRefreshToken(db, { token: from, newToken, expiresAt: tomorrow() });

/** Tokens of the user that could be spent. */
async function good(): Promise<string[]> {
  const { rows } = await queries.client.query<{ token: string }>(
    'select token from refresh_tokens where user_id = $1 and not is_used and expires_at > clock_timestamp()',
    [user],
  );
  return rows.map((row) => row.token);
}

describe('rotating a refresh token', () => {
  it('spends it and issues its successor, which rotates in turn', async () => {
    const next = randomUUID();
    expect(await rotate(token, next)).toEqual({
      outcome: 'rotated',
      userId: user,
      tokenId: expect.stringMatching(/^\d+$/) as string,
    });
    expect(await good()).toEqual([next]);
    expect(await rotate(next)).toMatchObject({ outcome: 'rotated' });
  });

  it('that was spent before revokes all tokens of the user, and nobody else’s', async () => {
    const [stranger, device] = [await insertUser(queries.client), await issue()];
    const theirs = await issue({ user_id: stranger });
    await rotate(token);
    expect(await rotate(token)).toEqual({ outcome: 'reused', userId: user, revoked: 2 });
    expect(await good()).toEqual([]);
    expect(await rotate(device)).toEqual({ outcome: 'expired', userId: user });
    expect(await rotate(theirs)).toMatchObject({ outcome: 'rotated', userId: stranger });
  });

  it('that belongs to a revoked family takes no later login down', async () => {
    await rotate(token);
    await rotate(token);
    const login = await issue();
    expect(await rotate(token)).toEqual({ outcome: 'expired', userId: user });
    expect(await good()).toEqual([login]);
  });

  it('that has expired, spent or not, or is unknown issues and revokes nothing', async () => {
    const expires_at = new Date(Date.now() - 1000);
    const [old, spent] = [await issue({ expires_at }), await issue({ expires_at, is_used: true })];
    expect(await rotate(old)).toEqual({ outcome: 'expired', userId: user });
    expect(await rotate(spent)).toEqual({ outcome: 'expired', userId: user });
    expect(await rotate(randomUUID())).toEqual({ outcome: 'unknown' });
    expect(await good()).toEqual([token]);
  });

  it('to one that is taken fails and leaves it good', async () => {
    const taken = await issue();
    await expect(rotate(token, taken)).rejects.toMatchObject({
      code: '23505',
      constraint: 'idx_refresh_token',
    });
    expect((await good()).sort()).toEqual([token, taken].sort());
  });
});

describe('two calls at once', () => {
  it('with one token: one rotates, the other neither rotates nor revokes', async () => {
    const next = randomUUID();
    const first = await queries.db.startTransaction().execute();
    expect(await rotate(token, next, first)).toMatchObject({ outcome: 'rotated' });
    const second = rotate(token);
    await untilSessionsWait(queries.client);
    await first.commit().execute();
    expect(await second).toEqual({ outcome: 'superseded', userId: user });
    expect(await good()).toEqual([next]);
    expect(await rotate(token)).toMatchObject({ outcome: 'reused', revoked: 1 });
  });

  it('with one token: the other rotates when the first gives up', async () => {
    const first = await queries.db.startTransaction().execute();
    await rotate(token, randomUUID(), first);
    const next = randomUUID();
    const second = rotate(token, next);
    await untilSessionsWait(queries.client);
    await first.rollback().execute();
    expect(await second).toMatchObject({ outcome: 'rotated' });
    expect(await good()).toEqual([next]);
  });

  it('a revocation waits for a rotation under way and revokes what it issues', async () => {
    const rotation = await queries.db.startTransaction().execute();
    await rotate(token, randomUUID(), rotation);
    const revocation = revokeRefreshTokens(queries.db, { userId: user });
    await untilSessionsWait(queries.client);
    await rotation.commit().execute();
    expect(await revocation).toBe(1);
    expect(await good()).toEqual([]);
  });

  it('a rotation that waits for a revocation issues nothing', async () => {
    const revocation = await queries.db.startTransaction().execute();
    expect(await revokeRefreshTokens(revocation, { userId: user })).toBe(1);
    const rotation = rotate(token);
    await untilSessionsWait(queries.client);
    await revocation.commit().execute();
    expect(await rotation).toEqual({ outcome: 'superseded', userId: user });
    expect(await good()).toEqual([]);
  });

  it('a rotation in a transaction older than the revocation finds its token expired', async () => {
    const old = await queries.db.startTransaction().execute();
    await sql`select now()`.execute(old);
    await revokeRefreshTokens(queries.db, { userId: user });
    expect(await rotate(token, randomUUID(), old)).toEqual({ outcome: 'expired', userId: user });
    await old.commit().execute();
  });
});
