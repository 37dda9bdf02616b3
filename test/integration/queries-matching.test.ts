import { beforeEach, describe, expect, it } from 'vitest';
import { expireRequests, listPendingRequests } from '../../src/queries/matching-requests.js';
import { acceptRequest, rejectRequest, requestPartnership } from '../../src/queries/partnerships.js';
import { untilSessionsWait, useQueries } from '../support/query-database.js';
import { insertRow, insertUser } from '../support/rows.js';

const queries = useQueries();
let alice: string;
let bob: string;

beforeEach(async () => {
  await queries.client.query('delete from matching_requests');
  [alice, bob] = [
    await insertUser(queries.client, { english_name: 'Alice', korean_name: '김앨리스' }),
    await insertUser(queries.client, { english_name: 'Bob' }),
  ];
});

const inHours = (hours: number): Date => new Date(Date.now() + hours * 3_600_000);

async function ask(requester: string, target: string, expires_at = inHours(24)): Promise<string> {
  const values = { requester_id: requester, target_id: target, expires_at };
  return (await insertRow(queries.client, 'matching_requests', values)).id;
}

async function statuses(): Promise<Record<string, string>> {
  const { rows } = await queries.client.query<{ id: string; status: string }>(
    'select id, status from matching_requests',
  );
  return Object.fromEntries(rows.map(({ id, status }) => [id, status]));
}

async function partnerships(): Promise<
  { id: string; is_active: boolean; compatibility_score: number | null }[]
> {
  const { rows } = await queries.client.query<{
    id: string;
    is_active: boolean;
    compatibility_score: number | null;
  }>(
    `select id, is_active, compatibility_score from user_partnerships
     where array[user_id_1, user_id_2] <@ array[$1, $2]::bigint[]`,
    [alice, bob],
  );
  return rows;
}

describe('pending requests', () => {
  it('come in the order in which they expire, page by page, with who asks', async () => {
    const at = inHours(5);
    const [one, two] = [await ask(alice, bob, at), await ask(await insertUser(queries.client), bob, at)];
    const soonest = await ask(await insertUser(queries.client), bob, inHours(1));
    const first = await listPendingRequests(queries.db, { userId: bob, limit: 2 });
    expect(first.rows.map(({ id }) => id)).toEqual([soonest, one]);
    expect(first.rows[1]).toMatchObject({
      requester_id: alice,
      english_name: 'Alice',
      korean_name: '김앨리스',
    });
    const second = await listPendingRequests(queries.db, { userId: bob, limit: 2, after: first.next });
    expect(second.rows.map(({ id }) => id)).toEqual([two]);
    expect(second.next).toBeUndefined();
  });

  it('are only those to the user that can still be answered', async () => {
    await ask(bob, alice);
    await ask(alice, bob, inHours(-1));
    await queries.client.query(`update matching_requests set status = 'REJECTED' where id = $1`, [
      await ask(alice, bob),
    ]);
    expect(await listPendingRequests(queries.db, { userId: bob })).toEqual({ rows: [], next: undefined });
  });
});

describe('expiring requests', () => {
  it('takes what is overdue, the longest first, in batches until none is left', async () => {
    const live = await ask(alice, bob);
    const overdue = [
      await ask(alice, bob, inHours(-1)),
      await ask(alice, bob, inHours(-2)),
      await ask(bob, alice, inHours(-3)),
    ];
    expect((await expireRequests(queries.db, { limit: 2 })).map(({ id }) => id).sort()).toEqual(
      overdue.slice(1).sort(),
    );
    expect(await expireRequests(queries.db, { limit: 2 })).toEqual([
      { id: overdue[0], requester_id: alice, target_id: bob },
    ]);
    expect(await expireRequests(queries.db)).toEqual([]);
    expect((await statuses())[live]).toBe('PENDING');
  });

  it('passes by a request that another session holds, and by what another run has taken', async () => {
    const [held, free] = [await ask(alice, bob, inHours(-2)), await ask(alice, bob, inHours(-1))];
    const other = await queries.db.startTransaction().execute();
    expect((await expireRequests(other, { limit: 1 })).map(({ id }) => id)).toEqual([held]);
    expect((await expireRequests(queries.db)).map(({ id }) => id)).toEqual([free]);
    await other.rollback().execute();
    expect((await statuses())[held]).toBe('PENDING');
  });
});

describe('accepting a request', () => {
  const accept = (requestId: string, userId: string, db = queries.db) =>
    acceptRequest(db, { requestId, userId });

  it('makes the two partners and answers every request between them', async () => {
    const [one, two, back] = [await ask(alice, bob), await ask(alice, bob), await ask(bob, alice)];
    const other = await ask(alice, await insertUser(queries.client));
    const result = await acceptRequest(queries.db, { requestId: one, userId: bob, compatibilityScore: 83 });
    const [partnership] = await partnerships();
    expect(result).toEqual({ outcome: 'accepted', partnershipId: partnership?.id, created: true });
    expect(partnership).toMatchObject({ is_active: true, compatibility_score: 83 });
    expect(await statuses()).toEqual({
      [one]: 'ACCEPTED',
      [two]: 'ACCEPTED',
      [back]: 'ACCEPTED',
      [other]: 'PENDING',
    });
  });

  it('twice returns the same partnership', async () => {
    const request = await ask(alice, bob);
    const first = await accept(request, bob);
    expect(await accept(request, bob)).toEqual({ ...first, created: false });
    expect(await partnerships()).toHaveLength(1);
  });

  it('brings back a partnership that had ended, whichever way round it is stored', async () => {
    const { id } = await insertRow(queries.client, 'user_partnerships', {
      user_id_1: bob,
      user_id_2: alice,
      is_active: false,
      compatibility_score: 40,
    });
    expect(await accept(await ask(alice, bob), bob)).toEqual({
      outcome: 'accepted',
      partnershipId: id,
      created: false,
    });
    expect(await partnerships()).toEqual([{ id, is_active: true, compatibility_score: 40 }]);
  });

  it('does nothing for one that expired, was rejected, is to somebody else or does not exist', async () => {
    const [expired, rejected, foreign] = [
      await ask(alice, bob, inHours(-1)),
      await ask(alice, bob),
      await ask(bob, alice),
    ];
    expect(await rejectRequest(queries.db, { requestId: rejected, userId: bob })).toBe(true);
    expect(await rejectRequest(queries.db, { requestId: rejected, userId: bob })).toBe(false);
    expect(await accept(expired, bob)).toEqual({ outcome: 'expired' });
    expect(await accept(rejected, bob)).toEqual({ outcome: 'rejected' });
    expect(await accept(foreign, bob)).toEqual({ outcome: 'unknown' });
    expect(await accept('999999999', bob)).toEqual({ outcome: 'unknown' });
    expect(await partnerships()).toEqual([]);
    expect((await statuses())[foreign]).toBe('PENDING');
  });

  it('of two crossing requests at once makes one partnership', async () => {
    const [toBob, toAlice] = [await ask(alice, bob), await ask(bob, alice)];
    const first = await queries.db.startTransaction().execute();
    const byBob = await accept(toBob, bob, first);
    const byAlice = accept(toAlice, alice);
    await untilSessionsWait(queries.client);
    await first.commit().execute();
    expect(await byAlice).toEqual({ ...byBob, created: false });
    expect(await partnerships()).toHaveLength(1);
  });

  it('of two crossing requests makes one when the first session gives up', async () => {
    const [toBob, toAlice] = [await ask(alice, bob), await ask(bob, alice)];
    const first = await queries.db.startTransaction().execute();
    await accept(toBob, bob, first);
    const byAlice = accept(toAlice, alice);
    await untilSessionsWait(queries.client);
    await first.rollback().execute();
    expect(await byAlice).toMatchObject({ outcome: 'accepted', created: true });
    expect(await partnerships()).toHaveLength(1);
  });

  it('beside a writer that takes no lock and makes the same two partners finds theirs', async () => {
    const request = await ask(alice, bob);
    const writer = await queries.db.startTransaction().execute();
    const { id } = await writer
      .insertInto('user_partnerships')
      .values({ user_id_1: bob, user_id_2: alice })
      .returning('id')
      .executeTakeFirstOrThrow();
    const accepted = accept(request, bob);
    await untilSessionsWait(queries.client);
    await writer.commit().execute();
    expect(await accepted).toEqual({ outcome: 'accepted', partnershipId: id, created: false });
  });
});

describe('asking for a partnership', () => {
  const request = (requesterId: string, targetId: string, db = queries.db) =>
    requestPartnership(db, { requesterId, targetId, message: '같이 공부해요', expiresAt: inHours(24) });

  it('makes one request, however often and from whichever side', async () => {
    const first = await request(alice, bob);
    expect(first.outcome).toBe('requested');
    expect(await request(alice, bob)).toEqual({ ...first, outcome: 'already requested' });
    expect(await request(bob, alice)).toEqual({ ...first, outcome: 'asked by target' });
    expect(Object.values(await statuses())).toEqual(['PENDING']);
  });

  it('asks again once the request before has expired, and not once they are partners', async () => {
    await ask(alice, bob, inHours(-1));
    const asked = await request(alice, bob);
    if (asked.outcome !== 'requested') throw new Error(`the outcome was ${asked.outcome}`);
    const accepted = await acceptRequest(queries.db, { requestId: asked.requestId, userId: bob });
    if (accepted.outcome !== 'accepted') throw new Error(`the outcome was ${accepted.outcome}`);
    expect(await request(bob, alice)).toEqual({
      outcome: 'already partners',
      partnershipId: accepted.partnershipId,
    });
  });

  it('by both at once makes one request', async () => {
    const first = await queries.db.startTransaction().execute();
    const byAlice = await request(alice, bob, first);
    const byBob = request(bob, alice);
    await untilSessionsWait(queries.client);
    await first.commit().execute();
    expect(await byBob).toEqual({ ...byAlice, outcome: 'asked by target' });
    expect(Object.values(await statuses())).toEqual(['PENDING']);
  });

  it('is refused to oneself and to nobody', async () => {
    await expect(request(alice, alice)).rejects.toMatchObject({ code: '23514' });
    await expect(request(alice, '999999999')).rejects.toMatchObject({ code: '23503' });
  });
});
