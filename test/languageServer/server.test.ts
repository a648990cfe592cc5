import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CodeAction, TextEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { validateExperiment } from '../../src/experiment/validate';
import * as yamlSource from '../../src/experiment/yamlSource';
import { languageMethods } from '../../src/messages/languageProtocol';
import { germanWords } from './corpus';
import { type Editor, startEditor } from './rig';

// the real parser, counted
vi.mock('../../src/experiment/yamlSource', { spy: true });

const example = (name: string) => readFileSync(join(import.meta.dirname, '../../examples', name), 'utf8');
const grid = example('grid-2d.ibrl.yaml');
const plant = example('plant-csv/tank.ibrl.yaml');

const editsOf = ({ edit }: CodeAction): TextEdit[] => (edit?.documentChanges ?? []).flatMap((change) => ('edits' in change ? (change.edits as TextEdit[]) : []));

let editor: Editor;
beforeEach(async () => {
  editor = await startEditor();
});
afterEach(() => editor.close());

/** 5,000 lines of a valid experiment, most of them comments and declared variables. */
function longFile(): string {
  const variables = Array.from({ length: 150 }, (_, index) => `  v${index}: { role: state, unit: m, range: [0, ${index + 1}] }`);
  const comments = Array.from({ length: 4835 }, (_, index) => `# remark ${index}: nothing to see`);
  return ['ibrl: 1', 'system: { kind: plant }', ...comments, 'variables:', ...variables, '  push: { role: action, unit: m, range: [-1, 1] }', 'data: { files: [a.csv], samplingTime: 1 }', 'reward: -v0', 'bounds: {}', 'safety: { constrain: false, soft: { weight: 0.1 } }', 'deployment: { approval: manual }', ''].join('\n');
}

describe('diagnostics', () => {
  test('the examples have none', async () => {
    for (const text of [grid, plant]) expect(await editor.open(text, `file:///${text.length}.ibrl.yaml`).diagnostics()).toEqual([]);
  });

  test('are those of the validator, after each edit of the version that it made', async () => {
    const file = editor.open(grid);
    await file.diagnostics();
    file.replace('horizon: 25', 'horizonn: 25');
    const [finding] = await file.diagnostics();
    expect(finding).toMatchObject({ code: 'unknown-key', severity: 1, source: 'ibrl', message: validateExperiment(file.text).findings[0].message });
    file.replace('horizonn', 'horizon');
    expect(await file.diagnostics()).toEqual([]);
  });

  test('each edit is parsed once, whatever is asked about it', async () => {
    const file = editor.open(grid);
    await file.diagnostics();
    const parse = vi.mocked(yamlSource.parseYaml);
    for (const [old, by] of [['updates: 1000', 'updates: 900'], ['kind: grid-2d', 'kind: grid'], ['kind: grid', 'kind: grid-2d'], ['seed: 1', 'seed: [']]) {
      parse.mockClear();
      file.replace(old, by);
      await Promise.all([file.complete('  start|:'), file.hover('hori|zon'), file.symbols(), file.lenses(), file.fixes(), file.model()]);
      await file.diagnostics();
      await file.model();
      expect(parse.mock.calls.length, by).toBe(1);
    }
  });

  test('a burst of edits is parsed at most once each, and the last one is told', async () => {
    const file = editor.open(grid);
    await file.diagnostics();
    const parse = vi.mocked(yamlSource.parseYaml);
    parse.mockClear();
    for (let index = 0; index < 50; index++) file.replace('iterations: 4', 'iterations: 4 4'.slice(0, 13 + (index % 3)));
    file.replace('iterations: ', 'iterationz: ');
    expect((await file.diagnostics()).map(({ code }) => code)).toContain('unknown-key');
    expect(parse.mock.calls.length).toBeLessThanOrEqual(51);
  });

  test('of a closed file are taken back', async () => {
    const file = editor.open('ibrl: 2\n');
    expect(await file.diagnostics()).not.toEqual([]);
    file.close();
    await expect(editor.request(languageMethods.model, { uri: file.uri })).rejects.toThrow('not open');
    expect(file.shown()).toEqual([]);
  });

  test.each([['\uFEFF', '\n'], ['', '\r\n'], ['\uFEFF', '\r\n']])('with mark %j and line ends %j stand in the same places of the editor', async (mark, end) => {
    const file = editor.open(mark + ['iblr: 1', 'system: { kind: grid-2d, start: farr } # 𝛼', ''].join(end));
    const document = TextDocument.create('', '', 1, file.text);
    expect((await file.diagnostics()).filter(({ code }) => code !== 'missing-key').map(({ range }) => document.getText(range))).toEqual(['iblr', 'farr']);
  });

  test('of a file of 5,000 lines and all other answers about it cost less than a second of computing', async () => {
    const text = longFile();
    expect(text.split('\n').length).toBeGreaterThan(4990);
    const file = editor.open(text);
    expect(await file.diagnostics()).toEqual([]);
    const start = process.cpuUsage();
    file.replace('reward: -v0', 'reward: -v0 - v149');
    expect(await file.diagnostics()).toEqual([]);
    await Promise.all([file.complete('- v14|9'), file.hover('- v14|9'), file.symbols(), file.lenses(), file.format(), file.model()]);
    const { system, user } = process.cpuUsage(start);
    expect((system + user) / 1000).toBeLessThan(1000);
  });
});

describe('findings that rest on recordings', () => {
  const finding = { code: 'constant-column', severity: 'warning', message: 'level is always 1.', range: { start: { line: 2, character: 0 }, end: { line: 2, character: 4 } } } as const;

  test('are shown beside the others as of their time', async () => {
    const file = editor.open(grid);
    await file.diagnostics();
    file.tellData([finding]);
    expect(await file.diagnostics()).toEqual([expect.objectContaining({ code: 'constant-column', severity: 2, message: expect.stringMatching(/^level is always 1\. Recordings as of Mar 4, 2025/) as string })]);
    expect((await file.model()).findings).toEqual([expect.objectContaining({ code: 'constant-column', asOf: Date.UTC(2025, 2, 4, 13, 30), path: 'ibrl' })]);
  });

  test('are dropped with the text that they belong to, and not taken for another', async () => {
    const file = editor.open(grid);
    await file.diagnostics();
    file.tellData([finding]);
    expect(await file.diagnostics()).toHaveLength(1);
    file.replace('seed: 1', 'seed: 2');
    expect(await file.diagnostics()).toEqual([]);
    file.tellData([finding], 1);
    expect((await file.model()).findings).toEqual([]);
  });

  test('that the text alone causes are not said twice', async () => {
    const file = editor.open(grid.replace('evaluate: 100', 'evaluate: 5'));
    const own = await file.diagnostics();
    expect(own).toHaveLength(1);
    file.tellData(validateExperiment(file.text).findings.map((one) => ({ ...one })));
    expect(await file.diagnostics()).toEqual(own);
  });

  test('that are no such message are ignored with a warning', async () => {
    const file = editor.open(grid);
    await editor.notify(languageMethods.dataFindings, { uri: file.uri, version: 1, asOf: 'noon', findings: [] });
    await file.model();
    expect(editor.warnings.join()).toContain('ibrl/dataFindings');
  });
});

describe('quick fixes', () => {
  test('write what is surely meant, and then there is nothing left to say', async () => {
    const file = editor.open(grid.replace('measure: min-lsed ', 'measure: minlsed ').replace('over: [x, y]', 'over: [x, Y]'));
    const diagnostics = await file.diagnostics();
    const fixes = await file.fixes();
    expect(fixes.map(({ title, kind, isPreferred }) => [title, kind, isPreferred])).toEqual([['Write `min-lsed`', 'quickfix', true], ['Write `y`', 'quickfix', true]]);
    expect(fixes.map((fix) => fix.diagnostics?.[0].code)).toEqual(diagnostics.map(({ code }) => code));
    file.apply(fixes.flatMap(editsOf));
    expect(await file.diagnostics()).toEqual([]);
  });

  test('are offered only where the finding is', async () => {
    const file = editor.open(grid.replace('measure: min-lsed ', 'measure: minlsed '));
    expect(await file.fixes({ start: { line: 0, character: 0 }, end: { line: 1, character: 0 } })).toEqual([]);
  });
});

describe('code lenses', () => {
  test('run, queue and compare a valid file, with its address', async () => {
    const file = editor.open(grid);
    expect((await file.lenses()).map(({ command, range }) => [command?.title, command?.command, command?.arguments, range.start.line])).toEqual([
      ['Run', 'ibrl.run', [file.uri], 2],
      ['Queue', 'ibrl.queue', [file.uri], 2],
      ['Compare with last', 'ibrl.compareRuns', [file.uri], 2],
    ]);
  });

  test('of a file with errors count them; of an empty one there are none', async () => {
    expect((await editor.open('ibrl: 1\nsystem: { kind: grid-2d }\nsed: 1\n').lenses()).map(({ command }) => command?.title)).toEqual(['1 error to correct before it can run']);
    expect(await editor.open('', 'file:///empty.ibrl.yaml').lenses()).toEqual([]);
  });

  test('findings and their fixes too', async () => {
    const german = await startEditor({ locale: 'de', l10n: germanWords });
    const file = german.open('ibrl: 1\nsystem: { kind: grid-2d }\nserach: {}\n');
    expect((await file.diagnostics()).map(({ message }) => message)).toEqual(['`serach` ist kein Schlüssel eines Experiments. Meinten Sie `search`?']);
    expect((await file.fixes()).map(({ title }) => title)).toEqual(['`search` schreiben']);
    german.close();
  });

  test('and hovers speak the language of the editor', async () => {
    const german = await startEditor({ locale: 'de', l10n: germanWords });
    const file = german.open(grid);
    expect((await file.lenses()).map(({ command }) => command?.title)).toEqual(['Starten', 'Einreihen', 'Mit dem letzten vergleichen']);
    expect(await file.hover('  hori|zon')).toBe('**Horizont** · `search.horizon`\n\nLänge H eines Rollouts durch die Modelle.\n\nWirkung: Zu kurz verfehlt späte Wirkungen; lang ist langsam und vertraut den Modellen mehr.\n\nErlaubt: eine ganze Zahl von 1 bis 1000  \nEinheit: Schritte\n\nVorgabe: `25`');
    german.close();
    const english = await startEditor();
    expect((await english.open(grid).lenses())[0].command?.title).toBe('Run');
    english.close();
  });
});

describe('symbols', () => {
  test('are the keys of the file as a tree, with values in short', async () => {
    const symbols = await editor.open('ibrl: 1\nsystem:\n  kind: grid-2d\nsearch: { starts: { count: 3 } }\n').symbols();
    const shown = (list: typeof symbols): string => list.map(({ name, detail, children }) => `${name}${detail ? `=${detail}` : ''}${children?.length ? `(${shown(children)})` : ''}`).join(' ');
    expect(shown(symbols)).toBe('ibrl=1 system(kind=grid-2d) search(starts(count=3))');
  });

  test('of a broken file are those that can be made out, each name within its range', async () => {
    const symbols = await editor.open('ibrl: 1\nsystem:\n  kind: [\nsearch:\n  updates: 3\n').symbols();
    expect(symbols.map(({ name }) => name)).toContain('ibrl');
    for (const { range, selectionRange } of symbols) {
      expect(range.start).toEqual(selectionRange.start);
      expect(range.end.line).toBeGreaterThanOrEqual(selectionRange.end.line);
    }
  });
});

test('the server says what it can do', () => {
  expect(Object.keys(editor.initialized.capabilities).sort()).toEqual(['codeActionProvider', 'codeLensProvider', 'completionProvider', 'documentFormattingProvider', 'documentSymbolProvider', 'hoverProvider', 'textDocumentSync']);
});

test('a request that is not understood is refused, and the server goes on', async () => {
  await expect(editor.request(languageMethods.model, { url: 1 })).rejects.toThrow('not understood');
  await expect(editor.request(languageMethods.edit, { uri: 'file:///a', version: 1, path: '', change: {} })).rejects.toThrow('not understood');
  await expect(editor.request(languageMethods.model, { uri: 'file:///nowhere.ibrl.yaml' })).rejects.toThrow('not open');
  expect(await editor.open(grid).diagnostics()).toEqual([]);
});
