import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeSchema } from '../../src/erd/describe-schema.js';
import type { SchemaDescription, TableDescription } from '../../src/erd/schema-description.js';
import { writeErd } from '../../src/erd/write-erd.js';
import { migrateUp } from '../../src/migrate/migrate.js';
import { packageRoot } from '../../src/package-root.js';
import { emptyDatabaseForTest, useDatabase } from '../support/database.js';
import { withServer } from '../support/server.js';
import { erdTables } from './schema-erd.js';

const database = useDatabase();
let schema: SchemaDescription;
let committed: string;

beforeAll(async () => {
  schema = await describeSchema({ connection: database.url });
  committed = await readFile(join(packageRoot(), 'docs', 'schema.md'), 'utf8');
});

const table = (name: string, { domains }: SchemaDescription = schema): TableDescription => {
  const found = domains.flatMap(({ tables }) => tables).find((described) => described.name === name);
  if (found === undefined) throw new Error(`${name} is not described`);
  return found;
};

describe('the description of the schema', () => {
  it('puts every table of the ERD into a domain of it, under its Korean name', () => {
    const placed = schema.domains.filter(({ key }) => key !== 'toolkit').flatMap(({ tables }) => tables);
    const archives = ['chat_messages_archive', 'user_activity_logs_archive'];
    expect(placed.map(({ name }) => name).sort()).toEqual([...Object.keys(erdTables), ...archives].sort());
    expect(placed.filter(({ koreanName }) => koreanName === null)).toEqual([]);
    expect(table('user_partnerships').koreanName).toBe('사용자 파트너십');
    expect(schema.domains.map(({ key }) => key)).not.toContain('other');
  });

  it('says how a foreign key behaves, and who is at both of its ends', () => {
    const { references } = table('onboarding_progress');
    expect(references).toMatchObject([
      {
        name: 'onboarding_progress_user_id_fkey',
        from: { table: 'onboarding_progress', columns: ['user_id'] },
        to: { table: 'users', columns: ['id'] },
        actions: 'on delete cascade',
        optional: false,
        single: true,
        note: null,
      },
    ]);
    expect(table('users').referencedBy).toContain(references[0]);
    expect(table('chat_rooms').references).toMatchObject([{ optional: true, single: false }]);
  });

  it('shows the constraint triggers that act as foreign keys, and whether they are on', async () => {
    const pointers = table('chat_messages').referencedBy.map(({ name, optional }) => [name, optional]);
    expect(pointers).toEqual([
      ['fk_chat_messages_reply_to', true],
      ['fk_chat_participants_last_read', true],
    ]);
    const client = await database.connect();
    await client.query('alter table public.chat_participants disable trigger fk_chat_participants_last_read');
    const changed = table('chat_participants', await describeSchema({ connection: database.url }));
    expect(changed.references.at(-1)?.note).toMatch(/^constraint trigger, disabled;/);
    await client.query('alter table public.chat_participants enable trigger fk_chat_participants_last_read');
  });

  it('says what a foreign key does not hold', async () => {
    const client = await database.connect();
    await client.query(`
      alter table public.session_recordings
        add constraint loose foreign key (session_id) references public.learning_sessions on update cascade not valid,
        add constraint lax check (file_size > 0) not valid`);
    const changed = await describeSchema({ connection: database.url });
    const { references, checks } = table('session_recordings', changed);
    expect(references.find(({ name }) => name === 'loose')).toMatchObject({
      actions: 'on update cascade',
      note: 'not validated',
    });
    expect(checks).toMatchObject([{ name: 'lax', definition: 'file_size > 0 (not validated)' }]);
    await client.query('alter table public.session_recordings drop constraint loose, drop constraint lax');
  });

  it('reads a table that is in no domain, with names that need quotes', async () => {
    const client = await database.connect();
    await client.query(`
      create table public."a (b), c" ("x, y" integer, "z)" integer, primary key ("x, y", "z)"));
      create table public.child (one integer, two integer,
        constraint pair foreign key (one, two) references public."a (b), c" on delete set null (two));`);
    const changed = await describeSchema({ connection: database.url });
    expect(changed.domains.at(-1)).toMatchObject({ key: 'other', koreanName: '기타' });
    expect(table('child', changed).references).toMatchObject([
      {
        from: { columns: ['one', 'two'] },
        to: { table: '"a (b), c"', columns: ['"x, y"', '"z)"'] },
        actions: 'on delete set null (two)',
      },
    ]);
    expect(table('"a (b), c"', changed).columns.map(({ marks }) => marks)).toEqual([['PK'], ['PK']]);
    await client.query('drop table public.child, public."a (b), c"');
  });

  it('refuses a database without tables', async () => {
    const empty = await emptyDatabaseForTest();
    await expect(describeSchema({ connection: empty.url })).rejects.toMatchObject({ code: 'ERD_NO_TABLES' });
  });
});

describe('the committed document', () => {
  it('does not change with the months there are, live or in the archive', async () => {
    const client = await database.connect();
    await client.query(`
      create table public.chat_messages_y2031m05 partition of public.chat_messages
        for values from ('2031-05-01 00:00+00') to ('2031-06-01 00:00+00');
      create table public.chat_messages_archive_y2020m05 partition of public.chat_messages_archive
        for values from ('2020-05-01 00:00+00') to ('2020-06-01 00:00+00');`);
    expect((await writeErd({ connection: database.url })).text).toBe(committed);
    const page = await writeErd({ connection: database.url, as: 'html' });
    expect(page.text).toContain('<code>chat_messages_archive_y2020m05</code>');
    await client.query('drop table public.chat_messages_archive_y2020m05, public.chat_messages_y2031m05');
  });

  it('changes when a default partition is gone', async () => {
    const client = await database.connect();
    await client.query('alter table public.chat_messages detach partition public.chat_messages_default');
    const { text } = await writeErd({ connection: database.url });
    expect(text).toContain('Partitions: by month of created_at, in UTC; no default partition.');
    await client.query(
      'alter table public.chat_messages attach partition public.chat_messages_default default',
    );
  });

  it.each([15, 16, 17, 18] as const)('is what PostgreSQL %i gives', async (major) => {
    await withServer(major, async ({ connectionString }) => {
      await migrateUp({ connection: connectionString });
      expect((await writeErd({ connection: connectionString })).text).toBe(committed);
    });
  });
});
