import { escapeHtml } from '../../../page/escape-html.js';
import type { ReportResult } from '../../report-result.js';
import type { AnyReport } from '../../report.js';
import type { Language } from '../../text.js';
import { formatInstant, formatValue, isNumeric } from '../format-value.js';
import { isEmpty } from '../plot/draw-plot.js';
import { drawThumbnail } from '../plot/thumbnail.js';
import { wordsOf } from '../words.js';
import { renderDocument } from './render-document.js';
import { renderKicker, renderReportPage } from './render-report-page.js';

/** A report that ran, or why it did not. */
export type ReportSiteEntry =
  | { readonly report: AnyReport; readonly result: ReportResult }
  | { readonly report: AnyReport; readonly error: ReportSiteFailure };

/** As errors of this package are. */
export interface ReportSiteFailure {
  readonly message: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
}

const INDEX = 'index.html';

/**
 * Reports as a folder of pages: `index.html` with all of them, and `NAME.html` for each, with the reason for one that
 * is not available. The pages need each other and nothing else.
 *
 * @returns their texts by file name, the index last: written in this order, it never leads to a page that is not there
 */
export function renderReportSite(
  entries: readonly ReportSiteEntry[],
  { language = 'en' }: { readonly language?: Language | undefined } = {},
): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const entry of entries)
    files.set(
      pageOf(entry),
      'result' in entry
        ? renderReportPage(entry.result, entry.report, { language, index: INDEX })
        : renderUnavailable(entry.report, entry.error, language),
    );
  files.set(INDEX, renderIndex(entries, language));
  return files;
}

function pageOf({ report }: ReportSiteEntry): string {
  return `${report.name}.html`;
}

function renderIndex(entries: readonly ReportSiteEntry[], language: Language): string {
  const words = wordsOf(language);
  const sections = (['product', 'database'] as const).map((group) => {
    const cards = entries.filter(({ report }) => report.group === group);
    return cards.length === 0
      ? ''
      : `<h2>${words[group]}</h2>
<ul class="cards">
${cards.map((entry) => renderCard(entry, language)).join('\n')}
</ul>`;
  });
  const first = entries.find((entry) => 'result' in entry)?.result;
  const meta =
    first === undefined
      ? []
      : [
          first.server.database,
          `PostgreSQL ${first.server.version}`,
          `${words.generatedAt} ${formatInstant(first.generatedAt)}`,
          ...(first.server.isReplica ? [words.replica] : []),
        ];
  const body = `<header>
<h1>${words.reports}</h1>
<ul class="meta">${meta.map((part) => `<li>${escapeHtml(part)}</li>`).join('')}</ul>
</header>
<main>
${entries.length === 0 ? `<p class="nothing">${words.nothingToShow}</p>` : sections.join('\n')}
</main>
<footer></footer>`;
  return renderDocument(words.reports, body, language);
}

function renderCard(entry: ReportSiteEntry, language: Language): string {
  const { report } = entry;
  const title = `<h3><a href="${escapeHtml(pageOf(entry))}">${escapeHtml(report.title[language])}</a></h3>`;
  const question = `<p>${escapeHtml(report.question[language])}</p>`;
  if ('error' in entry)
    return `<li class="card unavailable">${title}${question}<p class="reason"><strong>${wordsOf(language).unavailable}</strong>: <span lang="en">${escapeHtml(entry.error.message)}</span></p></li>`;
  return `<li class="card">${title}${question}<div class="picture">${renderGlance(entry.result, report, language)}</div></li>`;
}

/** What can be seen without reading: the shape of the first plot, or a number. */
function renderGlance(result: ReportResult, report: AnyReport, language: Language): string {
  const plot = report.plots?.find((candidate) => !isEmpty(candidate, result));
  if (plot !== undefined) return drawThumbnail(plot, result);
  const words = wordsOf(language);
  const [row] = result.rows;
  if (row === undefined) return `<p>${words.nothingToShow}</p>`;
  const headline = result.columns.find(({ kind }) => isNumeric(kind));
  const [number, label] =
    result.rows.length === 1 && headline !== undefined
      ? [formatValue(headline.kind, row[headline.name], language), headline.label[language]]
      : [words.rows(formatValue('count', result.rows.length, language)), ''];
  return `<p class="number">${escapeHtml(number)}${label === '' ? '' : `<small>${escapeHtml(label)}</small>`}</p>`;
}

function renderUnavailable(report: AnyReport, reason: ReportSiteFailure, language: Language): string {
  const words = wordsOf(language);
  const lines = [reason.message, reason.detail ?? '', reason.hint ?? ''].filter((line) => line !== '');
  const body = `<header>
${renderKicker(words[report.group], { text: words.reports, index: INDEX })}
<h1>${escapeHtml(report.title[language])}</h1>
<p class="question">${escapeHtml(report.question[language])}</p>
<aside class="warnings" role="note"><p><strong>${words.unavailable}</strong></p>${lines.map((line) => `<p lang="en">${escapeHtml(line)}</p>`).join('')}</aside>
</header>
<main></main>
<footer></footer>`;
  return renderDocument(report.title[language], body, language);
}
