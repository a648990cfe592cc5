import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TextEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { isMap, isNode, isSeq, parse, parseDocument } from 'yaml';
import type { EditParams } from '../../src/messages/languageProtocol';
import { commentsOf, validTexts } from './corpus';
import { type Editor, startEditor } from './rig';

let editor: Editor;
let files = 0;
beforeAll(async () => {
  editor = await startEditor();
});
afterAll(() => editor.close());

const to = (value: unknown): EditParams['change'] => ({ kind: 'set', value });
const remove: EditParams['change'] = { kind: 'remove' };

/** The text after a change, or why it was refused. */
async function changed(text: string, path: string, change: EditParams['change']): Promise<string> {
  const file = editor.open(text, `file:///${files++}.ibrl.yaml`);
  const answer = await file.edit(path, change);
  file.close();
  if (answer.kind === 'refused') return `refused: ${answer.code}`;
  return TextDocument.applyEdits(TextDocument.create('', '', 1, text), answer.edits as TextEdit[]);
}

describe('setting a value', () => {
  test.each([
    ['bounds:\n  x: [ 0,  10 ]  # m\n', 'bounds.x', [1, 10], 'bounds:\n  x: [ 1,  10 ]  # m\n'],
    ['bounds: { x: [0, 10] }\r\n', 'bounds.y', [0, 5], 'bounds: { x: [0, 10], y: [0, 5] }\r\n'],
    ['\uFEFFseed: 1 # one\r\nname: a\r\n', 'seed', 2, '\uFEFFseed: 2 # one\r\nname: a\r\n'],
    ['search: { starts: 12 } # few\n', 'search.starts.count', 20, 'search: { starts: 20 } # few\n'],
    ['search: { starts: 12 } # few\n', 'search.starts.from', 'rows', 'search: { starts: { count: 12, from: rows } } # few\n'],
    ['seed: 1\n', 'data.files', ['new week.csv', 'b.csv'], 'seed: 1\ndata: { files: ["new week.csv", b.csv] }\n'],
    ['seed: 1\n', 'diversity.cap', null, 'seed: 1\ndiversity: { cap: null }\n'],
    ['variables:\n  Füllstand: { role: state }\n', 'variables.Füllstand.range', [0, 1], 'variables:\n  Füllstand: { role: state, range: [0, 1] }\n'],
    ['variables: { n: { unit: "1" } }\n', 'variables.n.unit', 'm', 'variables: { n: { unit: m } }\n'],
    ['variables: { n: { unit: m } }\n', 'variables.n.unit', '1', 'variables: { n: { unit: "1" } }\n'],
  ])('in %j, %s = %j gives %j', async (text, path, value, expected) => {
    expect(await changed(text, path, to(value))).toBe(expected);
  });
});

describe('removing a setting', () => {
  test.each([
    ['search:\n  updates: 3 # few\n  clip: 1\nseed: 1\n', 'search.updates', 'search:\n  clip: 1\nseed: 1\n'],
    ['search:\r\n  # how long\r\n  updates: 3 # few\r\nseed: 1\r\n', 'search.updates', 'search: {}\r\n  # how long\r\nseed: 1\r\n'],
    ['search: # why\n  updates: 3\n', 'search.updates', 'search: {} # why\n'],
    ['search: { updates: 3, clip: 1 } # both\n', 'search.updates', 'search: { clip: 1 } # both\n'],
    ['search: { updates: 3, # a, b\n  clip: 1 } # c\n', 'search.clip', 'search: { updates: 3 # a, b\n   } # c\n'],
    ['search: { updates: 3, clip: 1 }\n', 'search.clip', 'search: { updates: 3 }\n'],
    ['search: { clip: 1 }\n', 'search.clip', 'search: {}\n'],
    ['seed: 1\nbounds:\n  x: [0,\n    10]\n  y: [0, 1]\n', 'bounds.x', 'seed: 1\nbounds:\n  y: [0, 1]\n'],
    ['policies:\n  inputs:\n    - x # one\n    - y\n', 'policies.inputs.0', 'policies:\n  inputs:\n    - y\n'],
    ['policies: { inputs: [x, y] }\n', 'policies.inputs.1', 'policies: { inputs: [x] }\n'],
    ['a: 1\nseed: 1', 'seed', 'a: 1\n'],
  ])('in %j, %s is gone: %j', async (text, path, expected) => {
    expect(await changed(text, path, remove)).toBe(expected);
  });

  test('that is not there is refused', async () => {
    expect(await changed('seed: 1\n', 'search.clip', remove)).toBe('refused: path-unknown');
  });
});

describe('refused', () => {
  test('is what stands behind an alias, with the place of its anchor', async () => {
    const file = editor.open('a: 1\nmodels: { inputs: &in [x, y] }\npolicies: { inputs: *in }\n', 'file:///alias.ibrl.yaml');
    const document = TextDocument.create('', '', 1, file.text);
    for (const path of ['policies.inputs', 'policies.inputs.0']) {
      const answer = await file.edit(path, to('z'));
      expect(answer).toMatchObject({ kind: 'refused', code: 'path-behind-alias' });
      expect(answer.kind === 'refused' && answer.place && document.getText(answer.place)).toBe('[x, y]');
    }
  });

  test('is what an alias repeats elsewhere, with the place of the alias', async () => {
    const file = editor.open('models: { inputs: &in [x, y] }\npolicies: { inputs: *in }\n', 'file:///anchor.ibrl.yaml');
    const document = TextDocument.create('', '', 1, file.text);
    const answer = await file.edit('models.inputs.1', to('z'));
    expect(answer.kind === 'refused' && answer.place && document.getText(answer.place)).toBe('*in');
  });

  test('is an edit of another version, of broken YAML, and one without a value', async () => {
    const file = editor.open('seed: 1\n', 'file:///stale.ibrl.yaml');
    expect(await file.edit('seed', to(2), 0)).toMatchObject({ kind: 'refused', code: 'stale' });
    await expect(file.edit('seed', to(undefined))).rejects.toThrow('not understood');
    expect(await changed('seed: [\n', 'seed', to(2))).toBe('refused: yaml-syntax');
  });
});

type Tree = Record<string, unknown>;

function withoutPath(tree: unknown, [key, ...rest]: readonly string[]): unknown {
  if (Array.isArray(tree)) return rest.length === 0 ? tree.filter((_, index) => index !== Number(key)) : tree.map((item: unknown, index) => (index === Number(key) ? withoutPath(item, rest) : item));
  return Object.fromEntries(Object.entries(tree as Tree).flatMap(([name, value]) => (name !== key ? [[name, value]] : rest.length === 0 ? [] : [[name, withoutPath(value, rest)]])));
}

function valueAt(tree: unknown, path: readonly string[]): unknown {
  return path.reduce((value, key) => (value as Tree | undefined)?.[key], tree);
}

interface Written {
  readonly value: string;
  /** the lines that a key and its value stand on */
  readonly lines: string;
}

/** What each setting is written as, by its path. */
function writtenBy(text: string): Map<string, Written> {
  const plain = text.replace(/^\uFEFF/, '');
  const written = new Map<string, Written>();
  const look = (node: unknown, path: string, key: unknown = node): void => {
    if (!isNode(node) || !node.range || !isNode(key) || !key.range) return;
    const value = plain.slice(node.range[0], node.range[1]).trim();
    const end = plain.indexOf('\n', Math.max(key.range[1], node.range[0] + value.length));
    written.set(path, { value, lines: plain.slice(plain.lastIndexOf('\n', key.range[0]) + 1, end < 0 ? plain.length : end) });
    if (isMap(node)) for (const pair of node.items) look(pair.value, `${path}${path && '.'}${String((pair.key as { value?: unknown }).value)}`, pair.key);
    if (isSeq(node)) node.items.forEach((item, index) => look(item, `${path}.${index}`));
  };
  look(parseDocument(plain).contents, '');
  return written;
}

function isApart(one: string, other: string): boolean {
  return one !== '' && one !== other && !one.startsWith(`${other}.`) && !other.startsWith(`${one}.`);
}

const texts = fc.tuple(fc.constantFrom(...validTexts), fc.boolean(), fc.boolean()).map(([text, windows, marked]) => {
  const plain = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  return (marked ? '\uFEFF' : '') + (windows ? plain.replaceAll('\n', '\r\n') : plain);
});
const values = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null), fc.string({ unit: 'grapheme' }), fc.array(fc.oneof(fc.integer(), fc.string()), { maxLength: 4 }));
const others = ['search.clip', 'safety.violation.weight', 'bounds.z', 'diversity.cap', 'name', 'seed'];

test('on any style of file, an edit changes the value and no other byte of a setting, comment or line end', async () => {
  await fc.assert(
    fc.asyncProperty(texts, fc.nat(), fc.option(values.map((value) => ({ value })), { nil: null }), fc.boolean(), async (text, choice, wanted, fresh) => {
      const before = writtenBy(text);
      const paths = fresh ? others : [...before.keys()].filter((path) => path !== '');
      const path = paths[choice % paths.length];
      const after = await changed(text, path, wanted === null ? remove : to(wanted.value));
      if (after.startsWith('refused: ')) {
        expect(after).toMatch(/path-behind-alias|path-unknown/);
        return;
      }
      const keys = path.split('.');
      const [old, now] = [parse(text.replace(/^\uFEFF/, '')) as Tree, parse(after.replace(/^\uFEFF/, '')) as Tree];
      if (wanted === null) expect(now).toEqual(withoutPath(old, keys));
      else {
        expect(JSON.stringify(valueAt(now, keys))).toBe(JSON.stringify(wanted.value));
        expect(withoutPath(now, keys.slice(0, 1))).toEqual(withoutPath(old, keys.slice(0, 1)));
      }
      const written = writtenBy(after);
      const isList = /\.\d+$/.test(path); // what follows in a list has another path afterwards
      for (const [other, as] of before) {
        if (isApart(other, isList ? path.replace(/\.\d+$/, '') : path)) expect(written.get(other)?.value, other).toBe(as.value);
      }
      const kept = commentsOf(after);
      const lost = commentsOf(text).filter((comment) => !kept.includes(comment));
      const own = before.get(path) ?? { value: '', lines: '' };
      for (const comment of lost) expect(wanted === null ? own.lines : own.value).toContain(comment);
      expect(after.startsWith('\uFEFF')).toBe(text.startsWith('\uFEFF'));
      if (text.includes('\r\n')) expect(after.replaceAll('\r\n', '')).not.toContain('\n');
      else expect(after).not.toContain('\r\n');
    }),
    { numRuns: 400 },
  );
});
