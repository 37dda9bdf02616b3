/** Widths of a letter in pixels, on the safe side of what the fonts of the common systems have. */
const fonts = {
  title: { narrow: 8.4, wide: 14.5 },
  label: { narrow: 7, wide: 12.5 },
  code: { narrow: 7.4, wide: 13 },
};

/** How wide the text is drawn, at most; nobody can measure a font when the diagram is made. */
export function textWidth(text: string, font: keyof typeof fonts): number {
  const { narrow, wide } = fonts[font];
  // Above U+1100 begin the scripts whose letters are as wide as high.
  return Array.from(text).reduce((sum, letter) => sum + (letter >= '\u1100' ? wide : narrow), 0);
}
