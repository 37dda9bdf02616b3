import { createHash } from 'node:crypto';

/** PostgreSQL cuts names to so many bytes. */
const NAME_BYTES = 63;

/** The first bytes of a name, never half a character. */
export function clipName(name: string, bytes: number): string {
  let length = 0;
  let clipped = '';
  for (const character of name) {
    length += Buffer.byteLength(character);
    if (length > bytes) break;
    clipped += character;
  }
  return clipped;
}

/** What the leaf of an index is called on a partition: the same at every attempt, so that a later one finds it. */
export function leafName(partition: string, index: string): string {
  const name = `${partition}_${index}`;
  if (Buffer.byteLength(name) <= NAME_BYTES) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${clipName(name, NAME_BYTES - 9)}_${digest}`;
}

export type LeftoverKind = 'ccnew' | 'ccold';

/** `ccnew` for what REINDEX CONCURRENTLY calls the new copy while it builds it, `ccold` for the old one it is to drop. */
export function leftoverKind(name: string): LeftoverKind | undefined {
  const match = /_(ccnew|ccold)\d*$/.exec(name);
  return match?.[1] as LeftoverKind | undefined;
}

/** Whether REINDEX CONCURRENTLY of `base` would have made that name: it cuts the base, never the suffix. */
export function isLeftoverOf(name: string, base: string): boolean {
  const suffix = /_cc(?:new|old)\d*$/.exec(name)?.[0];
  return suffix !== undefined && name === `${clipName(base, NAME_BYTES - suffix.length)}${suffix}`;
}
