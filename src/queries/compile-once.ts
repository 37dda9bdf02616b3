import type { Compilable, CompiledQuery } from 'kysely';
import type { ReadKysely } from '../database/read-kysely.js';

/** Where a value goes that is known when the query runs. */
class Slot {
  constructor(readonly name: PropertyKey) {}
}

/** What decides the text of a query. */
type Shape = Readonly<Record<string, boolean>>;

/**
 * Makes a query that is built and compiled when it first runs, once for each shape, and from then on only given its
 * values: building a page of a room takes longer than all else this library adds to it (`npm run bench -- library`).
 *
 * @param build Its `values` are stand-ins: parameters of the query, and nothing to look at. What the text depends on
 *   comes in `shape`.
 * @returns a function that runs it, on a database or in a transaction
 */
export function compileOnce<
  Database extends ReadKysely,
  Values extends object,
  Row,
  Chosen extends Shape = Shape,
>(
  build: (db: Database, values: Values, shape: Chosen) => Compilable<Row>,
): (db: Database, values: Values, shape: Chosen) => Promise<Row[]> {
  const compiled = new Map<string, CompiledQuery<Row>>();
  const slots = new Proxy({}, { get: (_target, name) => new Slot(name) }) as Values;
  return async (db, values, shape) => {
    const executor = db.getExecutor();
    const key = keyOf(shape);
    let query = compiled.get(key);
    if (executor.plugins.length > 0) {
      // A plugin may change the text, and another database need not have it.
      query = build(db, values, shape).compile();
    } else if (query === undefined) {
      // A copy, as Kysely freezes its own: copying what is frozen takes longer, and happens with every run.
      query = { ...build(db, slots, shape).compile() };
      compiled.set(key, query);
    }
    const given = values as Readonly<Record<PropertyKey, unknown>>;
    const parameters = query.parameters.map((parameter) =>
      parameter instanceof Slot ? given[parameter.name] : parameter,
    );
    return (await executor.executeQuery<Row>({ ...query, parameters })).rows;
  };
}

/** The names of what is chosen: half the time of JSON, and this runs with every query. */
function keyOf(shape: Shape): string {
  let key = '';
  for (const name in shape) if (shape[name] === true) key += `${name} `;
  return key;
}
