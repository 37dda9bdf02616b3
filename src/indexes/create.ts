import type { ClientBase } from 'pg';
import { elapsedMs } from '../database/duration.js';
import { withLockRetry, type LockRetry } from '../database/lock-retry.js';
import type { MaintenanceSession } from '../database/maintenance-session.js';
import type { RunLedger } from '../database/run-ledger.js';
import { BusyError, OperationError } from '../errors.js';
import { indexStepError } from './concurrent-error.js';
import { buildIndex, rebuildIndex } from './concurrent-rebuild.js';
import { withIndexRun, withIndexSession, type IndexSessionOptions } from './concurrent-run.js';
import { dropLeftover } from './concurrent-leftovers.js';
import type { ConcurrentContext } from './concurrent-statement.js';
import { writeDefinition } from './create-definition.js';
import type { TargetTable } from './create-target.js';
import {
  createStatement,
  readRoot,
  readRootOid,
  readWanted,
  type CreateIndexOptions,
  type WantedIndex,
} from './create-wanted.js';
import { planCompletion } from './heal-plan.js';
import type { HealStep } from './planned-heal-step.js';
import { readIndexUsers } from './heal-snapshot.js';
import { performHealStep } from './heal-step.js';

export interface CreateIndexResult {
  readonly state: 'exists' | 'created';
  /** Qualified name. */
  readonly index: string;
  /** Leaves of the finished index; 1 on a plain table. */
  readonly leaves: number;
  readonly sizeBytes: number;
  /** What was done now, in this order. */
  readonly steps: readonly {
    readonly action: string;
    readonly object: string;
    readonly durationMs: number;
  }[];
  readonly durationMs: number;
}

/**
 * Makes an index without keeping writers: on a plain table CREATE INDEX CONCURRENTLY; on a partitioned one, where
 * PostgreSQL refuses that, on the parent alone, concurrently on each partition, then attached. Partitions that come
 * meanwhile get theirs. Interrupted, failed or killed anywhere, the same call goes on where it stopped; when the index
 * is there and valid, it does nothing. Writers wait for the parent and for each attach for milliseconds, under a lock
 * timeout with retries.
 *
 * @throws UsageError USAGE_INVALID_OPTION for what the server does not take, before anything is made; OperationError
 * INDEX_NAME_TAKEN, INDEX_TABLE_MISSING, INDEX_TABLE_UNSUPPORTED, INDEX_DUPLICATES, INDEX_LOCK_TIMEOUT,
 * INDEX_STEP_FAILED; BusyError BUSY_INDEX_BUILD, BUSY_MAINTENANCE_RUNNING; what withMaintenanceSession throws
 */
export async function createIndex(
  options: CreateIndexOptions & IndexSessionOptions,
): Promise<CreateIndexResult> {
  writeDefinition(options);
  return withIndexSession('index create', options, (session) => createIndexUnderLease(session, options));
}

/** createIndex() within a session that already holds the lease. */
export async function createIndexUnderLease(
  session: MaintenanceSession,
  options: CreateIndexOptions,
): Promise<CreateIndexResult> {
  const { client } = session;
  const startedAt = performance.now();
  const wanted = await readWanted(client, options);
  const { table, tail } = wanted;
  const { name, unique = false } = options;
  const run = {
    command: 'index create',
    options: { table: `${table.schema}.${table.name}`, name, unique, tail },
  };
  return withIndexRun(session, run, options, async (context, ledger) => {
    const steps = table.partitioned
      ? await createPartitioned(context, ledger, options, wanted)
      : await createPlain(context, ledger, options, wanted);
    const { leaves, sizeBytes } = await readCreated(client, table, name);
    return {
      state: steps.length > 0 ? 'created' : 'exists',
      index: `${table.schema}.${name}`,
      leaves,
      sizeBytes,
      steps,
      durationMs: elapsedMs(startedAt),
    };
  });
}

type Steps = CreateIndexResult['steps'];

async function createPlain(
  context: ConcurrentContext,
  ledger: RunLedger,
  { name, unique = false }: CreateIndexOptions,
  { table, tail, holder }: WantedIndex,
): Promise<Steps> {
  if (holder?.valid === true) return [];
  const { session, onEvent } = context;
  const object = `${table.schema}.${name}`;
  const action = holder === undefined ? 'build' : 'rebuild';
  if (holder !== undefined) await assertUnused(session.client, object, [holder.oid, table.oid]);
  onEvent?.({ type: 'step-started', action, object, reason: holder === undefined ? 'wanted' : 'invalid' });
  const index = { schema: table.schema, name, tableOid: table.oid };
  // A drop that was under way cannot be taken back.
  if (holder?.live === false) await dropLeftover(session.client, index, context.lockTimeoutMs);
  const { error: failure, durationMs } =
    holder?.live === true
      ? await rebuildIndex(context, index)
      : await buildIndex(context, { name, unique, tail }, table);
  const error =
    failure === undefined ? undefined : indexStepError(failure, { object, signal: session.signal });
  await ledger.step({ action, object, result: error === undefined ? 'done' : 'failed', durationMs, error });
  onEvent?.({ type: 'step-ended', action, object, durationMs, error });
  if (error !== undefined) throw error;
  return [{ action, object, durationMs }];
}

async function createPartitioned(
  context: ConcurrentContext,
  ledger: RunLedger,
  { name, unique = false }: CreateIndexOptions,
  { table, tail, holder }: WantedIndex,
): Promise<Steps> {
  const { session, lock, onEvent } = context;
  const { client, signal } = session;
  const object = `${table.schema}.${name}`;
  const steps: { action: string; object: string; durationMs: number }[] = [];
  if (holder === undefined) {
    const step = { action: 'create on parent', object };
    onEvent?.({ type: 'step-started', ...step, reason: 'wanted' });
    const onRetry = (retry: LockRetry): void => onEvent?.({ type: 'lock-retry', object, ...retry });
    try {
      const { heldMs } = await withLockRetry(session, { ...lock, onRetry }, async () => {
        const startedAt = performance.now();
        await client.query(createStatement(table, name, { unique, tail, kind: 'only' }));
        await ledger.step({ ...step, result: 'done', durationMs: elapsedMs(startedAt) });
      });
      onEvent?.({ type: 'step-ended', ...step, durationMs: heldMs });
      steps.push({ ...step, durationMs: heldMs });
    } catch (error) {
      throw indexStepError(error, { object, signal });
    }
  }
  const done = new Set<string>();
  for (;;) {
    signal?.throwIfAborted();
    const { root, standalone } = await readRoot(client, table, await readRootOid(client, table, name));
    if (root.valid && root.missingOn.length === 0) return steps;
    const plan = planCompletion(root, standalone);
    const [step] = plan.steps;
    const key = step && `${step.action} ${step.object}`;
    if (step === undefined || key === undefined || done.has(key)) {
      throw new OperationError('INDEX_STEP_FAILED', `${object} cannot be finished`, {
        detail: plan.obstacle ?? `${key ?? 'nothing'} did not help`,
        hint: 'Look at «studymate-db index list --leaves», and mend what it shows.',
      });
    }
    done.add(key);
    await assertStepUnused(client, step);
    const { error, durationMs } = await performHealStep(context, ledger, step);
    if (error !== undefined) throw error;
    steps.push({ action: step.action, object: step.object, durationMs });
  }
}

/** An index that is invalid may be so because somebody builds it now. */
async function assertStepUnused(client: ClientBase, step: HealStep): Promise<void> {
  if (step.action === 'rebuild')
    await assertUnused(client, step.object, [step.index.oid, step.index.tableOid]);
}

async function assertUnused(client: ClientBase, object: string, oids: readonly number[]): Promise<void> {
  const users = await readIndexUsers(client);
  const by = oids.map((oid) => users.get(oid)).find((who) => who !== undefined);
  if (by === undefined) return;
  throw new BusyError('BUSY_INDEX_BUILD', `${object} may be being built right now`, {
    detail: `Its table is held by ${by}`,
    hint: 'Wait for it, or end it with select pg_cancel_backend(PID), then run again.',
  });
}

async function readCreated(
  client: ClientBase,
  table: TargetTable,
  name: string,
): Promise<{ leaves: number; sizeBytes: number }> {
  const { rows } = await client.query<{ leaves: number; size: number }>(
    `select count(*)::int as leaves, coalesce(sum(pg_relation_size(tree.relid)), 0)::float8 as size
       from pg_class c
       join pg_namespace n on n.oid = c.relnamespace
      cross join lateral (
         select c.oid as relid where c.relkind = 'i'
         union all
         select p.relid::oid from pg_partition_tree(c.oid) p where c.relkind = 'I' and p.isleaf) as tree
      where n.nspname = $1 and c.relname = $2`,
    [table.schema, name],
  );
  const [row] = rows;
  return { leaves: row?.leaves ?? 0, sizeBytes: row?.size ?? 0 };
}
