import { CompiledQuery, type Kysely } from 'kysely';
import type { ClientBase } from 'pg';
import type { DB } from '../../generated/db.js';
import type { ParameterSet as ReportParameters } from '../reports/parameters.js';
import { reports } from '../reports/registry.js';
import type { AnyReport } from '../reports/report.js';
import { readServerFacts } from '../reports/server-facts.js';
import type { ParameterSet } from './parameters.js';
import type { NamedStatement } from './statements.js';

type Given = Readonly<Record<string, unknown>>;

/** Every report: its statement, or those it reads with. */
export const reportStatements: readonly NamedStatement[] = Object.values<AnyReport>(reports).map(named);

function named(report: AnyReport): NamedStatement {
  return {
    name: report.name,
    description: `report: ${report.question.en}`,
    writes: false,
    parameters: explained(report.parameters),
    run: (db, given) => run(db, report, given),
  };
}

async function run(db: Kysely<DB>, report: AnyReport, given: Given): Promise<unknown> {
  if ('sql' in report) {
    const values = report.values.map((parameter) => given[parameter]);
    return db.executeQuery(CompiledQuery.raw(report.sql, values));
  }
  const client = clientOn(db);
  const { serverVersion, server } = await readServerFacts(client);
  return report.read({ client, serverVersion, isReplica: server.isReplica, now: new Date() }, given);
}

/** What such reports ask of a client: a text and its values. Each statement goes through `db`, which keeps it. */
function clientOn(db: Kysely<DB>): ClientBase {
  const query = (text: string, values: readonly unknown[] = []): Promise<unknown> =>
    db.executeQuery(CompiledQuery.raw(text, [...values]));
  return { query } as unknown as ClientBase;
}

/** Their defaults, in place of values found in the database. */
function explained(parameters: ReportParameters): ParameterSet {
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
