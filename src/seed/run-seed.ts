import type { SeedOptions, SeedPlan } from '../../seeds/seed-plan.js';
import { elapsedMs } from '../database/duration.js';
import { withMaintenanceSession, type MaintenanceSession } from '../database/maintenance-session.js';
import { withRunLedger, type RunLedger, type RunStep } from '../database/run-ledger.js';
import { hasSqlState, isServerError, SQLSTATE } from '../database/sqlstate.js';
import { OperationError, UsageError } from '../errors.js';
import { packageVersion } from '../package-root.js';
import { assertSchema, type TableLoad } from './assert-schema.js';
import { assertMayReset } from './environment.js';
import { loadTable, type LoadContext } from './load-table.js';
import { makeManifest, type SeedTableRecord } from './manifest.js';
import { planRun } from './plan-run.js';
import { planReset, resetWorld } from './reset.js';
import type { CopyFormat } from './row-encoder.js';
import { runLoads } from './schedule.js';
import { withSecondSession } from './second-session.js';
import { beginSeed, finishSeed, readSeedLedger } from './seed-ledger.js';
import type { SeedResult, SeedRunOptions } from './seed.js';
import { assertOwnRowsOnly, listTablesWithRows, worldTables } from './world-state.js';

export interface RunSeedOptions extends Omit<SeedRunOptions, keyof SeedOptions> {
  readonly plan: SeedPlan;
  /** Forces a format; default: binary where every type can be written so. */
  readonly format?: CopyFormat | undefined;
}

/** As `seed()`, for a plan that is given. */
export async function runSeed(options: RunSeedOptions): Promise<SeedResult> {
  const { connection, signal, waitMs, onEvent: emit = () => undefined } = options;
  // Callers in JavaScript, and the command line, may give any number.
  if (![1, 2].includes(options.jobs ?? 1)) {
    throw new UsageError('USAGE_INVALID_OPTION', `--jobs: ${options.jobs ?? ''} is not possible`, {
      hint: 'Give 1 or 2.',
    });
  }
  return withMaintenanceSession(
    {
      connection,
      applicationName: 'studymate-db seed',
      waitMs,
      signal,
      onWait: (holder) => emit({ type: 'waiting', holder }),
    },
    (session) => seedInSession(session, options),
  );
}

/** Everything is looked at before anything is written. */
async function seedInSession(session: MaintenanceSession, options: RunSeedOptions): Promise<SeedResult> {
  const { plan, only, reset = false, dryRun = false, jobs = 1, onEvent: emit = () => undefined } = options;
  const { client } = session;
  const startedAt = performance.now();
  const loads = await assertSchema(client, plan, options.format);
  const world = worldTables(plan);
  const ledger = await readSeedLedger(client, plan);
  const withRows = await listTablesWithRows(client, world);
  if (reset) await assertMayReset(client, withRows, options.confirmDatabase);
  const toEmpty = reset ? await planReset(client, world) : [];
  const present = reset ? new Set<string>() : assertOwnRowsOnly(world, withRows, ledger);
  const run = await planRun(client, { plan, loads, present, only });
  const records = new Map([...ledger.loaded].filter(([table]) => present.has(table)));
  const result = (): SeedResult => ({
    dryRun,
    emptied: reset ? withRows : [],
    ...run,
    manifest: makeManifest(plan, records),
    durationMs: elapsedMs(startedAt),
  });
  if (dryRun) return result();
  for (const { table, rows } of run.kept) emit({ type: 'table-kept', table, rows });
  const ledgerOptions = { ...plan.options, only: only ?? null, reset, jobs };
  await withRunLedger(
    client,
    { command: 'seed', options: ledgerOptions, toolVersion: packageVersion() },
    async (runLedger) => {
      if (reset) {
        await resetWorld(session, toEmpty);
        emit({ type: 'reset', tables: withRows });
      }
      const seedId = reset ? undefined : ledger.seedId;
      const context: LoadContext = {
        session,
        plan,
        seedId: seedId ?? (await beginSeed(client, plan, packageVersion())),
        recordStep: (step) => runLedger.step(step),
        spare: [],
        complete: new Set(records.keys()),
        emit,
      };
      await loadAll(
        context,
        run.toLoad.flatMap(({ table }) => loads.get(table) ?? []),
        jobs,
        records,
      );
      const { checksum } = makeManifest(plan, records);
      if (checksum !== undefined) await finishSeed(client, context.seedId, checksum);
    },
  );
  return result();
}

async function loadAll(
  context: LoadContext,
  loads: readonly TableLoad[],
  jobs: number,
  records: Map<string, SeedTableRecord>,
): Promise<void> {
  const load = async (
    session: MaintenanceSession,
    table: TableLoad,
    recordStep = context.recordStep,
  ): Promise<void> => {
    const { name } = table.target;
    try {
      const complete = new Set(records.keys());
      records.set(name, await loadTable({ ...context, session, complete, recordStep }, table));
    } catch (error) {
      context.session.signal?.throwIfAborted();
      throw explain(error, name);
    }
  };
  const { session } = context;
  if (jobs === 1 || loads.length < 2) return runLoads(loads, 1, (table) => load(session, table));
  // Those of the second connection are written down afterwards: the first is in a transaction of its own meanwhile.
  const later: RunStep[] = [];
  const recordLater: RunLedger['step'] = (step) => Promise.resolve(void later.push(step));
  try {
    await withSecondSession(session, (second) =>
      runLoads(loads, 2, (table, worker) =>
        worker === 0 ? load(session, table) : load(second, table, recordLater),
      ),
    );
  } finally {
    const recorded = later.filter(({ object }) => records.has(object.slice(object.indexOf('.') + 1)));
    for (const step of recorded) await context.recordStep(step).catch(() => undefined);
  }
}

/** What the server refused is the table's failure; that the connection or the server went is told by its own error. */
function explain(error: unknown, table: string): unknown {
  const states = [SQLSTATE.adminShutdown, SQLSTATE.crashShutdown, SQLSTATE.insufficientPrivilege];
  if (!isServerError(error) || hasSqlState(error, ...states)) return error;
  return new OperationError('SEED_TABLE_FAILED', `${table} could not be loaded; it is as before`, {
    // Where: of COPY the row and the column.
    detail: [error.message, error.detail, error.where].filter(Boolean).join('\n'),
    hint: `${hintFor(error)} Tables loaded before stay: run the same command again to go on with the rest.`,
    cause: error,
  });
}

function hintFor(error: unknown): string {
  if (hasSqlState(error, SQLSTATE.diskFull, SQLSTATE.configurationLimitExceeded))
    return 'Make room on the disk of the server, or raise the limit that the detail names.';
  if (hasSqlState(error, SQLSTATE.lockNotAvailable, SQLSTATE.deadlockDetected))
    return 'End the session that holds the table.';
  if (hasSqlState(error, SQLSTATE.queryCanceled)) return 'The statement was cancelled.';
  return 'The detail is the server’s own message.';
}
