/** A table with one column under CHECKs of some form. */
export interface Shape {
  /** What is in the parentheses of `create table t (…)`; the column is called x. */
  readonly columns: string;
  readonly after?: string;
}

/** What the shapes use. */
export const preparation = `
  create extension citext;
  create collation caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
  create domain answer as text check (value in ('yes', 'no'));
  create domain short_answer as answer check (value <> 'no');
  create domain code as varchar(2) check (value in ('A1', 'B2', 'C3D'));
  create domain half_checked as text;
  alter domain half_checked add check (value in ('a')) not valid;
  create function anything(text) returns boolean language sql immutable as 'select true';
  create function loose(text, text) returns boolean language sql immutable as 'select true';
  create operator === (leftarg = text, rightarg = text, function = loose);
  create foreign data wrapper nothing;
  create server elsewhere foreign data wrapper nothing;
  create schema odd;
  create operator odd.= (leftarg = text, rightarg = text, function = loose);`;

/** Forms whose values are found. */
export const proved: readonly (readonly [string, Shape, readonly string[]])[] = [
  ['a list', { columns: `x text check (x in ('b', 'a'))` }, ['b', 'a']],
  ['a list for varchar', { columns: `x varchar(20) check (x in ('a', 'b'))` }, ['a', 'b']],
  ['one value', { columns: `x text check (x = 'only')` }, ['only']],
  ['a list of one', { columns: `x varchar check (x in ('only'))` }, ['only']],
  ['any of an array', { columns: `x text check (x = any (array['a', 'b']))` }, ['a', 'b']],
  ['any of an array literal', { columns: `x text check (x = any ('{a,"b c",d}'))` }, ['a', 'b c', 'd']],
  ['any of an array literal cast', { columns: `x varchar check (x = any ('{a,b}'::varchar[]))` }, ['a', 'b']],
  ['an OR chain', { columns: `x text check (x = 'a' or x = 'b' or x in ('c', 'd'))` }, ['a', 'b', 'c', 'd']],
  ['a nullable list', { columns: `x text check (x is null or x in ('a', 'b'))` }, ['a', 'b']],
  ['a null as text', { columns: `x text check (x in ('null', 'NULL'))` }, ['null', 'NULL']],
  ['the empty text', { columns: `x text check (x in ('', 'a'))` }, ['', 'a']],
  [
    'quotes',
    { columns: `x text check (x in ('it''s', '"q"', '(a)', '[b]', 'a, b'))` },
    ["it's", '"q"', '(a)', '[b]', 'a, b'],
  ],
  [
    'backslashes',
    { columns: String.raw`x text check (x in ('a\b', E'c\\d', E'e\'f', E'\n'))` },
    ['a\\b', 'c\\d', "e'f", '\n'],
  ],
  [
    'words of the grammar',
    { columns: `x text check (x in ('OR', ' AND ', 'x = ''y'' or true'))` },
    ['OR', ' AND ', "x = 'y' or true"],
  ],
  [
    'Korean, accents, emoji',
    { columns: `x text check (x in ('남', '여', 'é', '👩‍🎓'))` },
    ['남', '여', 'é', '👩‍🎓'],
  ],
  [
    'the same letter in two forms',
    { columns: `x text check (x in (U&'\\00e9', U&'e\\0301'))` },
    ['\u00e9', 'e\u0301'],
  ],
  [
    'values that differ by case and blanks',
    { columns: `x text check (x in ('a', 'A', 'a '))` },
    ['a', 'A', 'a '],
  ],
  ['a value twice', { columns: `x text check (x in ('a', 'b', 'a'))` }, ['a', 'b']],
  ['a column named like a keyword', { columns: `"order" text check ("order" in ('a', 'b'))` }, ['a', 'b']],
  [
    'a column named by quotes',
    { columns: `"wei""rd Name" text check ("wei""rd Name" in ('a', 'b'))` },
    ['a', 'b'],
  ],
  ['a column called value', { columns: `value text check (value in ('a', 'b'))` }, ['a', 'b']],
  ['a Korean column', { columns: `성별 text check (성별 in ('남', '여'))` }, ['남', '여']],
  [
    'two checks, intersected',
    { columns: `x text check (x in ('a', 'b', 'c')) check (x in ('c', 'b', 'd'))` },
    ['b', 'c'],
  ],
  ['a list narrowed by AND', { columns: `x text check (x in ('a', 'b') and x in ('b', 'c'))` }, ['b']],
  ['a list beside a length', { columns: `x text check (length(x) > 1 and x in ('aa', 'bb'))` }, ['aa', 'bb']],
  [
    'a list beside an open check',
    { columns: `x text check (x in ('a', 'b')) check (x like '%a%')` },
    ['a', 'b'],
  ],
  [
    'a list beside another column',
    { columns: `x text, n int, check (x in ('a', 'b') and (x <> 'a' or n > 0))` },
    ['a', 'b'],
  ],
  [
    'a list beside a check not valid',
    { columns: `x text check (x in ('a', 'b'))`, after: `alter table t add check (x in ('a')) not valid` },
    ['a', 'b'],
  ],
  [
    'a list beside a call that must not be run',
    { columns: `x text check (x in ('a', 'b') and anything(x))` },
    ['a', 'b'],
  ],
  ['a value too long for its column', { columns: `x varchar(2) check (x in ('ab', 'abc'))` }, ['ab']],
  ['values as long as the column', { columns: `x varchar(2) check (x in ('ab', 'cd'))` }, ['ab', 'cd']],
  [
    'a constant that its cast cuts',
    { columns: `x text check (x = any (array['abc'::varchar(2), 'd']))` },
    ['ab', 'd'],
  ],
  ['a domain', { columns: 'x answer' }, ['yes', 'no']],
  ['a domain over a domain', { columns: 'x short_answer' }, ['yes', 'no']],
  ['a domain with a length', { columns: 'x code' }, ['A1', 'B2']],
  ['a domain and a check of the table', { columns: `x answer check (x in ('no', 'never'))` }, ['no']],
  [
    'a partitioned table',
    { columns: `x text check (x in ('a', 'b')), n int) partition by list (n` },
    ['a', 'b'],
  ],
  [
    'a table with children',
    { columns: `x text check (x in ('a', 'b'))`, after: 'create table child () inherits (t)' },
    ['a', 'b'],
  ],
];

/** Forms that are no list of values, or lie about it; and the reason given. */
export const refused: readonly (readonly [string, Shape, RegExp])[] = [
  [
    'no list',
    { columns: `x text check (length(x) < 10)` },
    /t_x_check \(length\(x\) < 10\) is no closed list/,
  ],
  ['a pattern', { columns: `x text check (x like 'a%')` }, /no closed list/],
  ['a list or a pattern', { columns: `x text check (x in ('a', 'b') or x like 'zz%')` }, /no closed list/],
  [
    'a list or another column',
    { columns: `x text, n int, check (x in ('a', 'b') or n > 3)` },
    /no closed list/,
  ],
  ['a list or true', { columns: `x text check (x in ('a', 'b') or true)` }, /no closed list/],
  ['a list or a negation', { columns: `x text check (x = 'a' or x <> 'b')` }, /no closed list/],
  ['a list or not null', { columns: `x text check (x = 'a' or x is not null)` }, /no closed list/],
  ['not in', { columns: `x text check (x not in ('a', 'b'))` }, /no closed list/],
  ['not (in)', { columns: `x text check (not (x in ('a', 'b')))` }, /no closed list/],
  ['is not true', { columns: `x text check ((x in ('a', 'b')) is not true)` }, /no closed list/],
  [
    'is distinct from',
    { columns: `x text check ((x in ('a', 'b')) is distinct from true)` },
    /no closed list/,
  ],
  ['compared with a comparison', { columns: `x text check ((x = 'a') = (x = 'b'))` }, /no closed list/],
  ['all instead of any', { columns: `x text check (x <> all (array['a', 'b']))` }, /no closed list/],
  ['less than any', { columns: `x text check (x < any (array['a', 'b']))` }, /no closed list/],
  ['an operator that looks like equality', { columns: `x text check (x === 'a')` }, /no closed list/],
  ['equality of another schema', { columns: `x text check (x operator(odd.=) 'a')` }, /no closed list/],
  [
    'a case expression',
    { columns: `x text check (case when x = 'b' then true else x = 'a' end)` },
    /no closed list/,
  ],
  ['coalesce', { columns: `x text check (coalesce(x = 'a', x = 'b'))` }, /no closed list/],
  ['a lowered column', { columns: `x text check (lower(x) in ('a', 'b'))` }, /no closed list/],
  ['a trimmed column', { columns: `x text check (btrim(x) = 'a')` }, /no closed list/],
  ['a column cut by a cast', { columns: `x text check (x::varchar(2) in ('ab', 'cd'))` }, /no closed list/],
  ['a column padded by a cast', { columns: `x text check (x::char(3) in ('ab', 'cd'))` }, /no closed list/],
  ['a list of calls', { columns: `x text check (x in (upper('a'), 'B'))` }, /no closed list/],
  ['a list of another column', { columns: `x text, y text, check (x in ('a', y))` }, /no closed list/],
  ['a range', { columns: `x text check (x >= 'a' and x <= 'b')` }, /no closed list/],
  [
    'another column of that name in quotes',
    { columns: `x text, "X" text check ("X" in ('a')), check (x <> "X")` },
    /no closed list/,
  ],
  ['null in the list', { columns: `x text check (x in ('a', null))` }, /lets "" pass/],
  ['null in an OR chain', { columns: `x text check (x = 'a' or x = null)` }, /no closed list|lets "" pass/],
  [
    'lists that have nothing in common',
    { columns: `x text check (x in ('a')) check (x in ('b'))` },
    /no value passes/,
  ],
  ['only null', { columns: `x text check (x is null)` }, /no value passes/],
  ['a collation without case', { columns: `x text collate caseless check (x in ('a', 'b'))` }, /collation/],
  [
    'a comparison without case',
    { columns: `x text check (x collate caseless in ('a', 'b'))` },
    /no closed list/,
  ],
  ['citext', { columns: `x citext check (x in ('one', 'two'))` }, /citext/],
  ['citext compared as text', { columns: `x citext check (x::text in ('one', 'two'))` }, /citext/],
  ['char(n)', { columns: `x char(3) check (x in ('ab', 'cd'))` }, /padded/],
  ['type name', { columns: `x name check (x in ('ab', 'cd'))` }, /type name/],
  [
    'a check not valid',
    { columns: `x text`, after: `alter table t add constraint c check (x in ('a')) not valid` },
    /^c is not valid/,
  ],
  ['a domain whose check is not valid', { columns: 'x half_checked' }, /not valid/],
  [
    'a check that children need not hold',
    { columns: `x text check (x in ('a')) no inherit`, after: 'create table child () inherits (t)' },
    /not valid/,
  ],
];
