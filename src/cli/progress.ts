/** What a long command tells while it works, on stderr: words on a terminal, JSON lines for cron and CI. */
export class Progress {
  readonly #mode: 'text' | 'json' | 'none';
  readonly #write: (text: string) => void;

  constructor(
    mode: 'text' | 'json' | 'none',
    write = (text: string): void => void process.stderr.write(text),
  ) {
    this.#mode = mode;
    this.#write = write;
  }

  /** @param fields the event for machines; @param text the same for people, or undefined to spare them */
  report(fields: Readonly<Record<string, unknown>>, text: string | undefined): void {
    if (this.#mode === 'json')
      this.#write(`${JSON.stringify({ at: new Date().toISOString(), ...fields })}\n`);
    if (this.#mode === 'text' && text !== undefined) this.#write(`${text}\n`);
  }
}
