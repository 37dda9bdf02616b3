/** Hangul, kana, Chinese and full-width forms, and most emoji, are as wide as they are high. */
const WIDE =
  /^[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]/u;
const LARGE = /^[MWm%@…]/;
const CAPITAL = /^[A-Zw]/;
const NARROW = /^[ .,:;'|!iljtfr()[\]]/;
/** More letters than fit into the widest picture. */
const MOST = 200;
const graphemes = new Intl.Segmenter('ko', { granularity: 'grapheme' });

/** About how wide a text is, in pixels; there is no font to measure with where pages are made. */
export function textWidth(text: string, size: number): number {
  let ems = 0;
  for (const { segment } of graphemes.segment(text)) ems += emsOf(segment);
  return ems * size;
}

// Of wide fonts, such as DejaVu Sans: better too much room than text that is cut off.
function emsOf(grapheme: string): number {
  if (WIDE.test(grapheme)) return 1;
  if (LARGE.test(grapheme)) return 1;
  if (CAPITAL.test(grapheme)) return 0.76;
  return NARROW.test(grapheme) ? 0.4 : 0.64;
}

/**
 * The text, or what fits of it, with an ellipsis: the beginning of a sentence, both ends of a name, as names of
 * partitions differ at their ends. Never half a syllable or half an emoji.
 */
export function fitText(text: string, width: number, size: number): string {
  if (textWidth(text, size) <= width) return text;
  const all = Array.from(graphemes.segment(text), ({ segment }) => segment);
  // Of a long statement only its ends can be within any picture.
  const parts = all.length > 2 * MOST ? [...all.slice(0, MOST), ...all.slice(-MOST)] : all;
  const endShare = /\s/.test(text) ? 0 : 0.4;
  for (let count = parts.length - 1; count > 0; count--) {
    const end = Math.floor(count * endShare);
    const fitted = `${parts
      .slice(0, count - end)
      .join('')
      .trimEnd()}…${parts.slice(parts.length - end).join('')}`;
    if (textWidth(fitted, size) <= width) return fitted;
  }
  return '…';
}
