/** The tag that every value has beside its own: `clear` invalidates it. No caller's tag is empty. */
export const ALL = '';

/** What is no longer true. */
export interface Invalidation {
  readonly tags: readonly string[];
  readonly keys: readonly string[];
}
