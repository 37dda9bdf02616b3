import type { Draw } from '../world/draw.js';
import { createByteText } from './byte-text.js';

/** 32 hexadecimal digits, unique by row: each eight of them are a one-to-one function of it. */
export function tokenText(draw: Draw, row: number): string {
  let text = '';
  for (let part = 0; part < 4; part++) text += draw.bits(row, part).toString(16).padStart(8, '0');
  return text;
}

/** The same in bytes, with something before it. */
export function createTokenBytes(prefix: string, draw: Draw): (row: number) => Uint8Array {
  const text = createByteText();
  const start = Buffer.from(prefix);
  return (row) => {
    text.start(start);
    for (let part = 0; part < 4; part++) text.addHexadecimal(draw.bits(row, part));
    return text.end();
  };
}
