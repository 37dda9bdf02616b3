import { CompiledQuery, type Kysely } from 'kysely';
import type { DB } from '../../generated/db.js';
import { reports } from '../reports/registry.js';
import type { AnyReport, SqlReport } from '../reports/report.js';
import type { ParameterSet } from './parameters.js';
import type { NamedStatement } from './statements.js';

/** The reports that are one statement. */
export const reportStatements: readonly NamedStatement[] = Object.values<AnyReport>(reports)
  .filter(isSql)
  .map(named);

function isSql(report: AnyReport): report is SqlReport {
  return 'sql' in report;
}

function named({ name, question, parameters, sql, values }: SqlReport): NamedStatement {
  return {
    name,
    description: `report: ${question.en}`,
    writes: false,
    parameters: explained(parameters),
    run: (db: Kysely<DB>, given) =>
      db.executeQuery(
        CompiledQuery.raw(
          sql,
          values.map((parameter) => given[parameter]),
        ),
      ),
  };
}

/** Their defaults, in place of values found in the database. */
function explained(parameters: SqlReport['parameters']): ParameterSet {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { form, parse, default: standard }]) => [
      name,
      {
        form,
        parse,
        isOptional: false,
        isSecret: false,
        find: (_client: unknown, known: Readonly<Record<string, unknown>>) =>
          Promise.resolve(standard({ now: new Date(), known })),
      },
    ]),
  );
}
