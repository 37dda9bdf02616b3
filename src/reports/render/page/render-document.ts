import { contentHash } from '../../../page/content-hash.js';
import { escapeHtml } from '../../../page/escape-html.js';
import type { Language } from '../../text.js';
import { hatches } from '../plot/series.js';
import { style } from './style.js';

/**
 * One HTML file that loads nothing and runs nothing: the policy in its head lets a browser use this style and nothing
 * else, also should a text of the database ever get through as markup.
 *
 * @param body trusted markup
 */
export function renderDocument(title: string, body: string, language: Language): string {
  const policy = `default-src 'none'; style-src ${contentHash(style)}; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
${body.includes('url(#hatch-') ? `${hatches}\n` : ''}${body}
</body>
</html>
`;
}
