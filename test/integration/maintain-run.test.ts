import type pg from 'pg';
import { describe, expect, it } from 'vitest';
import { InterruptedError } from '../../src/errors.js';
import { runMaintenance, type MaintainResult } from '../../src/maintain/maintain.js';
import type { MaintainEvent, MaintainOptions } from '../../src/maintain/options.js';
import { formatMetrics } from '../../src/maintain/metrics.js';
import { planMaintenance } from '../../src/maintain/plan-maintenance.js';
import { addMonths, monthOf, monthSuffix } from '../../src/partitioning/month.js';
import { age } from '../support/active-days.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { insertUser } from '../support/rows.js';

async function withDatabase(
  work: (database: TestDatabase, client: pg.Client) => Promise<void>,
): Promise<void> {
  const database = await createDatabase();
  try {
    await work(database, await database.connect());
  } finally {
    await database.drop();
  }
}

const maintain = (database: TestDatabase, options: Partial<MaintainOptions> = {}): Promise<MaintainResult> =>
  runMaintenance({ connection: database.url, ...options });

const statesOf = ({ steps }: MaintainResult): unknown => steps.map(({ step, state }) => [step, state]);

async function insertExpired(client: pg.Client): Promise<void> {
  await client.query(
    `insert into user_sessions (user_id, session_token, expires_at) values ($1, 'old', now() - interval '2 days')`,
    [await insertUser(client)],
  );
}

async function count(client: pg.Client, table: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(`select count(*)::int from ${table}`);
  return rows[0]?.count ?? -1;
}

/** Cuts off the run from the server's side. */
const cutOff = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'studymate-db maintain'`;

describe('runMaintenance', () => {
  it('rolls over, archives, counts active days and expires; run again it finds nothing to do', async () => {
    await withDatabase(async (database, client) => {
      await insertExpired(client);
      const first = await maintain(database);
      expect(statesOf(first)).toEqual([
        ['rollover', 'done'],
        ['archive', 'done'],
        ['activity', 'done'],
        ['expiry', 'done'],
      ]);
      // The month of the schema's first migration is long over.
      expect(first.steps[1]?.archive?.steps).not.toEqual([]);
      expect(await count(client, 'user_sessions')).toBe(0);
      expect(first.partitions).toEqual(
        ['public.chat_messages', 'public.user_activity_logs'].map((table) => ({
          table,
          defaultRows: 0,
          premadeMonths: 3,
          archiveDueMonths: 0,
        })),
      );
      const second = await maintain(database);
      expect(second.steps.flatMap(({ rollover }) => rollover?.tables ?? []).flatMap((t) => t.steps)).toEqual(
        [],
      );
      expect(second.steps.flatMap(({ archive }) => archive?.steps ?? [])).toEqual([]);
      const { rows } = await client.query(`select command, result from studymate.runs order by id limit 4`);
      expect(rows).toEqual([
        { command: 'partition rollover', result: 'done' },
        { command: 'archive run', result: 'done' },
        { command: 'activity refresh', result: 'done' },
        { command: 'expiry run', result: 'done' },
      ]);
    });
  });

  it('goes on after a step that failed in part', async () => {
    await withDatabase(async (database, client) => {
      await insertExpired(client);
      const next = addMonths(monthOf(new Date()), 1);
      await client.query(`create table public.chat_messages_${monthSuffix(next)} (id int)`);
      const result = await maintain(database);
      expect(statesOf(result)).toEqual([
        ['rollover', 'failed'],
        ['archive', 'done'],
        ['activity', 'done'],
        ['expiry', 'done'],
      ]);
      expect(await count(client, 'user_sessions')).toBe(0);
      expect(result.partitions?.[0]?.premadeMonths).toBe(0);
    });
  });

  it('goes on after a step that failed as a whole', async () => {
    await withDatabase(async (database, client) => {
      await insertExpired(client);
      await client.query('alter table user_activity_logs_archive rename to elsewhere');
      const result = await maintain(database);
      expect(statesOf(result)).toEqual([
        ['rollover', 'failed'],
        ['archive', 'failed'],
        ['activity', 'failed'],
        ['expiry', 'done'],
      ]);
      expect(await count(client, 'user_sessions')).toBe(0);
    });
  });

  it('takes a new connection for the steps that are left when the server has cut it off', async () => {
    await withDatabase(async (database, client) => {
      await insertExpired(client);
      const events: MaintainEvent['type'][] = [];
      let cut = false;
      const result = await maintain(database, {
        onEvent: (event) => {
          events.push(event.type);
          if (event.type === 'rollover' && event.event.type === 'step-started' && !cut) {
            cut = true;
            void client.query(cutOff);
          }
        },
      });
      expect(statesOf(result)).toEqual([
        ['rollover', 'failed'],
        ['archive', 'done'],
        ['activity', 'done'],
        ['expiry', 'done'],
      ]);
      expect(events).toContain('reconnecting');
      expect(await count(client, 'user_sessions')).toBe(0);
      expect(statesOf(await maintain(database))).toEqual([
        ['rollover', 'done'],
        ['archive', 'done'],
        ['activity', 'done'],
        ['expiry', 'done'],
      ]);
    });
  });

  it('tells how far the roll-up of active days is filled', async () => {
    await withDatabase(async (database, client) => {
      await client.query(`insert into user_activity_logs (user_id, activity) values ($1, 'ROOM_OPENED')`, [
        await insertUser(client),
      ]);
      const events: MaintainEvent[] = [];
      const only: Partial<MaintainOptions> = {
        skip: ['rollover', 'archive', 'expiry'],
        onEvent: (event) => events.push(event),
      };
      const plan = await planMaintenance({ connection: database.url, ...only });
      expect(plan).toMatchObject({ activity: { ids: 1 }, rollover: undefined });
      const first = await maintain(database, only);
      expect(first.steps).toMatchObject([{ activity: { added: 1, batches: 1, coveredAt: undefined } }]);
      expect(events).toContainEqual({
        type: 'activity',
        event: { type: 'batch', readId: '1', added: 1, durationMs: expect.any(Number) as number },
      });
      await age(client);
      const second = await maintain(database, only);
      const coveredAt = second.steps[0]?.activity?.coveredAt;
      expect(coveredAt?.getTime()).toBeLessThan(Date.now() - 3_600_000);
      const report = {
        ...{ server: 'a:1', database: 'b', durationMs: 1, exitCode: 0, result: second },
        finishedAt: new Date((coveredAt?.getTime() ?? 0) + 86_400_000),
      };
      expect(formatMetrics(report, undefined)).toMatch(
        /^studymate_db_maintain_active_days_age_seconds\{.*\} 86400$/m,
      );
    });
  });

  it('names a pending migration where a step lacks what it works on', async () => {
    await withDatabase(async (database, client) => {
      await client.query('drop function studymate.advance_activity_mark() cascade');
      const result = await maintain(database);
      expect(statesOf(result)).toContainEqual(['activity', 'failed']);
      expect(statesOf(result)).toContainEqual(['expiry', 'done']);
      expect(result.steps[2]?.error).toMatchObject({
        code: 'DATABASE_ERROR',
        hint: expect.stringContaining('a migration may be pending') as string,
      });
    });
  });

  it('does nothing while another run holds the lease', async () => {
    await withDatabase(async (database, client) => {
      await insertExpired(client);
      await client.query('select pg_advisory_lock(1398031449, 2)');
      await expect(maintain(database)).rejects.toMatchObject({ code: 'BUSY_MAINTENANCE_RUNNING' });
      expect(await count(client, 'user_sessions')).toBe(1);
    });
  });

  it('holds one lease from the first step to the last', async () => {
    await withDatabase(async (database, client) => {
      const seen = new Set<number>();
      const looks: Promise<void>[] = [];
      await maintain(database, {
        onEvent: (event) => {
          if (event.type !== 'step-started') return;
          looks.push(
            client
              .query<{ pid: number }>(
                `select pid from pg_locks where locktype = 'advisory' and classid = 1398031449 and objid = 2
                   and database = (select oid from pg_database where datname = current_database())`,
              )
              .then(({ rows }) => rows.forEach(({ pid }) => seen.add(pid))),
          );
        },
      });
      await Promise.all(looks);
      expect(seen.size).toBe(1);
    });
  });

  it('interrupted, says what was done and leaves the rest', async () => {
    await withDatabase(async (database, client) => {
      await insertExpired(client);
      const controller = new AbortController();
      const result = await maintain(database, {
        signal: controller.signal,
        onEvent: (event) => {
          if (event.type === 'step-started' && event.step === 'archive')
            controller.abort(new InterruptedError('SIGTERM'));
        },
      });
      expect(statesOf(result)).toEqual([
        ['rollover', 'done'],
        ['archive', 'interrupted'],
        ['activity', 'skipped'],
        ['expiry', 'skipped'],
      ]);
      expect(await count(client, 'user_sessions')).toBe(1);
    });
  });

  it('leaves out the steps it is told to, but not all', async () => {
    await withDatabase(async (database) => {
      expect(statesOf(await maintain(database, { skip: ['rollover', 'archive', 'activity'] }))).toEqual([
        ['expiry', 'done'],
      ]);
      await expect(
        maintain(database, { skip: ['rollover', 'archive', 'activity', 'expiry'] }),
      ).rejects.toMatchObject({
        code: 'USAGE_INVALID_OPTION',
      });
    });
  });
});
