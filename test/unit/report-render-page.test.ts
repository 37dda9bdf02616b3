import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Plot } from '../../src/reports/plot.js';
import { renderReportPage } from '../../src/reports/render/page/render-report-page.js';
import { renderReportSite } from '../../src/reports/render/page/render-report-site.js';
import { drawPlot } from '../../src/reports/render/plot/draw-plot.js';
import { writeReportFile, writeReportSite } from '../../src/reports/render/write-report-file.js';
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

const hostile = `</title></style><script>alert(1)</script><img src=x onerror=alert(1)> " ' & ]]> \u0000\ud800`;

/** Elements closed in order, attributes quoted and once, no loose < or &: as XML is, and as our HTML may be too. */
function assertWellFormed(markup: string): void {
  const open: string[] = [];
  const token =
    /<(\/?)([A-Za-z][\w-]*)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*(\/?)>|<!doctype html>|&(?:#?\w+);|[^<&]+/gy;
  let end = 0;
  for (let match = token.exec(markup); match !== null; match = token.exec(markup)) {
    end = token.lastIndex;
    const [, closing, name, attributes = '', empty] = match;
    if (name === undefined) continue;
    const names = [...attributes.matchAll(/\s([\w:-]+)(?==|\s|$)/g)].map(([, attribute]) => attribute);
    if (new Set(names).size < names.length) throw new SyntaxError(`twice in ${match[0]}`);
    if (closing === '/' && open.pop() !== name) throw new SyntaxError(`${name} is closed before its content`);
    if (closing === '' && empty === '' && name !== 'meta') open.push(name);
  }
  expect(markup.slice(end, end + 80)).toBe('');
  expect(open).toEqual([]);
}

const samples = [
  { report: daily, rows: dailyRows },
  { report: byLanguage, rows: languageRows },
  { report: cohorts, rows: (length: number) => cohortRows(Math.ceil(Math.sqrt(length)), 40) },
  { report: steps, rows: stepRows },
] as const;

describe.each(samples)('the plots of $report.name', ({ report, rows }) => {
  it.each([1, 2, 30, 1000])('have marks for %i rows, none at a place that is no number', (length) => {
    for (const plot of report.plots ?? []) {
      const figure = drawPlot(plot, resultOf(report, rows(length)), 'ko');
      assertWellFormed(figure);
      expect(figure.match(/<(?:path|rect|circle) /g)?.length ?? 0).toBeGreaterThan(0);
      expect(figure).not.toMatch(/NaN|Infinity|undefined|null|="-\d[\d.]*" height|width="-/);
      expect(figure).toContain(`role="img" aria-label="${plot.title.ko}"`);
      // Some hundred kilobytes, not millions of marks.
      expect(figure.length).toBeLessThan(400_000);
    }
  });

  it('say so when there is nothing to show', () => {
    for (const plot of report.plots ?? []) {
      expect(drawPlot(plot, resultOf(report, []), 'en')).toContain('nothing to show');
      const empty = Object.fromEntries(Object.keys(report.columns).map((name) => [name, null]));
      expect(drawPlot(plot, resultOf(report, [empty]), 'ko')).toContain('표시할 데이터가 없습니다');
    }
  });
});

describe('a plot', () => {
  const line: Plot = { type: 'line', title: { en: 'Share', ko: '비율' }, x: 'day', y: ['completion'] };

  it('has a gap where there is no value, and a dot for a value alone', () => {
    const rows = [0.5, null, 0.7, 0.8].map((completion, index) => ({ ...dailyRows(4)[index], completion }));
    const [wide = ''] = drawPlot(line, resultOf(daily, rows), 'en').split('class="narrow"');
    expect(wide.match(/<path d="(M[^M"]+)"/g)).toHaveLength(2);
    expect(wide.match(/<circle /g)).toHaveLength(3);
  });

  it('tells series apart without colours: by dashes, and by hatching', () => {
    const [lines, , bars] = (daily.plots ?? []).map((plot) =>
      drawPlot(plot, resultOf(daily, dailyRows(9)), 'en'),
    );
    expect(lines).toContain('stroke-dasharray="7 4"');
    expect(bars).toContain('fill="url(#hatch-1)"');
  });

  it('draws values below zero, below zero', () => {
    const rows = [5, -5].map((planned, index) => ({ ...dailyRows(2)[index], planned, completed: 0 }));
    for (const stacked of [true, false]) {
      const plot: Plot = { type: 'bar', title: line.title, x: 'day', y: ['planned'], stacked };
      const [wide = ''] = drawPlot(plot, resultOf(daily, rows), 'en').split('class="narrow"');
      const bars = [...wide.matchAll(/<g class="bars s0">([\s\S]*?)<\/g>/g)].flatMap(([, group = '']) =>
        [...group.matchAll(/ y="([\d.]+)" width="[\d.]+" height="([\d.]+)"/g)].map(([, y, height]) => ({
          y: Number(y),
          height: Number(height),
        })),
      );
      expect(bars).toHaveLength(2);
      expect(bars[0]?.height).toBeCloseTo(bars[1]?.height ?? 0, 0);
      expect((bars[0]?.y ?? 0) + (bars[0]?.height ?? 0)).toBeCloseTo(bars[1]?.y ?? 0, 0);
    }
  });

  it('marks cells whose time is not over, by hatching and in words', () => {
    const [plot] = cohorts.plots ?? [];
    if (plot === undefined) throw new Error('no plot');
    const [wide = ''] = drawPlot(plot, resultOf(cohorts, cohortRows(4)), 'en').split('class="narrow"');
    expect(wide.match(/class="open"/g)).toHaveLength(3);
    expect(wide).toContain('▨ Its time is not over yet');
    expect(wide).toContain('class="absent"');
  });

  it('says when it shows a part', () => {
    const [bar] = byLanguage.plots ?? [];
    const [, , columns] = daily.plots ?? [];
    if (bar === undefined || columns === undefined) throw new Error('no plot');
    expect(drawPlot(bar, resultOf(byLanguage, languageRows(1000)), 'en')).toContain(
      'The first 40 of 1,000 rows are drawn; the table has all.',
    );
    expect(drawPlot(columns, resultOf(daily, dailyRows(1000)), 'en')).toMatch(
      /Each bar is the mean of \d+ rows/,
    );
  });

  it('is a bug of the report when it names a column that there is not', () => {
    const draw = (plot: Plot) => () => drawPlot(plot, resultOf(daily, dailyRows(1)), 'en');
    expect(draw({ ...line, y: ['conversion'] })).toThrow('the report daily has no column conversion');
    expect(draw({ ...line, x: 'week' })).toThrow('the report daily has no column week');
  });
});

describe('the page of a report', () => {
  const texts = { en: hostile, ko: `${hostile} 한국어` };
  const hostilePage = renderReportPage(
    resultOf(kinds, [{ ...kindRows[0], type: hostile, name: hostile }], {
      title: texts,
      question: texts,
      definition: [hostile],
      warnings: [hostile],
      parameters: { timeZone: hostile },
      server: { version: hostile, database: hostile, isReplica: true, replayedAt: null },
    }),
    { ...kinds, plots: [{ type: 'funnel', title: texts, step: 'name', value: 'rows' }] },
    { language: 'ko', index: 'index.html' },
  );

  it('shows hostile texts as text, and names no address', () => {
    assertWellFormed(hostilePage.replace(/<style>[^<]*<\/style>/, ''));
    expect(hostilePage).not.toMatch(
      /<script|<img|onerror=alert\(1\)>|https?:|url\((?!#hatch)|@import|style="/,
    );
    expect(hostilePage).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(hostilePage).toMatch(
      /Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[^ ]+'; base-uri 'none'; form-action 'none'"/,
    );
  });

  it('shows any text as text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 60 }),
        fc.constantFrom(...samples),
        (text, { report, rows }) => {
          const row = Object.fromEntries(
            Object.entries(rows(1)[0] ?? {}).map(([name, value]) => [
              name,
              report.columns[name]?.kind === 'text' ? text : value,
            ]),
          );
          const page = renderReportPage(resultOf(report, [row], { warnings: [text] }), report);
          assertWellFormed(page.replace(/<style>[^<]*<\/style>/, ''));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('says what a reader must know: the window, warnings, definition, parameters and the server', () => {
    const page = renderReportPage(
      resultOf(daily, dailyRows(2), {
        warnings: ['The last day is not over.'],
        server: {
          version: '18.1',
          database: '학습',
          isReplica: true,
          replayedAt: new Date('2026-01-29T00:04:58Z'),
        },
      }),
      daily,
      { language: 'ko' },
    );
    for (const text of [
      '<html lang="ko">',
      '<h1>학습 세션</h1>',
      '예약한 세션이 예정대로 진행되고 있나요?',
      '2026-01-01 – 2026-01-28, Asia/Seoul',
      'The last day is not over.',
      'completion: completed / planned.',
      '<dt>종료일 (제외)</dt><dd>2026-01-29</dd>',
      '학습, PostgreSQL 18.1, 복제 서버',
      '<dt>데이터 기준 시각</dt><dd>2026-01-29 00:04 UTC</dd>',
      '<td class="right">1,433</td>',
    ])
      expect(page).toContain(text);
    expect(page).not.toContain('index.html');
  });

  it('heads a grid with what its columns are, and hangs the asterisk beside the number', () => {
    const page = renderReportPage(resultOf(cohorts, cohortRows(3)), cohorts);
    expect(page).toContain(
      '<tr><th scope="col" class="short" rowspan="2">week of sign-up</th><th scope="col" class="right" rowspan="2">sign-ups</th><th scope="colgroup" class="over" colspan="3">week</th></tr><tr><th scope="col" class="right">0</th>',
    );
    expect(page).toContain('<td class="right">35.8%<span class="mark">*</span></td>');
  });
});

describe('the site of reports', () => {
  const files = renderReportSite(
    [
      { report: daily, result: resultOf(daily, dailyRows(28)) },
      { report: cohorts, result: resultOf(cohorts, []) },
      { report: kinds, result: resultOf(kinds, kindRows) },
      {
        report: { ...kinds, name: 'slow-statements' },
        error: { message: 'it needs <pg_stat_statements>', hint: 'Restart the server.' },
      },
    ],
    { language: 'ko' },
  );

  it('has a page for each report and an index after them, and every link leads to a page', () => {
    expect([...files.keys()]).toEqual([
      'daily.html',
      'cohorts.html',
      'kinds.html',
      'slow-statements.html',
      'index.html',
    ]);
    for (const page of files.values()) {
      assertWellFormed(page.replace(/<style>[^<]*<\/style>/, ''));
      const links = [...page.matchAll(/href="([^"]*)"/g)].map(([, link = '']) => link);
      expect(links.length).toBeGreaterThan(0);
      expect(links.filter((link) => !files.has(link))).toEqual([]);
    }
  });

  it('shows a plot, a number or the reason on each card, by group', () => {
    const index = files.get('index.html') ?? '';
    expect(index.match(/<li class="card/g)).toHaveLength(4);
    expect(index).toMatch(
      /<h2>서비스<\/h2>[\s\S]*daily\.html[\s\S]*cohorts\.html[\s\S]*<h2>데이터베이스<\/h2>/,
    );
    expect(index).toMatch(/daily\.html[\s\S]*?<svg [\s\S]*?<path /);
    expect(index).toContain('표시할 데이터가 없습니다');
    expect(index).toContain('<p class="number">2행</p>');
    expect(index).toContain('it needs &lt;pg_stat_statements&gt;');
    expect(files.get('slow-statements.html')).toContain('Restart the server.');
  });

  it('is a page also without reports', () => {
    const empty = renderReportSite([]);
    expect([...empty.keys()]).toEqual(['index.html']);
    expect(empty.get('index.html')).toContain('nothing to show');
  });
});

describe('files of reports', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'studymate-report-files-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('are replaced in a folder that is made, and what is not theirs stays', async () => {
    const site = join(folder, '보고서', 'site');
    await writeReportSite(site, new Map([['index.html', 'old']]));
    await writeFile(join(site, 'notes.txt'), 'mine');
    const written = await writeReportSite(
      site,
      new Map([
        ['daily.html', '학습'],
        ['index.html', 'new'],
      ]),
    );
    expect(written).toEqual([join(site, 'daily.html'), join(site, 'index.html')]);
    expect((await readdir(site)).sort()).toEqual(['daily.html', 'index.html', 'notes.txt']);
    expect(await readFile(join(site, 'index.html'), 'utf8')).toBe('new');
    expect(await readFile(join(site, 'daily.html'), 'utf8')).toBe('학습');
  });

  it('that cannot be written are an error with a hint, and leave nothing behind', async () => {
    await expect(writeReportFile(join(folder, 'none', 'a.csv'), 'x')).rejects.toMatchObject({
      code: 'REPORT_FILE_UNWRITABLE',
      hint: `Make the folder ${join(folder, 'none')} first, or name another file.`,
    });
    await mkdir(join(folder, 'taken'));
    await writeFile(join(folder, 'taken', 'keep'), '');
    await expect(writeReportFile(join(folder, 'taken'), 'x')).rejects.toMatchObject({
      code: 'REPORT_FILE_UNWRITABLE',
    });
    await writeFile(join(folder, 'file'), 'kept');
    await expect(writeReportSite(join(folder, 'file', 'site'), new Map([['a', 'b']]))).rejects.toMatchObject({
      code: 'REPORT_FILE_UNWRITABLE',
      message: `${join(folder, 'file', 'site')} cannot be written`,
    });
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('kept');
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});
