import type { SchemaElement } from 'hyparquet';
import { OperationError } from '../../errors.js';
import type { ColdColumn } from './columns.js';

type Value = string | bigint | boolean;

/** How a column is stored in Parquet, and its text turned into that and back without loss. */
export interface ParquetColumn {
  readonly element: SchemaElement;
  readonly encode: (text: string) => Value;
  readonly decode: (value: Value) => string;
}

/** Types that Parquet has are stored as such, so that other tools can compute with them; the others as their text. */
export function parquetColumn({ name, type, notNull }: ColdColumn): ParquetColumn {
  const repetition = { name, repetition_type: notNull ? 'REQUIRED' : 'OPTIONAL' } as const;
  switch (type) {
    case 'bigint':
    case 'integer':
    case 'smallint':
      return { element: { ...repetition, type: 'INT64' }, encode: BigInt, decode: String };
    case 'boolean':
      return {
        element: { ...repetition, type: 'BOOLEAN' },
        encode: (text) => text === 'true',
        decode: String,
      };
    case 'timestamp with time zone':
      return {
        element: {
          ...repetition,
          type: 'INT64',
          converted_type: 'TIMESTAMP_MICROS',
          logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
        },
        encode: (text) => microseconds(text, name),
        decode: (value) => timestampText(value as bigint),
      };
    default:
      return {
        element: { ...repetition, type: 'BYTE_ARRAY', converted_type: 'UTF8' },
        encode: (text) => text,
        decode: String,
      };
  }
}

/** `2025-01-31 23:59:59.123456+00`, of the years 1 to 9999. */
function microseconds(text: string, column: string): bigint {
  const match = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?\+00$/.exec(text);
  if (match === null) {
    throw new OperationError('COLD_VALUE_UNSUPPORTED', `Parquet cannot hold ${text} in column ${column}`, {
      detail: 'Of the instants, infinity and those outside the years 1 to 9999 cannot be kept.',
      hint: 'Export with --file-format csv.gz, which keeps every value.',
    });
  }
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  // Not Date.UTC: it takes the years 0 to 99 for 1900 to 1999.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  return BigInt(date.getTime()) * 1000n + BigInt((match[7] ?? '').padEnd(6, '0'));
}

function timestampText(value: bigint): string {
  const fraction = ((value % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = new Date(Number((value - fraction) / 1000n)).toISOString().slice(0, 19).replace('T', ' ');
  const digits = fraction.toString().padStart(6, '0').replace(/0+$/, '');
  return `${seconds}${digits === '' ? '' : `.${digits}`}+00`;
}
