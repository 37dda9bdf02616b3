import { escapeHtml } from '../../page/escape-html.js';
import type { DomainDescription } from '../schema-description.js';
import { hiddenText, padding, rowHeight, stubBoxes, tableBox } from './box.js';
import { drawLine } from './draw-line.js';
import { layOut, type PlacedBox } from './layout.js';

/** A domain as SVG: its tables with their key columns, and as stubs those outside that it points at. */
export function drawDiagram(domain: DomainDescription, all: readonly DomainDescription[]): string {
  const boxes = [...stubBoxes(domain, all), ...domain.tables.map(tableBox)];
  const references = domain.tables.flatMap((table) => table.references);
  const { width, height, boxes: placed, lines } = layOut(boxes, references);
  const title = `${domain.name} (${domain.koreanName}): ${domain.tables.length} tables and their references`;
  return [
    `<svg role="group" aria-label="${escapeHtml(title)}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    ...lines.map(drawLine),
    ...placed.map(drawBox),
    '</svg>',
  ].join('\n');
}

function drawBox(box: PlacedBox): string {
  const { x, y, width, height, headHeight, name, koreanName, anchor } = box;
  const label = escapeHtml(koreanName === null ? name : `${name} (${koreanName})`);
  const rows = box.rows.map(({ column, type, marks }, index) => {
    const baseline = y + headHeight + 4 + index * rowHeight + 14;
    return [
      `<text class="code" x="${x + padding}" y="${baseline}">${escapeHtml(column)} <tspan class="muted">${escapeHtml(type)}</tspan></text>`,
      `<text class="mark" x="${x + width - padding}" y="${baseline}">${marks}</text>`,
    ].join('');
  });
  const more = hiddenText(box.hiddenColumns);
  const moreY = y + headHeight + 4 + box.rows.length * rowHeight + 14;
  return [
    `<a class="box${box.stub ? ' stub' : ''}" href="#${anchor}" data-table="${anchor}" aria-label="${label}">`,
    `<rect class="frame" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`,
    box.stub
      ? ''
      : `<path class="head" d="M${x},${y + headHeight}v${6 - headHeight}q0,-6 6,-6h${width - 12}q6,0 6,6v${headHeight - 6}z"/>`,
    `<text class="name" x="${x + padding}" y="${y + 20}">${escapeHtml(name)}</text>`,
    koreanName === null
      ? ''
      : `<text class="korean" x="${x + padding}" y="${y + 37}">${escapeHtml(koreanName)}</text>`,
    ...rows,
    more === '' ? '' : `<text class="more" x="${x + padding}" y="${moreY}">${more}</text>`,
    '</a>',
  ].join('');
}
