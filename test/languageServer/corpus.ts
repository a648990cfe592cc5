import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Parser, type CST } from 'yaml';

const folders = ['../../examples', '../../examples/plant-csv', '../../examples/own-simulator', '../fixtures/experiments/good'];

/** Valid experiments in many styles. */
export const validTexts: readonly string[] = [
  ...folders.flatMap((folder) => readdirSync(join(import.meta.dirname, folder)).filter((name) => name.endsWith('.ibrl.yaml')).map((name) => readFileSync(join(import.meta.dirname, folder, name), 'utf8'))),
  'ibrl: 1 # format\nsystem: &s { kind: grid-2d, # the world\n  start: far }\nbounds:   # none but this\n    x: [ 0,  10 ]   # m\n    # and below\n\nsearch:\n# aligned with its key\n  starts: 12\nseed: 3\n',
  'ibrl: 1\nsystem:\n    kind: grid-2d\npolicies:\n  inputs: &in\n  - x # first\n  - y\nmodels:\n      inputs: *in\n      hidden: [ 24,\n        24 ]\nname: >-\n   folded\n   text\n\n\n\nsafety:\n   constrain:   false   \n   soft: {weight: 0.1}\n# the end\n',
];

/** Every comment of a text, in its order. */
export function commentsOf(text: string): string[] {
  const comments: string[] = [];
  const look = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(look);
    else if (typeof value === 'object' && value !== null) {
      const token = value as CST.SourceToken;
      if (token.type === 'comment') comments.push(token.source.trimEnd());
      Object.values(value).forEach(look);
    }
  };
  look([...new Parser().parse(text.replace(/^\uFEFF/, ''))]);
  return comments;
}

/** What the server is given where the editor is German. */
export const germanWords: Readonly<Record<string, string>> = Object.assign(
  {},
  ...['experimentFile', 'languageServer', 'validator'].map((area) => JSON.parse(readFileSync(join(import.meta.dirname, `../../l10n/${area}.de.json`), 'utf8')) as Record<string, string>),
) as Record<string, string>;
