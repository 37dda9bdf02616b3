import type { Kind } from '../columns.js';
import type { ReportResult } from '../report-result.js';
import { csvCell, quoteCell } from './csv.js';

/**
 * A header with the names of the columns, then the raw rows. Lines end with a line feed, as those of psql; null is
 * an empty cell, an empty text `""`.
 *
 * Excel takes a file without a byte order mark for the code page of its system, which breaks Hangul; programs take
 * the mark for a part of the first name. Machines come first, so it is there on request only.
 */
export function renderCsv({ columns, rows }: ReportResult, byteOrderMark = false): string {
  const lines = [
    columns.map(({ name }) => quoteCell(name)),
    ...rows.map((row) => columns.map(({ name, kind }) => cell(kind, row[name]))),
  ];
  return (byteOrderMark ? '\ufeff' : '') + lines.map((cells) => `${cells.join(',')}\n`).join('');
}

function cell(kind: Kind, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (value === '') return '""';
  if (typeof value !== 'string') return JSON.stringify(value);
  return kind === 'text' ? csvCell(value) : quoteCell(value);
}
