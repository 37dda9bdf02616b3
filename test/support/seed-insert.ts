import type pg from 'pg';
import type { SeedPlan } from '../../seeds/seed-plan.js';
import type { SeedTable, SeedValue } from '../../seeds/seed-table.js';
import { quoteIdentifier, quoteQualified } from '../../src/database/identifier.js';

const EPOCH_2000 = Date.UTC(2000, 0, 1);
const ROWS_A_STATEMENT = 1_000;

/**
 * Loads a world by plain INSERTs into the migrated tables, with every constraint and trigger on, in the order of the
 * plan: what the fast loader must come to, written the slow way.
 */
export async function insertSeed(client: pg.ClientBase, plan: SeedPlan): Promise<void> {
  for (const table of plan.tables) await insertTable(client, table);
  await client.query('analyze');
}

async function insertTable(client: pg.ClientBase, seedTable: SeedTable): Promise<void> {
  const types = await readTypes(client, seedTable.table);
  const columns = Object.entries(seedTable.columns);
  const name = quoteQualified('public', seedTable.table);
  const list = columns.map(([column]) => quoteIdentifier(column)).join(', ');
  for (let from = 0; from < seedTable.rowCount; from += ROWS_A_STATEMENT) {
    const rows: Record<string, unknown>[] = [];
    for (let row = from; row < Math.min(seedTable.rowCount, from + ROWS_A_STATEMENT); row++) {
      seedTable.prepare?.(row);
      rows.push(
        Object.fromEntries(
          columns.map(([column, get]) => [column, jsonValue(get(row), types.get(column) ?? '')]),
        ),
      );
    }
    await client.query(
      `insert into ${name} (${list}) select ${list} from jsonb_populate_recordset(null::${name}, $1)`,
      [JSON.stringify(rows)],
    );
  }
}

async function readTypes(client: pg.ClientBase, table: string): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, null) as type
     from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
    [`public.${table}`],
  );
  return new Map(rows.map(({ name, type }) => [name, type]));
}

function jsonValue(value: SeedValue, type: string): unknown {
  if (value === null) return null;
  if (type === 'timestamp with time zone') {
    const micros = Number(value);
    const text = new Date(EPOCH_2000 + Math.floor(micros / 1_000)).toISOString();
    return text.replace('Z', `${String(micros % 1_000).padStart(3, '0')}Z`);
  }
  if (type === 'date') return new Date(EPOCH_2000 + Number(value) * 86_400_000).toISOString().slice(0, 10);
  if (type === 'jsonb') return JSON.parse(textOf(value)) as unknown;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return Array.isArray(value) ? value.map((item: string | Uint8Array) => textOf(item)) : textOf(value);
}

/** As the generators give texts: strings, or their UTF-8 bytes. */
export function textOf(value: SeedValue): string {
  return value instanceof Uint8Array
    ? new TextDecoder('utf-8', { fatal: true }).decode(value)
    : String(value);
}
