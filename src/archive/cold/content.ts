import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';
import { quoteIdentifier } from '../../database/identifier.js';
import { textExpressions, type ColdColumn } from './columns.js';
import type { Row } from './row.js';

/**
 * What proves that two sets of rows are the same, whatever their order: for each row the first 8 bytes of the SHA-256
 * of its JSON array of column texts, as a signed integer, and the sum of these. Server and file are summed up apart.
 */
export const CONTENT_ALGORITHM =
  'sum over all rows of the first 8 bytes, as a signed big-endian integer, of the SHA-256 of the UTF-8 text of the JSON array of the texts of the columns';

export interface Content {
  readonly rows: number;
  /** A whole number in decimal digits. */
  readonly checksum: string;
}

export interface MonthContent extends Content {
  readonly minId: string | null;
  readonly maxId: string | null;
  /** With microseconds and offset. */
  readonly minCreatedAt: string | null;
  readonly maxCreatedAt: string | null;
}

export function sameContent(left: Content, right: Content): boolean {
  return left.rows === right.rows && left.checksum === right.checksum;
}

export function describeContent({ rows, checksum }: Content): string {
  return `${rows} rows, content ${checksum}`;
}

/** Computed by the server, under `TEXT_SETTINGS`. About 2 s a million rows. */
export async function readContent(
  client: ClientBase,
  qualifiedName: string,
  columns: readonly ColdColumn[],
  controlColumn: string,
): Promise<MonthContent> {
  const control = quoteIdentifier(controlColumn);
  const { rows } = await client.query<Omit<MonthContent, 'rows'> & { rows: string }>(
    `select count(*) as rows,
       coalesce(sum(('x' || encode(substring(sha256(convert_to(
         to_json(array[${textExpressions(columns).join(', ')}])::text, 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint), 0)::text as checksum,
       min(id)::text as "minId", max(id)::text as "maxId",
       min(${control})::text as "minCreatedAt", max(${control})::text as "maxCreatedAt"
     from only ${qualifiedName}`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('an aggregate gave no row');
  return { ...row, rows: Number(row.rows) };
}

/** Adds up the rows of a file. */
export function contentSum(): { add(row: Row): void; content(): Content } {
  let rows = 0;
  let total = 0n;
  let high = 0;
  let low = 0;
  // Halves in doubles: a big integer for every row takes longer than the hash.
  const settle = (): void => {
    total += (BigInt(high) << 32n) + BigInt(low);
    high = 0;
    low = 0;
  };
  return {
    add(row) {
      const digest = createHash('sha256').update(JSON.stringify(row)).digest();
      high += digest.readInt32BE(0);
      low += digest.readUInt32BE(4);
      rows += 1;
      if (rows % 1_000_000 === 0) settle();
    },
    content() {
      settle();
      return { rows, checksum: total.toString() };
    },
  };
}

/**
 * Tells cheaply whether a row was inserted, updated or deleted since: the version of every row and where it lies. A
 * rewrite of the table (VACUUM FULL, CLUSTER) changes it too. 0.2 to 0.5 s a million rows.
 */
export async function readFingerprint(client: ClientBase, qualifiedName: string): Promise<string> {
  const { rows } = await client.query<{ fingerprint: string }>(
    `select count(*) || ' ' || coalesce(sum(hashtidextended(ctid, xmin::text::bigint)), 0) as fingerprint
     from only ${qualifiedName}`,
  );
  return rows[0]?.fingerprint ?? '';
}
