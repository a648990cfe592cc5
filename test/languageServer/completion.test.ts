import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CompletionItem, TextEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { templates } from '../../src/experiment/templates';
import { type Editor, startEditor } from './rig';

const example = (name: string) => readFileSync(join(import.meta.dirname, '../../examples', name), 'utf8');
const plant = example('plant-csv/tank.ibrl.yaml');

let editor: Editor;
let files = 0;
beforeEach(async () => {
  editor = await startEditor();
});
afterEach(() => editor.close());

/** What is proposed at the bar. */
async function proposals(marked: string): Promise<CompletionItem[]> {
  const text = marked.replace('|', '');
  return editor.open(text, `file:///${files++}.ibrl.yaml`).complete(TextDocument.create('', '', 1, text).positionAt(marked.indexOf('|')));
}

async function labels(marked: string): Promise<string[]> {
  return (await proposals(marked)).map(({ label }) => label);
}

/** The text once a proposal is taken. */
async function taken(marked: string, label: string): Promise<string> {
  const item = (await proposals(marked)).find((one) => one.label === label);
  return TextDocument.applyEdits(TextDocument.create('', '', 1, marked.replace('|', '')), item ? [item.textEdit as TextEdit] : []);
}

const head = 'ibrl: 1\nsystem: { kind: industrial-benchmark }\n';

describe('keys', () => {
  test('are those that the section may still have, each with its default for the system', async () => {
    expect(await labels(`${head}search:\n  horizon: 3\n  |`)).toEqual(['discount', 'starts', 'members', 'pessimism', 'updates', 'learningRate', 'clip']);
    expect(await taken(`${head}search:\n  |`, 'horizon')).toBe(`${head}search:\n  horizon: 50`);
    expect(await taken('ibrl: 1\nsystem: { kind: grid-2d }\nsearch:\n  |', 'horizon')).toBe('ibrl: 1\nsystem: { kind: grid-2d }\nsearch:\n  horizon: 25');
  });

  test('of the system are those of its kind', async () => {
    expect(await labels('ibrl: 1\nsystem: { kind: grid-2d, | }\n')).toEqual(['start']);
    expect(await labels('ibrl: 1\nsystem:\n  kind: program\n  |\n')).toEqual(['command', 'timeout']);
  });

  test('that have their colon lose nothing of their value', async () => {
    expect(await taken(`${head}search:\n  hor|: 3 # steps\n`, 'horizon')).toBe(`${head}search:\n  horizon: 3 # steps\n`);
  });

  test('of bounds and columns are the variables of the system', async () => {
    expect(await labels(`${head}bounds:\n  velocity: [0, 1]\n  |`)).toEqual(['setpoint', 'gain', 'shift', 'fatigue', 'consumption', 'percentiles']);
    expect(await taken(`${head}bounds: { | }\n`, 'gain')).toBe(`${head}bounds: { gain: [0, 100] }\n`);
    expect(await labels(plant.replace('  columns:', '  columns:\n    |').replace('    level: LT101.PV\n', ''))).toEqual(['level']);
  });

  test('are proposed in the middle of broken YAML', async () => {
    expect(await labels('ibrl: 1\nsystem: { kind: grid-2d\nsafety:\n  so|\n  : {')).toContain('soft');
    expect(await labels('|')).toContain('system');
    expect(await labels('ibrl: 1\nsystem: { kind: grid-2d }\ndata: [\nsear|')).toContain('search');
  });

  test('of a whole experiment are there while nothing but comments is written, and nowhere else', async () => {
    const whole = ['2D world', 'Industrial Benchmark', 'Plant', 'Simulator program'];
    expect(await labels('|')).toEqual(expect.arrayContaining(whole));
    expect(await labels('# mine\n\nInd|\n')).toEqual(expect.arrayContaining(whole));
    expect(await taken('# mine\nInd|', '2D world')).toBe(`# mine\n${templates['grid-2d']}`);
    for (const marked of ['ibrl: 1\n|', '|\nibrl: 1\n', `${head}search:\n  |`, '# |']) expect(await labels(marked), marked).not.toContain('2D world');
  });

  test('as snippets leave room for values, where the editor can', async () => {
    const other = await startEditor({ snippets: true });
    const items = await other.open(`${head}search:\n  `).complete({ line: 3, character: 2 });
    expect(items.find(({ label }) => label === 'horizon')).toMatchObject({ insertTextFormat: 2, textEdit: { newText: 'horizon: ${1:50}' } });
    other.close();
  });
});

describe('values', () => {
  test.each([
    [`${head}diversity: { measure: | }`, ['none', 'lsed', 'min-lsed', 'min-lsed-global']],
    [`${head}safety:\n  constrain: |`, ['true', 'false']],
    [`${head}data:\n  generate:\n    behaviour: |`, ['do-nothing', 'random', 'hold', 'bad', 'mediocre', 'optimized', 'shift-oscillator']],
    [`${head}policies: { inputs: [velocity, |] }`, ['setpoint', 'gain', 'shift', 'fatigue', 'consumption', 'steerVelocity', 'steerGain', 'steerShift']],
    [`${head}diversity:\n  over:\n    - gain\n    - |`, ['setpoint', 'velocity', 'shift', 'fatigue', 'consumption']],
    ['ibrl: 1\nsystem:\n  kind: |', ['grid-2d', 'industrial-benchmark', 'plant', 'program']],
    ['ibrl: 1\nsystem: |', ['{ kind: grid-2d }', '{ kind: industrial-benchmark }', '{ kind: plant }', '{ kind: program }']],
    [`${head}diversity: { cap: | }`, ['null']],
    [`${head}search:\n  horizon: |`, ['50']],
    [`${head}search:\n  horizon: 3 # |`, []],
  ])('at %j are %j', async (marked, expected) => {
    expect(await labels(marked)).toEqual(expected);
  });

  test('come with the space that YAML wants behind a colon', async () => {
    expect(await taken(`${head}diversity:\n  measure:|\n`, 'lsed')).toBe(`${head}diversity:\n  measure: lsed\n`);
  });

  test('of formulas are the declared variables and functions, at the word that is begun', async () => {
    const marked = plant.replace('reward: -4 * (level - 2)^2', 'reward: -4 * (le| - 2)^2');
    expect(await labels(marked)).toEqual(expect.arrayContaining(['level', 'temperature', 'valve', 'inflow', 'valveMove', 'heater', 'abs', 'clamp', 'where', 'previous.']));
    expect(await taken(marked, 'temperature')).toContain('reward: -4 * (temperature - 2)^2');
    expect(await labels(plant.replace('next: valve + valveMove', 'next: valve + |'))).not.toContain('previous.');
  });

  test('of a plant are known while its variables are half written', async () => {
    expect(await labels('ibrl: 1\nsystem: { kind: plant }\nvariables:\n  level: { role: state, range: [0, 1] }\n  flow: { role: \npolicies:\n  inputs: [|]\n')).toContain('level');
  });

  test('that are names of variables stand as they are in examples, without quotes', async () => {
    const world = 'ibrl: 1\nsystem: { kind: grid-2d }\ndiversity:\n  over: ';
    expect(await taken(`${world}[x, |]\n`, 'y')).toBe(`${world}[x, y]\n`);
  });
});

describe('files', () => {
  test('are asked of the host, folder by folder', async () => {
    const asked: unknown[] = [];
    editor.listFiles((params) => {
      asked.push(params);
      return [{ name: 'sub', isFolder: true }, { name: 'monday.csv', isFolder: false }, { name: 'new week.csv', isFolder: false }, { name: 'notes.md', isFolder: false }];
    });
    expect(await labels(plant.replace('[monday.csv,', '[|, monday.csv,'))).toEqual(['sub/', 'new week.csv']);
    expect(await taken(plant.replace('[monday.csv,', '[week/|,'), 'week/monday.csv')).toContain('[week/monday.csv, tuesday.csv]');
    expect(await taken(plant.replace('[monday.csv,', '[|,'), 'new week.csv')).toContain('["new week.csv", tuesday.csv]');
    expect(asked.map((one) => (one as { folder: string }).folder)).toEqual(['', 'week', '']);
  });

  test('are none where the host says something else, and that is said', async () => {
    editor.listFiles(() => ['monday.csv']);
    expect(await labels(plant.replace('[monday.csv,', '[|,'))).toEqual([]);
    expect(editor.warnings.join()).toContain('not a list of files');
  });
});

describe('hovers', () => {
  test('tell meaning, effect, range, unit and the default for the system', async () => {
    const file = editor.open(example('grid-2d.ibrl.yaml'));
    const text = await file.hover('  hori|zon: 25');
    expect(text).toBe('**Horizon** · `search.horizon`\n\nLength H of a rollout through the models.\n\nEffect: Too short misses late effects; long is slow and trusts the models more.\n\nAllowed: a whole number from 1 to 1000  \nUnit: steps\n\nDefault: `25`');
    expect(await file.hoverRange('  hori|zon: 25')).toMatchObject({ start: { character: 2 }, end: { character: 9 } });
  });

  test('of a variable tell its range, and whether a bound can be exact', async () => {
    const file = editor.open(plant);
    expect(await file.hover('  val|ve: [20, 80]')).toContain('Physical range: 0 to 100 %');
    expect(await file.hover('  val|ve: [20, 80]')).toContain('Follows `valveMove` by formula, gain 1');
    expect(await file.hover('reward: -4 * (lev|el')).toContain('**level** · State');
    expect(await file.hover('valve, in|flow, heater')).toContain('Disturbance');
  });

  test('are there on broken YAML, and not on comments', async () => {
    const file = editor.open('ibrl: 1\nsystem: { kind: plant\nsearch:\n  horizon: [ # far\n');
    expect(await file.hover('hori|zon')).toContain('Length H');
    expect(await file.hover('# f|ar')).toBe('');
  });
});

test('at any place of any beginning of an example, proposals replace text around the place', async () => {
  const texts = ['grid-2d.ibrl.yaml', 'plant-csv/tank.ibrl.yaml', 'own-simulator/tank.ibrl.yaml'].map(example);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...texts), fc.nat(), fc.boolean(), async (text, place, cut) => {
      const offset = place % (text.length + 1);
      const file = editor.open(cut ? text.slice(0, offset) : text, `file:///${files++}.ibrl.yaml`);
      const position = TextDocument.create('', '', 1, file.text).positionAt(offset);
      editor.listFiles(() => []);
      for (const { textEdit } of await file.complete(position)) {
        const { range } = textEdit as TextEdit;
        expect(range.start.line).toBe(position.line);
        expect(range.end.line).toBe(position.line);
        expect(range.start.character).toBeLessThanOrEqual(position.character);
        expect(range.end.character).toBeGreaterThanOrEqual(position.character);
      }
      file.close();
    }),
    { numRuns: 300 },
  );
});
