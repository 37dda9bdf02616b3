import { contentHash } from '../../page/content-hash.js';
import { escapeHtml } from '../../page/escape-html.js';
import { drawDiagram } from '../diagram/draw-diagram.js';
import type { DomainDescription, SchemaDescription } from '../schema-description.js';
import { renderTable } from './render-table.js';
import { script } from './script.js';
import { style } from './style.js';

/**
 * The schema as one HTML file: diagrams, tables and the search in them. It loads nothing and works offline; the
 * policy in its head lets a browser run this script and style and nothing else.
 */
export function renderPage(schema: SchemaDescription): string {
  const { domains } = schema;
  const count = domains.reduce((sum, { tables }) => sum + tables.length, 0);
  const policy = `default-src 'none'; script-src ${contentHash(script)}; style-src ${contentHash(style)}; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Schema</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>Schema</h1>
<form role="search">
<label for="search">Search</label>
<input id="search" type="search" autocomplete="off" spellcheck="false" placeholder="table, column or comment, English or 한국어" aria-describedby="count">
</form>
<p id="count" role="status">${count} tables</p>
</header>
<nav aria-label="Domains"><ul>
${domains.map(({ key, name, koreanName }) => `<li><a href="#domain-${key}">${escapeHtml(name)} <span lang="ko">${escapeHtml(koreanName)}</span></a></li>`).join('\n')}
</ul></nav>
<main>
${domains.map((domain) => renderDomain(domain, domains)).join('\n')}
<p id="nothing" hidden>No table has all of these words.</p>
</main>
<script>${script}</script>
</body>
</html>
`;
}

function renderDomain(domain: DomainDescription, all: readonly DomainDescription[]): string {
  const { key, name, koreanName, tables } = domain;
  return `<section id="domain-${key}">
<h2>${escapeHtml(name)} <span lang="ko">${escapeHtml(koreanName)}</span></h2>
<figure class="scroll" tabindex="0" role="region" aria-label="Diagram: ${escapeHtml(name)}">
${drawDiagram(domain, all)}
</figure>
${tables.map(renderTable).join('\n')}
</section>`;
}
