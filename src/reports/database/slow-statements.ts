import type { ClientBase } from 'pg';
import { quoteQualified } from '../../database/identifier.js';
import { count, decimal, instant, nullable, ratio, seconds, text } from '../columns.js';
import { oneOf, wholeNumber } from '../parameters.js';
import { defineReadReport } from '../report.js';
import { HIDDEN_STATEMENT, STATEMENT_LENGTH, statementText } from './statement-text.js';

/** From this version on the server keeps since when each statement is counted. */
const STATEMENT_SINCE_VERSION = 170_000;

export const slowStatements = defineReadReport({
  name: 'slow-statements',
  group: 'database',
  title: { en: 'Statements that take the time', ko: '시간이 오래 걸리는 문' },
  question: {
    en: 'Which statements does the server spend its time on?',
    ko: '서버는 어떤 문을 실행하는 데 시간을 쓰고 있나요?',
  },
  definition: [
    'From pg_stat_statements, of this database only; one row a statement, whoever ran it, calls from within functions apart.',
    `statement: normalised by the server, the literals that it leaves in place shown as ?, and cut to ${STATEMENT_LENGTH} characters. ${HIDDEN_STATEMENT}: all statements of other roles together, where the role may not see them.`,
    'total, mean: time of execution, without planning; share: of the execution time of all statements of this database, listed or not.',
    'blocks: 8 kB each, read from outside of shared_buffers; hit ratio: blocks found in it / all.',
    'since: when the counting of the statement began (PostgreSQL 17 and later), else the last reset of pg_stat_statements. A statement that is called seldom is forgotten when pg_stat_statements.max is reached, and begins anew.',
  ],
  parameters: {
    limit: wholeNumber({ en: 'rows', ko: '행 수' }, { least: 1, most: 1_000, standard: 20 }),
    order: oneOf({ en: 'order', ko: '정렬' }, ['total', 'mean', 'calls', 'blocks'], 'total'),
  },
  columns: {
    statement: text('statement', '문'),
    calls: count('calls', '호출 수'),
    totalSeconds: seconds('total', '총 시간'),
    meanSeconds: seconds('mean', '평균 시간'),
    share: nullable(ratio('share', '비중')),
    rows: count('rows', '행 수'),
    rowsPerCall: nullable(decimal('rows a call', '호출당 행 수')),
    blocksRead: count('blocks read', '읽은 블록'),
    hitRatio: nullable(ratio('hit ratio', '적중률')),
    since: nullable(instant('since', '집계 시작')),
  },
  plots: [
    {
      type: 'bar',
      title: { en: 'Seconds by statement', ko: '문별 총 시간(초)' },
      x: 'statement',
      y: ['totalSeconds'],
    },
  ],
  needs: { extension: 'pg_stat_statements', monitor: true },
  read: async ({ client, serverVersion }, { limit, order }) => {
    const { rows } = await client.query<StatementRow>(
      statementsQuery(await schemaOf(client), serverVersion >= STATEMENT_SINCE_VERSION),
      [order, limit],
    );
    return rows.map(({ statement, ...row }) => ({
      ...row,
      statement: statement === HIDDEN_STATEMENT ? statement : statementText(statement),
    }));
  },
});

interface StatementRow {
  readonly statement: string;
  readonly calls: number;
  readonly totalSeconds: number;
  readonly meanSeconds: number;
  readonly share: number | null;
  readonly rows: number;
  readonly rowsPerCall: number | null;
  readonly blocksRead: number;
  readonly hitRatio: number | null;
  readonly since: Date | null;
}

async function schemaOf(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ schema: string }>(
    `select n.nspname::text as schema from pg_extension as e join pg_namespace as n on n.oid = e.extnamespace
     where e.extname = 'pg_stat_statements'`,
  );
  return rows[0]?.schema ?? 'public';
}

/** $1: order. $2: rows. */
function statementsQuery(schema: string, hasSince: boolean): string {
  return `
    with counted as (
      -- The text of a statement is kept once for each of its roles and may differ in letters and spaces. Those that
      -- are hidden have no number.
      select min(query) as statement, sum(calls)::float8 as calls, sum(total_exec_time) / 1000 as total,
        sum(rows)::float8 as rows, sum(shared_blks_read)::float8 as blocks_read, sum(shared_blks_hit)::float8 as blocks_hit,
        ${hasSince ? 'min(stats_since)' : `(select stats_reset from ${quoteQualified(schema, 'pg_stat_statements_info')})`} as since
      from ${quoteQualified(schema, 'pg_stat_statements')}
      where dbid = (select oid from pg_database where datname = current_database())
      group by queryid, toplevel, query = '${HIDDEN_STATEMENT}'
    ), hidden_together as (
      select statement, sum(calls) as calls, sum(total) as total, sum(rows) as rows, sum(blocks_read) as blocks_read,
        sum(blocks_hit) as blocks_hit, min(since) as since
      from counted
      where statement = '${HIDDEN_STATEMENT}'
      group by statement
      union all
      select * from counted where statement <> '${HIDDEN_STATEMENT}'
    )
    select statement, calls, total as "totalSeconds", total / greatest(calls, 1) as "meanSeconds",
      total / nullif(sum(total) over (), 0) as share, rows, rows / nullif(calls, 0) as "rowsPerCall",
      blocks_read as "blocksRead", blocks_hit / nullif(blocks_hit + blocks_read, 0) as "hitRatio", since
    from hidden_together
    order by case $1 when 'total' then total when 'mean' then total / greatest(calls, 1) when 'calls' then calls
      else blocks_read end desc, statement collate "C"
    limit $2`;
}
