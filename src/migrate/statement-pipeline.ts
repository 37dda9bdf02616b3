import type { ClientBase } from 'pg';
import type { Statement } from './statements.js';

/** Enough to hide the network, few enough that a file of a million statements needs no memory. */
const ahead = 64;

/**
 * Sends statements of one transaction ahead of their answers, so that the server never waits for the network
 * while it holds locks. After a failure the server refuses the rest of the transaction by itself, so what was
 * sent ahead does nothing. The client must be one with `pipeline: true`.
 */
export class StatementPipeline {
  readonly #client: ClientBase;
  readonly #statements: readonly Statement[];
  readonly #answers: Promise<unknown>[] = [];

  constructor(client: ClientBase, statements: readonly Statement[]) {
    this.#client = client;
    this.#statements = statements;
  }

  /** Waits for the answer to one statement; to be called in their order. */
  async answer(index: number): Promise<void> {
    const until = Math.min(index + ahead, this.#statements.length);
    for (const { text } of this.#statements.slice(this.#answers.length, until)) {
      const answer = this.#client.query(text);
      // Whoever waits for it still sees the error; without a waiter it is one of a transaction that has failed.
      answer.catch(() => undefined);
      this.#answers.push(answer);
    }
    await this.#answers[index];
  }
}
