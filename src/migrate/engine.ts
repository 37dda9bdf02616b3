import { dirname } from 'node:path';
import { runner, type MigrationBuilder, type RunnerOption } from 'node-pg-migrate';
import type { ClientBase } from 'pg';
import { elapsedMs } from '../database/duration.js';
import { recordRun, type OpenRun } from './ledger.js';
import type { RunSettings } from './options.js';
import { runStatement } from './run-statement.js';
import { SeparateStatements } from './separate-statements.js';
import { prepareSession, type MigrationSession } from './session.js';
import { StatementFailure } from './statement-failure.js';
import { StatementPipeline } from './statement-pipeline.js';
import type { MigrationTask } from './task.js';

interface Step {
  readonly sql: string;
  readonly run: () => Promise<void>;
}

/**
 * What node-pg-migrate takes for its connection: it begins, orders, keeps `studymate.migrations` and commits. A query that is the next step of the file is run our way;
 * everything else (BEGIN, its own table, COMMIT) goes through.
 */
export class EngineRun {
  readonly #session: MigrationSession;
  readonly #settings: RunSettings;
  readonly #openRuns: ReadonlyMap<string, OpenRun>;
  readonly #onDone: (durationMs: number) => void;
  #steps: Step[] = [];
  #task: MigrationTask | undefined;
  startedAt = new Date();
  #start = 0;
  /** Set while a file without a transaction runs. */
  separate: SeparateStatements | undefined;

  constructor(
    session: MigrationSession,
    settings: RunSettings,
    openRuns: ReadonlyMap<string, OpenRun>,
    onDone: (durationMs: number) => void,
  ) {
    this.#session = session;
    this.#settings = settings;
    this.#openRuns = openRuns;
    this.#onDone = onDone;
  }

  /** Prepares the session for a file. @returns the steps the engine is to take */
  async begin(task: MigrationTask): Promise<readonly string[]> {
    const { name, checksum, transaction } = task.file;
    const { action } = task;
    this.#task = task;
    this.#start = performance.now();
    this.startedAt = new Date();
    this.separate = undefined;
    this.#settings.emit({ type: 'file-started', name, action });
    await prepareSession(this.#session, this.#settings.lockTimeoutMs);
    if (transaction) {
      const pipeline = new StatementPipeline(this.#session.client, task.statements);
      this.#steps = task.statements.map((statement, index) =>
        step(statement.text, () =>
          runStatement(this.#session, this.#settings, task, statement, {
            execute: () => pipeline.answer(index),
          }),
        ),
      );
      const record = { name, action, checksum, startedAt: this.startedAt };
      this.#steps.push(
        step('-- studymate-db: record the run', async () => {
          await recordRun(this.#session.client, record, 'done');
        }),
      );
    } else {
      const separate = await SeparateStatements.begin(
        this.#session,
        this.#settings,
        task,
        this.#openRuns.get(name),
      );
      this.separate = separate;
      this.#steps = task.statements
        .slice(separate.done)
        .map((statement) => step(statement.text, () => separate.run(statement)));
    }
    return this.#steps.map(({ sql }) => sql);
  }

  async query(sql: string, values?: unknown[]): Promise<unknown> {
    const [next] = this.#steps;
    if (next?.sql === sql) {
      this.#steps.shift();
      await next.run();
      return { rows: [] };
    }
    try {
      // The engine's own row is the last thing it writes for a file.
      const closes = /^(?:insert into|delete from) /i.test(sql);
      if (closes && this.separate !== undefined) await this.separate.finish(sql);
      else if (sql !== 'COMMIT;') return await this.#session.client.query(sql, values);
      else await this.#session.client.query(sql);
    } catch (error) {
      throw new StatementFailure(undefined, error);
    }
    this.#finish();
    return { rows: [] };
  }

  #finish(): void {
    if (this.#task === undefined) return;
    const durationMs = elapsedMs(this.#start);
    this.#onDone(durationMs);
    this.#settings.emit({
      type: 'file-done',
      name: this.#task.file.name,
      action: this.#task.action,
      durationMs,
    });
  }
}

/** The engine ends every step with a semicolon. */
function step(sql: string, run: () => Promise<void>): Step {
  return { sql: sql.endsWith(';') ? sql : `${sql};`, run };
}

/** Runs tasks of one direction. @throws StatementFailure; what was begun is for the caller to roll back */
export async function runEngine(tasks: readonly MigrationTask[], run: EngineRun): Promise<void> {
  const [first] = tasks;
  if (first === undefined) return;
  const silent = (): void => undefined;
  const options: RunnerOption = {
    dbClient: run as unknown as ClientBase,
    direction: first.action,
    ...(first.action === 'down' ? { file: first.file.name } : {}),
    count: tasks.length,
    dir: dirname(first.file.path),
    // The engine refuses a folder that holds a README.
    ignorePattern: '(?!\\d{4,}_[A-Za-z0-9_-]+\\.sql$).*',
    migrationsSchema: 'studymate',
    migrationsTable: 'migrations',
    // Ours: a polled lock, and an order check that says what to do.
    noLock: true,
    checkOrder: false,
    singleTransaction: false,
    logger: { info: silent, warn: silent, error: silent },
    migrationLoaderStrategies: [
      { extensions: ['.sql'], loader: () => Promise.resolve(tasks.map((task) => migrationUnit(task, run))) },
    ],
  };
  const ran = await runner(options);
  if (ran.length !== tasks.length)
    throw new Error(`the engine ran ${ran.length} of ${tasks.length} migrations`);
}

function migrationUnit(
  task: MigrationTask,
  run: EngineRun,
): { id: string; filePaths: string[]; actions: MigrationActions } {
  const addSteps = async (pgm: MigrationBuilder): Promise<void> => {
    if (!task.file.transaction) pgm.noTransaction();
    for (const sql of await run.begin(task)) pgm.sql(sql);
  };
  const unused = (): Promise<void> => Promise.resolve();
  const { path } = task.file;
  const actions = task.action === 'up' ? { up: addSteps, down: unused } : { up: unused, down: addSteps };
  return { id: path, filePaths: [path], actions };
}

interface MigrationActions {
  readonly up: (pgm: MigrationBuilder) => Promise<void>;
  readonly down: (pgm: MigrationBuilder) => Promise<void>;
}
