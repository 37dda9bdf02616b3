import type pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SeedTable } from '../../seeds/seed-table.js';
import { diffCatalogs } from '../../src/catalog/diff-catalogs.js';
import { readCatalog } from '../../src/catalog/read-catalog.js';
import { quoteIdentifier } from '../../src/database/identifier.js';
import { addMonths } from '../../src/partitioning/month.js';
import { createPartition } from '../../src/partitioning/create-partition.js';
import { readPartitionSet } from '../../src/partitioning/partition-set.js';
import { LARGE_TABLE_ROWS } from '../../src/seed/load-table.js';
import { runSeed, type RunSeedOptions } from '../../src/seed/run-seed.js';
import type { SeedResult } from '../../src/seed/seed.js';
import { readTargetTables } from '../../src/seed/target-table.js';
import { valueText } from '../../src/seed/text-writers.js';
import { createDatabase, useDatabase, type TestDatabase } from '../support/database.js';
import { countRows, listBrokenRules, serverChecksums } from '../support/seed-checks.js';
import { smallWorld } from '../support/seed-world.js';

const tables = smallWorld().tables.map(({ table }) => table);

async function seeded(
  options: Partial<RunSeedOptions> = {},
  prepare?: (client: pg.Client) => Promise<unknown>,
): Promise<{ database: TestDatabase; client: pg.Client; result: SeedResult }> {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  const client = await database.connect();
  await prepare?.(client);
  const result = await runSeed({ connection: database.url, plan: smallWorld(), ...options });
  return { database, client, result };
}

/** The rows that the generators give, as the server would print them. */
async function expectRows(client: pg.Client, seedTable: SeedTable): Promise<void> {
  const { table, rowCount, columns, prepare } = seedTable;
  const target = (await readTargetTables(client, [table])).get(table);
  const types = new Map(target?.columns.map((column) => [column.name, column]));
  const names = Object.keys(columns);
  const typed = names.map((name) => `${quoteIdentifier(name)}::${types.get(name)?.type ?? ''}`);
  const expected = Array.from({ length: rowCount }, (_, row) => {
    prepare?.(row);
    return names.map((name) => {
      const value = columns[name]?.(row) ?? null;
      return value === null ? null : valueText(types.get(name)?.typeOid ?? 0, value);
    });
  });
  // The server reads the texts with its own input functions, and compares them as values.
  const { rows } = await client.query<{ differing: string }>(
    `with expected as (
       select ${names.map((name, index) => `(row_texts ->> ${index})::${types.get(name)?.type ?? ''} as ${quoteIdentifier(name)}`).join(', ')}
       from jsonb_array_elements($1::jsonb) as row_texts
     ), actual as (select ${typed.join(', ')} from ${quoteIdentifier(table)})
     select count(*) as differing from (
       (table expected except all table actual) union all (table actual except all table expected)
     ) as difference`,
    [JSON.stringify(expected)],
  );
  expect({ table, differing: rows[0]?.differing }).toEqual({ table, differing: '0' });
}

describe('a seeded database', () => {
  const database = useDatabase();

  it('holds exactly the rows that the generators give, of every type, with hostile text', async () => {
    const plan = smallWorld();
    const { manifest } = await runSeed({ connection: database.url, plan });
    const client = await database.connect();
    for (const table of plan.tables) await expectRows(client, table);
    expect(await countRows(client, tables)).toEqual(
      Object.fromEntries(manifest.tables.map(({ table, rowCount }) => [table, rowCount])),
    );
  });

  it('keeps every foreign key and both pointers, with constraints, indexes and triggers as they were', async () => {
    const client = await database.connect();
    expect(await listBrokenRules(client)).toEqual([]);
  });

  it('takes the next row without an id', async () => {
    const client = await database.connect();
    const { rows } = await client.query<{ id: string }>(
      `insert into chat_messages (room_id, sender_id, content, reply_to_id)
       select room_id, sender_id, 'next', id from chat_messages where id = 1 returning id`,
    );
    expect(rows).toEqual([{ id: '8001' }]);
    await expect(
      client.query(
        `insert into chat_messages (room_id, sender_id, reply_to_id)
         select room_id, sender_id, 999999 from chat_messages where id = 1`,
      ),
    ).rejects.toMatchObject({ constraint: 'fk_chat_messages_reply_to' });
    await client.query('delete from chat_messages where id = 8001');
  });

  it('has statistics', async () => {
    const client = await database.connect();
    const { rows } = await client.query<{ estimated: number }>(
      `select reltuples as estimated from pg_class where oid = 'chat_messages'::regclass`,
    );
    expect(rows).toEqual([{ estimated: 8000 }]);
  });

  it('is told as done when it is seeded again, and nothing is written', async () => {
    const client = await database.connect();
    const before = await serverChecksums(client, tables);
    const again = await runSeed({ connection: database.url, plan: smallWorld() });
    expect(again.toLoad).toEqual([]);
    expect(again.kept).toHaveLength(tables.length);
    expect(await serverChecksums(client, tables)).toEqual(before);
  });

  it('carries its manifest', async () => {
    const client = await database.connect();
    const { manifest } = await runSeed({ connection: database.url, plan: smallWorld() });
    const { rows } = await client.query(
      `select s.checksum, s.finished_at is not null as finished, count(*)::int as tables, sum(row_count)::int as rows
       from studymate.seeds s join studymate.seed_tables t on t.seed_id = s.id group by s.id`,
    );
    expect(rows).toEqual([
      { checksum: manifest.checksum, finished: true, tables: tables.length, rows: manifest.rowCount },
    ]);
    const runs = await client.query(
      `select result from studymate.runs where command = 'seed' order by id limit 1`,
    );
    expect(runs.rows).toEqual([{ result: 'done' }]);
  });
});

describe('seeding', () => {
  it('gives the same rows and the same checksums by COPY’s text format', async () => {
    const [binary, text] = [await seeded(), await seeded({ format: 'text' })];
    expect(text.result.manifest).toEqual(binary.result.manifest);
    expect(await serverChecksums(text.client, tables)).toEqual(await serverChecksums(binary.client, tables));
  });

  it('falls back to text for a type that cannot be written in binary', async () => {
    const retype = (client: pg.Client): Promise<unknown> =>
      client.query(`create domain short_text as varchar(100) check (length(value) < 50);
        create type mood as enum ('login', 'read');
        alter table user_activity_logs alter column activity type mood using activity::mood`);
    const { client, result } = await seeded({}, retype);
    expect(result.manifest.checksum).toBe((await seeded()).result.manifest.checksum);
    const formats = await client.query(
      `select detail ->> 'format' as format from studymate.run_steps where object = 'public.user_activity_logs'`,
    );
    expect(formats.rows).toEqual([{ format: 'text' }]);
  });

  it('leaves the catalog as it was, but for the partitions it made', async () => {
    const { client } = await seeded();
    const untouched = await createDatabase();
    onTestFinished(() => untouched.drop());
    const other = await untouched.connect();
    expect(diffCatalogs(await readCatalog(other), await readCatalog(client))).toEqual([]);
    // Against partitions made the usual way, each of them down to the names of its indexes.
    const months = [-3, -2, -1].map((count) => addMonths(new Date(Date.UTC(2026, 0, 1)), count));
    for (const table of ['chat_messages', 'user_activity_logs']) {
      for (const month of months) {
        const set = await readPartitionSet(other, { schema: 'public', table });
        await other.query('begin');
        await createPartition({ client: other }, set, month);
        await other.query('commit');
      }
    }
    const [expected, actual] = [await readCatalog(other), await readCatalog(client)];
    expect(diffCatalogs(expected, actual, { partitions: 'all' })).toEqual([]);
    expect(await indexNames(client)).toEqual(await indexNames(other));
  });

  it('keeps names of partition indexes that are not PostgreSQL’s own, comments, and switched triggers', async () => {
    const change = (client: pg.Client): Promise<unknown> =>
      client.query(`
        alter index chat_messages_y2025m01_pkey rename to first_month_key;
        alter index chat_messages_y2025m01_reply_to_id_idx rename to chat_messages_y2025m01_pkey;
        comment on index idx_sender_messages is 'who wrote';
        comment on constraint chat_messages_room_id_fkey on chat_messages is 'where';
        alter table chat_messages enable always trigger fk_chat_messages_reply_to`);
    const { client, database } = await seeded({}, change);
    const untouched = await createDatabase();
    onTestFinished(() => untouched.drop());
    const other = await untouched.connect();
    await change(other);
    expect(diffCatalogs(await readCatalog(other), await readCatalog(client))).toEqual([]);
    const names = await indexNames(client);
    expect(names).toContain('chat_messages_y2025m01 first_month_key primary key');
    expect(names).toContain('chat_messages_y2025m01 chat_messages_y2025m01_pkey (reply_to_id)');
    expect(database.name).toBeTruthy();
  });

  it('loads large tables before their indexes, small ones with them', () => {
    const counts = smallWorld().tables.map(({ rowCount }) => rowCount);
    expect(counts.some((count) => count >= LARGE_TABLE_ROWS)).toBe(true);
    expect(counts.some((count) => count < LARGE_TABLE_ROWS)).toBe(true);
  });

  it('tells its progress: rows that grow, time left, then each phase', async () => {
    const told: string[] = [];
    const rows: number[] = [];
    await seeded({
      onEvent: (event) => {
        if (!('table' in event) || event.table !== 'chat_messages') return;
        told.push(event.type === 'phase' ? event.phase : event.type);
        if (event.type === 'rows') {
          rows.push(event.rows);
          expect(event).toMatchObject({ totalRows: 8_000 });
          expect(event.rowsPerSecond).toBeGreaterThan(0);
        }
      },
    });
    expect(rows.at(-1)).toBe(8_000);
    expect(told.filter((what) => what !== 'rows')).toEqual([
      'table-started',
      'partition-made',
      'partition-made',
      'partition-made',
      'key',
      'index',
      'foreign key',
      'statistics',
      'proof',
      'table-done',
    ]);
  });
});

/** Of every partition: its indexes, by name, with what they are. */
async function indexNames(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ text: string }>(`
    select c.relname || ' ' || i.relname || ' ' ||
      case when x.indisprimary then 'primary key' else substring(pg_get_indexdef(x.indexrelid) from '\\(.*') end as text
    from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
    where c.relispartition order by 1`);
  return rows.map(({ text }) => text);
}
