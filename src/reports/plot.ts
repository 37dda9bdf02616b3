import type { Text } from './text.js';

/** How rows are drawn; names are columns of the report. */
export type Plot = LinePlot | BarPlot | HeatmapPlot | FunnelPlot;

interface Titled {
  readonly title: Text;
}

/** A line for each of `y`, over days. Rows come in the order of `x`. */
export interface LinePlot extends Titled {
  readonly type: 'line';
  readonly x: string;
  readonly y: readonly string[];
}

/** A bar for each row and each of `y`; stacked, or side by side. */
export interface BarPlot extends Titled {
  readonly type: 'bar';
  readonly x: string;
  readonly y: readonly string[];
  readonly stacked?: boolean;
}

/** A cell for each row, at (`x`, `y`), as dark as `value`, which is between 0 and 1. */
export interface HeatmapPlot extends Titled {
  readonly type: 'heatmap';
  readonly x: string;
  readonly y: string;
  readonly value: string;
  /** A boolean column: false marks cells whose time is not over yet. */
  readonly complete?: string;
}

/** A bar for each row, in their order, each as wide as its share of the first. */
export interface FunnelPlot extends Titled {
  readonly type: 'funnel';
  readonly step: string;
  readonly value: string;
}

/** For people, rows become a grid: a line for each `row`, a column for each `column`. Machine formats keep the rows. */
export interface Pivot {
  readonly row: string;
  readonly column: string;
  readonly value: string;
  /** More columns of the report, equal in all rows of a line, between `row` and the grid. */
  readonly beside?: readonly string[];
  /** As in HeatmapPlot; such cells get an asterisk. */
  readonly complete?: string;
}
