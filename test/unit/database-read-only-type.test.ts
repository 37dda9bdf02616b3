import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type Transaction,
} from 'kysely';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { DB } from '../../generated/db.js';
import type { ReadKysely } from '../../src/database/read-kysely.js';

const database = new Kysely<DB>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});
/** A Kysely is one; so is a Transaction. */
const read: ReadKysely = database;
const acceptsTransaction = (transaction: Transaction<DB>): ReadKysely => transaction;

describe('ReadKysely', () => {
  it('selects, also from common table expressions', () => {
    const query = read
      .with('seoul', (creator) => creator.selectFrom('users').select(['id', 'english_name']))
      .with('ids(user_id)', (creator) => creator.selectFrom('seoul').select('id as user_id'))
      .selectFrom('seoul')
      .innerJoin('ids', 'ids.user_id', 'seoul.id')
      .select(['seoul.english_name', read.fn.countAll().as('n')])
      .groupBy('seoul.english_name');
    expect(query.compile().sql).toContain('with "seoul" as (select "id", "english_name" from "users")');
    expect(acceptsTransaction).toBeTypeOf('function');
  });

  it('recurses', () => {
    const query = read
      .withRecursive('thread(id, reply_to_id)', (creator) =>
        creator
          .selectFrom('chat_messages')
          .select(['id', 'reply_to_id'])
          .unionAll(
            creator
              .selectFrom('chat_messages')
              .innerJoin('thread', 'thread.reply_to_id', 'chat_messages.id')
              .select(['chat_messages.id', 'chat_messages.reply_to_id']),
          ),
      )
      .selectFrom('thread')
      .select('thread.id');
    expect(query.compile().sql).toMatch(/^with recursive "thread"\("id", "reply_to_id"\)/);
  });

  it('does not write, says the compiler: nor inside a common table expression, nor behind one', () => {
    type Writes =
      'insertInto' | 'updateTable' | 'deleteFrom' | 'mergeInto' | 'replaceInto' | 'schema' | 'transaction';
    type Inside = Parameters<Parameters<ReadKysely['with']>[1]>[0];
    type Behind = ReturnType<ReadKysely['withRecursive']>;
    expectTypeOf<Extract<keyof Kysely<DB>, Writes>>().toEqualTypeOf<Writes>();
    expectTypeOf<Extract<keyof ReadKysely, Writes>>().toBeNever();
    expectTypeOf<Extract<keyof Inside, Writes>>().toBeNever();
    expectTypeOf<Extract<keyof Behind, Writes>>().toBeNever();
  });

  it('knows the columns', () => {
    // @ts-expect-error there is no such column
    expect(() => read.selectFrom('users').select('englsh_name')).not.toThrow();
  });
});
