import { describe, expect, it } from 'vitest';
import { parseMigrationFile } from '../../src/migrate/migration-file.js';

const good = '-- Why: x\n\n-- Up Migration\ncreate table t ();\n\n-- Down Migration\ndrop table t;\n';

function parse(text: string | Uint8Array): ReturnType<typeof parseMigrationFile> {
  return parseMigrationFile('/m/0001_t.sql', typeof text === 'string' ? Buffer.from(text) : text);
}

function messages(text: string): string[] {
  return parse(text).problems.map(({ message, position }) => `${position?.line ?? '-'} ${message}`);
}

describe('a migration file', () => {
  it('is cut at its two markers', () => {
    const { file, problems } = parse(good);
    expect(problems).toEqual([]);
    expect(file.up.text.trim()).toBe('create table t ();');
    expect(file.down?.text.trim()).toBe('drop table t;');
    expect(file.text.slice(file.down?.offset).trim()).toBe('drop table t;');
    expect(file.transaction).toBe(true);
  });

  it('has the same checksum with CRLF line endings and a byte order mark', () => {
    const variants = [
      good,
      `\uFEFF${good}`,
      good.replaceAll('\n', '\r\n'),
      `\uFEFF${good.replaceAll('\n', '\r\n')}`,
    ];
    expect(new Set(variants.map((text) => parse(text).file.checksum)).size).toBe(1);
    expect(variants.flatMap((text) => parse(text).problems)).toEqual([]);
    expect(parse(good.replace('t ()', 't2 ()')).file.checksum).not.toBe(parse(good).file.checksum);
  });

  it('may leave out its Down part', () => {
    const { file, problems } = parse('-- Up Migration\nselect 1;\n');
    expect(file.down).toBeUndefined();
    expect(problems).toEqual([]);
  });

  it('runs without a transaction only when its header says so', () => {
    expect(parse(`-- studymate: no-transaction\n${good}`).file.transaction).toBe(false);
    expect(messages(good.replace('create', '-- studymate: no-transaction\ncreate'))).toEqual([
      '4 the no-transaction directive stands after a marker',
    ]);
    expect(messages(`-- studymate: no-transactoin\n${good}`)).toEqual([
      '1 unknown directive «no-transactoin»',
    ]);
  });

  it.each([
    ['no marker at all', 'create table t ();\n', '- there is no «-- Up Migration» line'],
    [
      'SQL above the marker',
      `create table lost ();\n${good}`,
      '1 there is SQL before the first marker; it would never run',
    ],
    ['the marker twice', good.replace('-- Down', '-- Up Migration\n-- Down'), '6 the marker stands twice'],
    [
      'Down first',
      '-- Down Migration\ndrop table t;\n-- Up Migration\ncreate table t ();\n',
      '1 «-- Down Migration» stands before «-- Up Migration»',
    ],
    [
      'an empty Up part',
      '-- Up Migration\n-- nothing /* here */\n-- Down Migration\nselect 1;\n',
      '1 the Up part is empty',
    ],
    [
      'a comment that the engine takes for a marker',
      good.replace(
        'create table t ();',
        'create table t ();\n-- Down migration is not needed for t2, see wiki\ncreate table t2 ();',
      ),
      '5 this comment looks like a marker and is none',
    ],
    [
      'a marker in other letters',
      good.replace('-- Up Migration', '-- up migration'),
      '3 this comment looks like a marker and is none',
    ],
    [
      'an indented marker',
      good.replace('-- Down Migration', '  -- Down Migration'),
      '6 this comment looks like a marker and is none',
    ],
  ])('is refused with %s', (_, text, message) => {
    expect(messages(text)).toContain(message);
  });

  it('is refused when it is not UTF-8', () => {
    const latin1 = Buffer.concat([
      Buffer.from("-- Up Migration\nselect '"),
      Buffer.from([0xe9]),
      Buffer.from("';\n"),
    ]);
    expect(parse(latin1).problems.map(({ message }) => message)).toEqual(['the file is not UTF-8']);
  });

  it('keeps comments that only mention migrations', () => {
    expect(messages(good.replace('create', '-- Set up migration helpers\ncreate'))).toEqual([]);
  });
});
