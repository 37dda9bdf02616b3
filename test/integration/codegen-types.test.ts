import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { generateTypes, type GenerateTypesResult } from '../../src/codegen/generate-types.js';
import { jsonTypes } from '../../src/codegen/json-columns.js';
import { packageRoot } from '../../src/package-root.js';
import { emptyDatabaseForTest, useDatabase } from '../support/database.js';
import { declaredTypes } from '../support/declared-types.js';
import { oddSchema } from './codegen-odd-schema.js';

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'studymate-codegen-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

describe('generateTypes on the schema of the migrations', () => {
  const database = useDatabase();

  it('gives the committed file, with every list of values proved', async () => {
    const { text, leftAsString, unions } = await generateTypes({ connection: database.url });
    expect(text).toBe(await readFile(join(packageRoot(), 'generated', 'db.ts'), 'utf8'));
    expect(leftAsString).toEqual([]);
    expect(unions.find(({ typeName }) => typeName === 'UserGender')).toEqual({
      typeName: 'UserGender',
      values: ['MALE', 'FEMALE', 'OTHER'],
      columns: ['users.gender'],
      by: ['users_gender_check'],
    });
  });

  it('has a declared type for every JSON column, and no other', async () => {
    const client = await database.connect();
    const { rows } = await client.query<{ name: string }>(
      `select attrelid::regclass || '.' || attname as name from pg_attribute a join pg_class c on c.oid = a.attrelid
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
          and atttypid in ('json'::regtype, 'jsonb'::regtype)`,
    );
    expect(
      Object.values(jsonTypes)
        .flatMap(({ columns }) => columns)
        .sort(),
    ).toEqual(rows.map(({ name }) => name).sort());
  });

  it('imports nothing but kysely, and names what errors name', async () => {
    const { text } = await generateTypes({ connection: database.url });
    expect(text.match(/^import .*$/gm)).toEqual([`import type { ColumnType, SelectType } from 'kysely';`]);
    expect(text).not.toMatch(/\bimport\(|\brequire\(/);
    const constraints = (name: string): string =>
      new RegExp(`interface ${name} \\{([^}]*)\\}`).exec(text)?.[1] ?? '';
    expect(constraints('UniqueConstraints')).toMatch(
      /user_partnerships:\s+\| 'unique_partnership'\s+\| 'unique_partnership_pair'/,
    );
    expect(constraints('ForeignKeyConstraints')).toContain(`| 'fk_chat_messages_reply_to'`);
    expect(constraints('ForeignKeyConstraints')).toContain(`| 'fk_chat_participants_last_read'`);
    expect(constraints('CheckConstraints')).toContain(`| 'valid_birth_date'`);
    expect(text).not.toMatch(/_y2025m01|_default\b|migration/);
  });

  it('writes nothing when nothing changes, or when it is only to check', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'db.ts');
    const run = (check: boolean): Promise<GenerateTypesResult> =>
      generateTypes({ connection: database.url, file, check });
    expect(await run(true)).toMatchObject({ changed: true });
    expect(await readdir(folder)).toEqual([]);
    expect(await run(false)).toMatchObject({ changed: true });
    expect(await run(false)).toMatchObject({ changed: false, diff: '' });
    expect(await readdir(folder)).toEqual(['db.ts']);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replaceAll('\n', '\r\n'));
    expect(await run(true)).toMatchObject({ changed: false });
    await writeFile(file, text.replace("'FEMALE', 'OTHER'", "'FEMALE'"));
    const { diff } = await run(true);
    expect(diff).toContain(
      `\n-export const UserGender = /* @__PURE__ */ valueList('MALE', 'FEMALE');\n+export const UserGender = `,
    );
    expect(diff.split('\n').length).toBeLessThan(15);
  });
});

describe('generateTypes on any schema', () => {
  it('describes columns as Kysely takes them apart', async () => {
    const database = await emptyDatabaseForTest();
    const client = await database.connect();
    await client.query(oddSchema);
    const { text, leftAsString } = await generateTypes({ connection: database.url });
    const types = declaredTypes(text);
    expect(types.problems).toEqual([]);
    const uses = (table: string, column: string): string[] =>
      (['select', 'insert', 'update'] as const).map((use) => types.typeOf(use, table, column));
    expect(uses('odd', 'always_id')).toEqual(['string', 'never', 'never']);
    expect(uses('odd', 'default_id')).toEqual([
      'string',
      'string | number | bigint | undefined',
      'string | number | bigint',
    ]);
    expect(uses('odd', 'doubled')).toEqual(['number | null', 'never', 'never']);
    expect(uses('odd', 'plain')).toEqual(['number | null', 'number | null', 'number | null']);
    expect(uses('odd', 'required')).toEqual(['number', 'number', 'number']);
    expect(uses('odd', 'moods')[0]).toBe('"sad" | "happy"');
    expect(uses('odd', 'mood_list')[0]).toBe('string | null');
    expect(uses('odd', 'prices')[0]).toBe('string[] | null');
    expect(uses('odd', 'days')[0]).toBe('string[] | null');
    expect(uses('odd', 'whens')).toEqual([
      'Date[] | null',
      '(string | Date)[] | null',
      '(string | Date)[] | null',
    ]);
    expect(uses('odd', 'sizes')[0]).toBe('string[] | null');
    expect(uses('odd', 'duration')[0]).toBe('string | null');
    expect(uses('odd', 'document')).toEqual([
      'JsonPrimitive | JsonObject | JsonArray',
      'string | JsonObject | undefined',
      'string | JsonObject',
    ]);
    expect(uses('odd', "it's")[0]).toBe(`"a'b" | "c\\\\d" | "*/" | null`);
    expect(uses('odd_view', 'plain')).toEqual(['number | null', 'never', 'never']);
    expect(uses('odd_summary', 'rows')).toEqual(['string | null', 'never', 'never']);
    expect(uses('stats.daily_totals', 'kind')[0]).toBe('"a" | "b"');
    expect(leftAsString).toEqual([
      { column: 'copy_of_odd.fixed', reason: 'character(n) is padded with blanks' },
      { column: 'odd.fixed', reason: 'character(n) is padded with blanks' },
    ]);
    expect([...types.tables.keys()]).toEqual([
      'base',
      'copy_of_odd',
      'generated',
      'heir',
      'odd',
      'odd_summary',
      'odd_view',
      'parent',
      'people',
      'person',
      'stats.daily_totals',
    ]);
  });

  it('keeps comments comments, names apart, and copies of a check one type', async () => {
    const database = await emptyDatabaseForTest();
    const client = await database.connect();
    await client.query(oddSchema);
    const { text, unions } = await generateTypes({ connection: database.url });
    expect(text).toContain('/** Ends *\\/ here. */\nexport interface Odd {');
    expect(text).toContain(
      '  /**\n   * One.\n   *\n   * *\\/ export type Injected = 1; /*\n   * two\n   */\n  plain: number | null;',
    );
    expect(text).toMatch(/ {2}people: Person;\n {2}person: Person2;/);
    expect(text).toMatch(/ {2}generated: Generated2;/);
    expect(unions.map(({ typeName, columns }) => [typeName, ...columns])).toEqual([
      ['Mood', 'copy_of_odd.moods', 'odd.moods', 'odd_view.moods'],
      ['OddItS', "copy_of_odd.it's", "odd.it's"],
      ['StatsDailyTotalKind', 'stats.daily_totals.kind'],
    ]);
    expect(text).toMatch(/'lower_name'/);
  });

  it('refuses a database without tables, and keeps the file', async () => {
    const database = await emptyDatabaseForTest();
    const file = join(await temporaryFolder(), 'db.ts');
    await writeFile(file, 'mine');
    await expect(generateTypes({ connection: database.url, file })).rejects.toMatchObject({
      code: 'CODEGEN_NO_TABLES',
    });
    expect(await readFile(file, 'utf8')).toBe('mine');
  });

  it('gives the same whatever the settings of the server', async () => {
    const database = await emptyDatabaseForTest();
    const client = await database.connect();
    await client.query(oddSchema);
    const { text } = await generateTypes({ connection: database.url });
    for (const setting of [
      'quote_all_identifiers = on',
      'standard_conforming_strings = off',
      `search_path = ''`,
    ])
      await client.query(`alter database ${database.name} set ${setting}`);
    expect((await generateTypes({ connection: database.url })).text).toBe(text);
  });

  it('only reads', async () => {
    const database = await emptyDatabaseForTest();
    const client = await database.connect();
    await client.query(
      `${oddSchema}; alter database ${database.name} set default_transaction_read_only = on`,
    );
    expect((await generateTypes({ connection: database.url })).unions).toHaveLength(3);
  });
});
