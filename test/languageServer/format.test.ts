import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parse } from 'yaml';
import { commentsOf, validTexts } from './corpus';
import { type Editor, startEditor } from './rig';

let editor: Editor;
let files = 0;
beforeAll(async () => {
  editor = await startEditor();
});
afterAll(() => editor.close());

async function formatted(text: string): Promise<string> {
  const file = editor.open(text, `file:///${files++}.ibrl.yaml`);
  const edited = TextDocument.applyEdits(TextDocument.create('', '', 1, text), await file.format());
  file.close();
  return edited;
}

test('indents evenly, with comments beside what they stand above', async () => {
  const text = 'ibrl: 1\nsystem:\n    kind: grid-2d   \n    # far away\n    start: far\n\n\n\nsafety:\n   soft:\n        weight: 0.1 # much\npolicies:\n  inputs:\n  - x\n  - y\nseed:   2';
  expect(await formatted(text)).toBe('ibrl: 1\nsystem:\n  kind: grid-2d\n  # far away\n  start: far\n\nsafety:\n  soft:\n    weight: 0.1 # much\npolicies:\n  inputs:\n    - x\n    - y\nseed:   2\n');
});

test('leaves the examples as they are', async () => {
  for (const text of validTexts.slice(0, 4)) expect(await formatted(text)).toBe(text);
});

test('leaves broken YAML alone', async () => {
  expect(await formatted('system:\n    kind: [\n\n\n\n')).toBe('system:\n    kind: [\n\n\n\n');
});

/** A valid text whose white space has been disturbed where it means nothing, or sometimes where it does. */
const disturbed = fc.tuple(fc.constantFrom(...validTexts), fc.array(fc.tuple(fc.nat(), fc.constantFrom('  \n', '\n\n\n', ' \n', '\n  ', '\n# said\n', '\n    # said\n')), { maxLength: 6 }), fc.boolean()).map(([text, changes, windows]) => {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  for (const [place, by] of changes) lines[place % lines.length] += by.slice(0, -1);
  return lines.join(windows ? '\r\n' : '\n');
});

test('never changes what a text says, nor a comment, nor anything but white space; twice is as once', async () => {
  await fc.assert(
    fc.asyncProperty(disturbed, async (text) => {
      const once = await formatted(text);
      expect(once.replace(/\s+/g, '')).toBe(text.replace(/\s+/g, ''));
      expect(commentsOf(once)).toEqual(commentsOf(text));
      expect(once.includes('\r\n')).toBe(text.includes('\r\n'));
      let before: unknown;
      try {
        before = parse(text);
      } catch {
        expect(once).toBe(text);
        return;
      }
      expect(parse(once)).toEqual(before);
      expect(await formatted(once)).toBe(once);
    }),
    { numRuns: 300 },
  );
});
