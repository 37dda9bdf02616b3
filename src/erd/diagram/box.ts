import type { DomainDescription, TableDescription, TableEnd } from '../schema-description.js';
import { textWidth } from './text-width.js';

export const rowHeight = 20;
export const padding = 12;

/** A table as it is drawn: its key columns, or as a stub when it belongs to another domain. */
export interface Box {
  readonly anchor: string;
  readonly name: string;
  readonly koreanName: string | null;
  readonly stub: boolean;
  readonly rows: readonly BoxRow[];
  /** Columns that are in no key and not drawn. */
  readonly hiddenColumns: number;
  readonly headHeight: number;
  readonly width: number;
  readonly height: number;
}

export interface BoxRow {
  readonly column: string;
  readonly type: string;
  readonly marks: string;
}

export function tableBox({ anchor, name, koreanName, columns }: TableDescription): Box {
  const rows = columns
    .filter(({ marks }) => marks.length > 0)
    .map(({ name: column, type, marks }) => ({ column, type, marks: marks.join(' ') }));
  const hiddenColumns = columns.length - rows.length;
  const headHeight = koreanName === null ? 30 : 46;
  const widths = [
    textWidth(name, 'title'),
    textWidth(koreanName ?? '', 'label'),
    textWidth(hiddenText(hiddenColumns), 'label'),
    ...rows.map(
      ({ column, type, marks }) =>
        textWidth(column, 'code') + textWidth(type, 'code') + textWidth(marks, 'label') + 24,
    ),
  ];
  const lines = rows.length + (hiddenColumns > 0 ? 1 : 0);
  return {
    anchor,
    name,
    koreanName,
    stub: false,
    rows,
    hiddenColumns,
    headHeight,
    width: Math.ceil(Math.max(...widths) + 2 * padding),
    height: headHeight + lines * rowHeight + (lines > 0 ? 8 : 0),
  };
}

/** The tables outside that a domain points at. */
export function stubBoxes(domain: DomainDescription, all: readonly DomainDescription[]): readonly Box[] {
  const own = new Set(domain.tables.map(({ anchor }) => anchor));
  const targets = new Map<string, TableEnd>(
    domain.tables
      .flatMap(({ references }) => references.map(({ to }) => to))
      .filter(({ anchor }) => !own.has(anchor))
      .map((to) => [to.anchor, to]),
  );
  return [...targets.values()].map(({ anchor, table: name }) => {
    const described = all.flatMap(({ tables }) => tables).find((other) => other.anchor === anchor);
    const koreanName = described?.koreanName ?? null;
    const headHeight = koreanName === null ? 30 : 46;
    const width = Math.max(textWidth(name, 'title'), textWidth(koreanName ?? '', 'label'));
    return {
      anchor,
      name,
      koreanName,
      stub: true,
      rows: [],
      hiddenColumns: 0,
      headHeight,
      width: Math.ceil(width + 2 * padding),
      height: headHeight,
    };
  });
}

export function hiddenText(count: number): string {
  if (count === 0) return '';
  return `+ ${count} more ${count === 1 ? 'column' : 'columns'}`;
}
