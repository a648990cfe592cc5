import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { config } from '@vscode/l10n';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gatherReport } from '../../src/report/gatherReport';
import { renderReport } from '../../src/report/renderReport';
import type { ReportData } from '../../src/report/reportData';
import { RunReader } from '../../src/run/reader';
import { sentence } from '../../src/sentence/sentence';
import { pseudoTranslations, withoutTranslated } from '../webview/pseudoLocale';
import { recordRun } from './recordedRun';
import { score, syntheticReport } from './syntheticReport';

/** Words that are no language's: of the run itself, the log and the format. */
const data = ['Invented plant', 'velocity', 'gain', 'fatigue', 'few-episodes', 'promise-missed', 'noise', 'UTC', 'diversity.weight', 'gap', 'steam', 'kg/h'];

const german = Object.assign({}, ...['report', 'dashboard', 'shared', 'designer', 'experimentFile', 'extension', 'runs', 'trajectories', 'policyDiff'].map((area) => JSON.parse(readFileSync(join(import.meta.dirname, `../../l10n/${area}.de.json`), 'utf8')) as object)) as Record<string, string>;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-'));
});
afterEach(() => {
  config({ contents: {} });
  rmSync(folder, { recursive: true });
});

/** What people read on a page: texts, names that are read out, and the words of its charts. */
function textsOf(page: string): string[] {
  const plain = (text: string): string => text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
  const charts = JSON.parse(/<script type="application\/json" id="charts">(.*?)<\/script>/s.exec(page)?.[1] ?? '[]') as unknown;
  const words: string[] = [];
  JSON.stringify(charts, (key, value: unknown) => {
    if (typeof value === 'string' && !['id', 'shape', 'group', 'role', 'line', 'markers', 'kind'].includes(key)) words.push(value);
    return value;
  });
  const markup = page.replace(/<(script|style)[^>]*>[\s\S]*?<\/\1>/g, '');
  const named = [...markup.matchAll(/(?:aria-label|title|data-promised)="([^"]*)"/g)].map(([, text]) => text);
  return [...words, ...named.map(plain), ...markup.split(/<[^>]*>/).map(plain)].filter((text) => text.trim() !== '');
}

/** As a run of this version tells what it tells. */
function spokenReport(kind: 'map' | 'series', change: (data: ReportData) => Partial<ReportData['summary']> = () => ({})): ReportData {
  const report = syntheticReport({ kind, violations: { steps: 5, share: 0.00025, worst: 0.031 } });
  const warnings = [{ code: 'few-episodes', message: 'x', sentence: sentence('Diversity outweighs return: its gradient is {0} times as large, and the policies reach {1} less than the probe, which was searched without it. Lower diversity.weight to a third, or set diversity.cap.', 2, '3 %'), iteration: 1 }];
  const iterations = report.summary.iterations.map((one) => ({ ...one, recommended: { ...one.recommended, sentence: sentence('Keep the present controller: {0}.', sentence('policy {0} could be taken', 1)) } }));
  const summary = { ...report.summary, warnings, iterations };
  return { ...report, facts: [], summary: { ...summary, ...change({ ...report, summary }) } };
}

describe('in a language with brackets, no word stands outside of them on the report', () => {
  test.each<[string, ReportData]>([
    ['with a map', spokenReport('map')],
    ['with bounded variables', spokenReport('series')],
    ['of a plant', spokenReport('series', ({ summary }) => ({ iterations: summary.iterations.map((one) => ({ ...one, by: 'models', references: { behaviourByModels: score(190, -190) } })) }))],
    ['of a run that failed', { ...spokenReport('series', () => ({ state: 'failed', iterations: [], failure: { code: 'x', message: 'x', sentences: [sentence('{0} cannot be read.', 'gain')] } })), health: [], nonFinite: [], asOf: null }],
  ])('%s', (_what, report) => {
    config({ contents: pseudoTranslations() });
    const rest = textsOf(renderReport(report)).map((text) => withoutTranslated(text, [...data, report.summary.id])).filter((text) => /\p{L}{2,}/u.test(text));
    expect(rest).toEqual([]);
  });

  test('from what a run folder holds', () => {
    recordRun(folder);
    config({ contents: pseudoTranslations() });
    const texts = textsOf(renderReport(gatherReport(RunReader.open(folder))));
    const names = ['A small world', 'small-run', 'few-episodes', 'There are few episodes', 'wasm', 'portable', 'ibrl', 'node', 'UTC'];
    expect(texts.map((text) => withoutTranslated(text.replace(/\b[0-9a-f]{64}\b|\b\d[\dT:.-]+Z\b/g, ''), names)).filter((text) => /\p{L}{2,}/u.test(text))).toEqual([]);
  });
});

test('in German the report says so, writes numbers as the language does and speaks of a policy as the run did', () => {
  config({ contents: german });
  const page = renderReport(spokenReport('series'));
  expect(page).toContain('<html lang="de">');
  expect(textsOf(page).join('\n')).toMatch(/Kosten 17\d,\d je Schritt nach Iteration 4, Mittel von 4 Policies: \d+,\d unter dem bisherigen Verhalten, \d+,\d unter Nichtstun/);
  expect(page).toContain('Den jetzigen Regler behalten: Policy 1 käme in Frage.');
  expect(page).toContain('Grenzen in 80 von 320.000 bewerteten Schritten verlassen');
});

test('without a language it is the English page', () => {
  const page = renderReport(spokenReport('series'));
  expect(page).toContain('<html lang="en">');
  expect(page).toContain('Bounds left in 80 of 320,000 evaluated steps');
  expect(page).toContain('Keep the present controller: policy 1 could be taken.');
});
