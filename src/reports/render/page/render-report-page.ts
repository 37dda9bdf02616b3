import { escapeHtml } from '../../../page/escape-html.js';
import type { ReportResult } from '../../report-result.js';
import type { AnyReport } from '../../report.js';
import type { Language } from '../../text.js';
import { parameterFacts, sourceFacts, windowText, type Fact } from '../facts.js';
import { formatInstant } from '../format-value.js';
import { tableOf } from '../pivot-rows.js';
import { drawPlot } from '../plot/draw-plot.js';
import { wordsOf } from '../words.js';
import { renderDocument } from './render-document.js';
import { renderTable } from './render-table.js';

export interface RenderReportPageOptions {
  /** Default: en. */
  readonly language?: Language | undefined;
  /** A page that lists this one among others, relative to it. */
  readonly index?: string | undefined;
}

/**
 * A report as one HTML file that needs nothing else: plots, all numbers, how they are counted and where they come from.
 * It is read offline, on a phone, in the dark, on paper and by a screen reader; it runs no script.
 */
export function renderReportPage(
  result: ReportResult,
  report: AnyReport,
  { language = 'en', index }: RenderReportPageOptions = {},
): string {
  const words = wordsOf(language);
  const parameters = parameterFacts(result, report, language);
  const title = result.title[language];
  const body = `<header>
${renderKicker(words[report.group], { text: words.reports, index })}
<h1>${escapeHtml(title)}</h1>
<p class="question">${escapeHtml(result.question[language])}</p>
${renderMeta(result, language)}
${renderWarnings(result.warnings, language)}
</header>
<main>
${(report.plots ?? []).map((plot) => drawPlot(plot, result, language)).join('\n')}
<h2>${words.numbers}</h2>
${renderTable(tableOf(result, report, language), result, language)}
<h2>${words.definition}</h2>
<ul class="definition" lang="en">
${result.definition.map((sentence) => `<li>${renderSentence(sentence)}</li>`).join('\n')}
</ul>
</main>
<footer class="facts">
${parameters.length === 0 ? '' : `<section><h2>${words.parameters}</h2>${renderFacts(parameters)}</section>`}
<section><h2>${words.source}</h2>${renderFacts(sourceFacts(result, language))}</section>
</footer>`;
  return renderDocument(title, body, language);
}

export function renderKicker(
  group: string,
  { text, index }: { readonly text: string; readonly index: string | undefined },
): string {
  const way = index === undefined ? '' : `<a href="${escapeHtml(index)}">${escapeHtml(text)}</a> / `;
  return `<p class="kicker">${way}${escapeHtml(group)}</p>`;
}

function renderMeta(result: ReportResult, language: Language): string {
  const words = wordsOf(language);
  const { generatedAt, server } = result;
  const parts = [
    windowText(result) ?? '',
    `${words.generatedAt} ${formatInstant(generatedAt)}`,
    server.isReplica ? words.replica : '',
  ];
  const items = parts.filter((part) => part !== '').map((part) => `<li>${escapeHtml(part)}</li>`);
  return `<ul class="meta">${items.join('')}</ul>`;
}

function renderWarnings(warnings: readonly string[], language: Language): string {
  if (warnings.length === 0) return '';
  const lines = warnings.map((warning) => `<p lang="en">${escapeHtml(warning)}</p>`);
  return `<aside class="warnings" role="note"><p><strong>${wordsOf(language).warnings}</strong></p>${lines.join('')}</aside>`;
}

/** Names of parameters stand in backticks. */
function renderSentence(sentence: string): string {
  return escapeHtml(sentence).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

function renderFacts(facts: readonly Fact[]): string {
  return `<dl>${facts.map(({ label, value }) => `<dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd>`).join('')}</dl>`;
}
