import type { ClientBase } from 'pg';
import { elapsedMs } from '../database/duration.js';
import { withLockRetry, type LockRetry } from '../database/lock-retry.js';
import type { RunLedger } from '../database/run-ledger.js';
import { OperationError, type StudymateError } from '../errors.js';
import { indexStepError } from './concurrent-error.js';
import { buildLeaf, rebuildIndex, type BuildResult } from './concurrent-rebuild.js';
import type { ConcurrentContext } from './concurrent-statement.js';
import { runConcurrently } from './concurrent-statement.js';
import { readDefinitionTail } from './definition-tail.js';
import { attachStatement, finalizeStatement, type HealStep } from './planned-heal-step.js';

export interface HealStepResult {
  readonly action: HealStep['action'];
  readonly object: string;
  readonly reason: string;
  readonly result: 'done' | 'failed';
  readonly durationMs: number;
  /** Indexes that a failed build left, as a transaction on the table did not end; qualified names. */
  readonly leftovers: readonly string[];
  readonly error: StudymateError | undefined;
}

/**
 * Does one step and writes it to the ledger. Attaching and finalizing take locks that others wait behind, for
 * milliseconds, with retries; everything else is CONCURRENTLY.
 *
 * @throws what concerns the whole run: an interruption, a lost connection, a bug
 */
export async function performHealStep(
  context: ConcurrentContext,
  ledger: RunLedger,
  step: HealStep,
): Promise<HealStepResult> {
  const { session, onEvent } = context;
  const { action, object, reason } = step;
  onEvent?.({ type: 'step-started', action, object, reason });
  const startedAt = performance.now();
  let failure: unknown;
  let leftovers: readonly string[] = [];
  try {
    const built = await perform(context, step);
    failure = built?.error;
    leftovers = (built?.leftovers ?? []).map(({ schema, name }) => `${schema}.${name}`);
  } catch (error) {
    failure = error;
  }
  const error =
    failure === undefined ? undefined : indexStepError(failure, { object, signal: session.signal });
  const durationMs = elapsedMs(startedAt);
  const result = error === undefined ? 'done' : 'failed';
  await ledger.step({ action, object, result, durationMs, detail: { reason, leftovers }, error });
  onEvent?.({ type: 'step-ended', action, object, durationMs, error });
  return { action, object, reason, result, durationMs, leftovers, error };
}

async function perform(context: ConcurrentContext, step: HealStep): Promise<BuildResult | undefined> {
  const { client } = context.session;
  switch (step.action) {
    case 'finalize detach':
      await underShortLocks(context, step, finalizeStatement(step.detach));
      return undefined;
    case 'drop leftover':
      await runConcurrently(context, { sql: step.statement, object: step.object });
      return undefined;
    case 'rebuild':
      return rebuildIndex(context, step.index);
    case 'build': {
      const tail = await readDefinitionTail(client, step.root.oid);
      return buildLeaf(context, { ...step.root, tail }, step.partition);
    }
    case 'attach': {
      const parent = await parentIndex(client, step.root, step.leaf.tableOid);
      await underShortLocks(context, step, attachStatement(parent, step.leaf));
      return undefined;
    }
    case 'validate': {
      for (const { parent, child } of await invalidParents(client, step.root.oid))
        await underShortLocks(context, step, attachStatement(parent, child));
      return undefined;
    }
  }
}

async function underShortLocks(
  { session, lock, onEvent }: ConcurrentContext,
  { object }: HealStep,
  statement: string,
): Promise<void> {
  let blockers: LockRetry['blockers'] = [];
  const onRetry = (retry: LockRetry): void => {
    blockers = retry.blockers;
    onEvent?.({ type: 'lock-retry', object, ...retry });
  };
  try {
    await withLockRetry(session, { ...lock, onRetry }, () => session.client.query(statement));
  } catch (error) {
    throw indexStepError(error, { object, signal: session.signal, blockers });
  }
}

interface Name {
  readonly schema: string;
  readonly name: string;
}

/** The index that a leaf is attached to: of the table that its partition belongs to directly. */
async function parentIndex(
  client: ClientBase,
  root: Name & { oid: number },
  tableOid: number,
): Promise<Name> {
  const { rows } = await client.query<Name>(
    `select n.nspname::text as schema, c.relname::text as name
       from pg_inherits p
       join pg_index i on i.indrelid = p.inhparent
       join pg_class c on c.oid = i.indexrelid
       join pg_namespace n on n.oid = c.relnamespace
      where p.inhrelid = $1 and i.indexrelid in (select relid from pg_partition_tree($2::oid::regclass))`,
    [tableOid, root.oid],
  );
  if (rows[0] !== undefined) return rows[0];
  throw new OperationError(
    'INDEX_TABLE_UNSUPPORTED',
    `${root.schema}.${root.name} has no index on the table that this partition belongs to`,
    {
      hint: 'Give the partitioned partition its index first: «create index … on only», then «alter index … attach partition».',
    },
  );
}

/** The invalid partitioned indexes of a tree, the deepest first, each with one child to attach again. */
async function invalidParents(
  client: ClientBase,
  rootOid: number,
): Promise<readonly { readonly parent: Name; readonly child: Name }[]> {
  const { rows } = await client.query<{ parent: Name; child: Name }>(
    `select json_build_object('schema', n.nspname, 'name', c.relname) as parent, child.name as child
       from pg_partition_tree($1::oid::regclass) tree
       join pg_index i on i.indexrelid = tree.relid and not i.indisvalid
       join pg_class c on c.oid = i.indexrelid and c.relkind = 'I'
       join pg_namespace n on n.oid = c.relnamespace
      cross join lateral (
         select json_build_object('schema', ln.nspname, 'name', l.relname) as name
           from pg_inherits p
           join pg_class l on l.oid = p.inhrelid
           join pg_namespace ln on ln.oid = l.relnamespace
          where p.inhparent = tree.relid
          order by l.oid
          limit 1) as child
      order by tree.level desc`,
    [rootOid],
  );
  return rows;
}
