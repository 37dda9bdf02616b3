import type { Compilable, QueryExecutorProvider } from 'kysely';
import { isAbortable, untilBegun } from './abortable-connection.js';

/**
 * Runs the query like `query.execute()`; when the signal aborts, the server cancels the statement, and the connection
 * goes back to its pool in good order. Waiting for a connection ends at once.
 *
 * @param database what the query was built on: `primary`, `read`, or a transaction, which can only be rolled back then
 * @throws the reason of the signal, once the statement has ended; what the query throws
 * @example
 * const rows = await executeAbortable(database.read, query, AbortSignal.timeout(500));
 */
export function executeAbortable<Row>(
  database: QueryExecutorProvider,
  query: Compilable<Row>,
  signal: AbortSignal,
): Promise<Row[]> {
  const executor = database.getExecutor();
  return untilBegun(signal, (begun) =>
    executor.provideConnection(async (connection) => {
      const onConnection = executor.withConnectionProvider({
        provideConnection: (consumer) => consumer(connection),
      });
      const execute = async (): Promise<Row[]> =>
        (await onConnection.executeQuery<Row>(query.compile())).rows;
      begun();
      return isAbortable(connection) ? connection.withSignal(signal, execute) : execute();
    }),
  );
}
