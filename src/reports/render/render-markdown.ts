import type { ReportResult } from '../report-result.js';
import type { AnyReport } from '../report.js';
import type { Language } from '../text.js';
import { parameterFacts, sourceFacts, type Fact } from './facts.js';
import { tableOf, type ReportTable } from './pivot-rows.js';
import { wordsOf } from './words.js';

/** A report as GitHub Flavored Markdown. What a report says is text: it cannot make markup. */
export function renderMarkdown(result: ReportResult, report: AnyReport, language: Language): string {
  const words = wordsOf(language);
  const table = tableOf(result, report, language);
  const parts = [
    `# ${escapeMarkdown(result.title[language])}`,
    escapeMarkdown(result.question[language]),
    result.warnings.map((warning) => `> **${words.warnings}**: ${escapeMarkdown(warning)}`).join('\n>\n'),
    table.rows.length === 0 ? `*${words.nothingToShow}*` : renderTable(table),
    table.note === null ? '' : escapeMarkdown(table.note),
    `## ${words.definition}`,
    result.definition.map((sentence) => `- ${escapeSentence(sentence)}`).join('\n'),
    ...(Object.keys(result.parameters).length === 0
      ? []
      : [`## ${words.parameters}`, list(parameterFacts(result, report, language))]),
    sourceFacts(result, language)
      .map(({ label, value }) => `${label}: ${escapeMarkdown(value)}`)
      .join(' · '),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function renderTable({ columns, rows }: ReportTable): string {
  return [
    columns.map(({ label }) => escapeMarkdown(label)),
    columns.map(({ align }) => (align === 'right' ? '---:' : '---')),
    ...rows.map((row) => columns.map(({ key }) => escapeMarkdown(row[key] ?? ''))),
  ]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function list(facts: readonly Fact[]): string {
  return facts.map(({ label, value }) => `- ${escapeMarkdown(label)}: ${escapeMarkdown(value)}`).join('\n');
}

/** Of a definition: names of parameters stand in backticks, as in Markdown. */
function escapeSentence(sentence: string): string {
  return sentence
    .split(/(`[^`]+`)/)
    .map((part, index) => (index % 2 === 1 ? part : escapeMarkdown(part)))
    .join('');
}

/** For one line: names such as idx_users_email stay readable, as an underscore within a word is one. */
function escapeMarkdown(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*[\]{}|~$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&')
    .replaceAll(/\r\n|\r|\n/g, '<br>')
    .replace(/^(\s*\d*)([#>+.)-])(?=\s|$)/, '$1\\$2');
}
