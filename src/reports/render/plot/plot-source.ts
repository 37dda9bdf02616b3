import type { Kind } from '../../columns.js';
import type { ReportResult } from '../../report-result.js';
import type { Language } from '../../text.js';
import { formatValue } from '../format-value.js';
import { resultColumn } from '../result-column.js';

type Row = ReportResult['rows'][number];

/** A column of a result, as plots read it. */
export interface PlotColumn {
  readonly name: string;
  readonly kind: Kind;
  readonly label: string;
  /** Undefined and texts are null: a gap. */
  number(row: Row): number | null;
  /** For people; null says so. */
  tell(row: Row): string;
}

/** How large a plot is, and what it calls things. */
export interface Canvas {
  readonly width: number;
  readonly language: Language;
  /** Of text, in pixels. */
  readonly fontSize: number;
}

/** What is within the svg element, and how high it is. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly marks: string;
  /** What a reader should know of it. */
  readonly note?: string;
}

export function plotColumn(result: ReportResult, column: string, language: Language): PlotColumn {
  const { name, kind, label } = resultColumn(result, column);
  return {
    name,
    kind,
    label: label[language],
    number: (row) => {
      const value = row[name];
      if (value instanceof Date) return value.getTime();
      const number = kind === 'day' ? Date.parse(`${String(value)}T00:00:00Z`) : value;
      return typeof number === 'number' && Number.isFinite(number) ? number : null;
    },
    tell: (row) => formatValue(kind, row[name], language) || '–',
  };
}

/** A coordinate, to a tenth of a pixel: more is bytes that nobody sees. */
export function at(value: number): string {
  return String(Math.round(value * 10) / 10);
}
