import { onTestFinished } from 'vitest';
import { createDatabase, type Database } from '../../src/database/create-database.js';
import type { DatabaseOptions } from '../../src/database/database-options.js';
import type { DatabaseWarning } from '../../src/database/database-warning.js';
import type { QueryEvent } from '../../src/database/query-event.js';

export interface OpenDatabase extends Database {
  readonly warnings: readonly DatabaseWarning[];
  readonly queries: readonly QueryEvent[];
}

/** A database that remembers its warnings and queries, closed after the test. */
export function openDatabase(
  connectionString: string,
  options: Omit<DatabaseOptions, 'connectionString' | 'onWarning' | 'onQuery'> = {},
): OpenDatabase {
  const warnings: DatabaseWarning[] = [];
  const queries: QueryEvent[] = [];
  const database = createDatabase({
    connectionString,
    onWarning: (warning) => void warnings.push(warning),
    onQuery: (event) => void queries.push(event),
    ...options,
  });
  onTestFinished(() => database.close({ drainTimeoutMs: 0 }));
  return { ...database, warnings, queries };
}
