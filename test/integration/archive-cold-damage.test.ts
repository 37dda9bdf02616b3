import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportMonth } from '../../src/archive/cold/export-month.js';
import { importMonth } from '../../src/archive/cold/import-month.js';
import { verifyExport } from '../../src/archive/cold/verify-export.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { archiveJanuary, filesBelow, MESSAGES, tableExists, temporaryFolder } from './archive-cold-sample.js';

let database: TestDatabase;
let client: pg.Client;
let directory: string;
let folder: string;

beforeEach(async () => {
  database = await createDatabase();
  client = await database.connect();
  await archiveJanuary(client);
  directory = await temporaryFolder();
  folder = join(directory, 'chat_messages', '2025-01');
});
afterEach(() => database.drop());

const options = (): { connection: string; month: string; directory: string; tables: string[] } => ({
  connection: database.url,
  month: '2025-01',
  directory,
  tables: ['chat_messages'],
});
const dataFile = (): string => join(folder, 'chat_messages-2025-01.csv.gz');
const manifestFile = (): string => join(folder, 'manifest.json');

/** Verify finds it, nobody imports it, nothing is dropped for it, and it is not replaced. */
async function expectFound(code: string): Promise<void> {
  await expect(verifyExport(options())).resolves.toMatchObject({
    verified: false,
    tables: [{ state: 'found', findings: [{ code }] }],
  });
  const before = await filesBelow(directory);
  await expect(exportMonth({ ...options(), drop: true })).rejects.toMatchObject({
    code: 'COLD_COPY_EXISTS',
    detail: expect.stringContaining(code) as unknown,
  });
  expect(await filesBelow(directory)).toEqual(before);
  expect(await tableExists(client, MESSAGES)).toBe(true);
}

describe('a copy that was damaged', () => {
  beforeEach(() => exportMonth(options()));

  const damages: readonly (readonly [string, string, () => Promise<void>])[] = [
    [
      'a truncated file',
      'COLD_FILE_CHANGED',
      async () => truncate(dataFile(), (await readFile(dataFile())).length - 10),
    ],
    ['an emptied file', 'COLD_FILE_CHANGED', () => truncate(dataFile(), 0)],
    [
      'a flipped bit',
      'COLD_FILE_CHANGED',
      async () => {
        const bytes = await readFile(dataFile());
        const middle = bytes.length >> 1;
        bytes[middle] = (bytes[middle] ?? 0) ^ 1;
        await writeFile(dataFile(), bytes);
      },
    ],
    ['a missing file', 'COLD_FILE_MISSING', () => rm(dataFile())],
    ['a missing manifest', 'COLD_MANIFEST_MISSING', () => rm(manifestFile())],
    ['missing checksums', 'COLD_FILE_MISSING', () => rm(join(folder, 'SHA256SUMS'))],
    [
      'an edited manifest',
      'COLD_MANIFEST_CHANGED',
      async () => {
        const text = await readFile(manifestFile(), 'utf8');
        await writeFile(manifestFile(), text.replace('"rows": 54', '"rows": 53'));
      },
    ],
    [
      'a manifest and checksums that were edited to fit each other',
      'COLD_CONTENT_DIFFERS',
      () => rewriteManifest((manifest) => ({ ...manifest, rows: 53 })),
    ],
    [
      'a manifest of a version to come',
      'COLD_MANIFEST_INVALID',
      () => rewriteManifest((manifest) => ({ ...manifest, formatVersion: 2 })),
    ],
    [
      'a manifest that names a file elsewhere',
      'COLD_MANIFEST_INVALID',
      () => rewriteManifest((manifest) => ({ ...manifest, file: { ...manifest.file, name: '../../x' } })),
    ],
    [
      'rows that were swapped for others, with every checksum of files made to fit',
      'COLD_CONTENT_DIFFERS',
      () => rewriteData((csv) => csv.replace('message 7,', 'message 8,')),
    ],
    [
      'a last record that is cut off, with every checksum of files made to fit',
      'COLD_CONTENT_DIFFERS',
      () => rewriteData((csv) => csv.slice(0, -3)),
    ],
  ];

  it.each(damages)('is found by %s (%s)', async (_, code, damage) => {
    await damage();
    await expectFound(code);
    await expect(importMonth(options())).rejects.toMatchObject({ code });
  });

  it('is found when it is the copy of another month', async () => {
    await rename(folder, join(directory, 'chat_messages', '2025-02'));
    await expect(verifyExport({ ...options(), month: '2025-02' })).resolves.toMatchObject({
      tables: [{ findings: [{ code: 'COLD_MANIFEST_INVALID' }] }],
    });
    await expectMissing();
  });

  async function expectMissing(): Promise<void> {
    await expect(verifyExport(options())).resolves.toMatchObject({
      tables: [{ findings: [{ code: 'COLD_COPY_MISSING' }] }],
    });
  }
});

describe('a file that is swapped between the check and the load', () => {
  beforeEach(() => exportMonth({ ...options(), drop: true }));

  const importSwapped = async (change: (csv: string) => Buffer): Promise<unknown> => {
    const csv = gunzipSync(await readFile(dataFile())).toString('utf8');
    return importMonth({
      ...options(),
      onEvent: (event) => {
        if (event.type === 'phase' && event.phase === 'load') writeFileSync(dataFile(), change(csv));
      },
    });
  };

  it.each<[string, string, (csv: string) => Buffer]>([
    ['other rows', 'COLD_CONTENT_DIFFERS', (csv) => gzipSync(csv.replace('message 7,', 'message 8,'))],
    ['half of it', 'COLD_FILE_UNREADABLE', (csv) => gzipSync(csv).subarray(0, -300)],
    ['a broken record', 'COLD_ROWS_REFUSED', (csv) => gzipSync(`${csv}1,2\n`)],
  ])('for %s is not believed (%s), and nothing is imported', async (_, code, change) => {
    await expect(importSwapped(change)).rejects.toMatchObject({ code });
    expect(await tableExists(client, MESSAGES)).toBe(false);
  });
});

it('finds a damaged Parquet file, whatever its reader makes of it', async () => {
  await exportMonth({ ...options(), fileFormat: 'parquet' });
  const name = 'chat_messages-2025-01.parquet';
  const bytes = await readFile(join(folder, name));
  bytes.fill(0, 100, bytes.length - 20);
  await writeFile(join(folder, name), bytes);
  await expectFound('COLD_FILE_CHANGED');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await rewriteManifest((manifest) => ({ ...manifest, file: { ...manifest.file, sha256 } }));
  await expectFound('COLD_CONTENT_DIFFERS');
});

describe('a database that changed since the export', () => {
  beforeEach(() => exportMonth(options()));

  it.each([
    [
      'a late row',
      `insert into chat_messages_archive select 9999, room_id, sender_id, message_type, 'late', null, null, null, false, null, created_at from chat_messages_archive limit 1`,
    ],
    ['a row that went', `delete from chat_messages_archive where content = 'message 3'`],
    [
      'a row that was edited',
      `update chat_messages_archive set content = 'message 3 ' where content = 'message 3'`,
    ],
    ['null for the empty string', `update chat_messages_archive set content = null where content = ''`],
    [
      'a microsecond',
      `update chat_messages_archive set created_at = created_at + interval '1 microsecond' where content = 'message 3'`,
    ],
    [
      'a digit of jsonb',
      `update chat_messages_archive set file_metadata = '12345678901234567890.00' where file_metadata = '12345678901234567890.000'::jsonb`,
    ],
  ])('is found by %s', async (_, change) => {
    expect((await client.query(change)).rowCount).toBeGreaterThan(0);
    await expectFound('COLD_DATABASE_DIFFERS');
    await expect(importMonth(options())).rejects.toMatchObject({ code: 'COLD_MONTH_PRESENT' });
  });

  it('is found by a column that the copy does not have', async () => {
    await client.query(`alter table chat_messages_archive add column mood text default 'good'`);
    await expectFound('COLD_COLUMNS_CHANGED');
  });
});

describe('a disk that is full', () => {
  let mounted: string | undefined;
  beforeEach(async () => {
    const target = join(directory, 'small');
    await mkdir(target);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', target], { stdio: 'ignore' });
      mounted = target;
    } catch {
      mounted = undefined;
    }
  });
  afterEach(() => {
    if (mounted !== undefined) execFileSync('umount', [mounted]);
  });

  it.each(['csv.gz', 'parquet'] as const)('is told, and leaves nothing behind (%s)', async (fileFormat) => {
    if (mounted === undefined) {
      console.warn('this account may not mount a file system: the full disk was not tried');
      return;
    }
    await client.query(
      `update chat_messages_archive
       set content = (select string_agg(md5(i::text || content), '') from generate_series(1, 400) i)
       where content like 'message%'`,
    );
    const failed = exportMonth({ ...options(), directory: mounted, fileFormat, drop: true });
    await expect(failed).rejects.toMatchObject({ code: 'COLD_DISK_FULL' });
    expect(await filesBelow(mounted)).toEqual(['chat_messages']);
    expect(await tableExists(client, MESSAGES)).toBe(true);
    const { rows } = await client.query(
      `select result, error_code from studymate.runs where command = 'archive export'`,
    );
    expect(rows).toEqual([{ result: 'failed', error_code: 'COLD_DISK_FULL' }]);
    // With room it goes on as if nothing had been.
    await expect(exportMonth({ ...options(), fileFormat })).resolves.toMatchObject({
      tables: [{ action: 'exported' }],
    });
  });
});

it('says that it may not write, and leaves the database alone', async () => {
  await writeFile(join(directory, 'a-file'), '');
  const failed = exportMonth({ ...options(), directory: join(directory, 'a-file'), drop: true });
  await expect(failed).rejects.toMatchObject({ code: 'COLD_FILE_UNWRITABLE' });
  expect(await tableExists(client, MESSAGES)).toBe(true);
});

interface RawManifest {
  readonly file: { readonly name: string };
}

async function rewriteManifest(change: (manifest: RawManifest) => object): Promise<void> {
  const manifest = JSON.parse(await readFile(manifestFile(), 'utf8')) as RawManifest;
  const text = JSON.stringify(change(manifest));
  await writeFile(manifestFile(), text);
  const sha256 = createHash('sha256').update(text).digest('hex');
  await writeFile(join(folder, 'SHA256SUMS'), `${sha256}  manifest.json\n`);
}

async function rewriteData(change: (csv: string) => string): Promise<void> {
  const before = gunzipSync(await readFile(dataFile())).toString('utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  const bytes = gzipSync(after);
  await writeFile(dataFile(), bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await rewriteManifest((manifest) => ({
    ...manifest,
    file: { ...manifest.file, bytes: bytes.length, sha256 },
  }));
}
