import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { ExperimentError } from '../../src/experiment/findings';
import { setValue } from '../../src/experiment/setValue';
import { validateExperiment } from '../../src/experiment/validate';

const examples = ['grid-2d', 'industrial-benchmark'].map((name) => readFileSync(join(import.meta.dirname, `../../examples/${name}.ibrl.yaml`), 'utf8'));

test('only the characters of the value change', () => {
  expect(setValue('search:\n  updates: 300 # enough\n', 'search.updates', '200')).toBe('search:\n  updates: 200 # enough\n');
  expect(setValue('search: { updates: 300, clip: 1 }\n', 'search.updates', '200')).toBe('search: { updates: 200, clip: 1 }\n');
  expect(setValue('bounds:\n  x: [0, 10] # m\n', 'bounds.x', '[1, 9]')).toBe('bounds:\n  x: [1, 9] # m\n');
  expect(setValue('bounds:\n  x: [0, 10] # m\n', 'bounds.x.1', '9')).toBe('bounds:\n  x: [0, 9] # m\n');
  expect(setValue('name: |\n  long\n  text\nseed: 1\n', 'name', 'short')).toBe('name: short\nseed: 1\n');
});

test('a key that is missing is added in the style of its section, with the sections around it', () => {
  expect(setValue('search:\n  updates: 300 # enough\nseed: 1\n', 'search.clip', '2')).toBe('search:\n  updates: 300 # enough\n  clip: 2\nseed: 1\n');
  expect(setValue('search: { updates: 300 }\n', 'search.clip', '2')).toBe('search: { updates: 300, clip: 2 }\n');
  expect(setValue('search: {}\n', 'search.clip', '2')).toBe('search: { clip: 2 }\n');
  expect(setValue('search:\nseed: 1\n', 'search.clip', '2')).toBe('search: { clip: 2 }\nseed: 1\n');
  expect(setValue('seed: 1', 'safety.soft.weight', '0.1')).toBe('seed: 1\nsafety: { soft: { weight: 0.1 } }');
});

test('line ends, a byte order mark and anchors stay as they are', () => {
  expect(setValue('\uFEFFa: &n 1\r\nb: 2\r\n', 'a', '2')).toBe('\uFEFFa: &n 2\r\nb: 2\r\n');
  expect(setValue('a: &n 1\r\nb: *n\r\n', 'b', '3')).toBe('a: &n 1\r\nb: 3\r\n');
  expect(setValue('search:\r\n  updates: 1\r\n', 'search.clip', '2')).toBe('search:\r\n  updates: 1\r\n  clip: 2\r\n');
});

test.each([
  ['seed: 1\n', 'search..updates', '1', 'path-unknown'],
  ['seed: 1\n', 'seed.deeper', '1', 'path-unknown'],
  ['hidden: [1, 2]\n', 'hidden.2', '1', 'path-unknown'],
  ['- 1\n', 'seed', '1', 'path-unknown'],
  ['a: &m { b: 1 }\nc: *m\n', 'c.b', '2', 'path-behind-alias'],
  ['a: &n 1\nc: *n\n', 'a', '2', 'path-behind-alias'],
  ['seed: 1\n', 'seed', '[1', 'value-syntax'],
  ['seed: 1\n', 'seed', '', 'value-syntax'],
  ['seed: [1\n', 'seed', '1', 'yaml-syntax'],
])('%j with %s=%s is refused with a sentence', (text, path, value, code) => {
  const attempt = () => setValue(text, path, value);
  expect(attempt).toThrow(ExperimentError);
  expect(attempt).toThrow(expect.objectContaining({ code, message: expect.stringMatching(/\.$/) as string }) as Error);
});

test('on the examples, a setting gets its value and every other line stays', () => {
  const setting = fc.constantFrom('search.updates', 'seed', 'bounds.x', 'models.patience', 'safety.soft.weight', 'policies.hidden.0', 'deployment.evaluate', 'search.starts.count');
  const value = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.string(), fc.array(fc.integer(), { minLength: 1 }), fc.constant(null));
  fc.assert(
    fc.property(fc.constantFrom(...examples), setting, value, fc.boolean(), (example, path, wanted, windows) => {
      const text = windows ? example.replaceAll('\n', '\r\n') : example;
      const edited = setValue(text, path, JSON.stringify(wanted));
      const found = path.split('.').reduce((tree, key) => (tree as Record<string, unknown>)[key], parse(edited) as unknown);
      expect(JSON.stringify(found)).toBe(JSON.stringify(wanted));
      const before = text.split('\n');
      const after = edited.split('\n');
      expect(after.filter((line) => !before.includes(line)).length).toBeLessThanOrEqual(1);
      expect(before.filter((line) => !after.includes(line)).length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 300 },
  );
});

test('a shortened example is still valid', () => {
  for (const example of examples) {
    const shorter = ['search.updates=3', 'models.updates=3', 'models.laterUpdates=2', 'iterations=2'].reduce((text, setting) => {
      const [path, value] = setting.split('=');
      return setValue(text, path, value);
    }, example);
    expect(validateExperiment(shorter).experiment).toMatchObject({ iterations: 2, search: { updates: 3 }, models: { updates: 3, laterUpdates: 2 } });
  }
});

test('on any text and path, setting a value succeeds or is refused with an ExperimentError', () => {
  const text = fc.oneof(fc.constantFrom(...examples), fc.string({ unit: 'grapheme' }), fc.json()).chain((whole) => fc.nat(whole.length).map((end) => whole.slice(0, end)));
  const path = fc.oneof(fc.constantFrom('search.updates', 'seed', 'bounds.x.0', '__proto__.a', 'bounds.toString'), fc.string());
  fc.assert(
    fc.property(text, path, fc.oneof(fc.string(), fc.json()), (whole, where, value) => {
      try {
        setValue(whole, where, value);
      } catch (error) {
        expect(error).toBeInstanceOf(ExperimentError);
      }
    }),
    { numRuns: 500 },
  );
});
