/** Texts, and beside them their UTF-8 bytes, which the hot paths copy. Same index in both. */
export interface Texts {
  readonly texts: readonly string[];
  readonly bytes: readonly Uint8Array[];
}

/** Nothing is encoded until its bytes are asked for: most of the vocabulary is not, in any one world. */
export function texts(list: readonly string[]): Texts {
  return new EncodedTexts(list);
}

/** A class, so that all have one getter, which the compiler of the hot paths sees through. */
class EncodedTexts implements Texts {
  readonly texts: readonly string[];
  #bytes: readonly Uint8Array[] | undefined;

  constructor(list: readonly string[]) {
    this.texts = list;
  }

  get bytes(): readonly Uint8Array[] {
    return (this.#bytes ??= encode(this.texts));
  }
}

function encode(list: readonly string[]): readonly Uint8Array[] {
  // One buffer a list: thousands of small ones would cost more than all the rest.
  const encoded = Buffer.from(list.join(''));
  let end = 0;
  return list.map((text) => encoded.subarray(end, (end += Buffer.byteLength(text))));
}

/** Each value as JSON. The server puts the keys of jsonb in an order of its own. */
export function jsonTexts(values: readonly object[]): Texts {
  return texts(values.map((value) => JSON.stringify(value)));
}

/** Puts values in the place of `{name}` slots. A slot without a value stays. */
export function fillSlots(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (slot, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : slot,
  );
}
