import type { Check } from './check.js';
import { analyze } from './checks/analyze.js';
import { archive } from './checks/archive.js';
import { autovacuum } from './checks/autovacuum.js';
import { cacheHit } from './checks/cache-hit.js';
import { connection } from './checks/connection.js';
import { connections } from './checks/connections.js';
import { constraints } from './checks/constraints.js';
import {
  bloatedIndexes,
  foreignKeysWithoutIndex,
  invalidIndexes,
  redundantIndexes,
  unusedIndexes,
} from './checks/indexes.js';
import { lockTable } from './checks/lock-table.js';
import { locks } from './checks/locks.js';
import { migrations } from './checks/migrations.js';
import { ownership } from './checks/ownership.js';
import { partitions } from './checks/partitions.js';
import { replicationLag, replicationSlots } from './checks/replication.js';
import { sequences } from './checks/sequences.js';
import { serverVersion } from './checks/server-version.js';
import { settings } from './checks/settings.js';
import { statements } from './checks/statements.js';
import { transactions } from './checks/transactions.js';
import { vacuum } from './checks/vacuum.js';
import { wraparound } from './checks/wraparound.js';

/** In the order they run. What goes on right now comes first: it is over before the slower ones are. */
export const checks: readonly Check[] = [
  locks,
  transactions,
  connections,
  connection,
  serverVersion,
  settings,
  lockTable,
  autovacuum,
  ownership,
  migrations,
  constraints,
  partitions,
  archive,
  sequences,
  wraparound,
  vacuum,
  analyze,
  invalidIndexes,
  bloatedIndexes,
  redundantIndexes,
  unusedIndexes,
  foreignKeysWithoutIndex,
  cacheHit,
  replicationSlots,
  replicationLag,
  statements,
];
