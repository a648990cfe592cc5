import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderReport } from '../../src/report/renderReport';
import { searchCharts } from '../../src/report/searchCharts';
import { signs, verdict } from '../../src/report/verdict';
import { syntheticReport } from './syntheticReport';

/** The page without its own scripts and styles: what is left is markup, text and the chart data. */
function markup(page: string): string {
  return page.replace(/<(script|style)>[\s\S]*?<\/\1>/g, '');
}

/** Open tags that were never closed, or closed in another order: empty for well-formed markup. */
function unbalanced(html: string): string[] {
  const empty = new Set(['meta', 'br', 'hr', 'img', 'link', 'input', 'rect', 'circle', 'path']);
  const open: string[] = [];
  for (const [, slash, name, rest] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)((?:[^<>"]|"[^"]*")*)>/g)) {
    if (rest.endsWith('/') || empty.has(name)) continue;
    if (slash === '') open.push(name);
    else if (open.at(-1) === name) open.pop();
    else return [`</${name}> after ${open.join(' > ')}`];
  }
  return open;
}

describe('the report', () => {
  for (const kind of ['map', 'series'] as const) {
    test(`closes every element that it opens (${kind})`, () => {
      expect(unbalanced(markup(renderReport(syntheticReport({ kind }))))).toEqual([]);
    });
  }

  test('gives each canvas a text and a table of its own', () => {
    const figures = renderReport(syntheticReport()).match(/<figure[\s\S]*?<\/figure>/g) ?? [];
    expect(figures.length).toBeGreaterThan(8);
    for (const figure of figures) {
      expect(figure).toMatch(/<canvas id="[\w-]+" role="img" aria-label="[^"]{10,}">/);
      expect(figure).toMatch(/<table>[\s\S]*<td>/);
    }
  });

  test('describes each canvas in the chart data, once', () => {
    const page = renderReport(syntheticReport({ kind: 'map' }));
    const canvases = [...page.matchAll(/<canvas id="([\w-]+)"/g)].map((match) => match[1]);
    const data = /<script type="application\/json" id="charts">(.*?)<\/script>/s.exec(page);
    const described = (JSON.parse(data?.[1] ?? '[]') as { id: string }[]).map((chart) => chart.id);
    expect(described).toEqual(canvases);
    expect(new Set(canvases).size).toBe(canvases.length);
  });

  test('names the probe, never deployed, in the curves of the search as what it is', () => {
    const data = syntheticReport();
    const [chart] = searchCharts(data.curves);
    const policies = data.curves[0].policies.length - 1;
    expect(chart.series.map(({ label, role }) => [label, role])).toEqual([...Array.from({ length: policies }, (_, k) => [`π${k + 1}`, k + 1]), ['probe', 'probe']]);
    expect(chart.table.rows.map(([where]) => where)).toContain('iteration 1, probe');
    expect(chart.summary).toContain(policies === 1 ? '1 policy' : `${policies} policies`);
  });

  test('shows what each health sign rests on, and marks what is beyond its threshold', () => {
    const section = /<h2>Health signs<\/h2>[\s\S]*?<\/section>/.exec(renderReport(syntheticReport()))?.[0] ?? '';
    expect([...section.matchAll(/<t[dh](?: [^>]*)?>([^<]*)</g)].map((cell) => cell[1])).toEqual(['sign', 'iteration 1', 'iteration 2', 'promise-missed', '⚠ gap 0.81, noise 0.01', 'gap 0.41, noise 0.01']);
  });

  test('loads nothing: no address, no linked file, no import', () => {
    const page = renderReport(syntheticReport({ kind: 'map' }));
    expect(markup(page)).not.toMatch(/\b(?:src|href|srcset|action|poster|data)\s*=|https?:|<link|<iframe|<object|<base/i);
    for (const [, style] of page.matchAll(/<style>([\s\S]*?)<\/style>/g)) expect(style).not.toMatch(/url\(|@import/);
    expect(page).not.toContain('sourceMappingURL');
  });

  test('allows by its policy exactly the scripts and styles that it holds', () => {
    const page = renderReport(syntheticReport());
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    const blocks = [...page.matchAll(/<(?:script|style)>([\s\S]*?)<\/(?:script|style)>/g)].map((match) => match[1]);
    expect(blocks).toHaveLength(3);
    for (const block of blocks) expect(policy).toContain(`'sha256-${createHash('sha256').update(block).digest('base64')}'`);
  });

  test('is the same page for the same run', () => {
    expect(renderReport(syntheticReport())).toBe(renderReport(syntheticReport()));
  });

  test('keeps hostile names as text, whatever they hold', () => {
    const nasty = fc.constantFrom('<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '</script><script>', '<!--', ']]>', "' onload='x", '&lt;', '\u2028', '${x}', '</title><b>', '$&', '$`');
    const clean = markup(renderReport(syntheticReport({ name: 'plain', iterations: 1 })));
    const tags = (html: string): string[] => html.match(/<\/?[a-zA-Z!][^\s>]*/g) ?? [];
    fc.assert(
      fc.property(fc.array(fc.oneof(nasty, fc.string()), { minLength: 1, maxLength: 4 }), (parts) => {
        const name = parts.join('');
        const data = syntheticReport({ name, iterations: 1 });
        const page = markup(
          renderReport({
            ...data,
            summary: { ...data.summary, id: name, warnings: [{ code: name, message: name, iteration: 1 }] },
            facts: [{ label: name, value: name }, { label: name, value: name }],
            variables: data.variables.map((variable, index) => ({ ...variable, unit: index === 0 ? name : variable.unit })),
          }),
        );
        expect(tags(page)).toEqual(tags(clean));
      }),
      { numRuns: 60 },
    );
  });

  test('says how fast each policy moves each actuator, with unit, range and largest change', () => {
    const page = renderReport(syntheticReport({ policies: 2 }));
    expect(page.replaceAll(/<[^>]+>/g, ' ').replaceAll(/ +/g, ' ')).toContain('steam, π2 kg/h 0 to 250 12.5 2.25 4.5 12.4 12.5\u202f%');
    expect(renderReport(syntheticReport({ kind: 'map' }))).toContain('which never join the batch. x: 0 to 10 m; y: 0 to 10 m');
    expect(renderReport({ ...syntheticReport(), actions: null })).not.toContain('moves in a sample');
  });

  test('says so when nothing has been evaluated yet', () => {
    const page = renderReport(syntheticReport({ iterations: 0 }));
    expect(page).toContain('No iteration has been evaluated yet.');
    expect(unbalanced(markup(page))).toEqual([]);
  });

  test('shows a single policy without a probe', () => {
    const data = syntheticReport({ policies: 1, iterations: 2 });
    const page = renderReport({ ...data, summary: { ...data.summary, iterations: data.summary.iterations.map((iteration) => ({ ...iteration, probe: null })) } });
    expect(unbalanced(markup(page))).toEqual([]);
    expect(page).not.toContain('never deployed');
  });
});

describe('the verdict', () => {
  test('names the latest mean cost and what it is compared with', () => {
    expect(verdict(syntheticReport().summary)).toMatch(/^Cost 17\d\.\d per step after iteration 4, mean of 4 policies: \d+\.\d below the behaviour, \d+\.\d below do-nothing, \d+\.\d below the best hold\.$/);
  });

  test('claims that bounds were kept with the number of steps it speaks of', () => {
    expect(signs(syntheticReport())).toContainEqual({ kind: 'pass', text: 'Bounds kept in all 320,000 evaluated steps.' });
  });

  test('reports violations as an error with their worst case', () => {
    const [bounds] = signs(syntheticReport({ violations: { steps: 5, share: 0.00025, worst: 0.031 } }));
    expect(bounds).toMatchObject({ kind: 'error' });
    expect(bounds.text).toContain('Bounds left in 80 of 320,000 evaluated steps; furthest 3.1\u202f%');
  });

  test('leads with the reason when the run failed', () => {
    const data = syntheticReport();
    const failed = { ...data, summary: { ...data.summary, state: 'failed' as const, failure: { code: 'non-finite', message: 'The loss was not finite three times in a row.' } } };
    expect(signs(failed)[0]).toEqual({ kind: 'error', text: 'The run failed: The loss was not finite three times in a row.' });
  });
});
