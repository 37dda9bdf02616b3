import { join } from 'node:path';
import type { PartitionPolicy } from '../../partitioning/policy.js';
import { formatMonth } from '../../partitioning/month.js';
import type { ColdFileFormat } from './options.js';

export const MANIFEST_FILE = 'manifest.json';
/** Of the manifest and the data, as `sha256sum --check` reads them. */
export const CHECKSUM_FILE = 'SHA256SUMS';

/** `DIR/chat_messages/2025-01` */
export function copyFolder(directory: string, { table }: PartitionPolicy, month: Date): string {
  return join(directory, table, formatMonth(month));
}

/** Where a copy is written until it is whole. It lies beside the copy, so that renaming it is one step. */
export function partialFolder(directory: string, { table }: PartitionPolicy, month: Date): string {
  return join(directory, table, `.${formatMonth(month)}.partial`);
}

/** Says what it is when it is found alone. */
export function dataFile({ table }: PartitionPolicy, month: Date, fileFormat: ColdFileFormat): string {
  return `${table}-${formatMonth(month)}.${fileFormat}`;
}
