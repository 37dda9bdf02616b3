import { createHash } from 'node:crypto';
import type { SeedPlan } from '../../seeds/seed-plan.js';
import { elapsedMs } from '../database/duration.js';
import { quoteIdentifier, quoteQualified } from '../database/identifier.js';
import { withLockRetry, type LockRetryOptions } from '../database/lock-retry.js';
import type { MaintenanceSession } from '../database/maintenance-session.js';
import type { RunLedger } from '../database/run-ledger.js';
import type { TableLoad } from './assert-schema.js';
import { copyRows } from './copy-rows.js';
import type { SeedListener, SeedPhase } from './events.js';
import type { SeedTableRecord } from './manifest.js';
import { proofsDue, provePointers, suspendTriggers } from './pointer-proofs.js';
import { recordTable } from './seed-ledger.js';
import { makeMonths, type MonthRange } from './seed-months.js';
import { dropSetAside, readSetAside, rebuildSetAside } from './set-aside.js';
import { SEEDED_SCHEMA, type TargetTable } from './target-table.js';
import type { RowBuffer } from './row-buffer.js';
import { rowProgress } from './row-progress.js';

/** Others' traffic does not matter where a world is loaded; an autovacuum that is in the way gives up after 1 s. */
export const SEED_LOCKS: LockRetryOptions = { lockTimeoutMs: 3_000, retries: 10 };

/**
 * From this many rows on, indexes and foreign keys are dropped and made again. Below, that takes longer than
 * keeping them up to date.
 */
export const LARGE_TABLE_ROWS = 5_000;

export interface LoadContext {
  readonly session: MaintenanceSession;
  readonly plan: SeedPlan;
  readonly seedId: string;
  /** In the transaction of the load where the ledger's connection is the one that loads. */
  readonly recordStep: RunLedger['step'];
  /** Buffers that no table is being loaded with. */
  readonly spare: RowBuffer[];
  /** Tables of this world that are loaded and committed. */
  readonly complete: ReadonlySet<string>;
  readonly emit: SeedListener;
}

export function isLarge({ seedTable }: TableLoad): boolean {
  return seedTable.rowCount >= LARGE_TABLE_ROWS;
}

/**
 * Loads one table in one transaction: its rows, indexes, foreign keys, sequence, statistics and its line of the
 * manifest, all or nothing. Its pointers are proved before it commits.
 */
export async function loadTable(context: LoadContext, load: TableLoad): Promise<SeedTableRecord> {
  const { session, emit, complete } = context;
  const { client, signal } = session;
  const { seedTable, target, encoder } = load;
  const { table, rowCount: totalRows } = seedTable;
  emit({ type: 'table-started', table, totalRows });
  const startedAt = performance.now();
  const { result } = await withLockRetry(
    session,
    {
      ...SEED_LOCKS,
      onRetry: ({ attempt, blockers }) => emit({ type: 'lock-retry', table, attempt, blockers }),
    },
    async () => {
      await lockTables(context, load);
      const aside = isLarge(load) ? await readSetAside(client, target) : undefined;
      if (aside) await dropSetAside(client, aside);
      const resumeTriggers = await suspendTriggers(client, target);
      const hash = createHash('sha256');
      const progress = rowProgress(table, totalRows, emit);
      for (const { target: copyTarget, fromRow, toRow } of await rangesOf(context, load)) {
        const onRows = (canonical: Buffer, rows: number): void => {
          signal?.throwIfAborted();
          hash.update(canonical);
          progress.add(rows);
        };
        const range = { target: copyTarget, fromRow, toRow };
        await copyRows(client, encoder, range, onRows, context.spare);
      }
      progress.end();
      const onPhase = (phase: SeedPhase): void => emit({ type: 'phase', table, phase });
      if (aside) await rebuildSetAside(client, target, aside, onPhase);
      await resumeTriggers();
      const proofs = proofsDue(table, complete);
      onPhase('statistics');
      await setSequences(context, target, seedTable.columns);
      await client.query(`analyze ${target.sqlName}`);
      if (proofs.length > 0) onPhase('proof');
      await provePointers(client, proofs);
      const record = { table, rowCount: totalRows, checksum: hash.digest('hex') };
      const durationMs = elapsedMs(startedAt);
      await recordTable(client, context.seedId, record, durationMs);
      await context.recordStep({
        action: 'load',
        object: `${SEEDED_SCHEMA}.${table}`,
        result: 'done',
        rowCount: totalRows,
        durationMs,
        detail: { checksum: record.checksum, format: encoder.format },
      });
      return record;
    },
  );
  emit({
    type: 'table-done',
    table,
    rows: result.rowCount,
    checksum: result.checksum,
    durationMs: elapsedMs(startedAt),
  });
  return result;
}

/**
 * All locks at once and in one order, so that the retry costs nothing. Dropping a foreign key locks the table it
 * references exclusively as well.
 */
async function lockTables({ session }: LoadContext, load: TableLoad): Promise<void> {
  const { target } = load;
  const referenced = isLarge(load)
    ? target.references.map((name) => quoteQualified(SEEDED_SCHEMA, name))
    : [];
  await session.client.query(
    `lock table ${[...referenced, target.sqlName].join(', ')} in access exclusive mode; set local maintenance_work_mem = '256MB'`,
  );
}

/** Of a partitioned table each month goes straight to its partition: routed by the server it takes a third longer. */
async function rangesOf(
  context: LoadContext,
  { seedTable, target }: TableLoad,
): Promise<readonly MonthRange[]> {
  const whole = [{ target: target.sqlName, fromRow: 0, toRow: seedTable.rowCount }];
  if (seedTable.rowCount === 0) return [];
  if (!target.partitioned || seedTable.months === undefined) return whole;
  return makeMonths(context.session, seedTable, (partition) =>
    context.emit({ type: 'partition-made', table: seedTable.table, partition }),
  );
}

/** ALTER SEQUENCE is rolled back with the rows; setval() would not be. */
async function setSequences(
  { session }: LoadContext,
  { columns, sqlName }: TargetTable,
  generators: Readonly<Record<string, unknown>>,
): Promise<void> {
  for (const { name, sequence } of columns) {
    if (sequence === null || !(name in generators)) continue;
    const column = quoteIdentifier(name);
    const { rows } = await session.client.query<{ next: string | null }>(
      `select (max(${column}) + 1)::text as next from ${sqlName}`,
    );
    const next = rows[0]?.next;
    if (next != null) await session.client.query(`alter sequence ${sequence} restart with ${BigInt(next)}`);
  }
}
