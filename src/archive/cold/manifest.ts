import type { PartitionPolicy } from '../../partitioning/policy.js';
import { addMonths, boundText, formatMonth } from '../../partitioning/month.js';
import type { ColdColumn } from './columns.js';
import { CONTENT_ALGORITHM, type MonthContent } from './content.js';
import type { ColdFileFormat } from './options.js';

export const MANIFEST_FORMAT = 'studymate-db cold copy';
export const MANIFEST_VERSION = 1;

/** What lies beside the data: enough to read it, check it and bring it back in some years, without this program. */
export interface Manifest {
  readonly format: typeof MANIFEST_FORMAT;
  readonly formatVersion: number;
  readonly toolVersion: string;
  /** When the snapshot was taken, by the server's clock, UTC. */
  readonly exportedAt: string;
  readonly serverVersion: string;
  readonly database: string;
  readonly schema: string;
  /** The live table. */
  readonly table: string;
  readonly archiveTable: string;
  readonly partition: string;
  /** `2025-01` */
  readonly month: string;
  /** Inclusive. */
  readonly lowerBound: string;
  /** Exclusive. */
  readonly upperBound: string;
  readonly columns: readonly ColdColumn[];
  readonly rows: number;
  readonly minId: string | null;
  readonly maxId: string | null;
  readonly minCreatedAt: string | null;
  readonly maxCreatedAt: string | null;
  readonly contentChecksum: { readonly algorithm: string; readonly value: string };
  readonly file: ManifestFile;
  readonly howToRead: readonly string[];
}

export interface ManifestFile {
  readonly name: string;
  readonly fileFormat: ColdFileFormat;
  readonly bytes: number;
  readonly sha256: string;
}

export interface ManifestFacts {
  readonly policy: PartitionPolicy;
  readonly month: Date;
  readonly toolVersion: string;
  readonly exportedAt: string;
  readonly serverVersion: string;
  readonly database: string;
  readonly partition: string;
  readonly columns: readonly ColdColumn[];
  readonly content: MonthContent;
  readonly file: ManifestFile;
}

export function buildManifest(facts: ManifestFacts): Manifest {
  const { policy, month, content, file, columns } = facts;
  const { rows, minId, maxId, minCreatedAt, maxCreatedAt, checksum } = content;
  return {
    format: MANIFEST_FORMAT,
    formatVersion: MANIFEST_VERSION,
    toolVersion: facts.toolVersion,
    exportedAt: facts.exportedAt,
    serverVersion: facts.serverVersion,
    database: facts.database,
    schema: policy.schema,
    table: policy.table,
    archiveTable: policy.archiveTable,
    partition: facts.partition,
    month: formatMonth(month),
    lowerBound: boundText(month),
    upperBound: boundText(addMonths(month, 1)),
    columns: columns.map(({ name, type, notNull, comment }) => ({ name, type, notNull, comment })),
    rows,
    minId,
    maxId,
    minCreatedAt,
    maxCreatedAt,
    contentChecksum: { algorithm: CONTENT_ALGORITHM, value: checksum },
    file,
    howToRead: howToRead(facts),
  };
}

function howToRead({ policy, month, columns, content, file }: ManifestFacts): readonly string[] {
  const importLine = `With studymate-db: studymate-db archive import ${formatMonth(month)} --table ${policy.table} --from DIR, where DIR holds the folder ${policy.table}.`;
  const check =
    'Check the files first: sha256sum --check SHA256SUMS. Without studymate-db, make a table with the columns listed here.';
  if (file.fileFormat === 'parquet') {
    return [
      check,
      `${file.name} is Apache Parquet, compressed with gzip: DuckDB, pandas, Spark and others read it. Instants are microseconds in UTC; jsonb and inet are their text.`,
      importLine,
    ];
  }
  const names = columns.map(({ name }) => name).join(', ');
  return [
    check,
    `gzip -dc ${file.name} | psql -c "\\copy t (${names}) from pstdin with (format csv, header)"`,
    `It must say COPY ${content.rows}. psql before 18 stops at a line of text that is only \\. («unterminated CSV quoted field»); the server does not: copy t (${names}) from program 'gzip -dc /path/${file.name}' with (format csv, header).`,
    'UTF-8, with a header. An empty field without quotes is null, one with quotes is the empty string. Texts may hold newlines. Instants are in UTC.',
    importLine,
  ];
}

export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** @returns the manifest, or what is wrong with it */
export function parseManifest(text: string): Manifest | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'It is not JSON.';
  }
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Partial<Manifest>;
  if (fields.format !== MANIFEST_FORMAT) return `Its format is not «${MANIFEST_FORMAT}».`;
  if (fields.formatVersion !== MANIFEST_VERSION) {
    return `Its format version is ${String(fields.formatVersion)}; this version of studymate-db reads ${MANIFEST_VERSION}.`;
  }
  const { columns, file, contentChecksum } = fields;
  const texts = [fields.table, fields.month, contentChecksum?.value, file?.name, file?.sha256];
  const complete =
    texts.every((field) => typeof field === 'string') &&
    Number.isSafeInteger(fields.rows) &&
    Number.isSafeInteger(file?.bytes) &&
    (file?.fileFormat === 'csv.gz' || file?.fileFormat === 'parquet') &&
    Array.isArray(columns) &&
    columns.length > 0 &&
    columns.every(({ name, type }) => typeof name === 'string' && typeof type === 'string');
  if (!complete) return 'A field is missing or has the wrong type.';
  if (!/^[\w][\w.-]*$/.test(file.name)) return `«${file.name}» is not the name of a file of this folder.`;
  return fields as Manifest;
}
