import type { Pivot } from '../plot.js';
import type { ReportResult } from '../report-result.js';
import type { AnyReport } from '../report.js';
import type { Language } from '../text.js';
import { formatValue, isNumeric } from './format-value.js';
import { resultColumn } from './result-column.js';
import { wordsOf } from './words.js';

/** A table for people: every cell is told already. */
export interface ReportTable {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly Readonly<Record<string, string>>[];
  /** What marks in the cells mean; null when there are none. */
  readonly note: string | null;
  /** Of a pivot: what its last columns are, and each of them; null for rows as they are. */
  readonly grid: { readonly label: string; readonly heads: readonly string[] } | null;
}

export interface TableColumn {
  readonly key: string;
  readonly label: string;
  readonly align: 'left' | 'right';
}

/** The rows of a report as a table for people: a grid where the report has a pivot, else a line a row. */
export function tableOf(result: ReportResult, report: AnyReport, language: Language): ReportTable {
  return report.pivot === undefined
    ? plainTable(result, language)
    : pivotRows(result, report.pivot, language);
}

function plainTable({ columns, rows }: ReportResult, language: Language): ReportTable {
  return {
    columns: columns.map(({ name, kind, label }) => ({
      key: name,
      label: label[language],
      align: isNumeric(kind) ? 'right' : 'left',
    })),
    rows: rows.map((row) =>
      Object.fromEntries(columns.map(({ name, kind }) => [name, formatValue(kind, row[name], language)])),
    ),
    note: null,
    grid: null,
  };
}

/**
 * A line for each `row` of the pivot, a column for each of its `column`s: in the order of numbers and days, texts as
 * they come. Cells that are not complete end with an asterisk.
 *
 * @throws TypeError when two rows of the result belong into one cell: a bug of the report
 */
export function pivotRows(result: ReportResult, pivot: Pivot, language: Language): ReportTable {
  const [across, value] = [resultColumn(result, pivot.column), resultColumn(result, pivot.value)];
  const beside = [pivot.row, ...(pivot.beside ?? [])].map((name) => resultColumn(result, name));
  const heads = [...new Map(result.rows.map((row) => [keyOf(row[across.name]), row[across.name]]))];
  if (across.kind !== 'text') heads.sort(([, one], [, other]) => compare(one, other));
  const told = heads.map(([, head]) => formatValue(across.kind, head, language));
  const lines = new Map<string, Record<string, string>>();
  let hasOpen = false;
  for (const row of result.rows) {
    const key = JSON.stringify(beside.map(({ name }) => keyOf(row[name])));
    const line =
      lines.get(key) ??
      Object.fromEntries(beside.map(({ name, kind }) => [name, formatValue(kind, row[name], language)]));
    lines.set(key, line);
    const cell = cellKey(keyOf(row[across.name]));
    if (cell in line)
      throw new TypeError(
        `the report ${result.report} has two values for ${key} at ${String(row[across.name])}`,
      );
    const open = pivot.complete !== undefined && row[pivot.complete] === false;
    const text = formatValue(value.kind, row[value.name], language);
    line[cell] = open && text !== '' ? `${text}*` : text;
    hasOpen ||= open && text !== '';
  }
  return {
    columns: [
      ...beside.map(({ name, kind, label }) => ({
        key: name,
        label: label[language],
        align: isNumeric(kind) ? ('right' as const) : ('left' as const),
      })),
      ...heads.map(([key], index) => ({
        key: cellKey(key),
        // Where a header has one line, the first says what all of them are.
        label: `${index === 0 ? `${across.label[language]} ` : ''}${told[index] ?? ''}`,
        align: isNumeric(value.kind) ? ('right' as const) : ('left' as const),
      })),
    ],
    rows: [...lines.values()],
    note: hasOpen ? `* ${wordsOf(language).incomplete}` : null,
    grid: { label: across.label[language], heads: told },
  };
}

/** Apart from the names of columns. */
function cellKey(key: string): string {
  return `:${key}`;
}

function keyOf(value: unknown): string {
  return value instanceof Date ? value.toISOString() : JSON.stringify(value);
}

function compare(one: unknown, other: unknown): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  const [first, second] = [keyOf(one), keyOf(other)];
  return first < second ? -1 : first > second ? 1 : 0;
}
