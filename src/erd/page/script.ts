/**
 * The search of the page: a table stays when it has every word in its names, columns or comments. Hangul is composed
 * first, as some keyboards and file systems send its parts. A link to a table that is filtered away shows it again.
 */
export const script = `
'use strict';
const search = document.getElementById('search');
const count = document.getElementById('count');
const nothing = document.getElementById('nothing');
const plain = (text) => text.normalize('NFC').toLowerCase();
const tables = [...document.querySelectorAll('article')].map((article) => ({
  article,
  text: plain([...article.querySelectorAll('.s')].map((part) => part.textContent).join(' ')),
  rows: [...article.querySelectorAll('tbody tr')].map((row) => ({
    row,
    text: plain([...row.querySelectorAll('.s')].map((part) => part.textContent).join(' ')),
  })),
}));
const boxes = [...document.querySelectorAll('.box')];
function filter() {
  const words = plain(search.value).split(/\\s+/).filter((word) => word !== '');
  let shown = 0;
  for (const { article, text, rows } of tables) {
    article.hidden = !words.every((word) => text.includes(word));
    if (!article.hidden) shown += 1;
    for (const { row, text: own } of rows)
      row.classList.toggle('hit', !article.hidden && words.some((word) => own.includes(word)));
  }
  for (const box of boxes)
    box.classList.toggle('dim', document.getElementById(box.dataset.table)?.hidden === true);
  for (const section of document.querySelectorAll('section'))
    section.hidden = section.querySelector('article:not([hidden])') === null;
  count.textContent = shown + (shown === 1 ? ' table' : ' tables');
  nothing.hidden = shown > 0;
}
function clear() {
  search.value = '';
  filter();
}
search.addEventListener('input', filter);
document.querySelector('form').addEventListener('submit', (event) => {
  event.preventDefault();
  document.querySelector('article:not([hidden])')?.focus();
});
document.addEventListener('keydown', (event) => {
  if (event.key === '/' && event.target !== search && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    search.focus();
  } else if (event.key === 'Escape' && event.target === search) clear();
});
document.addEventListener('click', (event) => {
  const link = event.target.closest('a[href^="#"]');
  const target = link === null ? null : document.getElementById(link.getAttribute('href').slice(1));
  if (target !== null && target.closest('[hidden]') !== null) clear();
});
filter();
`;
