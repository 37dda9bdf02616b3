/**
 * A text put together of pieces, in bytes that are written over by the next one: in the tables with most rows no
 * string is built for a row.
 */
export interface ByteText {
  /** Begins a new text. */
  start(piece: Uint8Array): ByteText;
  add(piece: Uint8Array): ByteText;
  /** A whole number from 0 on, in decimal digits. */
  addNumber(value: number): ByteText;
  /** 32 bits in eight hexadecimal digits. */
  addHexadecimal(bits: number): ByteText;
  end(): Uint8Array;
}

const ZERO = 0x30;
const DIGITS = Buffer.from('0123456789abcdef');

/** @param most bytes of the longest text */
export function createByteText(most = 256): ByteText {
  const bytes = new Uint8Array(most);
  // A view of each length that came up: to make one is dearer than the text.
  const views = new Array<Uint8Array | undefined>(most + 1);
  let length = 0;
  const text: ByteText = {
    start: (piece) => {
      length = 0;
      return text.add(piece);
    },
    add: (piece) => {
      // The compiler knows that the index is in range, TypeScript does not.
      for (let at = 0; at < piece.length; at++) bytes[length + at] = piece[at] as number;
      length += piece.length;
      return text;
    },
    addNumber: (value) => {
      let digits = 1;
      for (let limit = 10; limit <= value; limit *= 10) digits++;
      let rest = value;
      for (let at = length + digits - 1; at >= length; at--) {
        const next = Math.floor(rest / 10);
        bytes[at] = ZERO + rest - next * 10;
        rest = next;
      }
      length += digits;
      return text;
    },
    addHexadecimal: (bits) => {
      for (let shift = 28; shift >= 0; shift -= 4) bytes[length++] = DIGITS[(bits >>> shift) & 15] as number;
      return text;
    },
    end: () => {
      if (length > most) throw new RangeError(`a text of ${length} bytes is longer than ${most}`);
      return (views[length] ??= bytes.subarray(0, length));
    },
  };
  return text;
}

/** The bytes of a few words, encoded once. */
export function rememberBytes(): (word: string) => Uint8Array {
  const known = new Map<string, Uint8Array>();
  return (word) => {
    let bytes = known.get(word);
    if (bytes === undefined) known.set(word, (bytes = Buffer.from(word)));
    return bytes;
  };
}
