import Table from 'cli-table3';
import { csvCell } from '../reports/render/csv.js';

export const formats = ['table', 'json', 'ndjson', 'csv', 'markdown'] as const;
export type Format = (typeof formats)[number];

/** A cell as it is in machine formats; the table shows null as an empty cell and dates to the second. */
export type Cell = string | number | boolean | null | Date;

export interface Column {
  readonly key: string;
  readonly label: string;
  readonly align?: 'left' | 'right';
}

/** What a command hands back: data for machines, and how to show it to people. */
export interface Outcome {
  /** The whole result, for `--format json`. */
  readonly data: unknown;
  readonly columns: readonly Column[];
  readonly rows: readonly Readonly<Record<string, Cell>>[];
  /** A sentence for the terminal, below the table; machine formats leave it out. */
  readonly summary?: string | undefined;
  /** Written as it is, instead of all the above: documents that have their own formats. */
  readonly text?: string | undefined;
  readonly exitCode?: number | undefined;
}

/** The text for stdout, with a final newline; empty when there is nothing to say. */
export function render({ data, columns, rows, summary, text }: Outcome, format: Format): string {
  if (text !== undefined) return text;
  switch (format) {
    case 'json':
      return `${JSON.stringify(data, null, 2)}\n`;
    case 'ndjson':
      return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    case 'csv':
      return [
        columns.map(({ key }) => key),
        ...rows.map((row) => columns.map(({ key }) => cellText(row[key] ?? null))),
      ]
        .map((cells) => `${cells.map(csvCell).join(',')}\n`)
        .join('');
    case 'markdown':
      return [
        columns.map(({ label }) => label),
        columns.map(({ align }) => (align === 'right' ? '---:' : '---')),
        ...rows.map((row) => columns.map(({ key }) => markdownCell(cellText(row[key] ?? null)))),
      ]
        .map((cells) => `| ${cells.join(' | ')} |\n`)
        .join('');
    case 'table':
      return [rows.length > 0 ? table(columns, rows) : '', summary ? `${summary}\n` : ''].join('');
  }
}

/** A table for people. cli-table3 measures text as terminals draw it: Hangul takes two cells and stays aligned. */
export function table(columns: readonly Column[], rows: Outcome['rows']): string {
  const sheet = new Table({
    head: columns.map(({ label }) => label),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 2 },
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      mid: '',
      'mid-mid': '',
      right: '',
      'right-mid': '',
      middle: '',
    },
  });
  sheet.push(...rows.map((row) => columns.map(({ key }) => cellText(row[key] ?? null))));
  return `${sheet
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`;
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (cell instanceof Date) return cell.toISOString().replace(/\.\d{3}Z$/, 'Z');
  return String(cell);
}

function markdownCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', '<br>');
}
