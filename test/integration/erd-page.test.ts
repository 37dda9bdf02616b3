import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeErd } from '../../src/erd/write-erd.js';
import { dumpDom, hasBrowser, takeScreenshot } from '../support/browser.js';
import { useDatabase } from '../support/database.js';

const desktop = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };
const hostile =
  '</script><script>document.title="broken in"</script><img src=x onerror="document.title=1">" \' &amp;';

const database = useDatabase();
let folder: string;
let file: string;
let page: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'studymate-erd-'));
  file = join(folder, 'schema.html');
  await writeErd({ connection: database.url, as: 'html', file });
  page = await readFile(file, 'utf8');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the page of the schema', () => {
  it('names no address, so that it works offline, and allows its own script and style only', () => {
    expect(page).not.toMatch(/https?:|\/\/[a-z]|src=|@import|url\(/i);
    expect(page).toMatch(
      /Content-Security-Policy" content="default-src 'none'; script-src 'sha256-[^ ]+'; style-src 'sha256-[^ ]+'; base-uri 'none'/,
    );
  });

  it('leads every link to something on the page, and has every id once', () => {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    const targets = [...page.matchAll(/ href="#([^"]+)"/g)].map(([, target]) => target);
    expect(new Set(ids).size).toBe(ids.length);
    expect(targets.length).toBeGreaterThan(100);
    expect(targets.filter((target) => !ids.includes(target))).toEqual([]);
  });

  it('lists the partitions that there are, with their bounds', () => {
    expect(page).toContain(
      '<li><code>chat_messages_y2025m01</code> for values from (&#39;2025-01-01 00:00:00+00&#39;)',
    );
  });
});

if (!hasBrowser)
  process.stderr.write(
    '\n*** Chromium is not installed: the page was NOT looked at in a browser (apt-get install chromium) ***\n',
  );

describe.skipIf(!hasBrowser)('the page in a browser', () => {
  /**
   * What the script says, as JSON, in a copy of the page whose policy lets it run. In a frame of the window's size:
   * Chromium's own windows have a least width.
   */
  async function ask(script: string, window = desktop, html = page): Promise<unknown> {
    const copy = join(folder, 'asked.html');
    const frame = join(folder, 'frame.html');
    const body = `<script>
      let answer;
      try { answer = (() => { ${script} })(); } catch (error) { answer = { error: String(error) }; }
      parent.postMessage(JSON.stringify(answer), '*');
    </script></body>`;
    await writeFile(
      copy,
      html.replace(/<meta http-equiv[^>]*>/, '').replace('</body>', () => body),
    );
    await writeFile(
      frame,
      `<!doctype html><title></title><script>addEventListener('message', ({ data }) => (document.title = encodeURI(data)))</script>
       <iframe src="asked.html" width="${window.width}" height="${window.height}" style="border: 0"></iframe>`,
    );
    const title = /<title>([^<]*)<\/title>/.exec(await dumpDom(frame, desktop))?.[1] ?? '';
    return JSON.parse(decodeURI(title.replaceAll('&amp;', '&')));
  }

  it('draws a diagram a domain: every table as a box with size, every reference as a line', async () => {
    const drawn = await ask(`
      const sized = (selector) => [...document.querySelectorAll(selector)]
        .filter((mark) => mark.getBBox().width > 20 && mark.getBBox().height > 20).length;
      const long = [...document.querySelectorAll('.line > path:first-child')]
        .filter((path) => path.getTotalLength() > 20).length;
      return { diagrams: document.querySelectorAll('svg').length, tables: document.querySelectorAll('article').length,
        boxes: sized('.box:not(.stub) .frame'), stubs: sized('.box.stub .frame'), long,
        references: [...document.querySelectorAll('dt')].filter((term) => term.textContent === 'References')
          .reduce((sum, term) => { let count = 0, next = term; while ((next = next.nextElementSibling)?.tagName === 'DD') count += 1; return sum + count; }, 0) };`);
    const { tables, references } = drawn as { tables: number; references: number };
    expect(tables).toBeGreaterThanOrEqual(27);
    expect(references).toBeGreaterThanOrEqual(30);
    expect(drawn).toMatchObject({ diagrams: 10, boxes: tables, stubs: 9, long: references });
  });

  it('keeps every word of a diagram within its box', async () => {
    const outside = await ask(`
      return [...document.querySelectorAll('.box')].flatMap((box) => {
        const frame = box.querySelector('.frame').getBBox();
        return [...box.querySelectorAll('text')].filter((text) => {
          const { x, y, width, height } = text.getBBox();
          return x < frame.x || x + width > frame.x + frame.width || y < frame.y || y + height > frame.y + frame.height;
        }).map((text) => text.textContent);
      });`);
    expect(outside).toEqual([]);
  });

  it.each([
    ['a phone', phone],
    ['a desktop', desktop],
  ])('is no wider than the screen of %s: what is wider scrolls in its own frame', async (_, window) => {
    const measured = (await ask(
      `const root = document.documentElement;
       const inner = [...document.querySelectorAll('.scroll')].filter((box) => box.scrollWidth > box.clientWidth).length;
       return { inner: window.innerWidth, client: root.clientWidth, scroll: root.scrollWidth, scrolling: inner };`,
      window,
    )) as { client: number; scroll: number; scrolling: number };
    expect(measured).toMatchObject({ inner: window.width });
    expect(measured.scroll).toBeLessThanOrEqual(measured.client);
    if (window === phone) expect(measured.scrolling).toBeGreaterThan(5);
    const image = join(folder, 'page.png');
    await takeScreenshot(file, window, image);
    expect((await stat(image)).size).toBeGreaterThan(10_000);
  });

  it('finds tables by English and Korean names, composed or not, by column and by comment', async () => {
    const found = await ask(`
      const search = document.getElementById('search');
      return ['chat_room', '채팅 메시지', '푸시'.normalize('NFD'), 'compatibility_score', 'CEFR level', 'no such thing'].map((text) => {
        search.value = text;
        search.dispatchEvent(new Event('input'));
        return [...document.querySelectorAll('article:not([hidden])')].map(({ id }) => id.replace('table-', '')).join(' ')
          + ' / ' + document.getElementById('count').textContent + ' / ' + document.querySelectorAll('tr.hit').length;
      });`);
    expect(found).toEqual([
      'chat_rooms / 1 table / 0',
      'chat_messages chat_messages_archive / 2 tables / 0',
      'push_subscriptions / 1 table / 0',
      'user_partnerships / 1 table / 1',
      expect.stringMatching(/^user_languages /),
      ' / 0 tables / 0',
    ]);
  });

  it('is searched by keyboard, and a link to a table that is filtered away shows it again', async () => {
    const said = await ask(`
      const press = (key) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      const shown = () => document.querySelectorAll('article:not([hidden])').length;
      const search = document.getElementById('search');
      const type = (text) => { search.value = text; search.dispatchEvent(new Event('input')); return shown(); };
      press('/');
      const focused = document.activeElement === search;
      const one = type('push_subscriptions');
      document.querySelector('#table-push_subscriptions a[href="#table-users"]').click();
      const linked = !document.getElementById('table-users').hidden;
      type('push_subscriptions');
      search.focus();
      press('Escape');
      return { focused, one, linked, cleared: search.value === '' && shown() > 20 };`);
    expect(said).toEqual({ focused: true, one: 1, linked: true, cleared: true });
  });

  it('shows hostile names and comments as text, and runs nothing of theirs', async () => {
    const client = await database.connect();
    await client.query(`
      create table public."<b>bad</b>" ("<i onclick=x>" integer constraint "<u>" check ("<i onclick=x>" > 0) default 1);
      comment on table public."<b>bad</b>" is ${client.escapeLiteral(`Bad (나쁜 <img src=x onerror=alert>): ${hostile}`)};
      comment on column public."<b>bad</b>"."<i onclick=x>" is ${client.escapeLiteral(hostile)}`);
    const bad = join(folder, 'bad.html');
    const { text } = await writeErd({ connection: database.url, as: 'html', file: bad });
    expect(await dumpDom(bad, desktop)).toContain('<title>Schema</title>');
    const seen = await ask(
      `return { images: document.querySelectorAll('img, b, i, u, [onclick], [onerror]').length, scripts: document.scripts.length,
         comment: document.querySelector('#domain-other td.comment').textContent,
         name: document.querySelector('#domain-other .box .name').textContent }`,
      desktop,
      text,
    );
    expect(seen).toEqual({ images: 0, scripts: 2, comment: hostile, name: '"<b>bad</b>"' });
    await client.query('drop table public."<b>bad</b>"');
  });
});
