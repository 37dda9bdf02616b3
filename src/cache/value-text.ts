import { UsageError } from '../errors.js';

/** Marks a text that is more than JSON. No JSON text begins with it. */
const MARK = '~';
const DATE = '$date';
const BIGINT = '$bigint';
/** Deeper than any row; what is deeper still is most likely circular. */
const MAX_DEPTH = 100;

/**
 * The text of a value, from which `decodeValue` makes an equal one: JSON, and beyond it Date and bigint. Properties that
 * are undefined are left out, as JSON leaves them out.
 *
 * @throws UsageError CACHE_VALUE_UNSUPPORTED: what would come back as something else (a Map, a Buffer, an instance of a
 *   class, a function, NaN, undefined in an array, a circular object) is refused rather than changed
 */
export function encodeValue(value: unknown): string {
  const found = { extended: false };
  const text = JSON.stringify(plain(value, 'value', 0, found));
  return found.extended ? MARK + text : text;
}

/** @throws SyntaxError when the text was not written by `encodeValue` */
export function decodeValue(text: string): unknown {
  return text.startsWith(MARK) ? revive(JSON.parse(text.slice(MARK.length))) : JSON.parse(text);
}

function plain(value: unknown, path: string, depth: number, found: { extended: boolean }): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'bigint') {
    found.extended = true;
    return { [BIGINT]: String(value) };
  }
  if (typeof value !== 'object' || depth === MAX_DEPTH) throw unsupported(value, path, depth);
  if (value instanceof Date && !Number.isNaN(value.getTime())) {
    found.extended = true;
    return { [DATE]: value.toISOString() };
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => plain(item, `${path}[${index}]`, depth + 1, found));
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw unsupported(value, path, depth);
  const entries: [string, unknown][] = [];
  for (const [name, item] of Object.entries(value)) {
    if (item === undefined) continue;
    // A column of the name «$date» must not come back as a Date.
    if (name.startsWith('$')) found.extended = true;
    const safeName = name.startsWith('$') ? `$${name}` : name;
    entries.push([safeName, plain(item, `${path}.${name}`, depth + 1, found)]);
  }
  return Object.fromEntries(entries);
}

/** Changes what it is given, which is fresh from JSON.parse: a copy of each row would double the cost of a hit. */
function revive(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) value[index] = revive(item);
    return value;
  }
  const object = value as Record<string, unknown>;
  const names = Object.keys(object);
  if (names[0] === DATE) return new Date(String(object[DATE]));
  if (names[0] === BIGINT) return BigInt(String(object[BIGINT]));
  if (names.some((name) => name.startsWith('$') || name === '__proto__')) {
    return Object.fromEntries(
      names.map((name) => [name.startsWith('$') ? name.slice(1) : name, revive(object[name])]),
    );
  }
  for (const name of names) {
    const inner = object[name];
    if (typeof inner === 'object') object[name] = revive(inner);
  }
  return object;
}

function unsupported(value: unknown, path: string, depth: number): UsageError {
  const what =
    depth === MAX_DEPTH
      ? `is nested deeper than ${MAX_DEPTH} levels, or is circular`
      : typeof value === 'object' && value !== null && !(value instanceof Date)
        ? `is an instance of ${constructorName(value)}`
        : `is ${value instanceof Date ? 'an invalid Date' : String(value)}`;
  return new UsageError('CACHE_VALUE_UNSUPPORTED', 'the loaded value cannot be cached', {
    detail: `${path.length > 200 ? `${path.slice(0, 200)}…` : path} ${what}`,
    hint: 'Return plain objects, arrays, strings, finite numbers, booleans, null, Date or bigint.',
  });
}

function constructorName(value: object): string {
  const { constructor }: { constructor?: unknown } = value;
  return typeof constructor === 'function' && constructor.name !== '' ? constructor.name : 'an unnamed class';
}
