import { escapeHtml } from '../../page/escape-html.js';
import type {
  ColumnDescription,
  Reference,
  RuleDescription,
  TableDescription,
} from '../schema-description.js';

/** What the search looks at has the class s. */
export function renderTable(table: TableDescription): string {
  const { name, koreanName, anchor, comment, partitioning, partitions } = table;
  const korean = koreanName === null ? '' : ` <span class="s" lang="ko">${escapeHtml(koreanName)}</span>`;
  return `<article id="${anchor}" tabindex="-1">
<h3><a href="#${anchor}"><span class="s">${escapeHtml(name)}</span></a>${korean}</h3>
${comment === null ? '' : `<p class="s">${escapeHtml(comment)}</p>`}
<div class="scroll" tabindex="0" role="region" aria-label="Columns of ${escapeHtml(name)}"><table>
<thead><tr><th scope="col">column</th><th scope="col">type</th><th scope="col">key</th><th scope="col">null</th><th scope="col">default</th><th scope="col">comment</th></tr></thead>
<tbody>
${table.columns.map((column) => renderColumn(column, table)).join('\n')}
</tbody></table></div>
<dl>
${entry('Partitions', partitioning === null ? [] : [escapeHtml(partitioning) + partitionList(partitions)])}
${entry('Keys', table.keys.map(rule))}
${entry('Checks', table.checks.map(rule))}
${entry('References', table.references.map(pointing))}
${entry('Referenced by', inline(table.referencedBy.map(pointingHere)))}
${entry('Indexes', table.indexes.map(rule))}
</dl>
</article>`;
}

function renderColumn(column: ColumnDescription, { references }: TableDescription): string {
  const targets = references
    .filter(({ from }) => from.columns.includes(column.name))
    .map(({ to }) => ` <span class="target">→ ${link(to)}</span>`);
  const nullable = column.nullable ? 'yes' : 'no';
  const value = column.default === null ? '' : `<code>${escapeHtml(column.default)}</code>`;
  return `<tr><th scope="row"><code class="s">${escapeHtml(column.name)}</code></th><td><code>${escapeHtml(column.type)}</code>${targets.join('')}</td><td>${column.marks.join(' ')}</td><td class="nullable-${nullable}">${nullable}</td><td class="default">${value}</td><td class="comment s">${escapeHtml(column.comment ?? '')}</td></tr>`;
}

function entry(title: string, items: readonly string[]): string {
  if (items.length === 0) return '';
  return `<dt>${title}</dt>${items.map((item) => `<dd>${item}</dd>`).join('')}`;
}

function rule({ name, definition, comment }: RuleDescription): string {
  const said = comment === null ? '' : ` <span class="s">${escapeHtml(comment)}</span>`;
  return `<code>${escapeHtml(definition)}</code> <span class="rule">${escapeHtml(name)}</span>${said}`;
}

function pointing({ name, from, to, actions, note }: Reference): string {
  const said = [actions, note ?? ''].filter((part) => part !== '').join('; ');
  return `${columns(from.columns)} → ${link(to)} ${columns(to.columns)}${said === '' ? '' : `, ${escapeHtml(said)}`} <span class="rule">${escapeHtml(name)}</span>`;
}

function pointingHere({ from }: Reference): string {
  return `${link(from)} ${columns(from.columns)}`;
}

function inline(items: readonly string[]): readonly string[] {
  if (items.length === 0) return [];
  return [`<ul class="inline">${items.map((item) => `<li>${item}</li>`).join('')}</ul>`];
}

function columns(names: readonly string[]): string {
  return names.map((name) => `<code>${escapeHtml(name)}</code>`).join(', ');
}

function link({ table, anchor }: Reference['to']): string {
  return `<a href="#${anchor}">${escapeHtml(table)}</a>`;
}

function partitionList(partitions: TableDescription['partitions']): string {
  if (partitions.length === 0) return '';
  const items = partitions.map(
    ({ name, bound }) => `<li><code>${escapeHtml(name)}</code> ${escapeHtml(bound)}</li>`,
  );
  return `<details><summary>${partitions.length} now</summary><ul>${items.join('')}</ul></details>`;
}
