import { makeRoom, type RowBuffer } from './row-buffer.js';

const DECIMAL = /^(-?)0*(\d*)(?:\.(\d+))?$/;
const NEGATIVE = 0x4000;
/** Decimal digits in one of PostgreSQL's. */
const GROUP = 4;

/** Writes a decimal, such as `-12.50`, as numeric_recv() reads it. @returns the position after it */
export function writeNumericBody(out: RowBuffer, at: number, text: string): number {
  const match = DECIMAL.exec(text);
  if (match === null || text === '' || text === '-') throw new TypeError(`«${text}» is no decimal number`);
  const [, sign = '', whole = '', fraction = ''] = match;
  const wholeGroups = Math.ceil(whole.length / GROUP);
  const padded =
    whole.padStart(wholeGroups * GROUP, '0') +
    fraction.padEnd(Math.ceil(fraction.length / GROUP) * GROUP, '0');
  const groups: number[] = [];
  for (let i = 0; i < padded.length; i += GROUP) groups.push(Number(padded.slice(i, i + GROUP)));
  let weight = wholeGroups - 1;
  while (groups.length > 0 && groups[0] === 0) {
    groups.shift();
    weight -= 1;
  }
  while (groups.at(-1) === 0) groups.pop();
  makeRoom(out, at, 8 + 2 * groups.length);
  const { view } = out;
  view.setInt16(at, groups.length);
  view.setInt16(at + 2, groups.length === 0 ? 0 : weight);
  view.setUint16(at + 4, sign === '-' && groups.length > 0 ? NEGATIVE : 0);
  view.setInt16(at + 6, fraction.length);
  let end = at + 8;
  for (const group of groups) {
    view.setInt16(end, group);
    end += 2;
  }
  return end;
}
