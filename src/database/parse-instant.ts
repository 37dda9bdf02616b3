import pg from 'pg';

const TIMESTAMPTZ = 1184;
// pg's types name a few OIDs only, and take any.
const parseAsDriver = (pg.types.getTypeParser as (oid: number) => (text: string) => Date)(TIMESTAMPTZ);

// By their codes: a page has many instants, and comparing texts takes a third longer.
const [SPACE, PLUS, HYPHEN, POINT, ZERO] = [0x20, 0x2b, 0x2d, 0x2e, 0x30] as const;
const SECOND = '0000-00-00 00:00:00';

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

/** The years beyond, and those before Christ. */
const UNUSUAL = /^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?[+-]\d\d(?::\d\d){0,2}(?: BC)?$|^-?infinity$/;

/**
 * The same of text from outside; of other zones and years only the form is looked at.
 *
 * @returns undefined for what PostgreSQL would not have written, as 30 February
 */
export function readInstant(text: string): Date | undefined {
  if (!isUsualInstant(text)) return UNUSUAL.test(text) ? parseAsDriver(text) : undefined;
  if (!isWellFormed(text)) return undefined;
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

/** By hand: with every page comes one, and a regular expression takes as long as all else of reading a cursor. */
function isWellFormed(text: string): boolean {
  for (let at = 0; at < SECOND.length; at++) {
    const isRight =
      SECOND.charCodeAt(at) === ZERO ? isDigit(text, at) : text.charCodeAt(at) === SECOND.charCodeAt(at);
    if (!isRight) return false;
  }
  const end = text.length - '+00'.length;
  if (end === SECOND.length) return true;
  const hasFraction = text.charCodeAt(SECOND.length) === POINT;
  return hasFraction && end - SECOND.length <= '.123456'.length && areDigits(text, SECOND.length + 1, end);
}

/** From one place to before another; none is not. */
export function areDigits(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (!isDigit(text, at)) return false;
  return from < to;
}

function isDigit(text: string, at: number): boolean {
  const value = digit(text, at);
  return value >= 0 && value <= 9;
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
