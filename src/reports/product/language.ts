import { optionalText } from '../parameters.js';

/** Narrows a report down to one language. */
export const language = optionalText(
  { en: 'language', ko: '언어' },
  'a language code, as in ko',
  /^[A-Za-z][A-Za-z0-9-]{1,9}$/,
);
