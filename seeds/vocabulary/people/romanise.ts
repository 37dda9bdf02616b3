const INITIALS = 'g kk n d tt r m b pp s ss  j jj ch k t p h'.split(' ');
const VOWELS = 'a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i'.split(' ');
const FINALS = ' k k k n n n t l k m l l l p l m p p t t ng t t k t p h'.split(' ');

/** As people spell these syllables in their own names, where the Revised Romanisation has another form. */
const customarySyllables: Readonly<Record<string, string>> = {
  건: 'gun',
  경: 'kyung',
  석: 'seok',
  선: 'sun',
  숙: 'sook',
  순: 'soon',
  승: 'seung',
  영: 'young',
  용: 'yong',
  우: 'woo',
  욱: 'wook',
  운: 'woon',
  웅: 'woong',
  율: 'yul',
  이: 'i',
  일: 'il',
  정: 'jung',
  현: 'hyun',
  형: 'hyung',
  훈: 'hoon',
  희: 'hee',
};

/**
 * Hangul in lower-case ASCII letters, each syllable by itself: names are not assimilated (민준: minjun). The Revised
 * Romanisation, and where custom differs, custom (현: hyun, 우: woo).
 */
export function romaniseSyllables(hangul: string): readonly string[] {
  return Array.from(hangul, (syllable) => {
    const index = (syllable.codePointAt(0) ?? 0) - 0xac00;
    if (index < 0 || index >= 11_172) throw new Error(`not a syllable of Hangul: ${syllable}`);
    const letters = [
      INITIALS[Math.floor(index / 588)],
      VOWELS[Math.floor((index % 588) / 28)],
      FINALS[index % 28],
    ];
    return customarySyllables[syllable] ?? letters.join('');
  });
}
