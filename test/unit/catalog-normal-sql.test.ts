import { describe, expect, it } from 'vitest';
import { formatIdentifier, normalSql } from '../../src/catalog/normal-sql.js';
import { unqualifySingleRelation } from '../../src/catalog/view-definition.js';

describe('the normal form of SQL text', () => {
  it.each([
    ['CHECK (("age" > 3))', 'check ((age > 3))'],
    [`DEFAULT 'It''s "Quoted" TEXT'`, `default 'It''s "Quoted" TEXT'`],
    [`E'a\\\\B' || "left"("b", 2)`, `e'a\\\\B' || "left"(b, 2)`],
    ['("select", "Order", "사용자", "a""b", "x1_y")', '("select", "Order", "사용자", "a""b", x1_y)'],
    [`nextval('"shop"."a_seq"'::"regclass")`, `nextval('shop.a_seq'::regclass)`],
    [`nextval('"shop"."Order_seq"'::"regclass")`, `nextval('shop."Order_seq"'::regclass)`],
    [`'"shop"."a"'::"text"`, `'"shop"."a"'::text`],
    ['AS $function$BEGIN "X" := \'A\'; END$function$', 'as $function$BEGIN "X" := \'A\'; END$function$'],
  ])('of %s is %s', (sql, normal) => {
    expect(normalSql(sql)).toBe(normal);
  });

  it('is one for both ways in which a list of varchar constants is printed', () => {
    const asArray = `(("v")::"text" = ANY ((ARRAY['A'::character varying, 'It''s, (b)'::character varying])::"text"[]))`;
    const asElements = `(("v")::"text" = ANY (ARRAY[('A'::character varying)::"text", ('It''s, (b)'::character varying)::"text"]))`;
    expect(normalSql(asArray)).toBe(`((v)::text = any (array['A'::text, 'It''s, (b)'::text]))`);
    expect(normalSql(asElements)).toBe(normalSql(asArray));
  });

  it('does not reach into the body of a function', () => {
    const body = `AS $function$select ('a'::character varying)::text$function$`;
    expect(normalSql(body)).toBe(`as${body.slice(2)}`);
  });
});

describe('an identifier', () => {
  it('has quotes only where it needs them', () => {
    expect(['users', 'user', 'json', 'Users', 'a b', '1a', ''].map(formatIdentifier)).toEqual([
      'users',
      '"user"',
      'json',
      '"Users"',
      '"a b"',
      '"1a"',
      '""',
    ]);
  });
});

describe('a view over one relation, as PostgreSQL 15 prints it', () => {
  it('loses the names of the relation', () => {
    expect(
      unqualifySingleRelation('SELECT "t"."a",\n    "t".*\n   FROM "s"."t"\n  WHERE ("t"."a" > 1)'),
    ).toBe('SELECT "a",\n    "t".*\n   FROM "s"."t"\n  WHERE ("a" > 1)');
  });

  it.each([
    ['joined to another', 'SELECT "t"."a" FROM ("s"."t" JOIN "s"."u" ON ("u"."a" = "t"."a"))'],
    ['beside another', 'SELECT "t"."a" FROM "s"."t", "s"."u"'],
    ['united with another', 'SELECT "t"."a" FROM "s"."t" UNION SELECT "u"."a" FROM "s"."u"'],
  ])('keeps them when it is %s', (_, definition) => {
    expect(unqualifySingleRelation(definition)).toBe(definition);
  });
});
