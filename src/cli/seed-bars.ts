import { describeSession } from '../database/session-description.js';
import { formatDuration } from '../database/duration.js';
import type { SeedEvent } from '../seed/events.js';

const BAR_CELLS = 24;
const CLEAR_LINE = '\u001b[2K';

export interface Terminal {
  readonly write: (text: string) => void;
  /** Width in cells, as it is now. */
  readonly columns: () => number;
}

/** Shows a run on a terminal: a bar for each table that is being loaded, and one line for each that is done. */
export function seedBars({ write, columns }: Terminal): (event: SeedEvent) => void {
  /** By table: what its line says now. Two tables may be under way. */
  const live = new Map<string, string>();
  let drawn = 0;
  const redraw = (finished: string | undefined): void => {
    const lines = [...(finished === undefined ? [] : [finished]), ...live.values()];
    const cut = lines.map((line) => `${CLEAR_LINE}${line.slice(0, Math.max(20, columns() - 1))}\n`);
    // Up to the first line that was drawn, over it, and whatever is left below it is cleared.
    const up = drawn > 0 ? `\u001b[${drawn}A` : '';
    write(`${up}${cut.join('')}\u001b[0J`);
    drawn = live.size;
  };
  return (event) => {
    const finished = 'table' in event ? showTable(event, live) : describe(event);
    redraw(finished);
  };
}

/** Changes the line of a table. @returns what is left on the screen for good, if anything */
function showTable(
  event: Extract<SeedEvent, { table: string }>,
  live: Map<string, string>,
): string | undefined {
  const name = event.table.padEnd(22);
  switch (event.type) {
    case 'table-kept':
      return `${name} ${count(event.rows)} rows are there already`;
    case 'table-started':
      live.set(event.table, `${name} ${bar(0)}`);
      return undefined;
    case 'rows': {
      const { rows, totalRows, rowsPerSecond, remainingMs } = event;
      const share = totalRows === 0 ? 1 : rows / totalRows;
      const left = rows < totalRows ? `, ${formatDuration(remainingMs)} left` : '';
      live.set(
        event.table,
        `${name} ${bar(share)} ${String(Math.floor(share * 100)).padStart(3)} %  ${count(rows)} of ${count(totalRows)} rows, ${count(rowsPerSecond)}/s${left}`,
      );
      return undefined;
    }
    case 'phase':
      live.set(event.table, `${name} ${bar(1)} ${phases[event.phase]}`);
      return undefined;
    case 'partition-made':
      live.set(event.table, `${name} ${bar(0)} partition ${event.partition}`);
      return undefined;
    case 'lock-retry':
      return `${name} no lock, attempt ${event.attempt}${event.blockers.map((blocker) => `; blocked by ${describeSession(blocker)}`).join('')}`;
    case 'table-done':
      live.delete(event.table);
      return `${name} ${count(event.rows)} rows in ${formatDuration(event.durationMs)}`;
  }
}

const phases: Readonly<Record<Extract<SeedEvent, { type: 'phase' }>['phase'], string>> = {
  key: 'building keys',
  index: 'building indexes',
  'foreign key': 'checking foreign keys',
  proof: 'proving pointers',
  statistics: 'gathering statistics',
};

function describe(event: Exclude<SeedEvent, { table: string }>): string {
  switch (event.type) {
    case 'waiting':
      return `waiting for another run: ${describeSession(event.holder)}`;
    case 'reset':
      return event.tables.length === 0 ? 'nothing to throw away' : `emptied ${event.tables.join(', ')}`;
  }
}

function bar(share: number): string {
  const full = Math.round(share * BAR_CELLS);
  return '█'.repeat(full) + '░'.repeat(BAR_CELLS - full);
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
