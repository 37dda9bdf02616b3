import type { ClientBase } from 'pg';
import { withConnection } from '../database/connect.js';
import { createGuards, type StopReason } from '../database/maintenance-guards.js';
import type { MaintenanceSession } from '../database/maintenance-session.js';
import type { RunLedger } from '../database/run-ledger.js';
import { BusyError, type StudymateError } from '../errors.js';
import { dropLeftover, type PhysicalIndex } from './concurrent-leftovers.js';
import {
  assertLedger,
  RunFailed,
  withIndexRun,
  withIndexSession,
  type IndexSessionOptions,
} from './concurrent-run.js';
import type { ConcurrentContext } from './concurrent-statement.js';
import { readListedIndexes } from './list-indexes.js';
import { nextOpening, openWindow } from './maintenance-window.js';
import { readRebuildHistory } from './reindex-history.js';
import { reindexSettings, type ReindexOptions, type ReindexSettings } from './reindex-options.js';
import { selectReindex, type ReindexSelection } from './reindex-plan.js';
import { analyzeForReindex, performReindex, type ReindexStep } from './reindex-step.js';

export interface ReindexPlan extends ReindexSelection {
  /** What this role cannot see. */
  readonly notices: readonly string[];
  /** In bytes, as the caller gave it: the server does not know. */
  readonly freeBytes: number | undefined;
}

export interface ReindexResult {
  readonly steps: readonly ReindexStep[];
  readonly skipped: ReindexSelection['skipped'];
  /** Candidates that are left, for the next run. */
  readonly left: number;
  /** Why they are; undefined when the run got through. */
  readonly stopped: ReindexStop | undefined;
  /** Qualified names of copies that a failed rebuild left, as a transaction on the table did not end. */
  readonly leftovers: readonly string[];
  readonly notices: readonly string[];
  /** Tables and partitions whose statistics do not tell, and could not be brought up to date. */
  readonly notAnalyzed: readonly { readonly table: string; readonly error: StudymateError }[];
  /** Rebuilds and analyzes that failed. */
  readonly failed: number;
}

export interface ReindexStop {
  readonly reason: StopReason | 'window closed' | 'index count';
  readonly detail: string;
}

/** Says what reindexIndexes would do. Writes nothing: what only an ANALYZE can tell is in `unsure`. */
export function planReindex(
  options: ReindexOptions & Pick<IndexSessionOptions, 'connection' | 'signal'>,
): Promise<ReindexPlan> {
  const { connection, signal } = options;
  const settings = reindexSettings(options);
  return withConnection(
    connection,
    { applicationName: 'studymate-db index reindex', signal },
    async ({ client }) => {
      await assertLedger(client);
      return { ...(await select(client, settings, signal)), freeBytes: settings.freeBytes };
    },
  );
}

/**
 * Rebuilds indexes with REINDEX CONCURRENTLY, one physical index after the other, a partitioned one leaf by leaf:
 * readers and writers go on. Chosen by rule (btrees, by size, bloat and last rebuild; statistics that are stale are
 * brought up to date first) or named. Before each, window, time, replicas, old transactions and the signal are looked
 * at; what is left is for the next run. Each is in the ledger with its size before, predicted and after.
 *
 * Interrupted or failing, it drops what its rebuild left; killed, it leaves that to healIndexes. Aborted after it got
 * the lease, it does not throw.
 *
 * @throws BusyError BUSY_WINDOW_CLOSED before anything is done, BUSY_MAINTENANCE_RUNNING; UsageError
 * USAGE_INVALID_OPTION; OperationError INDEX_MISSING; what withMaintenanceSession throws
 */
export async function reindexIndexes(options: ReindexOptions & IndexSessionOptions): Promise<ReindexResult> {
  assertOpen(reindexSettings(options));
  return withIndexSession('index reindex', options, (session) => reindexUnderLease(session, options));
}

/** reindexIndexes() within a session that already holds the lease. */
export async function reindexUnderLease(
  session: MaintenanceSession,
  options: ReindexOptions = {},
): Promise<ReindexResult> {
  const settings = reindexSettings(options);
  assertOpen(settings);
  const { filter, clock, windows, ...told } = settings;
  const run = {
    command: 'index reindex',
    options: { ...filter, ...told, windows: windows.map(({ text }) => text), now: clock() },
  };
  const state: RunState = {
    steps: [],
    skipped: [],
    left: 0,
    stopped: undefined,
    leftovers: [],
    notices: [],
    notAnalyzed: [],
  };
  const failures = (): readonly string[] => [
    ...state.notAnalyzed.map(({ table }) => table),
    ...state.steps.filter(({ result }) => result === 'failed').map(({ candidate }) => candidate.name),
  ];
  try {
    await withIndexRun(session, run, options, async (context, ledger) => {
      await rebuildAll(context, ledger, settings, state);
      session.signal?.throwIfAborted();
      if (failures().length > 0) throw new RunFailed(`failed: ${failures().join(', ')}`);
    });
  } catch (error) {
    if (session.signal?.aborted === true)
      state.stopped = { reason: 'interrupted', detail: 'the run was interrupted' };
    else if (!(error instanceof RunFailed)) throw error;
  }
  const { leftovers, ...rest } = state;
  return {
    ...rest,
    leftovers: leftovers.map(({ schema, name }) => `${schema}.${name}`),
    failed: failures().length,
  };
}

interface RunState {
  readonly steps: ReindexStep[];
  skipped: ReindexSelection['skipped'];
  left: number;
  stopped: ReindexStop | undefined;
  leftovers: readonly PhysicalIndex[];
  notices: readonly string[];
  readonly notAnalyzed: { readonly table: string; readonly error: StudymateError }[];
}

async function rebuildAll(
  context: ConcurrentContext,
  ledger: RunLedger,
  settings: ReindexSettings,
  state: RunState,
): Promise<void> {
  const { session, onEvent } = context;
  const { client, signal } = session;
  const deadline = performance.now() + settings.maxDurationMs;
  const guards = createGuards(client, settings, { deadline, signal, onEvent });
  const mayGoOn = async (): Promise<boolean> => {
    signal?.throwIfAborted();
    state.stopped ??= closedWindow(settings) ?? (await guards.pass()) ?? closedWindow(settings);
    return state.stopped === undefined;
  };

  let selection = await select(client, settings, signal);
  if (selection.unsure.length > 0) {
    const analyzed = new Set<number>();
    for (const table of selection.unsure) {
      if (!(await mayGoOn())) break;
      const error = await analyzeForReindex(context, ledger, table);
      if (error !== undefined) state.notAnalyzed.push({ table: `${table.schema}.${table.name}`, error });
      analyzed.add(table.oid);
    }
    selection = await select(client, settings, signal, analyzed);
  }
  state.skipped = selection.skipped;
  state.notices = [...selection.notices];
  state.left = selection.candidates.length;
  for (const candidate of selection.candidates) {
    if (state.steps.length >= settings.maxIndexes)
      state.stopped ??= { reason: 'index count', detail: `${settings.maxIndexes} indexes are done` };
    if (!(await mayGoOn())) break;
    const { step, leftovers } = await performReindex(context, ledger, candidate);
    state.steps.push(step);
    state.leftovers = [...state.leftovers, ...leftovers];
    state.left -= 1;
    signal?.throwIfAborted();
  }
  state.notices = [...state.notices, ...guards.warnings];
  // Whoever was in the way may be gone by now.
  const still: PhysicalIndex[] = [];
  for (const leftover of state.leftovers)
    if (!(await dropLeftover(client, leftover, context.lockTimeoutMs))) still.push(leftover);
  state.leftovers = still;
}

async function select(
  client: ClientBase,
  settings: ReindexSettings,
  signal: AbortSignal | undefined,
  analyzed?: ReadonlySet<number>,
): Promise<ReindexSelection & { readonly notices: readonly string[] }> {
  const { filter, exact, clock, cooldownDays } = settings;
  const { indexes, notices } = await readListedIndexes(client, { ...filter, exact, now: clock(), signal });
  const history = await readRebuildHistory(client, cooldownDays);
  return { ...selectReindex(indexes, history, settings, analyzed), notices };
}

function closedWindow({ windows, clock }: ReindexSettings): ReindexStop | undefined {
  const now = clock();
  if (windows.length === 0 || openWindow(windows, now) !== undefined) return undefined;
  const next = nextOpening(windows, now);
  return {
    reason: 'window closed',
    detail: `${windows.map(({ text }) => text).join('; ')}; opens next at ${next?.toISOString() ?? 'no time'}`,
  };
}

/** @throws BusyError BUSY_WINDOW_CLOSED */
function assertOpen(settings: ReindexSettings): void {
  const closed = closedWindow(settings);
  if (closed === undefined) return;
  throw new BusyError('BUSY_WINDOW_CLOSED', 'the maintenance window is closed', {
    detail: closed.detail,
    hint: 'Nothing was done; run again when it is open.',
  });
}
