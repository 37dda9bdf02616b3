import type { Parameter } from '../parameters.js';

/** The present, for reports that tell what is not over yet; as text, so that it is kept and given like the others. */
export const asOf: Parameter<string> = {
  label: { en: 'as of', ko: '기준 시각' },
  form: 'an instant, as in 2026-01-31T15:00:00Z',
  defaultText: 'now',
  parse: (text) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/.test(text) &&
    !Number.isNaN(Date.parse(text))
      ? new Date(text).toISOString()
      : undefined,
  default: ({ now }) => now.toISOString(),
};
