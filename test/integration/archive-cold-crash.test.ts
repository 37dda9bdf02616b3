import { writeFile, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exportMonth } from '../../src/archive/cold/export-month.js';
import { importMonth } from '../../src/archive/cold/import-month.js';
import { verifyExport } from '../../src/archive/cold/verify-export.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { isLong } from '../support/long.js';
import { poll } from '../support/poll.js';
import { makeColdProcesses, type ColdProcesses } from './archive-cold-processes.js';
import {
  archiveJanuary,
  countRows,
  differingRows,
  filesBelow,
  keepRows,
  MESSAGES,
  shapeOf,
  tableExists,
  temporaryFolder,
} from './archive-cold-sample.js';

let processes: ColdProcesses;
beforeAll(async () => void (processes = await makeColdProcesses()));
afterAll(() => processes.dispose());

let database: TestDatabase;
let client: pg.Client;
let directory: string;
let shape: unknown;

beforeEach(async () => {
  database = await createDatabase();
  client = await database.connect();
  await archiveJanuary(client);
  await keepRows(client, MESSAGES, 'kept');
  shape = await shapeOf(client, MESSAGES);
  directory = await temporaryFolder();
});
afterEach(() => database.drop());

const tables = ['chat_messages'];
const options = (): { connection: string; month: string; directory: string; tables: string[] } => ({
  connection: database.url,
  month: '2025-01',
  directory,
  tables,
});

/** The server has noticed that the process is gone. */
const othersGone = (): Promise<unknown> =>
  poll(async () => {
    const { rows } = await client.query<{ count: string }>(
      `select count(*) from pg_stat_activity
       where datname = current_database() and application_name like 'studymate-db%'`,
    );
    return rows[0]?.count === '0';
  }, 'the end of the sessions of the killed process');

async function expectWholeMonth(): Promise<void> {
  expect(await differingRows(client, MESSAGES, 'kept')).toBe(0);
  expect(await shapeOf(client, MESSAGES)).toEqual(shape);
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

describe('an export that is killed', () => {
  it.each(['count', 'write', 'read back'])(
    'at «%s» leaves no copy, and the next one throws its remains away',
    async (stopAt) => {
      await processes.killAt({ do: 'export', options: { ...options(), drop: true }, stopAt });
      expect(await exists(join(directory, 'chat_messages', '2025-01'))).toBe(false);
      expect(await exists(join(directory, 'chat_messages', '.2025-01.partial'))).toBe(true);
      await othersGone();
      await expectWholeMonth();
      await expect(verifyExport(options())).resolves.toMatchObject({
        verified: false,
        tables: [{ state: 'found', findings: [{ code: 'COLD_COPY_MISSING' }] }],
      });
      await expect(importMonth(options())).rejects.toMatchObject({ code: 'COLD_COPY_MISSING' });

      const again = await exportMonth({ ...options(), drop: true });
      expect(again.tables).toMatchObject([{ action: 'exported', dropped: true, rows: 54 }]);
      expect(await filesBelow(directory)).not.toContain('chat_messages/.2025-01.partial');
    },
  );

  it('before or within the drop leaves the month and a whole copy, and the next one drops it', async () => {
    const order = { do: 'export', options: { ...options(), drop: true } } as const;
    await processes.killAt({ ...order, stopAt: 'check files' });
    await processes.killAt({ ...order, stopAt: 'drop' });
    // Somebody who reads the archive: the drop has its proof, and waits.
    await client.query('begin; select from chat_messages_archive');
    await processes.killAt({ ...order, stopAt: 'lock-retry' });
    await client.query('rollback');
    await othersGone();
    await expectWholeMonth();
    await expect(verifyExport(options())).resolves.toMatchObject({ tables: [{ state: 'equal' }] });
    const again = await exportMonth({ ...options(), drop: true });
    expect(again.tables).toMatchObject([{ action: 'unchanged', dropped: true }]);
    expect(await tableExists(client, MESSAGES)).toBe(false);
  });

  it.each(['export', 'import'] as const)(
    'when the rows are dropped leaves an empty table, which the next %s drops',
    async (next) => {
      // Somebody who changes users: only the empty table has not gone yet.
      await client.query('begin; update users set english_name = english_name');
      const order = { do: 'export', options: { ...options(), drop: true } } as const;
      await processes.killAt({ ...order, stopAt: 'lock-retry' });
      await client.query('rollback');
      await othersGone();
      expect(await tableExists(client, MESSAGES)).toBe(false);
      expect(await countRows(client, `${MESSAGES}_dropped`)).toBe(0);
      if (next === 'export') {
        const again = await exportMonth({ ...options(), drop: true });
        expect(again.tables).toMatchObject([{ action: 'cold' }]);
      } else {
        await importMonth(options());
        await expectWholeMonth();
      }
      expect(await tableExists(client, `${MESSAGES}_dropped`)).toBe(false);
    },
  );

  it('is not the only one whose remains are thrown away', async () => {
    const partial = join(directory, 'chat_messages', '.2025-01.partial');
    await mkdir(partial, { recursive: true });
    await writeFile(join(partial, 'manifest.json'), 'half of');
    await exportMonth(options());
    expect(await exists(partial)).toBe(false);
    await expect(verifyExport(options())).resolves.toMatchObject({ verified: true });
  });
});

describe('an import that is killed', () => {
  beforeEach(() => exportMonth({ ...options(), drop: true }));

  it.each(['check files', 'load', 'attach'])(
    'at «%s» leaves nothing, and the next one imports',
    async (stopAt) => {
      await processes.killAt({ do: 'import', options: options(), stopAt });
      await othersGone();
      expect(await tableExists(client, MESSAGES)).toBe(false);
      expect(await countRows(client, 'chat_messages_archive')).toBe(0);
      await expect(importMonth(options())).resolves.toMatchObject({ tables: [{ action: 'imported' }] });
      await expectWholeMonth();
    },
  );

  it('when all is done but the lock for the foreign keys leaves nothing', async () => {
    await client.query('begin; update users set english_name = english_name');
    await processes.killAt({ do: 'import', options: options(), stopAt: 'lock-retry' });
    await client.query('rollback');
    await othersGone();
    expect(await tableExists(client, MESSAGES)).toBe(false);
    await importMonth(options());
    await expectWholeMonth();
  });

  it(
    'before the foreign keys are proved leaves the month whole, and the next one proves them',
    async () => {
      await processes.killAt({ do: 'import', options: options(), stopAt: 'validate' });
      await othersGone();
      expect(await differingRows(client, MESSAGES, 'kept')).toBe(0);
      await expect(importMonth(options())).resolves.toMatchObject({ tables: [{ action: 'unchanged' }] });
      await expectWholeMonth();
    },
    isLong ? 1_800_000 : 60_000,
  );
});

describe('memory', () => {
  const rows = isLong ? 300_000 : 40_000;

  it.each(isLong ? (['csv.gz', 'parquet'] as const) : (['csv.gz'] as const))(
    'does not grow with the month (%s)',
    async (fileFormat) => {
      const peak = async (order: Parameters<ColdProcesses['run']>[0]): Promise<number> =>
        (await processes.run(order)).peakRssBytes;
      const go = async (): Promise<readonly number[]> => [
        await peak({ do: 'export', options: { ...options(), fileFormat, drop: true } }),
        await peak({ do: 'import', options: options() }),
      ];
      const small = await go();
      await client.query(
        `insert into chat_messages_archive (id, room_id, sender_id, message_type, content, is_edited, created_at)
       select nextval('chat_messages_id_seq'), room_id, sender_id, 'TEXT', repeat('가나다라', 250) || i, false,
         '2025-01-02 00:00:00+00'::timestamptz + i * interval '1 s'
       from (select room_id, sender_id from kept limit 1) k, generate_series(1, $1::int) i`,
        [rows],
      );
      directory = await temporaryFolder();
      const large = await go();
      // The rows are 3 kB each: 120 MB of text, 900 MB in the long mode.
      for (const [index, bytes] of large.entries()) {
        expect(bytes - (small[index] ?? 0)).toBeLessThan((fileFormat === 'parquet' ? 250 : 90) * 2 ** 20);
      }
    },
    isLong ? 1_800_000 : 60_000,
  );
});
