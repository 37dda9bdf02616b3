import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PartitionEvent } from '../../src/partitions/events.js';
import { drainPartitions, rolloverPartitions } from '../../src/partitions/rollover.js';
import type { RolloverPartitionsOptions } from '../../src/partitions/rollover-options.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { insertConversation, insertUser } from '../support/rows.js';
import { fillMonth, rowsByPartition } from './partition-support.js';
import { start } from './schema-sessions.js';

let database: TestDatabase;
let client: pg.Client;
let room: string;
let sender: string;

beforeEach(async () => {
  database = await createDatabase();
  client = await database.connect();
  ({ room, alice: sender } = await insertConversation(client));
});
afterEach(async () => database.drop());

const options = (more: Partial<RolloverPartitionsOptions> = {}): RolloverPartitionsOptions => ({
  connection: database.url,
  now: new Date('2025-06-15T00:00:00Z'),
  ...more,
});

/** Runs `work` on a session of its own, again and again until `done`. @returns how often */
async function keepAt(
  done: () => boolean,
  work: (session: pg.Client, turn: number) => Promise<void>,
): Promise<number> {
  const session = await database.connect();
  let turn = 0;
  while (!done()) await work(session, turn++);
  return turn;
}

describe('while the default partition is drained', () => {
  it.each([
    ['in batches', { rowsPerStep: 150 }, ['drain', 'drain']],
    ['by becoming the month', { rowsPerStep: 700 }, ['drain', 'adopt']],
  ])(
    '%s, no reader ever misses a row, and no writer is refused or loses one',
    async (_, { rowsPerStep }, actions) => {
      await fillMonth(client, { room, sender, month: '2025-04', count: 500 });
      await fillMonth(client, { room, sender, month: '2025-05', count: 800 });
      // They have no month, and so keep the default partition from being adopted where they are many.
      const strays = actions.includes('adopt') ? 5 : 200;
      await client.query(`insert into chat_messages (room_id, sender_id, content, created_at)
        select ${room}, ${sender}, 'fixed', 'infinity' from generate_series(1, ${strays})`);
      const total = 1_300 + strays;
      let ended = false;
      const counts = new Set<number>();
      const pruned = new Set<number>();
      const kept = new Map<string, string>();
      const results = Promise.all([
        keepAt(
          () => ended,
          async (session) => {
            const { rows } = await session.query<{ n: number }>(
              `select count(*)::int as n from chat_messages where content = 'fixed'`,
            );
            counts.add(rows[0]?.n ?? -1);
          },
        ),
        keepAt(
          () => ended,
          async (session) => {
            const { rows } = await session.query<{ n: number }>(
              `select count(*)::int as n from chat_messages where content = 'fixed' and created_at >= '2025-05-01Z' and created_at < '2025-06-01Z'`,
            );
            pruned.add(rows[0]?.n ?? -1);
          },
        ),
        keepAt(
          () => ended,
          async (session, turn) => {
            const { rows } = await session.query<{ id: string }>(
              `insert into chat_messages (room_id, sender_id, content, created_at)
             values ($1, $2, 'new', timestamptz '2025-04-15Z' + interval '1 hour' * $3) returning id`,
              [room, sender, (turn * 37) % 720],
            );
            const id = rows[0]?.id ?? '';
            kept.set(id, 'new');
            if (turn % 3 === 1) {
              const { rowCount } = await session.query(
                `update chat_messages set content = 'edited' where id = $1`,
                [id],
              );
              expect(rowCount).toBe(1);
              kept.set(id, 'edited');
            }
            if (turn % 3 === 2) {
              const { rowCount } = await session.query('delete from chat_messages where id = $1', [id]);
              expect(rowCount).toBe(1);
              kept.delete(id);
            }
          },
        ),
      ]);
      results.catch(() => undefined);
      const result = await drainPartitions(options({ rowsPerStep, tables: ['chat_messages'] })).finally(
        () => (ended = true),
      );
      const [reads, prunedReads, writes] = await results;
      expect(result.failed).toBe(0);
      expect(result.tables[0]?.steps.map(({ action }) => action)).toEqual(actions);
      expect([[...counts], [...pruned]]).toEqual([[total], [800]]);
      const { rows } = await client.query<{ id: string; content: string }>(
        `select id, content from chat_messages where content <> 'fixed'`,
      );
      expect(new Map(rows.map(({ id, content }) => [id, content]))).toEqual(kept);
      expect(await rowsByPartition(client, 'only chat_messages_default')).toEqual({
        chat_messages_default: strays,
      });
      for (const turns of [reads, prunedReads, writes]) expect(turns).toBeGreaterThan(5);
    },
  );
});

describe('behind a long reader', () => {
  it('a rollover gives way every time, so that no writer waits for the reader, and finishes when it has left', async () => {
    await fillMonth(client, { room, sender, month: '2025-05', count: 20 });
    const holdMs = 5_000;
    const reader = await database.connect();
    await reader.query('begin; select count(*) from chat_messages');
    let ended = false;
    let longest = 0;
    let writes = 0;
    const events: PartitionEvent[] = [];
    const writing = start(
      keepAt(
        () => ended,
        async (session) => {
          const since = performance.now();
          // One for the default partition, one for a month that is there, and one for a table that is referenced.
          await session.query(`insert into chat_messages (room_id, sender_id, created_at)
          values (${room}, ${sender}, '2025-05-20Z'), (${room}, ${sender}, '2025-01-20Z')`);
          await insertUser(session);
          longest = Math.max(longest, performance.now() - since);
          writes++;
          await delay(5);
        },
      ),
    );
    const running = start(
      rolloverPartitions(options({ tables: ['chat_messages'], onEvent: (event) => events.push(event) })),
    );
    await delay(holdMs);
    expect(events.some(({ type }) => type === 'step-ended')).toBe(false);
    await reader.query('commit');
    const result = await running;
    ended = true;
    await writing;
    // The bound itself: a statement of the writer takes two locks that it may queue for, 200 ms each.
    expect(longest).toBeLessThan(2_000);
    expect(result.failed).toBe(0);
    expect(result.tables[0]?.steps[0]?.attempts).toBeGreaterThan(2);
    const retries = events.filter((event) => event.type === 'lock-retry');
    expect(retries[0]?.blockers[0]?.query).toContain('select count(*) from chat_messages');
    expect(writes).toBeGreaterThan(50);
  });

  it('it gives up in the end, says who was in the way, has changed nothing, and goes on with the other table', async () => {
    await fillMonth(client, { room, sender, month: '2025-05', count: 20 });
    const reader = await database.connect();
    await reader.query('begin; select count(*) from chat_messages');
    const before = await client.query(
      `select oid, relname from pg_class where relname like 'chat_messages%' order by 1`,
    );
    const result = await rolloverPartitions(
      options({ lockTimeoutMs: 100, retries: 1, premakeMonths: 0, retentionMonths: 1 }),
    );
    const [messages, logs] = result.tables;
    expect(messages?.steps).toMatchObject([
      { action: 'drain', result: 'failed', attempts: 2, error: { code: 'PARTITION_LOCK_TIMEOUT' } },
      { action: 'create', result: 'failed' },
    ]);
    expect(messages?.steps[0]?.error?.detail).toMatch(/blocked by pid \d+ \(.*idle in transaction/);
    expect(logs?.steps.map(({ result: outcome }) => outcome)).toEqual(['done', 'done']);
    expect(
      (await client.query(`select oid, relname from pg_class where relname like 'chat_messages%' order by 1`))
        .rows,
    ).toEqual(before.rows);
  });
});

describe('two rollovers at once', () => {
  it('do everything once: the second finds nothing to do, or is told to come again', async () => {
    await fillMonth(client, { room, sender, month: '2025-05', count: 20 });
    const results = await Promise.all(
      [0, 1, 2].map(() => rolloverPartitions(options({ waitMs: 30_000, rowsPerStep: 5 }))),
    );
    expect(results.map(({ failed }) => failed)).toEqual([0, 0, 0]);
    const done = results.flatMap(({ tables }) =>
      tables.flatMap(({ steps }) => steps.map(({ partition }) => partition)),
    );
    expect(done.length).toBe(18);
    expect(new Set(done).size).toBe(done.length);
    const holder = await database.connect();
    await holder.query('select pg_advisory_lock(1398031449, 2)');
    await expect(rolloverPartitions(options())).rejects.toMatchObject({ code: 'BUSY_MAINTENANCE_RUNNING' });
  });

  it('leave a month alone that somebody made by hand between the plan and the step', async () => {
    const other = await database.connect();
    const result = await rolloverPartitions(
      options({
        tables: ['chat_messages'],
        retentionMonths: 0,
        premakeMonths: 1,
        lockTimeoutMs: 5_000,
        onEvent: (event) => {
          if (event.type === 'step-started' && event.month.getUTCMonth() === 5)
            void start(
              other.query(
                `create table public.by_hand partition of public.chat_messages for values from ('2025-06-01Z') to ('2025-07-01Z')`,
              ),
            );
        },
      }),
    );
    const { rows } = await client.query(
      `select count(*)::int from time_partitions('chat_messages') where lower_bound = '2025-06-01Z'`,
    );
    expect(rows).toEqual([{ count: 1 }]);
    expect(result.tables[0]?.steps.map(({ error }) => error?.code)).toEqual([
      result.failed === 1 ? 'PARTITION_BOUND_TAKEN' : undefined,
      undefined,
    ]);
  });
});
