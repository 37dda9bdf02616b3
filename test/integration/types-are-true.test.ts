import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { quoteIdentifier } from '../../src/database/identifier.js';
import { typeParsers } from '../../src/database/type-parsers.js';
import { packageRoot } from '../../src/package-root.js';
import { useDatabase } from '../support/database.js';
import { declaredTypes, type DeclaredTypes } from '../support/declared-types.js';

interface Column {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
}

/** Values that a careless driver spoils, as the server writes them; and what they are in JavaScript. */
const samples: Readonly<Record<string, readonly (readonly [text: string, expected: unknown])[]>> = {
  bigint: [
    ['9223372036854775807', '9223372036854775807'],
    ['-1', '-1'],
  ],
  integer: [['-2147483648', -2147483648]],
  boolean: [
    ['t', true],
    ['f', false],
  ],
  text: [
    ['', ''],
    ['한국어 "\\ \n', '한국어 "\\ \n'],
  ],
  'character varying': [['가', '가']],
  'numeric(3,2)': [['1.50', '1.50']],
  'numeric(15,4)': [
    ['12345678901.2300', '12345678901.2300'],
    ['NaN', 'NaN'],
  ],
  date: [
    ['2000-03-26', '2000-03-26'],
    ['2024-03-10', '2024-03-10'],
    ['0001-01-01', '0001-01-01'],
  ],
  // Hours that some zone skips or has twice.
  'timestamp with time zone': [
    ['2026-03-08T10:30:00.123Z', new Date('2026-03-08T10:30:00.123Z')],
    ['2026-11-01T09:30:00.999Z', new Date('2026-11-01T09:30:00.999Z')],
    ['1987-05-10T17:30:00Z', new Date('1987-05-10T17:30:00Z')],
  ],
  inet: [
    ['192.168.0.1/24', '192.168.0.1/24'],
    ['::1', '::1'],
  ],
  'text[]': [
    ['{}', []],
    ['{KR,"a \\"b\\", c",""}', ['KR', 'a "b", c', '']],
  ],
};

/** One for each key that is declared, and one more where others are allowed. */
const jsonSamples: Readonly<Record<string, unknown>> = {
  file_metadata: {
    name: 'a.png',
    size: 1,
    type: 'image/png',
    width: 2,
    height: 3,
    duration: 4.5,
    own: [1, null],
  },
  ai_analysis: {
    summary: 'good',
    strengths: ['a'],
    weaknesses: [],
    recommendations: ['b'],
    own: { deep: [true] },
  },
  ai_scores: {
    pronunciation: 1,
    grammar: 2,
    fluency: 3,
    vocabulary: 4,
    comprehension: 5,
    interaction: 6,
    own: '7',
  },
  data_json: { room: 12, tags: ['a', null, { deep: false }] },
  details: { from: 'web', count: 2.5 },
  tags: { host: 'a', port: 1, up: true, down: null },
};

describe('the generated types', () => {
  const database = useDatabase();
  let types: DeclaredTypes;
  let client: pg.Client;

  beforeAll(async () => {
    types = declaredTypes(await readFile(join(packageRoot(), 'generated', 'db.ts'), 'utf8'));
    client = await database.connect();
  });

  const zoneBefore = process.env['TZ'];
  afterEach(() => {
    if (zoneBefore === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zoneBefore;
  });

  async function columnsOf(table: string): Promise<readonly Column[]> {
    const { rows } = await client.query<Column>(
      `select attname as name, format_type(atttypid, atttypmod) as type, not attnotnull as nullable
         from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
      [`public.${table}`],
    );
    return rows;
  }

  it('compile, and describe every table and column of the schema', async () => {
    expect(types.problems).toEqual([]);
    const { rows } = await client.query<{ name: string }>(
      `select relname as name from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`,
    );
    expect([...types.tables.keys()].sort()).toEqual(rows.map(({ name }) => name).sort());
    for (const [table, columns] of types.tables) {
      expect(columns, table).toEqual((await columnsOf(table)).map(({ name }) => name));
    }
  });

  it.each(['UTC', 'Asia/Seoul', 'America/Los_Angeles'])(
    'are what a pool reads from every column, and takes back, in the time zone %s',
    async (zone) => {
      process.env['TZ'] = zone;
      // Where the assignment has no effect, the three runs would be one.
      expect(new Date('2026-01-15T00:00:00Z').getTimezoneOffset()).toBe(
        { UTC: 0, 'Asia/Seoul': -540, 'America/Los_Angeles': 480 }[zone],
      );
      const pool = new pg.Pool({
        connectionString: database.url,
        types: typeParsers,
        max: 1,
        options: `-c timezone=${zone}`,
      });
      try {
        for (const table of types.tables.keys()) await expectTruth(pool, table);
      } finally {
        await pool.end();
      }
    },
  );

  /** In a table of the same columns without its rules, so that every column can hold what its type can. */
  async function expectTruth(pool: pg.Pool, table: string): Promise<void> {
    const copy = quoteIdentifier(`copy of ${table}`);
    await pool.query(`create temp table ${copy} as table public.${quoteIdentifier(table)} with no data`);
    for (const column of await columnsOf(table)) {
      const name = quoteIdentifier(column.name);
      expect(types.misfit(table, column.name, null) === undefined, `${table}.${column.name}`).toBe(
        column.nullable,
      );
      for (const [text, expected] of [...samplesOf(table, column), [null, null] as const]) {
        await pool.query(`insert into ${copy} (${name}) values ($1)`, [text]);
        const read = await pool.query<{ value: unknown }>(`select ${name} as value from ${copy}`);
        const value = read.rows[0]?.value;
        if (text !== null) expect(types.misfit(table, column.name, value)).toBeUndefined();
        expect(value, `${table}.${column.name}`).toEqual(expected);
        const back = await pool.query<{ same: boolean }>(
          `with written as (insert into ${copy} (${name}) values ($1) returning ${name} as value)
           select written.value is not distinct from old.${name} as same from written, ${copy} as old`,
          [value],
        );
        expect(back.rows, `${table}.${column.name} written back`).toEqual([{ same: true }]);
        await pool.query(`truncate ${copy}`);
      }
    }
    await pool.query(`drop table ${copy}`);
  }

  function samplesOf(table: string, { name, type }: Column): readonly (readonly [string, unknown])[] {
    if (type === 'jsonb') {
      const sample = jsonSamples[name];
      if (sample === undefined)
        throw new Error(`no sample for ${table}.${name}: declare its type in json-columns.ts`);
      return [[JSON.stringify(sample), sample]];
    }
    const literals = [...types.typeOf('select', table, name).matchAll(/"([^"]*)"/g)].map(
      ([, value = '']) => value,
    );
    if (literals.length > 0) return literals.map((value) => [value, value] as const);
    const known = samples[type] ?? samples[type.replace(/\(\d+\)$/, '')];
    if (known === undefined) throw new Error(`no sample of type ${type} for ${table}.${name}`);
    return known;
  }
});
