import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { diffCatalogs } from '../../src/catalog/diff-catalogs.js';
import type { Catalog } from '../../src/catalog/catalog.js';
import { readCatalog } from '../../src/catalog/read-catalog.js';
import { runSeed } from '../../src/seed/run-seed.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { isLong } from '../support/long.js';
import { poll } from '../support/poll.js';
import { runSqlNow } from '../support/sql-now.js';
import { mountTinyDisk } from '../support/tiny-disk.js';
import { countRows, listBrokenRules, serverChecksums } from '../support/seed-checks.js';
import { makeSeedProcesses, type SeedProcesses } from '../support/seed-processes.js';
import { smallWorld } from '../support/seed-world.js';

const plan = smallWorld();
const tables = plan.tables.map(({ table }) => table);
const before = tables.slice(0, tables.indexOf('chat_messages'));

let processes: SeedProcesses;
let whole: {
  readonly database: TestDatabase;
  readonly checksums: Readonly<Record<string, string>>;
  readonly untouched: Catalog;
};

beforeAll(async () => {
  processes = await makeSeedProcesses();
  const database = await createDatabase();
  const client = await database.connect();
  const untouched = await readCatalog(client);
  await runSeed({ connection: database.url, plan });
  whole = { database, untouched, checksums: await serverChecksums(client, tables) };
});

afterAll(async () => {
  await processes.dispose();
  await whole.database.drop();
});

async function newDatabase(): Promise<{ database: TestDatabase; client: pg.Client }> {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  return { database, client: await database.connect() };
}

/** Until the server has noticed that its client is gone, and rolled back. */
async function sessionsGone(client: pg.Client): Promise<void> {
  await poll(
    async () =>
      (
        await client.query(
          `select from pg_stat_activity
           where datname = current_database() and application_name like 'studymate-db seed%'`,
        )
      ).rowCount === 0,
    'the end of the sessions of the seed',
  );
}

/** Tables before are complete, chat_messages and those after it as before, and its catalog too. */
async function expectNothingOfMessages(client: pg.Client): Promise<void> {
  const counts = await countRows(client, tables);
  for (const { table, rowCount } of plan.tables) {
    expect({ table, rows: counts[table] }).toEqual({ table, rows: before.includes(table) ? rowCount : 0 });
  }
  const recorded = await client.query<{ table_name: string }>('select table_name from studymate.seed_tables');
  expect(recorded.rows.map(({ table_name }) => table_name).sort()).toEqual([...before].sort());
  expect(await client.query('select last_value, is_called from chat_messages_id_seq')).toMatchObject({
    rows: [{ last_value: '1', is_called: false }],
  });
  expect(diffCatalogs(whole.untouched, await readCatalog(client), { partitions: 'all' })).toEqual([]);
  expect(await listBrokenRules(client)).toEqual([]);
}

/** The next run loads the rest only, and the outcome is that of a run that was never stopped. */
async function expectResumed(
  database: TestDatabase,
  client: pg.Client,
  kept: readonly string[],
): Promise<void> {
  const { kept: found, toLoad } = await runSeed({ connection: database.url, plan, waitMs: 10_000 });
  expect(found.map(({ table }) => table)).toEqual(kept);
  expect(toLoad.map(({ table }) => table)).toEqual(tables.filter((table) => !kept.includes(table)));
  expect(await serverChecksums(client, tables)).toEqual(whole.checksums);
  expect(await listBrokenRules(client)).toEqual([]);
}

describe('a seed that is killed with SIGKILL', () => {
  const places = [
    ['in the middle of the rows', { row: 4_321 }],
    ['before the indexes are back', { event: 'index' }],
    ['before the pointers are proved, with everything done', { event: 'proof' }],
    ...(isLong
      ? ([
          ['before the first row', { event: 'table-started' }],
          ['while partitions are made', { event: 'partition-made' }],
          ['at the last row', { row: 7_999 }],
          ['before the primary key is back', { event: 'key' }],
          ['before the foreign keys are back', { event: 'foreign key' }],
          ['before the statistics', { event: 'statistics' }],
        ] as const)
      : []),
  ] as const;
  it.each(places)('%s, leaves that table as it was; the next run goes on', async (_, where) => {
    const { database, client } = await newDatabase();
    await processes.killAt({
      connection: database.url,
      world: {},
      stopAt: { table: 'chat_messages', ...where },
    });
    await sessionsGone(client);
    await expectNothingOfMessages(client);
    await expectResumed(database, client, before);
  });

  it('right after a table is committed, has that table', async () => {
    const { database, client } = await newDatabase();
    await processes.killAt({
      connection: database.url,
      world: {},
      stopAt: { table: 'chat_messages', event: 'table-done' },
    });
    await sessionsGone(client);
    await expectResumed(database, client, [...before, 'chat_messages']);
  });

  it('with two connections, leaves each table whole or as it was', async () => {
    const { database, client } = await newDatabase();
    await processes.killAt({
      connection: database.url,
      world: {},
      jobs: 2,
      stopAt: { table: 'user_activity_logs', row: 5_000 },
    });
    await sessionsGone(client);
    const counts = await countRows(client, tables);
    const whole = plan.tables
      .filter(({ table, rowCount }) => counts[table] === rowCount)
      .map(({ table }) => table);
    expect(tables.filter((table) => !whole.includes(table) && counts[table] !== 0)).toEqual([]);
    expect(whole).not.toContain('user_activity_logs');
    await expectResumed(database, client, whole);
  });
});

describe('a seed whose table fails', () => {
  /** Runs `act` when a row in the middle of the messages is made. */
  function interruptedPlan(act: () => void): ReturnType<typeof smallWorld> {
    return smallWorld({
      messages: 8_000,
      onRow: (table, row) => {
        if (table === 'chat_messages' && row === 3_000) act();
      },
    });
  }

  const onSeed = (action: string): string =>
    `select ${action}(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'studymate-db seed'`;

  it('because its connection is cut, says so; the next run goes on', async () => {
    const { database, client } = await newDatabase();
    const cut = (): void => runSqlNow(database.url, onSeed('pg_terminate_backend'));
    await expect(runSeed({ connection: database.url, plan: interruptedPlan(cut) })).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
    });
    await sessionsGone(client);
    await expectNothingOfMessages(client);
    await expectResumed(database, client, before);
  });

  it('because a statement is cancelled by the server, names the table; the next run goes on', async () => {
    const { database, client } = await newDatabase();
    const cancel = (): void => runSqlNow(database.url, onSeed('pg_cancel_backend'));
    await expect(runSeed({ connection: database.url, plan: interruptedPlan(cancel) })).rejects.toMatchObject({
      code: 'SEED_TABLE_FAILED',
      message: 'chat_messages could not be loaded; it is as before',
    });
    await expectNothingOfMessages(client);
    await expectResumed(database, client, before);
  });

  it('because the disk is full, names the table; with room again the next run goes on', async (context) => {
    const { database, client } = await newDatabase();
    const disk = await mountTinyDisk(client, 3 * 1024 * 1024);
    if (disk === undefined) return context.skip('NOT TESTED: this account may not mount a file system');
    // A new month takes after its sibling, tablespace and all.
    await client.query(`alter table chat_messages_y2025m01 set tablespace ${disk.tablespace}`);
    const large = smallWorld({ messages: 60_000 });
    await expect(runSeed({ connection: database.url, plan: large })).rejects.toMatchObject({
      code: 'SEED_TABLE_FAILED',
      detail: expect.stringContaining('No space left on device') as string,
      hint: expect.stringMatching(/^Make room on the disk/) as string,
    });
    await client.query(`alter table chat_messages_y2025m01 set tablespace pg_default`);
    await expectNothingOfMessages(client);
    await disk.drop();
    await runSeed({ connection: database.url, plan: large });
    expect(await countRows(client, ['chat_messages'])).toEqual({ chat_messages: 60_000 });
    expect(await listBrokenRules(client)).toEqual([]);
  });

  it('because pointers are broken, is refused before it commits', async () => {
    const { database, client } = await newDatabase();
    const broken = smallWorld();
    const tablesOf = broken.tables.map((table) =>
      table.table === 'chat_messages'
        ? {
            ...table,
            columns: { ...table.columns, reply_to_id: (row: number) => (row === 7_000 ? 1 : null) },
          }
        : table,
    );
    await expect(
      runSeed({ connection: database.url, plan: { ...broken, tables: tablesOf } }),
    ).rejects.toMatchObject({
      code: 'SEED_PROOF_FAILED',
      detail: expect.stringMatching(/^message 7001 of room \d+ replies to 1$/) as string,
    });
    await expectNothingOfMessages(client);
  });

  it('because a foreign key is broken, is refused before it commits', async () => {
    const { database, client } = await newDatabase();
    const broken = smallWorld();
    const tablesOf = broken.tables.map((table) =>
      table.table === 'chat_messages'
        ? {
            ...table,
            columns: { ...table.columns, sender_id: (row: number) => (row === 7_000 ? 999_999 : 1) },
          }
        : table,
    );
    await expect(
      runSeed({ connection: database.url, plan: { ...broken, tables: tablesOf } }),
    ).rejects.toMatchObject({
      code: 'SEED_TABLE_FAILED',
      detail: expect.stringContaining('chat_messages_sender_id_fkey') as string,
    });
    await expectNothingOfMessages(client);
  });
});

describe('a seed that is interrupted', () => {
  it('stops in the middle of a table; the next run goes on', async () => {
    const { database, client } = await newDatabase();
    const controller = new AbortController();
    const reason = new Error('enough');
    const run = runSeed({
      connection: database.url,
      plan: smallWorld({
        onRow: (table, row) => {
          if (table === 'chat_messages' && row === 3_000) controller.abort(reason);
        },
      }),
      signal: controller.signal,
    });
    await expect(run).rejects.toBe(reason);
    await sessionsGone(client);
    await expectNothingOfMessages(client);
    await expectResumed(database, client, before);
  });
});
