import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isMap, isPair, isScalar, isSeq, type Node, type Pair, parseDocument } from 'yaml';
import { cursorAt } from '../../src/languageServer/cursor';

/** The cursor at the bar in a text. */
function at(marked: string) {
  const offset = marked.indexOf('|');
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  const cursor = cursorAt(text, offset);
  return cursor && `${cursor.kind} ${cursor.path.join('.')} ${JSON.stringify(text.slice(cursor.start, cursor.end))}`;
}

test.each([
  ['|', 'key  ""'],
  ['se|', 'key  "se"'],
  ['search:\n  |', 'key search ""'],
  ['search:\n  up|', 'key search "up"'],
  ['search:\n  |updates: 3', 'key search "updates"'],
  ['search:\n  upd|ates: 3', 'key search "updates"'],
  ['search:\n  updates: 3\n|', 'key  ""'],
  ['search:\n  updates: 3\n  |', 'key search ""'],
  ['search:\n\n  updates: 3\n\n  |\n\nseed: 1', 'key search ""'],
  ['search:\n  updates:|', 'value search.updates ""'],
  ['search:\n  updates: |', 'value search.updates ""'],
  ['search:\n  updates: 3|0 # many', 'value search.updates "30"'],
  ['search:\n  updates: 30 # ma|ny', null],
  ['# com|ment', null],
  ['system: { |', 'key system ""'],
  ['system: { ki|', 'key system "ki"'],
  ['system: { kind: |', 'value system.kind ""'],
  ['system: { kind: gr|id-2d, start: far }', 'value system.kind "grid-2d"'],
  ['system: { kind: grid-2d, st|art: far }', 'key system "start"'],
  ['system: { kind: grid-2d, |}', 'key system ""'],
  ['system: {\n  kind: grid-2d,\n  |\n}', 'key system ""'],
  ['safety: { soft: { weight: 1, | } }', 'key safety.soft ""'],
  ['policies:\n  inputs: [|]', 'value policies.inputs.0 ""'],
  ['policies:\n  inputs: [x, y|]', 'value policies.inputs.1 "y"'],
  ['policies:\n  inputs:\n    - x\n    - |', 'value policies.inputs.1 ""'],
  ['policies:\n  inputs:\n  - x\n  - y|', 'value policies.inputs.1 "y"'],
  ['policies:\n  inputs:\n  - x\n  |count: 3', 'key policies "count"'],
  ['data:\n  files: ["a|.csv"]', 'value data.files.0 "a.csv"'],
  ["data:\n  files:\n    - 'a|.csv'", 'value data.files.0 "a.csv"'],
  ['reward: -level * | # cost', 'value reward "-level *"'],
  ['name: |-\n  text: a', 'value name "-"'],
  ['name: >-\n  te|xt: a\nseed: 1', null],
  ['name: >-\n  text: a\nse|ed: 1', 'key  "seed"'],
  ['name: "a: b # c"\nse|ed: 1', 'key  "seed"'],
  ['name: "a\n  b"\nse|ed: 1', 'key  "seed"'],
  ['name: "never closed\nse|ed: 1', 'key  "seed"'],
  ['system: { kind: grid-2d\nsearch:\n  up|', 'key search "up"'],
  ['system: { kind: [\nsearch:\n  up|', 'key search "up"'],
  ['a: &n 1\nb: *|n', null],
  ['bounds:\n  "x|": [0, 1]', 'key bounds "\\"x\\""'],
  ['search: &s\r\n  updates: 3\r\n  |', 'key search ""'],
  ['{ "system": { "kind": "grid|-2d" } }', 'value system.kind "grid-2d"'],
])('%j is at %j', (marked, expected) => {
  expect(at(marked)).toBe(expected);
});

const folders = ['../../examples', '../fixtures/experiments/good'];
const files = folders.flatMap((folder) =>
  readdirSync(join(import.meta.dirname, folder)).filter((name) => name.endsWith('.ibrl.yaml')).map((name) => readFileSync(join(import.meta.dirname, folder, name), 'utf8').replace(/^\uFEFF/, '')),
);

interface Known { readonly path: string[]; readonly key: Node }

function keysOf(node: unknown, path: string[] = []): Known[] {
  if (isSeq(node)) return node.items.flatMap((item, index) => keysOf(item, [...path, String(index)]));
  if (!isMap(node)) return [];
  return node.items.filter((pair): pair is Pair => isPair(pair) && isScalar(pair.key)).flatMap((pair) => {
    const key = pair.key as Node;
    return [{ path, key }, ...keysOf(pair.value, [...path, String((key as { value?: unknown }).value)])];
  });
}

test('on every valid file, each key is found under the path that the parser gives it', () => {
  for (const text of files) {
    for (const { key, path } of keysOf(parseDocument(text).contents)) {
      const cursor = cursorAt(text, (key.range?.[0] ?? 0) + 1);
      expect([cursor?.kind, cursor?.path], text.slice(...(key.range ?? [0, 0]))).toEqual(['key', path]);
    }
  }
});

test('on any text and place it answers, and what it would replace lies in the text, on the line of the place or before', () => {
  const text = fc.oneof(fc.constantFrom(...files), fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom('a', ':', ' ', '\n', '-', '{', '}', '[', ']', ',', '"', "'", '#', '|', '&', '*') }));
  fc.assert(
    fc.property(text, fc.nat(), (whole, place) => {
      const offset = place % (whole.length + 1);
      const cursor = cursorAt(whole, offset);
      if (cursor === null) return;
      expect(cursor.start).toBeLessThanOrEqual(cursor.end);
      expect(cursor.end).toBeLessThanOrEqual(whole.length);
      expect(offset).toBeGreaterThanOrEqual(Math.min(cursor.start, whole.lastIndexOf('\n', cursor.start) + 1));
    }),
    { numRuns: 2000 },
  );
});
