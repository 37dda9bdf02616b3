import { isIP } from 'node:net';
import { makeRoom, type RowBuffer } from './row-buffer.js';

/** PGSQL_AF_INET and PGSQL_AF_INET6: PostgreSQL's own numbers, the same on every platform. */
const FAMILY = { 4: 2, 6: 3 } as const;

/** Writes an address, with or without /bits, as inet_recv() reads it. @returns the position after it */
export function writeInetBody(out: RowBuffer, at: number, text: string): number {
  const slash = text.indexOf('/');
  const address = slash < 0 ? text : text.slice(0, slash);
  const version = isIP(address);
  if (version !== 4 && version !== 6) throw new TypeError(`«${text}» is no IP address`);
  const bytes = version === 4 ? address.split('.').map(Number) : ipv6Bytes(address);
  const most = 8 * bytes.length;
  const bits = slash < 0 ? most : Number(text.slice(slash + 1));
  if (!Number.isInteger(bits) || bits < 0 || bits > most) throw new TypeError(`«${text}» is no IP address`);
  makeRoom(out, at, 4 + bytes.length);
  out.bytes[at] = FAMILY[version];
  out.bytes[at + 1] = bits;
  out.bytes[at + 2] = 0; // no cidr
  out.bytes[at + 3] = bytes.length;
  out.bytes.set(bytes, at + 4);
  return at + 4 + bytes.length;
}

const DOT = 0x2e;
const COLON = 0x3a;
const ZERO = 0x30;

/**
 * The same of a plain address in bytes, as nearly all are: no string is built.
 *
 * @returns the position after it; -1 for anything else, such as one with /bits
 */
export function writePlainInetBody(out: RowBuffer, at: number, text: Uint8Array): number {
  makeRoom(out, at, 20);
  return text.includes(COLON) ? writeInet6(out, at, text) : writeInet4(out, at, text);
}

function writeInet4(out: RowBuffer, at: number, text: Uint8Array): number {
  const { bytes } = out;
  let octet = 0;
  let digits = 0;
  let octets = 0;
  for (let next = 0; next <= text.length; next++) {
    const byte = next === text.length ? DOT : (text[next] as number);
    if (byte === DOT) {
      if (digits === 0 || octet > 255 || octets === 4) return -1;
      bytes[at + 4 + octets] = octet;
      octets++;
      octet = digits = 0;
      continue;
    }
    const digit = byte - ZERO;
    // No leading zeros: some read them as octal.
    if (digit < 0 || digit > 9 || (digits > 0 && octet === 0) || digits === 3) return -1;
    octet = octet * 10 + digit;
    digits++;
  }
  if (octets !== 4) return -1;
  bytes[at] = FAMILY[4];
  bytes[at + 1] = 32;
  bytes[at + 2] = 0; // no cidr
  bytes[at + 3] = 4;
  return at + 8;
}

function writeInet6(out: RowBuffer, at: number, text: Uint8Array): number {
  const { bytes } = out;
  const start = at + 4;
  let end = start;
  // Where the zeros belong that «::» stands for.
  let gap = -1;
  for (let next = 0; next < text.length;) {
    if (text[next] === COLON) {
      if (text[next + 1] !== COLON || gap >= 0) return -1;
      gap = end;
      next += 2;
      continue;
    }
    let word = 0;
    const wordStart = next;
    for (let digit = digitAt(text, next); digit >= 0; digit = digitAt(text, ++next)) word = word * 16 + digit;
    if (next === wordStart || next - wordStart > 4 || end === start + 16) return -1;
    bytes[end++] = word >>> 8;
    bytes[end++] = word & 0xff;
    if (next === text.length) break;
    // A colon, and something after it; before another colon it is the first of two.
    if (text[next] !== COLON || next + 1 === text.length) return -1;
    if (text[next + 1] !== COLON) next++;
  }
  const missing = start + 16 - end;
  if (gap < 0 ? missing !== 0 : missing < 2) return -1;
  if (gap >= 0) {
    bytes.copyWithin(gap + missing, gap, end);
    bytes.fill(0, gap, gap + missing);
  }
  bytes[at] = FAMILY[6];
  bytes[at + 1] = 128;
  bytes[at + 2] = 0; // no cidr
  bytes[at + 3] = 16;
  return start + 16;
}

/** A hexadecimal one; -1 for anything else. */
function digitAt(text: Uint8Array, at: number): number {
  const byte = text[at] ?? 0;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function ipv6Bytes(address: string): number[] {
  // The last 32 bits may be written as an IPv4 address.
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const pair = (high = '', low = ''): string => (Number(high) * 256 + Number(low)).toString(16);
  const plain = dotted
    ? `${dotted[1] ?? ''}${pair(dotted[2], dotted[3])}:${pair(dotted[4], dotted[5])}`
    : address;
  const [before = '', after] = plain.split('::');
  const words = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((word) => Number.parseInt(word, 16));
  const head = words(before);
  const tail = after === undefined ? [] : words(after);
  const zeros = Array<number>(8 - head.length - tail.length).fill(0);
  return [...head, ...zeros, ...tail].flatMap((word) => [word >>> 8, word & 0xff]);
}
