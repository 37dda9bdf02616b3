import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderReportPage } from '../../src/reports/render/page/render-report-page.js';
import { renderReportSite } from '../../src/reports/render/page/render-report-site.js';
import { renderReport, reportFormats } from '../../src/reports/render/render-report.js';
import { runAllReports } from '../../src/reports/run-all-reports.js';
import { dumpDom, hasBrowser } from '../support/browser.js';
import {
  byLanguage,
  cohortRows,
  cohorts,
  daily,
  dailyRows,
  kindRows,
  kinds,
  languageRows,
  resultOf,
  stepRows,
  steps,
} from '../support/report-samples.js';
import { useReportWorld, WORLD_END } from '../support/report-world.js';

if (!hasBrowser)
  process.stderr.write(
    '\n*** Chromium is not installed: reports were NOT looked at in a browser (apt-get install chromium) ***\n',
  );

const warnings = ['The last day is not over: its numbers will still change.'];
const entries = [
  { report: daily, result: resultOf(daily, dailyRows(28), { warnings }) },
  { report: byLanguage, result: resultOf(byLanguage, languageRows(12)) },
  { report: cohorts, result: resultOf(cohorts, cohortRows(16, 16)) },
  { report: steps, result: resultOf(steps, stepRows(5)) },
  { report: kinds, result: resultOf(kinds, kindRows, { parameters: {} }) },
];
const pages = new Map([
  ...[...renderReportSite(entries, { language: 'ko' })].map(([name, page]) => [`ko-${name}`, page] as const),
  ...[...renderReportSite(entries)].map(([name, page]) => [`en-${name}`, page] as const),
  ['long.html', renderReportPage(resultOf(daily, dailyRows(1000)), daily)],
  ['empty.html', renderReportPage(resultOf(cohorts, []), cohorts, { language: 'ko' })],
  ['one.html', renderReportPage(resultOf(daily, dailyRows(1)), daily)],
]);
const widths = [360, 768, 1280] as const;

/** What is seen of one page in a frame of one width. */
interface Seen {
  readonly client: number;
  readonly scroll: number;
  /** Elements that are wider than the page, and not within something that scrolls. */
  readonly outside: readonly string[];
  /** Marks that are shown and have a size, of each plot. */
  readonly marks: readonly number[];
  /** Text of plots, in pixels of the screen: the least. */
  readonly textSize: number;
  /** Text of plots that is not within its plot. */
  readonly cut: readonly string[];
  readonly mode: string;
  readonly ground: string;
  readonly ink: string;
  /** Numbers of a column do not end below each other. */
  readonly ragged: number;
}

// Runs outside of the page, whose own policy lets no script run.
const look = `(page) => {
  const root = page.documentElement;
  const style = page.defaultView.getComputedStyle(page.body);
  const shown = [...page.querySelectorAll('svg.plot')].filter((plot) => plot.getBoundingClientRect().width > 0);
  const visible = (mark) => { const box = mark.getBoundingClientRect(); return box.width > 0 || box.height > 0; };
  const texts = shown.flatMap((plot) => [...plot.querySelectorAll('text')].map((text) => ({ plot, text })));
  const ends = (cell) => { const range = page.createRange(); range.selectNodeContents(cell.firstChild ?? cell); return Math.round(range.getBoundingClientRect().right); };
  const columns = [...page.querySelectorAll('thead tr:last-child th')].map((_, index) =>
    new Set([...page.querySelectorAll('tbody tr > .right:nth-last-child(' + (index + 1) + ')')].filter((cell) => cell.textContent !== '').map(ends)));
  return {
    client: root.clientWidth,
    scroll: root.scrollWidth,
    outside: [...page.body.querySelectorAll('*')].filter((one) => one.closest('.scroll, svg') === null
      && one.getBoundingClientRect().right > root.clientWidth + 0.5).map((one) => one.tagName + '.' + one.className),
    marks: shown.map((plot) => [...plot.querySelectorAll('.series path, .bars rect, .cell, circle')].filter(visible).length),
    textSize: Math.min(100, ...texts.map(({ plot, text }) => parseFloat(page.defaultView.getComputedStyle(text).fontSize)
      * plot.getBoundingClientRect().width / plot.viewBox.baseVal.width)),
    cut: texts.filter(({ plot, text }) => { const [inner, outer] = [text.getBoundingClientRect(), plot.getBoundingClientRect()];
      return inner.left < outer.left - 1 || inner.right > outer.right + 1 || inner.bottom > outer.bottom + 1; })
      .map(({ text }) => text.textContent),
    ground: style.backgroundColor,
    ink: style.color,
    ragged: columns.filter((column) => column.size > 1).length,
  };
}`;

const world = useReportWorld();

describe('every report of a seeded world', () => {
  it.each(['en', 'ko'] as const)('is told in every format (%s)', async (language) => {
    const outcomes = await runAllReports(world.db, { now: WORLD_END });
    const done = outcomes.filter((outcome) => 'result' in outcome);
    expect(done.length).toBeGreaterThan(20);
    for (const { report, result } of done)
      for (const format of reportFormats) {
        const text = renderReport(result, report, format, { language });
        expect({ report: report.name, format, odd: /NaN|undefined|\[object/.exec(text)?.[0] }).toEqual({
          report: report.name,
          format,
          odd: undefined,
        });
      }
  });
});

describe.skipIf(!hasBrowser)('the pages of reports in a browser', () => {
  let folder: string;
  const seen = new Map<string, Seen>();

  /** All pages as they are, at all widths, in one browser: a frame each, in light and dark by turns. */
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'studymate-report-page-'));
    const outcomes = await runAllReports(world.db, { now: WORLD_END });
    for (const [name, page] of renderReportSite(outcomes, { language: 'ko' }))
      pages.set(`world-${name}`, page);
    const texts = JSON.stringify([...pages]).replaceAll('<', '\\u003c');
    await writeFile(
      join(folder, 'frames.html'),
      `<!doctype html><meta charset="utf-8"><title></title><body><script>
        const look = ${look};
        const all = [];
        for (const [name, text] of ${texts})
          for (const width of name.startsWith('world-') ? [360] : ${JSON.stringify(widths)}) {
            const frame = document.createElement('iframe');
            const mode = ['light', 'dark'][document.querySelectorAll('iframe').length % 2];
            // The page in it prefers what this prefers.
            frame.style = 'border: 0; color-scheme: ' + mode;
            [frame.width, frame.height] = [width, 900];
            frame.srcdoc = text;
            frame.onload = () => {
              all.push([name + '@' + width, { ...look(frame.contentDocument), mode }]);
              document.title = encodeURIComponent(JSON.stringify(all));
            };
            document.body.append(frame);
          }
      </script></body>`,
    );
    const dom = await dumpDom(join(folder, 'frames.html'), { width: 1400, height: 900 });
    const title = /<title>([^<]*)<\/title>/.exec(dom)?.[1] ?? '';
    for (const [name, page] of JSON.parse(decodeURIComponent(title)) as [string, Seen][])
      seen.set(name, page);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(widths)('are no wider than %i pixels: what is wider scrolls within itself', (width) => {
    const found = [...seen].filter(([name]) => name.endsWith(`@${width}`));
    const names = [...pages.keys()].filter((name) => width === 360 || !name.startsWith('world-'));
    expect(found).toHaveLength(names.length);
    for (const [name, { client, scroll, outside }] of found) {
      // Less by a scroll bar.
      expect(width - client).toBeLessThan(20);
      expect({ name, outside, fits: scroll <= client }).toEqual({ name, outside: [], fits: true });
    }
  });

  it.each(['ko', 'en'])(
    'draw every plot with marks that have a size, and text that can be read (%s)',
    (language) => {
      for (const { report } of entries)
        for (const width of widths) {
          const name = `${language}-${report.name}.html@${width}`;
          const page = seen.get(name);
          expect({ name, plots: page?.marks.length }).toEqual({ name, plots: report.plots?.length ?? 0 });
          expect({ name, cut: page?.cut, empty: page?.marks.filter((marks) => marks === 0) }).toEqual({
            name,
            cut: [],
            empty: [],
          });
          expect(page?.textSize).toBeGreaterThanOrEqual(10.5);
        }
    },
  );

  it('draw every report of a seeded world, no word of it cut off', () => {
    const drawn = [...seen].filter(([name]) => name.startsWith('world-'));
    expect(drawn.flatMap(([name, { cut }]) => cut.map((text) => `${name}: ${text}`))).toEqual([]);
    expect(drawn.flatMap(([name, { marks }]) => (marks.includes(0) ? [name] : []))).toEqual([]);
    expect(drawn.filter(([, { marks }]) => marks.length > 0).length).toBeGreaterThan(10);
  });

  it('draw a thousand rows and one row, and none without a plot', () => {
    for (const width of widths) {
      expect(seen.get(`long.html@${width}`)?.marks.every((marks) => marks > 0)).toBe(true);
      expect(seen.get(`long.html@${width}`)?.cut).toEqual([]);
      expect(seen.get(`one.html@${width}`)?.marks.every((marks) => marks > 0)).toBe(true);
      expect(seen.get(`empty.html@${width}`)?.marks).toEqual([]);
    }
  });

  it('are dark where the system is: their policy lets their own style through', () => {
    const grounds = new Map(
      [...seen.values()].map(({ mode, ground, ink }) => [`${mode} ${ground} ${ink}`, true]),
    );
    expect([...grounds.keys()].sort()).toEqual([
      'dark rgb(14, 18, 23) rgb(228, 232, 237)',
      'light rgb(245, 246, 248) rgb(27, 32, 39)',
    ]);
  });

  it('have numbers end below each other, with and without an asterisk', () => {
    expect([...seen].filter(([, { ragged }]) => ragged > 0)).toEqual([]);
  });

  it('run no script, not even one that a text would bring', async () => {
    const file = join(folder, 'hostile.html');
    const page = pages.get('en-daily.html') ?? '';
    const script = '<script>document.title = "broken in"</script><img src=x onerror="document.title = 1">';
    await writeFile(file, page.replace('<main>', `<main>${script}`));
    expect(await dumpDom(file, { width: 1280, height: 900 })).toContain('<title>Learning sessions</title>');
  });
});
