import type pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/catalog.js';
import { diffCatalogs, type DiffOptions } from '../../src/catalog/diff-catalogs.js';
import { readCatalog } from '../../src/catalog/read-catalog.js';
import { createEmptyDatabase, useDatabase } from '../support/database.js';

const schema = `
create table rooms (id bigserial primary key);
create table messages (
  id bigserial,
  room_id bigint not null constraint messages_room_id_fkey references rooms on delete cascade,
  body text not null default '' constraint messages_body_check check (length(body) < 1000),
  created_at timestamptz not null default now(),
  constraint messages_pkey primary key (id, created_at)
) partition by range (created_at);
comment on column messages.body is 'What was written.';
create index messages_room on messages (room_id, created_at);
create function touched() returns trigger language plpgsql as $$begin return null; end$$;
create trigger touched after insert on messages for each row execute function touched();
create table messages_archive (like messages including constraints including comments) partition by range (created_at);
alter table messages_archive add constraint messages_archive_pkey primary key (id, created_at);
create index messages_archive_room on messages_archive (room_id, created_at);
create table messages_y2025m01 partition of messages for values from ('2025-01-01Z') to ('2025-02-01Z');
create table messages_default partition of messages default;`;

/** As rollover makes a month: a table of its own, then attached. */
const rollover = `
create table messages_y2025m02 (like messages including all);
alter table messages attach partition messages_y2025m02 for values from ('2025-02-01Z') to ('2025-03-01Z');`;

/** As archiving moves a month. */
const archive = `
alter table messages detach partition messages_y2025m01;
alter table messages_y2025m01 rename to messages_archive_y2025m01;
alter table messages_archive attach partition messages_archive_y2025m01 for values from ('2025-01-01Z') to ('2025-02-01Z');`;

const database = useDatabase(createEmptyDatabase);
let client: pg.Client;
let declared: Catalog;

beforeAll(async () => {
  client = await database.connect();
  await client.query(schema);
  declared = await readCatalog(client);
});

/** The objects that differ after a change, which is undone. */
async function differingAfter(sql: string, options?: DiffOptions): Promise<readonly string[]> {
  await client.query('begin');
  try {
    await client.query(sql);
    const differences = diffCatalogs(declared, await readCatalog(client), options);
    return differences.map(({ change, object }) => `${change}: ${object}`);
  } finally {
    await client.query('rollback');
  }
}

describe('partitions in the difference of two catalogs', () => {
  it('make none when rollover made them', async () => {
    expect(await differingAfter(rollover)).toEqual([]);
  });

  it('make none when PARTITION OF made them', async () => {
    const made = `create table messages_y2025m02 partition of messages for values from ('2025-02-01Z') to ('2025-03-01Z')`;
    expect(await differingAfter(made)).toEqual([]);
  });

  it('make none when a month was archived under its new name', async () => {
    expect(await differingAfter(archive)).toEqual([]);
  });

  it('make none when a month was archived under its old name', async () => {
    const kept = archive
      .replace(/^.* rename .*$/m, '')
      .replaceAll('messages_archive_y2025m01', 'messages_y2025m01');
    expect(await differingAfter(kept)).toEqual([]);
  });

  it('make none when retention dropped a month', async () => {
    expect(await differingAfter('drop table messages_y2025m01')).toEqual([]);
  });

  it('are all compared when asked to', async () => {
    expect(await differingAfter(rollover, { partitions: 'all' })).toEqual([
      'unexpected: table public.messages_y2025m02',
    ]);
    expect(await differingAfter('drop table messages_y2025m01', { partitions: 'all' })).toEqual([
      'missing: table public.messages_y2025m01',
    ]);
  });

  it.each([
    ['an extra index', 'create index on messages_y2025m02 (body)'],
    ['an extra constraint', 'alter table messages_y2025m02 add check (id > 0)'],
    ['another default', `alter table messages_y2025m02 alter body set default 'x'`],
    ['no default', 'alter table messages_y2025m02 alter body drop default'],
    [
      'a trigger of its own',
      'create trigger own after delete on messages_y2025m02 execute function touched()',
    ],
    ['a disabled trigger', 'alter table messages_y2025m02 disable trigger touched'],
    ['a storage parameter', 'alter table messages_y2025m02 set (fillfactor = 50)'],
    ['privileges of its own', 'grant select on messages_y2025m02 to pg_monitor'],
  ])('make one by %s', async (_, change) => {
    expect(await differingAfter(`${rollover} ${change};`)).toEqual([
      'unexpected: table public.messages_y2025m02',
    ]);
  });

  it('make one by a foreign key that neither table has', async () => {
    const key = `alter table messages_archive_y2025m01 add foreign key (id) references rooms not valid`;
    expect(await differingAfter(`${archive} ${key};`)).toEqual([
      'unexpected: table public.messages_archive_y2025m01',
    ]);
  });

  it('make one when a declared one has another bound or something of its own', async () => {
    const moved = `alter table messages detach partition messages_y2025m01;
      alter table messages attach partition messages_y2025m01 for values from ('2025-01-02Z') to ('2025-02-01Z')`;
    expect(await differingAfter(moved)).toEqual(['different: table public.messages_y2025m01']);
    expect(await differingAfter('create index extra on messages_y2025m01 (body)')).toEqual([
      'unexpected: index public.extra',
    ]);
  });

  it('make one when the default partition is missing', async () => {
    expect(await differingAfter('drop table messages_default')).toEqual([
      'missing: table public.messages_default',
    ]);
  });
});

describe('the ledger of the migrations', () => {
  const ledger = `create schema studymate; comment on schema studymate is 'Ours.';
    create table studymate.migrations (id serial primary key, name text unique);
    create table studymate.migration_runs (id bigint generated always as identity primary key);
    create index on studymate.migration_runs (id);`;

  it('is no part of the catalog, nor is its schema', async () => {
    expect(await differingAfter(ledger)).toEqual([]);
  });

  it('does not hide what else is in its schema', async () => {
    expect(await differingAfter(`${ledger} create table studymate.snapshots (id integer)`)).toEqual([
      'unexpected: schema studymate',
      'unexpected: table studymate.snapshots',
    ]);
  });
});
