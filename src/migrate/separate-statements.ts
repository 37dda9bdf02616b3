import { createHash } from 'node:crypto';
import { OperationError } from '../errors.js';
import { assertIndexValid, dropInvalidIndex, findIndex } from './concurrent-index.js';
import { finishRun, recordRun, recordStatementDone, type OpenRun } from './ledger.js';
import type { RunSettings } from './options.js';
import { backOff, isRetryable, runStatement } from './run-statement.js';
import { prepareSession, type MigrationSession } from './session.js';
import { asRunFailure, StatementFailure } from './statement-failure.js';
import type { RelationName } from './statement-kind.js';
import type { Statement } from './statements.js';
import type { MigrationTask } from './task.js';

/**
 * Runs a file of which each statement commits by itself, keeping a resume point in the ledger. What can be in a
 * transaction commits together with its resume point, so it runs exactly once whatever happens; a concurrent
 * index build is recognised by its index.
 */
export class SeparateStatements {
  readonly #session: MigrationSession;
  readonly #settings: RunSettings;
  readonly #task: MigrationTask;
  readonly #runId: string;
  /** An earlier run stopped somewhere in this file. */
  readonly #resuming: boolean;
  /** Statements which that run has done. */
  readonly done: number;

  private constructor(
    session: MigrationSession,
    settings: RunSettings,
    task: MigrationTask,
    run: { id: string; resuming: boolean; done: number },
  ) {
    this.#session = session;
    this.#settings = settings;
    this.#task = task;
    this.#runId = run.id;
    this.#resuming = run.resuming;
    this.done = run.done;
  }

  /** @throws OperationError MIGRATION_RESUME_UNCLEAR when the statements already done are no longer in the file */
  static async begin(
    session: MigrationSession,
    settings: RunSettings,
    task: MigrationTask,
    previous: OpenRun | undefined,
  ): Promise<SeparateStatements> {
    const resuming = previous?.action === task.action;
    const done = resuming ? previous.statementsDone : 0;
    const checksum = checksumOf(task.statements.slice(0, done));
    if (done > 0 && previous?.statementsChecksum !== checksum) {
      throw new OperationError(
        'MIGRATION_RESUME_UNCLEAR',
        `${task.file.name} was interrupted after ${done} ${done === 1 ? 'statement' : 'statements'}, and these have been edited since`,
        { hint: `Restore the first ${done} as they were; the ones after them may change.` },
      );
    }
    const { name, checksum: fileChecksum } = task.file;
    const id = await recordRun(
      session.client,
      { name, action: task.action, checksum: fileChecksum, startedAt: new Date() },
      'running',
    );
    if (done > 0) {
      await recordStatementDone(session.client, id, done, checksum);
      settings.emit({ type: 'resumed', name, statementsDone: done });
    }
    return new SeparateStatements(session, settings, task, { id, resuming, done });
  }

  async run(statement: Statement): Promise<void> {
    switch (statement.kind.type) {
      case 'transactional':
        return this.#inTransaction(statement);
      case 'create-index-concurrently':
        return this.#createIndex(statement, statement.kind.relation, statement.kind.index ?? '');
      default:
        await this.#patiently(statement);
        await this.#recordDone(statement);
    }
  }

  /** Writes the engine's own row and the end of the run in one transaction. */
  async finish(engineSql: string): Promise<void> {
    const { client } = this.#session;
    await client.query('begin');
    await client.query(engineSql);
    await finishRun(client, this.#runId);
    await client.query('commit');
  }

  async fail(failure: StatementFailure): Promise<void> {
    await finishRun(this.#session.client, this.#runId, asRunFailure(this.#task.file, failure));
  }

  async #inTransaction(statement: Statement): Promise<void> {
    const { client } = this.#session;
    await prepareSession(this.#session, this.#settings.lockTimeoutMs);
    for (let attempt = 1; ; attempt++) {
      try {
        await client.query('begin');
        await runStatement(this.#session, this.#settings, this.#task, statement);
        await this.#recordDone(statement);
        await client.query('commit');
        return;
      } catch (error) {
        await client.query('rollback');
        const failure = error instanceof StatementFailure ? error : new StatementFailure(statement, error);
        if (!isRetryable(failure) || attempt > this.#settings.lockRetries) throw failure;
        await backOff(this.#settings, this.#task, failure, attempt);
      }
    }
  }

  async #createIndex(statement: Statement, relation: RelationName, index: string): Promise<void> {
    const { client } = this.#session;
    await prepareSession(this.#session, this.#settings.concurrentLockTimeoutMs);
    const found = await findIndex(client, relation, index);
    const stoppedHere = this.#resuming && this.#task.statements.indexOf(statement) === this.done;
    // Killed between the end of the build and its record: the index is there and whole.
    if (found?.valid === true && stoppedHere) return this.#recordDone(statement);
    const dropped = await dropInvalidIndex(client, found);
    if (dropped !== undefined) {
      this.#settings.emit({ type: 'invalid-index-dropped', name: this.#task.file.name, index: dropped });
    }
    await this.#patiently(statement);
    assertIndexValid(await findIndex(client, relation, index), index);
    await this.#recordDone(statement);
  }

  async #patiently(statement: Statement): Promise<void> {
    await prepareSession(this.#session, this.#settings.concurrentLockTimeoutMs);
    await runStatement(this.#session, this.#settings, this.#task, statement, {
      lockTimeoutMs: this.#settings.concurrentLockTimeoutMs,
    });
  }

  async #recordDone(statement: Statement): Promise<void> {
    const done = this.#task.statements.indexOf(statement) + 1;
    const checksum = checksumOf(this.#task.statements.slice(0, done));
    await recordStatementDone(this.#session.client, this.#runId, done, checksum);
  }
}

function checksumOf(statements: readonly Statement[]): string {
  const hash = createHash('sha256');
  for (const { text } of statements) hash.update(text).update('\0');
  return hash.digest('hex');
}
