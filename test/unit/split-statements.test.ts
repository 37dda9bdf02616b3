import { parseSync, loadModule } from 'libpg-query';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseMigrationFile } from '../../src/migrate/migration-file.js';
import { defaultMigrationsDirectory } from '../../src/migrate/migration-folder.js';
import { splitStatements, type StatementSlice } from '../../src/migrate/split-statements.js';

/** Statements that break naive splitters; each is whole SQL of its own. */
const hostile = [
  `select 'it''s; fine'`,
  `select E'a\\'; b'`,
  `select e'\\\\'`,
  `select U&'d\\0061t\\+000061;'`,
  `select "weird;""name" from (select 1 as "weird;""name") t`,
  `select $$ ; $$`,
  `select $a$ $$ ; $b$ ; $a$`,
  `select $한글$ ; $한글$`,
  `select 1 as a$b, 2 as "c"`,
  `select /* ; /* nested ; */ ; */ 1`,
  `select 1 -- ; not here\n  + 2`,
  `select '-- no comment', '/* neither */'`,
  `create function f() returns int language sql begin atomic select 1; select case when true then 2 else 3 end; end`,
  `create or replace function f(a int default (case when true then 1 end)) returns int language sql begin atomic select 1; end`,
  `create procedure p() language plpgsql as $$ begin perform 1; end; $$`,
  `create function g() returns int return case when true then 1 else 2 end`,
  `do $$ begin if true then perform 1; end if; end $$`,
  `create rule r as on insert to t do also (insert into a values (1); insert into b values (2))`,
  `select 1 as "begin", 2 as "end"`,
  `create table "begin" (a int)`,
  `select '한글 이모지 😀;', 1`,
  `comment on table t is E'line\\nbreak;'`,
  `select 1e10, .5, 1.5e-3`,
  `select E'it''s \\' ; ', 'a\\'`,
  `select a[1:2] from (values (array[1,2])) v(a)`,
];

function split(sql: string): StatementSlice[] {
  return [...splitStatements(sql)];
}

/** Where PostgreSQL's own parser sees statements: their source without comments before and spaces after. */
function slicesOfParser(sql: string): string[] {
  const bytes = Buffer.from(sql);
  return (parseSync(sql).stmts ?? []).map(({ stmt_location = 0, stmt_len }) => {
    const end = stmt_len === undefined ? bytes.length : stmt_location + stmt_len;
    return bytes.subarray(stmt_location, end).toString();
  });
}

/** Comments before a statement belong to it for the parser, and trailing ones too when nothing follows. */
function withoutOuterComments(slice: string): string {
  return split(slice)[0]?.text ?? '';
}

describe('splitting SQL into statements', () => {
  beforeAll(() => loadModule());

  it('agrees with PostgreSQL’s parser on each hostile statement alone', () => {
    for (const sql of hostile) {
      expect(split(`${sql};\n`).map(({ text }) => text)).toEqual([sql]);
      expect(slicesOfParser(`${sql};`)).toHaveLength(1);
    }
  });

  it('agrees with PostgreSQL’s parser on any two of them together', () => {
    for (const first of hostile) {
      for (const second of hostile) {
        const sql = `-- lead;\n${first} ;\n/* between; */ ${second}\n;;\n-- trail`;
        const slices = split(sql);
        expect(slices.map(({ text }) => text)).toEqual([first, second]);
        expect(slicesOfParser(sql).map(withoutOuterComments)).toEqual([first, second]);
        for (const { text, offset } of slices) expect(sql.slice(offset, offset + text.length)).toBe(text);
      }
    }
  });

  it('agrees with PostgreSQL’s parser on every migration of this package', () => {
    const directory = defaultMigrationsDirectory();
    const names = readdirSync(directory).filter((name) => name.endsWith('.sql'));
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) {
      const { file } = parseMigrationFile(name, readFileSync(join(directory, name)));
      for (const section of [file.up.text, file.down?.text ?? '']) {
        expect(split(section).map(({ text }) => text)).toEqual(
          slicesOfParser(section).map(withoutOuterComments),
        );
      }
    }
  });

  it.each([`select 'open`, 'select "open', 'select $$ open', '/* open', '-- open', 'select (1', ''])(
    'ends with the text when «%s» is left open',
    (sql) => {
      expect(split(sql).length).toBeLessThanOrEqual(1);
    },
  );
});
