import type { BarPlot } from '../../plot.js';
import type { ReportResult } from '../../report-result.js';
import { isNumeric } from '../format-value.js';
import { resultColumn } from '../result-column.js';
import { drawColumns } from './bar-columns.js';
import { drawRows } from './bar-rows.js';
import type { Canvas, Drawing } from './plot-source.js';

/** Columns side by side over days and numbers; over names bars below each other, so that names can be read. */
export function drawBars(plot: BarPlot, result: ReportResult, canvas: Canvas): Drawing {
  const { kind } = resultColumn(result, plot.x);
  const isOrdered = kind === 'day' || kind === 'instant' || isNumeric(kind);
  return isOrdered ? drawColumns(plot, result, canvas) : drawRows(plot, result, canvas);
}
