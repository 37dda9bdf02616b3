/**
 * Random numbers without a sequence: what is drawn for a column of a row depends on the seed, the names and the row
 * alone, so that no column, table or range changes another.
 */
export interface Draw {
  /** A whole number of 32 bits. `salt` tells several draws for one row apart. */
  bits(row: number, salt?: number): number;
  /** From 0 up to, not including, 1. */
  unit(row: number, salt?: number): number;
  /** A whole number from 0 up to, not including, `count`. */
  below(count: number, row: number, salt?: number): number;
  /** True as often as `share` says. */
  chance(share: number, row: number, salt?: number): boolean;
  /** Waiting time of mean 1: many short ones, few long ones. */
  wait(row: number, salt?: number): number;
}

/** @param name What the draws are for, such as `users.gender`; a name of its own for each purpose. */
export function drawFor(seed: number, name: string): Draw {
  const key = mix(hashName(name) ^ Math.imul(seed, 0x9e3779b1));
  const bits = (row: number, salt = 0): number => drawBits(key, row, salt);
  const unit = (row: number, salt = 0): number => drawBits(key, row, salt) / 0x1_0000_0000;
  return {
    bits,
    unit,
    below: (count, row, salt = 0) => Math.floor(unit(row, salt) * count),
    chance: (share, row, salt = 0) => unit(row, salt) < share,
    wait: (row, salt = 0) => -naturalLog((drawBits(key, row, salt) + 0.5) / 0x1_0000_0000),
  };
}

function drawBits(key: number, row: number, salt: number): number {
  const x = Math.imul(row ^ 0x9e3779b9, 0x85ebca6b) ^ key;
  return mix(salt === 0 ? x : mix(x) ^ Math.imul(salt, 0xc2b2ae35));
}

/** Finaliser of 32 bits in which every bit of the input changes half of the output. */
function mix(value: number): number {
  let x = value;
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  x ^= x >>> 16;
  return x >>> 0;
}

/** FNV-1a. */
function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return hash;
}

/**
 * The `index`-th of the numbers from 0 to `count` - 1 in an order of its own for each key, each exactly once: a
 * Feistel network, walked on until it falls into the range.
 */
export function permute(count: number, key: number, index: number): number {
  let half = 1;
  while (2 ** (2 * half) < count) half++;
  const mask = 2 ** half - 1;
  let at = index;
  do {
    let left = at >>> half;
    let right = at & mask;
    for (let round = 1; round <= 4; round++) {
      const next = left ^ (drawBits(key, right, round) & mask);
      left = right;
      right = next;
    }
    at = left * (mask + 1) + right;
  } while (at >= count);
  return at;
}

/** Of additions, multiplications and divisions only: `Math.log` may differ in the last bit between engines. */
function naturalLog(value: number): number {
  let mantissa = value;
  let exponent = 0;
  while (mantissa < 0.7071) {
    mantissa *= 2;
    exponent--;
  }
  const z = (mantissa - 1) / (mantissa + 1);
  const square = z * z;
  const series = 1 + square * (1 / 3 + square * (1 / 5 + square * (1 / 7 + square * (1 / 9 + square / 11))));
  return 2 * z * series + exponent * 0.6931471805599453;
}
