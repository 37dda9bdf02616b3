import pg from 'pg';
import { parseInstant } from './parse-instant.js';

type Parse = (text: string) => unknown;

const asText: Parse = (text) => text;
// pg's types name a few OIDs only, and take any.
const parserOfPg = pg.types.getTypeParser as (oid: number, format?: 'text' | 'binary') => Parse;
// That of text[]: elements as the server wrote them, NULL elements as null, with quotes and escapes undone.
const asTextArray = parserOfPg(1009);

/** By OID of the type, which is fixed for built-in types. */
const parsers = new Map<number, Parse>([
  [20, asText], // bigint
  [1016, asTextArray], // bigint[]
  [1700, asText], // numeric
  [1231, asTextArray], // numeric[]: pg makes floats of it
  [1082, asText], // date: pg makes it local midnight, which is another day elsewhere
  [1182, asTextArray], // date[]
  [1184, parseInstant], // timestamptz, as pg does it and faster
  [1186, asText], // interval
  [1187, asTextArray], // interval[]
  [1003, asTextArray], // name[]
]);

/**
 * How values of the server become JavaScript values, the same in every time zone:
 *
 * - bigint, numeric and their arrays: text, with all digits
 * - date: text, `YYYY-MM-DD` (the server writes `infinity` and `-infinity` for the two dates that are none)
 * - timestamptz: Date, cut to milliseconds; `infinity` and `-infinity` are the numbers Infinity and -Infinity, as no
 *   Date can stand for them. Select `created_at::text` where microseconds matter
 * - interval, inet, uuid: text; jsonb: parsed; text[] and other arrays: arrays
 *
 * Given to a pool as `types`; `pg.types.setTypeParser` would change every other pool of the process as well.
 */
export const typeParsers = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): Parse =>
    (format !== 'binary' && parsers.get(oid)) || parserOfPg(oid, format),
};
