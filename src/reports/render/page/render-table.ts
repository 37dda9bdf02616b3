import { escapeHtml } from '../../../page/escape-html.js';
import type { Kind } from '../../columns.js';
import type { ReportResult } from '../../report-result.js';
import type { Language } from '../../text.js';
import type { ReportTable, TableColumn } from '../pivot-rows.js';
import { wordsOf } from '../words.js';

/** Kinds whose values are short and must not be broken. */
const short: readonly Kind[] = ['day', 'instant', 'boolean'];
/** Texts up to this length, as names of tables are, stay on one line too. */
const NAME = 36;

export function renderTable(table: ReportTable, result: ReportResult, language: Language): string {
  const words = wordsOf(language);
  if (table.rows.length === 0)
    return `<div class="sheet"><p class="nothing">${escapeHtml(words.nothingToShow)}</p></div>`;
  const kinds = new Map(result.columns.map(({ name, kind }) => [name, kind]));
  const classes = table.columns.map(({ key, align }) => {
    if (align === 'right') return 'right';
    const kind = kinds.get(key);
    if (kind !== undefined && short.includes(kind)) return 'short';
    return table.rows.every((row) => (row[key] ?? '').length <= NAME) ? 'name' : 'left';
  });
  const lines = table.rows.map((row) => {
    const cells = table.columns.map(({ key }, index) => {
      const text = renderCell(row[key] ?? '', table.note !== null);
      const name = classes[index] ?? '';
      return index === 0
        ? `<th scope="row" class="${name}">${text}</th>`
        : `<td class="${name}">${text}</td>`;
    });
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<div class="sheet">
<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(words.numbers)}"><table>
<thead>${renderHead(table, classes)}</thead>
<tbody>
${lines.join('\n')}
</tbody></table></div>${table.note === null ? '' : `\n<p class="note">${escapeHtml(table.note)}</p>`}
</div>`;
}

/** The asterisk hangs beside the number, so that digits stay below each other. */
function renderCell(text: string, marked: boolean): string {
  return marked && text.endsWith('*')
    ? `${escapeHtml(text.slice(0, -1))}<span class="mark">*</span>`
    : escapeHtml(text);
}

function renderHead({ columns, grid }: ReportTable, classes: readonly string[]): string {
  const head = ({ label }: TableColumn, index: number, rows = '') =>
    `<th scope="col" class="${classes[index] ?? ''}"${rows}>${escapeHtml(label)}</th>`;
  if (grid === null) return `<tr>${columns.map((column, index) => head(column, index)).join('')}</tr>`;
  const beside = columns.slice(0, columns.length - grid.heads.length);
  const over = `<th scope="colgroup" class="over" colspan="${grid.heads.length}">${escapeHtml(grid.label)}</th>`;
  const below = grid.heads.map(
    (label, index) =>
      `<th scope="col" class="${classes[beside.length + index] ?? ''}">${escapeHtml(label)}</th>`,
  );
  return `<tr>${beside.map((column, index) => head(column, index, ' rowspan="2"')).join('')}${over}</tr><tr>${below.join('')}</tr>`;
}
