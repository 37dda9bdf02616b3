import type { CompiledQuery, DatabaseConnection, Driver, Kysely, QueryResult } from 'kysely';
import type pg from 'pg';
import type { DB } from '../../generated/db.js';
import { streamUnsupported } from '../database/database-error.js';
import { kyselyOn } from '../database/kysely-on.js';
import { typeParsers } from '../database/type-parsers.js';
import { StudymateError } from '../errors.js';

export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/**
 * The statements that `work` sends, in order, without those that only manage the transaction.
 *
 * With a client they run on it, in the transaction it is in, and are undone by a savepoint; without one nothing runs,
 * every statement answers no rows, and what `work` would send after finding some is not reached.
 *
 * @throws what `work` throws, unless the statements it sent are known by then: an answer such as CHAT_NOT_A_PARTICIPANT
 *   is the outcome of a statement that ran
 */
export async function recordStatements(
  client: pg.ClientBase | undefined,
  work: (db: Kysely<DB>) => Promise<unknown>,
): Promise<Statement[]> {
  const sent: Statement[] = [];
  const run = async <Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> => {
    if (!/^\s*(?:savepoint|release|rollback)\b/i.test(sql)) sent.push({ sql, parameters });
    if (client === undefined) return { rows: [], numAffectedRows: 0n };
    const values = [...parameters];
    const { rows, rowCount } = await client.query({ text: sql, values, types: typeParsers });
    return { rows: rows as Row[], numAffectedRows: BigInt(rowCount ?? 0) };
  };
  const database = onConnection(run);
  await client?.query('savepoint studymate_explain');
  const transaction = await database.startTransaction().execute();
  try {
    await work(transaction);
  } catch (error) {
    const isAnswer = error instanceof StudymateError || client === undefined;
    if (!isAnswer || sent.length === 0) throw error;
  } finally {
    await transaction.rollback().execute();
    // After a lost connection there is nothing to undo, and the error above says more.
    await client?.query('rollback to savepoint studymate_explain').catch(() => undefined);
  }
  return sent;
}

type Run = <Row>(query: CompiledQuery) => Promise<QueryResult<Row>>;

/** A Kysely on one connection that is in a transaction already: begin and rollback are for whoever owns it. */
function onConnection(run: Run): Kysely<DB> {
  const nothing = (): Promise<void> => Promise.resolve();
  const connection: DatabaseConnection = {
    executeQuery: run,
    streamQuery: () => {
      throw streamUnsupported();
    },
  };
  const driver: Driver = {
    init: nothing,
    acquireConnection: () => Promise.resolve(connection),
    beginTransaction: nothing,
    commitTransaction: nothing,
    rollbackTransaction: nothing,
    releaseConnection: nothing,
    destroy: nothing,
  };
  return kyselyOn(driver);
}
