import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { RunReader } from '../../src/run/reader';
import { findTensorFlow } from '../../src/trainer/engines/tensorFlow';
import { built } from '../learning/engine/engines';
import { fingerprints, run, SMALL, TestFolder } from './processes';

const folder = new TestFolder();
afterAll(() => folder.clean());
/** every phase once, with a few updates each: the behaviour model's alone are 600 */
const TINY = SMALL.replace('updates: 120, laterUpdates: 120', 'updates: 30, laterUpdates: 15').replace('updates: 60', 'updates: 12, horizon: 10').replace('iterations: 2', 'iterations: 1').replaceAll('steps: 25', 'steps: 12');

const attempts = (name: string) => RunReader.open(folder.at(name)).events.filter((event) => event.type === 'attempt-started');
const train = (name: string, words: readonly string[]) => run(['train', folder.experiment(TINY, `${name}.ibrl.yaml`), '--run', folder.at(name), '--threads', '1', ...words]);

test('a complete experiment runs on TensorFlow.js, finds what WebAssembly finds, and tells which build computed', async () => {
  const results = await Promise.all([train('tfjs', ['--engine', 'tfjs']), train('wasm', ['--engine', 'wasm'])]);
  expect(results.map(({ code, stderr }) => ({ code, stderr }))).toEqual([{ code: 0, stderr: '' }, { code: 0, stderr: '' }]);
  expect(attempts('tfjs')).toMatchObject([{ engine: 'tfjs', arithmetic: 'float32', versions: { tfjs: expect.stringMatching(/^tfjs-(node|wasm|cpu) 4\.\d+\.\d+$/) } }]);
  expect(Object.keys(fingerprints(folder.at('tfjs')))).toEqual(Object.keys(fingerprints(folder.at('wasm'))));
  const errors = ['tfjs', 'wasm'].map((name) => RunReader.open(folder.at(name)).events.flatMap((event) => (event.type === 'model-fitted' && event.iteration === 1 ? [event.holdoutError] : [])));
  expect(errors[0].length).toBeGreaterThan(0);
  errors[0].forEach((error, i) => expect(error).toBeCloseTo(errors[1][i], 2));
}, 240_000);

test('a folder without tfjs-node is refused with what to do, and no run is made', async () => {
  const { code, stderr } = await train('nowhere', ['--engine', 'tfjs', '--tfjs-node', folder.at('empty')]);
  expect(code).toBe(2);
  expect(stderr).toContain(`there is no @tensorflow/tfjs-node in ${folder.at('empty')}`);
  expect(stderr).toContain('Install @tensorflow/tfjs-node and name its folder');
  expect(existsSync(folder.at('nowhere/events.ndjson'))).toBe(false);
});

test('a package that does not load is refused with its reason', async () => {
  plant(folder.at('broken'), 'throw new Error("made of paper");');
  const { code, stderr } = await train('paper', ['--engine', 'tfjs', '--tfjs-node', folder.at('broken')]);
  expect(code).toBe(2);
  expect(stderr).toContain('made of paper');
});

describe('where TensorFlow.js is taken from', () => {
  test('never the folder of an experiment', async () => {
    const marker = folder.at('loaded');
    plant(folder.path, `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '');`);
    await run(['train', folder.experiment(TINY, 'beside.ibrl.yaml'), '--run', folder.at('beside'), '--engine', 'tfjs'], (event, child) => event.type === 'progress' && child.kill('SIGTERM'));
    expect(attempts('beside')).toMatchObject([{ engine: 'tfjs' }]);
    expect(existsSync(marker)).toBe(false);
  }, 60_000);

  test('the folder that was named, or the package in its node_modules', () => {
    const own = folder.at('own');
    plant(own, '');
    const inner = join(own, 'node_modules/@tensorflow/tfjs-node');
    for (const named of [own, inner]) expect(findTensorFlow(built('.'), named)).toMatchObject({ build: 'tfjs-node', package: inner });
  });

  test('what is installed beside the program, tfjs-node first; where nothing is, it says so', () => {
    const away = mkdtempSync(join(tmpdir(), 'ibrl-away-'));
    const found = (name: string) => findTensorFlow(join(away, name, 'dist'), null).build;
    try {
      expect(() => found('bare')).toThrow('neither @tensorflow/tfjs-node nor @tensorflow/tfjs is installed');
      for (const name of ['plain', 'both']) plant(join(away, name), '', 'tfjs');
      plant(join(away, 'both'), '');
      expect([found('plain'), found('both')]).toEqual(['tfjs-cpu', 'tfjs-node']);
    } finally {
      rmSync(away, { recursive: true });
    }
  });
});

/** A package in the node_modules of a folder that does what the code says when it is loaded. */
function plant(place: string, code: string, name = 'tfjs-node'): void {
  const packageFolder = join(place, 'node_modules/@tensorflow', name);
  mkdirSync(join(packageFolder, 'dist'), { recursive: true });
  writeFileSync(join(packageFolder, 'package.json'), JSON.stringify({ name: `@tensorflow/${name}`, version: '4.22.0', main: 'dist/index.js' }));
  writeFileSync(join(packageFolder, 'dist/index.js'), code);
}
