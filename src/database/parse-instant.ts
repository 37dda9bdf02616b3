import pg from 'pg';

const TIMESTAMPTZ = 1184;
// pg's types name a few OIDs only, and take any.
const parseAsDriver = (pg.types.getTypeParser as (oid: number) => (text: string) => Date)(TIMESTAMPTZ);

// By their codes: a page has many instants, and comparing texts takes a third longer.
const [SPACE, PLUS, HYPHEN, ZERO] = [0x20, 0x2b, 0x2d, 0x30] as const;

/**
 * The text of a timestamptz as the driver gives it: a Date cut to milliseconds, or the number Infinity or -Infinity.
 * What a session in UTC writes of the years 1000 to 9999 takes a fraction of the driver's time (`npm run bench --
 * library`); all else is left to the driver.
 */
export function parseInstant(text: string): Date {
  if (!isUsualInstant(text)) return parseAsDriver(text);
  // PostgreSQL leaves out the zeros at the end of the second.
  const end = text.length - '+00'.length;
  return new Date(
    Date.UTC(
      pair(text, 0) * 100 + pair(text, 2),
      pair(text, 5) - 1,
      pair(text, 8),
      pair(text, 11),
      pair(text, 14),
      pair(text, 17),
      (20 < end ? digit(text, 20) * 100 : 0) +
        (21 < end ? digit(text, 21) * 10 : 0) +
        (22 < end ? digit(text, 22) : 0),
    ),
  );
}

const USUAL = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00$/;
/** The years beyond, and those before Christ. */
const UNUSUAL = /^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?[+-]\d\d(?::\d\d){0,2}(?: BC)?$|^-?infinity$/;

/** The same of text from outside. @returns undefined for what PostgreSQL would not have written, as 30 February */
export function readInstant(text: string): Date | undefined {
  if (!isUsualInstant(text)) return UNUSUAL.test(text) ? parseAsDriver(text) : undefined;
  if (!USUAL.test(text)) return undefined;
  const instant = parseInstant(text);
  // A Date counts on from days and months that are not.
  const isReal =
    instant.getUTCDate() === pair(text, 8) &&
    instant.getUTCMonth() + 1 === pair(text, 5) &&
    pair(text, 11) < 24 &&
    pair(text, 14) < 60 &&
    pair(text, 17) < 60;
  return isReal ? instant : undefined;
}

/** Tells `2026-11-30 18:54:09.00702+00` from all else that PostgreSQL writes: other styles, zones and years, BC, infinity. */
export function isUsualInstant(text: string): boolean {
  const zone = text.length - '+00'.length;
  return (
    text.charCodeAt(0) !== ZERO &&
    text.charCodeAt(4) === HYPHEN &&
    text.charCodeAt(10) === SPACE &&
    text.charCodeAt(zone) === PLUS &&
    text.charCodeAt(zone + 1) === ZERO &&
    text.charCodeAt(zone + 2) === ZERO
  );
}

function pair(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1);
}

function digit(text: string, at: number): number {
  return text.charCodeAt(at) - ZERO;
}
