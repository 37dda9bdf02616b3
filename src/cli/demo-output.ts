import { formatDuration } from '../database/duration.js';
import type { DemoResult } from '../demo/demo.js';
import { tableOf } from '../reports/render/pivot-rows.js';
import type { ReportOutcome } from '../reports/run-all-reports.js';
import { table, type Outcome } from './output.js';

const EXCERPT_LINES = 4;
const EXCERPT_COLUMNS = 8;

export function demoOutcome(result: DemoResult): Outcome {
  const { counts, conversation, partitions, migrations, rollover, archive } = result;
  const countLabels: Readonly<Record<string, number>> = {
    tables: counts.tables,
    'their archives': counts.archives,
    columns: counts.columns,
    'primary keys': counts.primaryKeys,
    'unique constraints': counts.uniques,
    'foreign keys': counts.foreignKeys,
    'check constraints': counts.checks,
    'constraint triggers': counts.constraintTriggers,
    indexes: counts.indexes,
    functions: counts.functions,
    comments: counts.comments,
  };
  const text = [
    `PostgreSQL ${result.serverVersion}: ${result.applied} migrations applied, ${result.pending} pending`,
    table(
      [
        { key: 'name', label: 'migration' },
        { key: 'statements', label: 'statements', align: 'right' },
        { key: 'duration', label: 'duration', align: 'right' },
      ],
      migrations.map(({ name, statements, durationMs }) => ({
        name,
        statements,
        duration: formatDuration(durationMs ?? 0),
      })),
    ),
    'What is there',
    table(
      [
        { key: 'what', label: 'object' },
        { key: 'count', label: 'count', align: 'right' },
      ],
      Object.entries(countLabels).map(([what, count]) => ({ what, count })),
    ),
    `A seeded world: ${result.seed.manifest.rowCount} rows in ${formatDuration(result.seed.durationMs)}`,
    table(
      [
        { key: 'table', label: 'table' },
        { key: 'rowCount', label: 'rows', align: 'right' },
      ],
      result.seed.manifest.tables.map(({ table: name, rowCount }) => ({ table: name, rowCount })),
    ),
    'What two people said last',
    table(
      [
        { key: 'id', label: 'id', align: 'right' },
        { key: 'sender', label: 'sender' },
        { key: 'content', label: 'message' },
        { key: 'replyTo', label: 'reply to', align: 'right' },
      ],
      conversation.messages,
    ),
    'Maintenance: the coming months are made, those older than six months go to the archive',
    table(
      [
        { key: 'action', label: 'step' },
        { key: 'partition', label: 'partition' },
        { key: 'rows', label: 'rows', align: 'right' },
        { key: 'held', label: 'locks held', align: 'right' },
      ],
      [...rollover.tables.flatMap(({ steps }) => steps), ...archive.steps].map(
        ({ action, partition, rows, heldMs }) => ({
          action,
          partition,
          rows: rows ?? null,
          held: heldMs === undefined ? '' : formatDuration(heldMs),
        }),
      ),
    ),
    'Partitions afterwards',
    table(
      [
        { key: 'table', label: 'table' },
        { key: 'partition', label: 'partition' },
        { key: 'bound', label: 'bound' },
        { key: 'rows', label: 'rows', align: 'right' },
      ],
      partitions.map((partition) => ({ ...partition })),
    ),
    `Refused: ${conversation.refused.attempt}`,
    `${conversation.refused.message} (SQLSTATE ${conversation.refused.sqlstate})`,
    '',
    ...reportExcerpts(result.reports),
    `All reports with plots, to open in a browser: ${result.pages.reports}`,
    `The schema as a page to search: ${result.pages.schema}`,
    '',
    `Done in ${formatDuration(result.durationMs)}; the server is stopped.`,
  ].join('\n');
  return { data: result, columns: [], rows: [], summary: text };
}

/** What the platform's reports say, a few lines of each. */
function reportExcerpts(outcomes: readonly ReportOutcome[]): readonly string[] {
  return outcomes.flatMap((outcome) => {
    if ('error' in outcome || outcome.report.group !== 'product') return [];
    const { report, result } = outcome;
    const { columns, rows } = tableOf(result, report, 'en');
    // Of a course of time its end.
    const isSeries = report.pivot === undefined && result.columns[0]?.kind === 'day';
    const shown = isSeries ? rows.slice(-EXCERPT_LINES) : rows.slice(0, EXCERPT_LINES);
    const left = rows.length - shown.length;
    return [
      `${result.title.en} (${result.title.ko}): ${result.question.en}`,
      table(columns.slice(0, EXCERPT_COLUMNS), shown) +
        (left > 0 ? `… of ${rows.length} rows: studymate-db report ${report.name}\n` : ''),
    ];
  });
}
