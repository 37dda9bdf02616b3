/** The name as readers know it: without the schema in public. */
export function displayName(catalogName: string): string {
  return catalogName.startsWith('public.') ? catalogName.slice('public.'.length) : catalogName;
}

/** Any other letter than these is written by its number: the anchor is unique, and safe in a link and an attribute. */
export function anchorOf(catalogName: string): string {
  const safe = displayName(catalogName).replaceAll(
    /[^a-z0-9_.]/gu,
    (letter) => `-${(letter.codePointAt(0) ?? 0).toString(16)}-`,
  );
  return `table-${safe}`;
}

const nameWithKorean = /^[^(:]*\(([^()]*\p{Script=Hangul}[^()]*)\)/u;

/** The Korean name that a comment has in parentheses after the English one. */
export function koreanNameOf(comment: string | null): string | null {
  return comment === null ? null : (nameWithKorean.exec(comment)?.[1]?.trim() ?? null);
}
