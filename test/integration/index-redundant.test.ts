import type pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { findRedundantIndexes, type RedundantIndex } from '../../src/indexes/find-redundant.js';
import { readIndexes } from '../../src/indexes/index-catalog.js';
import { useDatabase } from '../support/database.js';

const database = useDatabase();
let client: pg.Client;

/** Each index, and what makes it redundant: «kind by other», or nothing. */
const cases: readonly (readonly [name: string, definition: string, verdict?: string])[] = [
  ['k_a_b', 'on d (a, b)'],
  ['a_plain', 'on d (a)', 'prefix k_a_b'],
  ['a_twin', 'on d (a)', 'prefix k_a_b'],
  ['a_desc', 'on d (a desc)', 'prefix k_a_b'],
  ['a_nulls_first', 'on d (a nulls first)'],
  ['a_b_desc', 'on d (a, b desc)'],
  ['b_a', 'on d (b, a)'],
  ['a_b_both_desc', 'on d (a desc, b desc)', 'reverse k_a_b'],
  ['a_hash', 'on d using hash (a)'],
  ['a_hash_twin', 'on d using hash (a)', 'exact a_hash'],
  ['a_partial', 'on d (a) where b > 0'],
  ['a_partial_twin', 'on d (a) where b > 0', 'exact a_partial'],
  ['a_other_partial', 'on d (a) where b > 1'],
  ['c_plain', 'on d (c)', 'unique covers c_unique_nnd'],
  ['c_unique', 'unique on d (c)', 'unique covers c_unique_nnd'],
  ['c_unique_nnd', 'unique on d (c) nulls not distinct'],
  ['c_collated', 'on d (c collate "C")'],
  ['c_pattern', 'on d (c text_pattern_ops)'],
  ['e_lower', 'on d (lower(c))', 'prefix e_lower_a'],
  ['e_lower_a', 'on d (lower(c), a)'],
  ['e_upper', 'on d (upper(c))'],
  ['f_plain', 'on d (f)', 'include f_include_a_b'],
  ['f_include_a', 'on d (f) include (a)', 'include f_include_a_b'],
  ['f_include_a_b', 'on d (f) include (a, b)'],
  ['f_fillfactor', 'on d (f) with (fillfactor = 50)', 'include f_include_a_b'],
  ['g_unique_index', 'unique on d (g)', 'exact g_key'],
  ['h_referenced', 'unique on d (h)'],
  ['h_plain', 'on d (h)', 'unique covers h_referenced'],
  ['i_identity', 'unique on d (i)'],
  ['i_identity_twin', 'unique on d (i)', 'exact i_identity'],
  ['j_gin', 'on d using gin (j)'],
  ['j_gin_path', 'on d using gin (j jsonb_path_ops)'],
  ['j_gin_twin', 'on d using gin (j)', 'exact j_gin'],
  ['a_brin', 'on d using brin (a)'],
  ['a_brin_b', 'on d using brin (a, b)'],
  ['pk_plain', 'on d (id)', 'unique covers d_pkey'],
  ['pk_prefix_of', 'on d (id, a)'],
];

beforeAll(async () => {
  client = await database.connect();
  await client.query(`
    create schema d;
    set search_path = d;
    create table d (id int constraint d_pkey primary key, a int not null, b int, c text, f int,
      g int constraint g_key unique, h int, i int not null, j jsonb,
      constraint d_excl exclude using btree (f with =) where (a < 0));
    ${cases.map(([name, rest]) => `create ${rest.replace(/^(unique )?on/, `$1index ${name} on`)};`).join('\n')}
    create table child (h int references d (h));
    alter table d replica identity using index i_identity;
    insert into d (id, a, b, c, f, g, h, i)
      select n, n, n, n, n, n, n, n from generate_series(1, 1000) n`);
});

function verdictOf({ kind, by }: RedundantIndex): string {
  return `${kind} ${by.name}`;
}

describe('findRedundantIndexes', () => {
  test.each(cases)('%s: create index %s is redundant: %s', async (name, _definition, verdict) => {
    const found = findRedundantIndexes(await readIndexes(client, { schema: 'd' }));
    expect(found.filter(({ index }) => index.name === name).map(verdictOf)).toEqual(
      verdict === undefined ? [] : [verdict],
    );
  });
});
