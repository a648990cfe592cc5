import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { withDefaults } from '../../src/experiment/defaults';
import type { ExperimentFile } from '../../src/experiment/schema';
import { validateExperiment } from '../../src/experiment/validate';
import type { ExperimentModel, Setting } from '../../src/messages/languageProtocol';
import { validTexts } from './corpus';
import { type Editor, startEditor } from './rig';

const example = (name: string) => readFileSync(join(import.meta.dirname, '../../examples', name), 'utf8');

let editor: Editor;
beforeEach(async () => {
  editor = await startEditor();
});
afterEach(() => editor.close());

function settingOf(model: ExperimentModel, path: string): Setting {
  const setting = model.settings.find((one) => one.path === path);
  if (!setting) throw new Error(`The model has no ${path}.`);
  return setting;
}

test('a setting has what holds, what may be written, and where it stands', async () => {
  const file = editor.open(example('grid-2d.ibrl.yaml'));
  const model = await file.model();
  expect(model).toMatchObject({ state: 'sound', version: 1, findings: [], system: { kind: 'grid-2d', behaviours: expect.arrayContaining(['nearer-target']) as unknown } });
  const horizon = settingOf(model, 'search.horizon');
  expect(horizon).toMatchObject({ title: 'Horizon', unit: 'steps', type: 'integer', value: 25, default: 25, written: true, wrong: false, shared: null, range: { minimum: 1, maximum: 1000, exclusiveMinimum: null } });
  expect(horizon.place && TextDocument.create('', '', 1, file.text).getText(horizon.place.value)).toBe('25');
  expect(settingOf(model, 'safety.soft.quantile')).toMatchObject({ value: 0.05, written: false, place: null, range: { exclusiveMinimum: 0, exclusiveMaximum: 1 } });
  expect(settingOf(model, 'diversity.measure')).toMatchObject({ type: 'choice', choices: ['none', 'lsed', 'min-lsed', 'min-lsed-global'] });
  expect(settingOf(model, 'bounds.x')).toMatchObject({ type: 'list', value: [0, 10] });
  expect(settingOf(model, 'diversity.cap')).toMatchObject({ nullable: true, value: null });
});

test('on every valid file, each setting has the value that the trainer would use', async () => {
  let index = 0;
  for (const text of validTexts) {
    const reading = validateExperiment(text);
    const complete = withDefaults(reading.tree?.value as ExperimentFile) as Record<string, unknown>;
    const model = await editor.open(text, `file:///${index++}.ibrl.yaml`).model();
    expect(model.settings.length).toBeGreaterThan(40);
    for (const { path, value, written } of model.settings) {
      const expected = path.split('.').reduce<unknown>((tree, key) => (tree as Record<string, unknown> | undefined)?.[key], complete);
      if (/^search(\.starts.*)?$/.test(path)) continue; // a bare number of starts stands there as a section
      if (expected !== undefined) expect(value, path).toEqual(expected);
      expect(written, path).toBe(reading.places.written(path));
    }
    expect(new Set(model.settings.map(({ path }) => path)).size).toBe(model.settings.length);
  }
});

test('defaults that follow from other settings are there', async () => {
  const model = await editor.open(example('plant-csv/tank.ibrl.yaml').replace(/^policies:.*\n/m, '').replace(/^models:.*\n/m, '')).model();
  expect(settingOf(model, 'policies.inputs')).toMatchObject({ written: false, value: ['level', 'temperature', 'valve', 'inflow'] });
  expect(settingOf(model, 'models.reward')).toMatchObject({ written: false, value: 'formula' });
  expect(settingOf(model, 'variables.heater.maxChange')).toMatchObject({ written: true, value: 20 });
  expect(model.system?.states.map(({ name }) => name)).toEqual(['level', 'temperature', 'valve', 'inflow']);
});

test('a number of starts is their count', async () => {
  const model = await editor.open('ibrl: 1\nsystem: { kind: grid-2d }\nsearch: { starts: 12 }\n').model();
  expect(settingOf(model, 'search.starts.count')).toMatchObject({ value: 12, written: true });
  expect(settingOf(model, 'search.starts.from')).toMatchObject({ value: 'first', written: false });
});

test('what is wrong has its finding and no value; the rest keeps its own', async () => {
  const model = await editor.open('ibrl: 1\nsystem: { kind: grid-2d }\nsearch:\n  horizon: far\n  clip: 2\nseed: -1\n').model();
  expect(model.state).toBe('faulty');
  expect(model.findings.map(({ code, path }) => [code, path])).toEqual([['wrong-type', 'search.horizon'], ['out-of-range', 'seed']]);
  expect(settingOf(model, 'search.horizon')).toMatchObject({ wrong: true, value: null, written: true, default: 25 });
  expect(settingOf(model, 'search.clip')).toMatchObject({ wrong: false, value: 2 });
});

test('of broken YAML the settings are the last ones that could be read, with no places', async () => {
  const file = editor.open('ibrl: 1\nsystem: { kind: grid-2d }\nseed: 7\n');
  await file.diagnostics();
  file.replace('seed: 7', 'seed: [');
  const model = await file.model();
  expect(model).toMatchObject({ state: 'broken', version: 2, findings: [expect.objectContaining({ code: 'yaml-syntax' })] });
  expect(settingOf(model, 'seed')).toMatchObject({ value: 7, place: null });
  file.replace('seed: [', 'seed: 8');
  expect(await file.model()).toMatchObject({ state: 'sound' });
});

test('an empty file says so', async () => {
  expect(await editor.open('# nothing yet\n').model()).toMatchObject({ state: 'empty', system: null });
});

test('values behind an alias, and those that one repeats, are linked to one another', async () => {
  const file = editor.open('ibrl: 1\nsystem: { kind: grid-2d }\nmodels: { inputs: &in [x, y] }\npolicies: { inputs: *in }\n');
  const document = TextDocument.create('', '', 1, file.text);
  const model = await file.model();
  const shown = (path: string) => {
    const { shared } = settingOf(model, path);
    return shared && [shared.name, document.getText(shared.place)];
  };
  expect(shown('policies.inputs')).toEqual(['in', '[x, y]']);
  expect(shown('models.inputs')).toEqual(['in', '*in']);
  expect(shown('models.history')).toBeNull();
});
