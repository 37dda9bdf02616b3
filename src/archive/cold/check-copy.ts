import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError, type OperationErrorCode } from '../../errors.js';
import type { PartitionPolicy } from '../../partitioning/policy.js';
import { formatMonth } from '../../partitioning/month.js';
import { contentSum, describeContent, sameContent, type Content } from './content.js';
import { hashFile, readRows } from './data-file.js';
import { asReadFailure, isMissing } from './file-failure.js';
import { CHECKSUM_FILE, MANIFEST_FILE } from './layout.js';
import { parseManifest, type Manifest } from './manifest.js';

/** Something that is not as it should be, with the code of the error it is for who relies on the copy. */
export interface ColdFinding {
  readonly code: OperationErrorCode;
  readonly message: string;
  readonly detail?: string | undefined;
}

export interface CheckedCopy {
  /** Undefined when it cannot be trusted. */
  readonly manifest: Manifest | undefined;
  /** Empty when manifest, file and content agree. */
  readonly findings: readonly ColdFinding[];
}

/** What the manifest says of the rows. */
export function manifestContent({ rows, contentChecksum }: Manifest): Content {
  return { rows, checksum: contentChecksum.value };
}

/**
 * Checks a copy against itself: the manifest against its checksum, the file against the manifest byte by byte, and its
 * rows, read and added up, against the count and the checksum that the server gave when they were exported.
 *
 * @throws OperationError COLD_FILE_UNREADABLE when the file system refuses
 */
export async function checkCopy(
  folder: string,
  { policy, month }: { readonly policy: PartitionPolicy; readonly month: Date },
  onBytes: (count: number) => void,
): Promise<CheckedCopy> {
  try {
    const checked = await checkManifest(folder, policy, month);
    if (checked.manifest === undefined || checked.findings.length > 0) return checked;
    return { ...checked, findings: await checkFile(folder, checked.manifest, onBytes) };
  } catch (error) {
    throw asReadFailure(error, folder);
  }
}

async function checkManifest(folder: string, policy: PartitionPolicy, month: Date): Promise<CheckedCopy> {
  const bad = (code: OperationErrorCode, message: string, detail?: string): CheckedCopy => ({
    manifest: undefined,
    findings: [{ code, message, detail }],
  });
  if (!(await exists(folder))) return bad('COLD_COPY_MISSING', `there is no cold copy in ${folder}`);
  const text = await readIfThere(join(folder, MANIFEST_FILE));
  if (text === undefined) return bad('COLD_MANIFEST_MISSING', `${folder} has no ${MANIFEST_FILE}`);
  const sums = await readIfThere(join(folder, CHECKSUM_FILE));
  if (sums === undefined) return bad('COLD_FILE_MISSING', `${folder} has no ${CHECKSUM_FILE}`);
  const sha256 = createHash('sha256').update(text).digest('hex');
  if (!sums.includes(`${sha256}  ${MANIFEST_FILE}\n`)) {
    return bad(
      'COLD_MANIFEST_CHANGED',
      `${MANIFEST_FILE} in ${folder} was changed`,
      `Its SHA-256 is ${sha256}, and ${CHECKSUM_FILE} has another.`,
    );
  }
  const manifest = parseManifest(text);
  if (typeof manifest === 'string') {
    return bad('COLD_MANIFEST_INVALID', `${MANIFEST_FILE} in ${folder} is not usable`, manifest);
  }
  if (manifest.table !== policy.table || manifest.month !== formatMonth(month)) {
    return bad(
      'COLD_MANIFEST_INVALID',
      `${folder} is not the cold copy of ${policy.table} ${formatMonth(month)}`,
      `Its manifest says ${manifest.table} ${manifest.month}.`,
    );
  }
  return { manifest, findings: [] };
}

async function checkFile(
  folder: string,
  manifest: Manifest,
  onBytes: (count: number) => void,
): Promise<readonly ColdFinding[]> {
  const { name, bytes, sha256 } = manifest.file;
  const path = join(folder, name);
  if (!(await exists(path))) return [{ code: 'COLD_FILE_MISSING', message: `${path} is missing` }];
  const found = await hashFile(path);
  if (found.bytes !== bytes) {
    return [
      {
        code: 'COLD_FILE_CHANGED',
        message: `${path} ${found.bytes < bytes ? 'was cut short' : 'has grown'}`,
        detail: `It has ${found.bytes} bytes, and the manifest says ${bytes}.`,
      },
    ];
  }
  if (found.sha256 !== sha256) {
    return [
      {
        code: 'COLD_FILE_CHANGED',
        message: `${path} is damaged`,
        detail: `Its SHA-256 is ${found.sha256}, and the manifest says ${sha256}.`,
      },
    ];
  }
  const content = await readFileContent(path, manifest, onBytes);
  const expected = manifestContent(manifest);
  if (typeof content !== 'string' && sameContent(content, expected)) return [];
  return [
    {
      code: 'COLD_CONTENT_DIFFERS',
      message: `${path} does not hold the rows that its manifest tells of`,
      detail: `${typeof content === 'string' ? content : `The file: ${describeContent(content)}.`} The manifest: ${describeContent(expected)}.`,
    },
  ];
}

/** Reads every row of a data file and adds them up. @returns why it cannot be read, when it is damaged */
export async function readFileContent(
  path: string,
  { columns, file }: Pick<Manifest, 'columns' | 'file'>,
  onBytes: (count: number) => void,
): Promise<Content | string> {
  const sum = contentSum();
  try {
    for await (const batch of readRows(path, file.fileFormat, columns, onBytes)) {
      for (const row of batch) sum.add(row);
    }
  } catch (error) {
    const failure = asReadFailure(error, path);
    if (failure instanceof OperationError) throw failure;
    return `It cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
  }
  return sum.content();
}

/** For those who go on only with a copy that is whole. @throws OperationError with the code of the first finding */
export function assertNoFindings(findings: readonly ColdFinding[], hint: string): void {
  const [first] = findings;
  if (first === undefined) return;
  throw new OperationError(first.code, first.message, { detail: first.detail, hint });
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
