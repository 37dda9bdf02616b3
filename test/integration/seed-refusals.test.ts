import type pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { profiles } from '../../seeds/profiles.js';
import type { SeedLocale, SeedOptions, SeedPlan, SeedProfile } from '../../seeds/seed-plan.js';
import { resolveSeedOptions } from '../../src/seed/resolve-seed-options.js';
import { runSeed, type RunSeedOptions } from '../../src/seed/run-seed.js';
import type { SeedResult } from '../../src/seed/seed.js';
import { catalogFingerprint } from '../support/catalog-fingerprint.js';
import { createDatabase, createEmptyDatabase, type TestDatabase } from '../support/database.js';
import { countRows } from '../support/seed-checks.js';
import { smallWorld } from '../support/seed-world.js';

const plan = smallWorld({ users: 60, messages: 300 });
const tables = plan.tables.map(({ table }) => table);

interface Place {
  readonly database: TestDatabase;
  readonly client: pg.Client;
  readonly seed: (options?: Partial<RunSeedOptions>) => Promise<SeedResult>;
}

async function newPlace(create = createDatabase): Promise<Place> {
  const database = await create();
  onTestFinished(() => database.drop());
  const client = await database.connect();
  return { database, client, seed: (options) => runSeed({ connection: database.url, plan, ...options }) };
}

/** Of every catalog row and of every row of the toolkit's own tables. */
async function everything(client: pg.Client): Promise<string> {
  const parts = [await catalogFingerprint(client)];
  for (const table of ['seeds', 'seed_tables', 'runs']) {
    const there = await client.query<{ there: boolean }>(
      `select to_regclass('studymate.${table}') is not null as there`,
    );
    if (there.rows[0]?.there !== true) continue;
    const { rows } = await client.query(`select t.xmin::text, t.* from studymate.${table} t order by ctid`);
    parts.push(JSON.stringify(rows));
  }
  return parts.join('\n');
}

/** It fails with this code and a hint, and nothing in the database is another than before. */
async function expectRefused(
  { client, seed }: Place,
  options: Partial<RunSeedOptions>,
  expected: Readonly<Record<string, unknown>>,
): Promise<void> {
  const before = await everything(client);
  await expect(seed(options)).rejects.toMatchObject({
    hint: expect.stringMatching(/\.$/) as string,
    ...expected,
  });
  expect(await everything(client)).toBe(before);
}

describe('options of a seed', () => {
  const resolve = (options: Partial<Record<keyof SeedOptions, unknown>>): unknown =>
    resolveSeedOptions({ profile: 'tiny', ...options } as SeedOptions, profiles);

  it.each([
    ['a negative number', { users: -1 }, '--users: -1 is out of range'],
    ['a fraction', { messages: 1.5 }, '--messages: 1.5 is out of range'],
    ['no number', { messages: Number.NaN }, '--messages: NaN is out of range'],
    ['a huge number', { messages: 1e12 }, '--messages: 1000000000000 is out of range'],
    ['more months than can be', { months: 121 }, '--months: 121 is out of range'],
    ['no month', { months: 0 }, '--months: 0 is out of range'],
    ['a seed that is none', { seed: 2 ** 32 }, '--seed: 4294967296 is out of range'],
    ['an unknown profile', { profile: 'huge' }, '--profile: «huge» is no profile'],
    ['an unknown locale', { locales: ['ko', 'fr'] }, '--locale: «fr» is no locale'],
    ['no locale', { locales: [] }, '--locale: there is none'],
    [
      'a date that is none',
      { referenceDate: new Date(Number.NaN) },
      '--reference-date: an invalid date cannot be the world’s today',
    ],
    [
      'a date far away',
      { referenceDate: new Date('1999-01-01T00:00:00Z') },
      '--reference-date: 1999-01-01T00:00:00.000Z cannot be the world’s today',
    ],
    ['a time of the day', { referenceDate: new Date('2026-01-01T09:00:00+09:00') }, undefined],
    [
      'a time within the day',
      { referenceDate: new Date('2026-01-01T00:00:01Z') },
      '--reference-date: 2026-01-01T00:00:01.000Z cannot be the world’s today',
    ],
  ])('refuse %s', (_, options, message) => {
    if (message === undefined) expect(() => resolve(options)).not.toThrow();
    else
      expect(() => resolve(options)).toThrow(
        expect.objectContaining({
          code: 'USAGE_INVALID_OPTION',
          message,
          hint: expect.stringMatching(/\.$/) as string,
        }),
      );
  });

  it('are the numbers of the profile where they are left out', () => {
    expect(resolve({ users: 7 })).toEqual({
      profile: 'tiny' satisfies SeedProfile,
      ...profiles.tiny,
      users: 7,
      seed: 42,
      referenceDate: new Date('2026-01-01T00:00:00Z'),
      locales: ['ko', 'en'] satisfies SeedLocale[],
    });
  });

  it('mean the same world in any order of locales', () => {
    expect(resolve({ locales: ['en', 'ko'] })).toEqual(resolve({ locales: ['ko', 'en'] }));
  });
});

describe('a seed refuses', () => {
  it('a database with rows of others, without writing', async () => {
    const place = await newPlace();
    await place.client.query(
      `insert into users (email, english_name, birth_date) values ('a@example.com', 'A', '2000-01-01')`,
    );
    await expectRefused(place, {}, { code: 'SEED_DATABASE_NOT_EMPTY', detail: 'Rows are in users.' });
    expect(await countRows(place.client, ['users', 'chat_rooms'])).toEqual({ users: 1, chat_rooms: 0 });
  });

  it('a database whose archive has rows', async () => {
    const place = await newPlace();
    await place.client.query(`
      create table public.old (like chat_messages_archive including all);
      alter table chat_messages_archive attach partition public.old for values from ('2020-01-01+00') to ('2020-02-01+00');
      insert into chat_messages_archive (id, room_id, sender_id, message_type, is_edited, created_at)
      values (1, 1, 1, 'TEXT', false, '2020-01-10')`);
    await expectRefused(
      place,
      {},
      { code: 'SEED_DATABASE_NOT_EMPTY', detail: 'Rows are in chat_messages_archive.' },
    );
  });

  it('a database with another world, and tells which', async () => {
    const place = await newPlace();
    await place.seed();
    await expectRefused(
      place,
      { plan: smallWorld({ users: 60, messages: 300, seed: 43 }) },
      {
        code: 'SEED_DATABASE_NOT_EMPTY',
        detail: expect.stringContaining('Seeded before: seed 42, 60 users, 300 messages.') as string,
      },
    );
  });

  it('a database that was never migrated', async () => {
    await expectRefused(
      await newPlace(createEmptyDatabase),
      {},
      {
        code: 'SEED_SCHEMA_MISMATCH',
        detail: expect.stringContaining('there is no table public.users') as string,
        hint: expect.stringContaining('studymate-db migrate') as string,
      },
    );
  });

  it.each([
    ['lacks a table', 'drop table system_metrics', 'there is no table public.system_metrics'],
    ['lacks a column', 'alter table users drop column korean_name', 'there is no column users.korean_name'],
    [
      'has a column that must be given',
      'alter table users add column tenant bigint not null',
      'users.tenant must not be null',
    ],
    [
      'has a column that the server makes',
      `alter table users drop column korean_name, add column korean_name varchar generated always as (english_name) stored`,
      'users.korean_name is generated by the server',
    ],
    [
      'has a column of another type',
      'alter table chat_rooms alter column created_at type date',
      'chat_rooms.created_at',
    ],
    [
      'lacks a pointer trigger',
      'drop trigger fk_chat_messages_reply_to on chat_messages',
      'there is no constraint trigger fk_chat_messages_reply_to',
    ],
    [
      'has a partition that is no month',
      `create table public.year partition of chat_messages for values from ('2025-06-01+00') to ('2027-01-01+00')`,
      'partition year holds a part of 2025-10',
    ],
    ['lacks the ledger', 'drop table studymate.seed_tables', 'there is no table studymate.seed_tables'],
  ])('a schema that %s', async (_, change, detail) => {
    const place = await newPlace();
    await place.client.query(change);
    await expectRefused(
      place,
      {},
      {
        code: 'SEED_SCHEMA_MISMATCH',
        detail: expect.stringContaining(detail) as string,
      },
    );
  });

  it('more than one run at a time', async () => {
    const place = await newPlace();
    await place.client.query('select pg_advisory_lock(1398031449, 2)');
    await expectRefused(place, {}, { code: 'BUSY_MAINTENANCE_RUNNING' });
  });

  it('three jobs', async () => {
    await expectRefused(await newPlace(), { jobs: 3 as 2 }, { code: 'USAGE_INVALID_OPTION' });
  });
});

describe('--only', () => {
  it('loads what is named, later the rest, and the outcome is the same', async () => {
    const [whole, parts] = [await newPlace(), await newPlace()];
    const { manifest } = await whole.seed();
    const first = await parts.seed({ only: ['system_metrics', 'users'] });
    expect(first.toLoad.map(({ table }) => table)).toEqual(['users', 'system_metrics']);
    expect(first.manifest.checksum).toBeUndefined();
    expect((await parts.seed()).manifest).toEqual(manifest);
  });

  it('refuses a table whose parents are not there, and names them', async () => {
    await expectRefused(
      await newPlace(),
      { only: ['chat_participants'] },
      {
        code: 'SEED_PARENTS_MISSING',
        detail: 'chat_participants references chat_rooms, users, chat_messages',
        hint: 'Add them to --only: users chat_rooms chat_messages.',
      },
    );
  });

  it('refuses a table that is none', async () => {
    await expectRefused(await newPlace(), { only: ['users', 'pg_class'] }, { code: 'USAGE_INVALID_OPTION' });
  });

  it('loads a table again that was emptied by hand', async () => {
    const place = await newPlace();
    const { manifest } = await place.seed();
    await place.client.query('truncate system_metrics');
    const again = await place.seed();
    expect(again.toLoad.map(({ table }) => table)).toEqual(['system_metrics']);
    expect(again.manifest).toEqual(manifest);
  });
});

describe('a dry run', () => {
  it('says what would be loaded and made, and writes nothing', async () => {
    const { client, seed } = await newPlace();
    const before = await everything(client);
    const { toLoad, manifest, dryRun } = await seed({ dryRun: true });
    expect(dryRun).toBe(true);
    expect(manifest.tables).toEqual([]);
    expect(toLoad.map(({ table, rows }) => [table, rows])).toEqual(
      plan.tables.map(({ table, rowCount }) => [table, rowCount]),
    );
    expect(toLoad.find(({ table }) => table === 'chat_messages')?.newMonths).toEqual([
      '2025-10',
      '2025-11',
      '2025-12',
    ]);
    expect(await everything(client)).toBe(before);
  });

  it('of a reset says what would be thrown away, and throws nothing away', async () => {
    const { client, database, seed } = await newPlace();
    await seed();
    const counts = await countRows(client, tables);
    const { emptied } = await seed({ dryRun: true, reset: true, confirmDatabase: database.name });
    expect(emptied).toEqual(tables);
    expect(await countRows(client, tables)).toEqual(counts);
  });
});

describe('--reset', () => {
  const other: SeedPlan = smallWorld({ users: 50, messages: 200, seed: 7 });

  it('refuses a database that is neither marked nor named', async () => {
    const place = await newPlace();
    await place.seed();
    await expectRefused(
      place,
      { reset: true },
      {
        code: 'SEED_RESET_REFUSED',
        hint: expect.stringContaining(`--yes ${place.database.name}`) as string,
      },
    );
    await expectRefused(
      place,
      { reset: true, confirmDatabase: 'production' },
      { code: 'SEED_RESET_REFUSED' },
    );
    expect((await countRows(place.client, ['users']))['users']).toBe(60);
  });

  it('refuses another name even where the database is marked', async () => {
    const place = await newPlace();
    await place.client.query(`insert into studymate.environment (name) values ('test')`);
    await expectRefused(
      place,
      { reset: true, confirmDatabase: 'production' },
      { code: 'SEED_RESET_REFUSED' },
    );
  });

  it('throws all rows away, also of the archives, and loads another world', async () => {
    const { client, database, seed } = await newPlace();
    await seed();
    await client.query(
      `insert into users (email, english_name, birth_date) values ('me@example.com', 'Me', '2000-01-01')`,
    );
    await client.query('select archive_old_data()');
    expect((await countRows(client, ['chat_messages_archive']))['chat_messages_archive']).toBeGreaterThan(0);
    const { manifest, emptied } = await seed({ plan: other, reset: true, confirmDatabase: database.name });
    expect(emptied).toContain('chat_messages_archive');
    expect(await countRows(client, ['users', 'chat_messages', 'chat_messages_archive'])).toEqual({
      users: 50,
      chat_messages: 200,
      chat_messages_archive: 0,
    });
    expect(manifest).toEqual((await (await newPlace()).seed({ plan: other })).manifest);
    expect((await client.query('select from studymate.seeds')).rowCount).toBe(1);
  });

  it('needs no name where the database is marked', async () => {
    const { client, seed } = await newPlace();
    await seed();
    await client.query(`insert into studymate.environment (name) values ('development')`);
    await seed({ plan: other, reset: true });
    expect((await countRows(client, ['users']))['users']).toBe(50);
  });

  it.each([
    ['another database', `update studymate.environment set database_name = 'elsewhere'`],
    ['another cluster', 'update studymate.environment set system_identifier = 1'],
  ])('does not believe a mark that was given to %s', async (_, copied) => {
    const place = await newPlace();
    await place.seed();
    await place.client.query(`insert into studymate.environment (name) values ('development')`);
    await place.client.query(copied);
    await expectRefused(place, { reset: true }, { code: 'SEED_RESET_REFUSED' });
  });

  it('needs no name where there is nothing to throw away', async () => {
    const { client, seed } = await newPlace();
    await seed({ reset: true });
    expect((await countRows(client, ['users']))['users']).toBe(60);
  });

  it('refuses to reach tables beyond the world', async () => {
    const { client, database, seed } = await newPlace();
    await seed();
    await client.query(
      'create table public.invoices (user_id bigint references users (id)); insert into public.invoices values (1)',
    );
    await expect(seed({ reset: true, confirmDatabase: database.name })).rejects.toMatchObject({
      code: 'SEED_RESET_REFERENCED',
      detail: 'invoices references users',
    });
    expect(await countRows(client, ['users', 'invoices'])).toEqual({ users: 60, invoices: 1 });
  });
});
