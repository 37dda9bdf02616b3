import type { AnyReport } from '../reports/report.js';
import type { Language } from '../reports/text.js';
import type { Outcome } from './output.js';

/** What reports there are. */
export function listedReports(reports: readonly AnyReport[], language: Language): Outcome {
  const rows = reports.map(({ name, group, title, question, parameters }) => ({
    name,
    group,
    title: title[language],
    question: question[language],
    parameters: Object.keys(parameters).join(', '),
  }));
  return {
    data: rows,
    columns: ['name', 'group', 'title', 'question', 'parameters'].map((key) => ({ key, label: key })),
    rows,
    summary: '«studymate-db report list NAME» says how its numbers come about, and with which SQL.',
  };
}

/** One report: how its numbers come about. */
export function describedReport(report: AnyReport, language: Language): Outcome {
  const { name, group, title, question, definition, parameters, columns } = report;
  const sql = 'sql' in report ? dedent(report.sql) : null;
  const values = 'sql' in report ? report.values : null;
  const rows = Object.entries(parameters).map(([parameter, { form, defaultText }]) => ({
    parameter,
    form,
    default: defaultText,
  }));
  return {
    data: {
      ...{ name, group, title, question, definition, sql, values },
      parameters: rows,
      columns: Object.entries(columns).map(([column, { kind, label, nullable }]) => ({
        name: column,
        ...{ kind, nullable, label },
      })),
    },
    columns: ['parameter', 'form', 'default'].map((key) => ({ key, label: key })),
    rows,
    summary: [
      '',
      `${title[language]}: ${question[language]}`,
      ...definition.map((sentence) => `- ${sentence}`),
      ...(sql === null
        ? []
        : ['', `${(values ?? []).map((value, index) => `-- $${index + 1}: ${value}`).join('\n')}\n${sql}`]),
    ].join('\n'),
  };
}

/** Without the indentation that it has in the code. */
function dedent(sql: string): string {
  const lines = sql.replace(/^\n/, '').trimEnd().split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => /^ */.exec(line)?.[0].length ?? 0);
  const least = Math.min(...indents);
  return lines.map((line) => line.slice(least)).join('\n');
}
