import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { decodeExperiment } from '../../src/experiment/decodeText';
import type { Finding, Range } from '../../src/experiment/findings';
import { findingCodes } from '../../src/experiment/findings';
import { readTree } from '../../src/experiment/readTree';
import { experimentFileSchema } from '../../src/experiment/schema';
import { validateExperiment, validateExperimentBytes } from '../../src/experiment/validate';
import { parseYaml } from '../../src/experiment/yamlSource';

const fixtures = join(import.meta.dirname, '../fixtures/experiments');
const examples = join(import.meta.dirname, '../../examples');

function filesOf(folder: string): [string, Uint8Array][] {
  return readdirSync(folder).filter((name) => name.endsWith('.ibrl.yaml')).map((name) => [name, readFileSync(join(folder, name))]);
}

const bad = filesOf(join(fixtures, 'bad'));
const good = [...filesOf(join(fixtures, 'good')), ...filesOf(examples)];

/** What a bad file says of itself, also where its encoding is not ours. */
function expectationOf(bytes: Uint8Array): string | undefined {
  return /# expect (.*?)\r?\n/.exec(Buffer.from(bytes).toString('latin1').replaceAll('\0', ''))?.[1];
}

const rangeText = ({ start, end }: Range) => `${start.line}:${start.character}-${end.line}:${end.character}`;
const findingText = ({ code, severity, range }: Finding) => `${code} ${severity} ${rangeText(range)}`;

/** The text after an edit, as an editor would apply it to a text without byte order mark. */
function apply(text: string, { range, replacement }: NonNullable<Finding['fix']>): string {
  const plain = text.replace(/^\uFEFF/, '');
  const lines = plain.split('\n');
  const offset = ({ line, character }: Range['start']) => lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0) + character;
  return plain.slice(0, offset(range.start)) + replacement + plain.slice(offset(range.end));
}

describe('the bad files', () => {
  test('there are enough of them', () => {
    expect(bad.length).toBeGreaterThanOrEqual(80);
    expect(good.length).toBeGreaterThanOrEqual(20);
  });

  test.each(bad)('%s: its one mistake is found, with code, severity and place', (_name, bytes) => {
    const { experiment, findings } = validateExperimentBytes(bytes);
    expect(findings.map(findingText)).toContain(expectationOf(bytes));
    expect(new Set(findings.map((finding) => finding.code)).size).toBe(1);
    expect(experiment === null).toBe(findings.some((finding) => finding.severity === 'error'));
  });

  test.each(bad)('%s: a fix, where one is offered, removes its finding and brings no error', (_name, bytes) => {
    for (const finding of validateExperimentBytes(bytes).findings) {
      if (!finding.fix) continue;
      const fixed = validateExperiment(apply(Buffer.from(bytes).toString(), finding.fix)).findings;
      expect(fixed.map((one) => one.code)).not.toContain(finding.code);
      expect(fixed.filter((one) => one.severity === 'error')).toEqual([]);
    }
  });

  test('every rule has a bad file', () => {
    const covered = new Set(bad.map(([, bytes]) => expectationOf(bytes)?.split(' ')[0]));
    const elsewhere = [
      'file-unreadable', 'file-too-large', 'too-many-aliases', 'too-many-findings', 'path-unknown', 'path-behind-alias', 'value-syntax',
      'constant-column', 'action-not-excited', 'bounds-exclude', 'bounds-unvisited', 'recordings-unusable',
    ];
    expect(Object.keys(findingCodes).filter((code) => !covered.has(code) && !elsewhere.includes(code))).toEqual([]);
  });
});

test.each(good)('%s is accepted without a finding', (_name, bytes) => {
  const { experiment, findings } = validateExperimentBytes(bytes);
  expect(findings).toEqual([]);
  expect(experiment).not.toBeNull();
});

describe('messages', () => {
  const messages = (text: string) => validateExperiment(text).findings.map((finding) => finding.message);

  test('a misspelt key is named with the key that is meant', () => {
    expect(messages('ibrl: 1\nsystem: { kind: grid-2d }\nserach: {}\n')).toEqual(['`serach` is not a key of an experiment. Did you mean `search`?']);
  });

  test('a key in the wrong section is sent to the right one', () => {
    expect(messages('ibrl: 1\nsystem: { kind: grid-2d }\nhorizon: 3\n')[0]).toContain('It belongs under `search`.');
  });

  test('a mistake causes no second finding about a setting that it hides', () => {
    const codes = validateExperiment('ibrl: 1\nsystem: { kind: grid-2d }\niteratons: 3\ndiversity: { weight: [0.1, 0.1, 0] }\n').findings.map((finding) => finding.code);
    expect(codes).toEqual(['unknown-key']);
  });
});

describe('hostile files', () => {
  const timeLimit = 20_000;

  test('a file over 1 MiB is refused, also when its characters are few and wide', () => {
    expect(validateExperiment('#'.repeat((1 << 20) + 1)).findings.map((finding) => finding.code)).toEqual(['file-too-large']);
    expect(validateExperiment('#' + '€'.repeat(360_000)).findings.map((finding) => finding.code)).toEqual(['file-too-large']);
  });

  test('a file of 10 MB is refused before it is read as text', () => {
    const { findings } = validateExperimentBytes(Buffer.alloc(10 << 20, 'seed: 1\n'));
    expect(findings.map((finding) => finding.code)).toEqual(['file-too-large']);
  });

  test('thousands of names are refused before they are compared', { timeout: timeLimit }, () => {
    const names = Array.from({ length: 15_000 }, (_, i) => `name${i}`);
    const variables = names.map((name) => `  ${name}: { role: state, range: [0, 1] }`).join('\n');
    const columns = names.map((name) => `    x${name}: y`).join('\n');
    for (const section of [`variables:\n${variables}`, `data:\n  columns:\n${columns}`, `bounds:\n${names.map((name) => `  ${name}: [0, 1]`).join('\n')}`, `policies: { inputs: [${names.join(', ')}] }`]) {
      const { findings } = validateExperiment(`ibrl: 1\nsystem: { kind: plant }\n${section}\n`);
      expect(findings.map((finding) => finding.code)).toContain('wrong-length');
      expect(findings.length).toBeLessThan(10);
    }
  });

  test('aliases that multiply are refused or ignored, never expanded', () => {
    const lines = ['a: &a0 [x, x]'];
    for (let i = 1; i < 60; i++) lines.push(`b${i}: &a${i} [*a${i - 1}, *a${i - 1}]`);
    const { findings } = validateExperiment(`ibrl: 1\nsystem: { kind: grid-2d }\n${lines.join('\n')}\n`);
    expect(findings.map((finding) => finding.code)).toContain('too-many-aliases');
    expect(validateExperiment('ibrl: 1\nsystem: { kind: grid-2d }\nsearch: &s\n  starts: *s\n').experiment).toBeNull();
  });

  test.each([
    ['brackets', '['.repeat(100_000)],
    ['braces', '{a: '.repeat(50_000)],
    ['dashes over dashes', `${'- '.repeat(50_000)}\n${'- '.repeat(50_000)}`],
    ['question marks', '? '.repeat(50_000)],
    ['steps of indentation', Array.from({ length: 1200 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['unknown keys', Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n')],
    ['equal keys', 'seed: 1\n'.repeat(20_000)],
  ])('a file full of %s ends in findings', { timeout: timeLimit }, (_what, text) => {
    const { experiment, findings } = validateExperiment(text);
    expect(experiment).toBeNull();
    expect(findings.length).toBeLessThanOrEqual(201);
  });

  test('keys that every object inherits are unknown keys', () => {
    const { findings } = validateExperiment('ibrl: 1\nsystem: { kind: grid-2d }\n__proto__: 1\nconstructor: 1\nbounds: { __proto__: [0, 1], toString: [0, 1] }\n');
    expect(findings.map((finding) => finding.code)).toEqual(['unknown-key', 'unknown-key', 'unknown-variable', 'unknown-variable']);
  });
});

describe('for any text', () => {
  const someFile = fc.constantFrom(...[...bad, ...good].map(([, bytes]) => Buffer.from(bytes).toString()));
  const fragment = fc.constantFrom(
    '[', ']', '{', '}', '&a ', '*a', '\t', ': ', '- ', '? ', '\r', '"', "'", '|\n', '>-\n', '<<: ', 'null', '!!', '!!binary ', '!!set ', '---\n', '...\n',
    '%YAML 1.1\n', '\u0000', '\uFEFF', '#', '1e400',
  );
  const damage = fc.record({ at: fc.nat(), drop: fc.nat(30), insert: fc.oneof(fc.string({ unit: 'binary', maxLength: 6 }), fragment) });
  const damaged = fc.tuple(someFile, fc.array(damage, { maxLength: 4 })).map(([text, edits]) =>
    edits.reduce((now, { at, drop, insert }) => {
      const start = at % (now.length + 1);
      return now.slice(0, start) + insert + now.slice(start + drop);
    }, text),
  );

  test('the validator does not throw, has an experiment exactly when there is no error, and points into the text', () => {
    fc.assert(
      fc.property(fc.oneof(damaged, fc.array(fragment).map((parts) => parts.join('')), fc.string({ unit: 'grapheme' }), fc.json()), (text) => {
        const { experiment, findings } = validateExperiment(text);
        expect(experiment === null).toBe(findings.some((finding) => finding.severity === 'error'));
        const lines = text.replace(/^\uFEFF/, '').split('\n');
        for (const { start, end } of findings.map((finding) => finding.range)) {
          expect(end.line > start.line || (end.line === start.line && end.character >= start.character)).toBe(true);
          for (const { line, character } of [start, end]) {
            expect(line).toBeLessThan(lines.length);
            expect(character).toBeLessThanOrEqual(lines[line].length);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('bytes of any kind are text or refused, and refused inside the text before them', () => {
    const damagedBytes = fc.tuple(fc.constantFrom(...[...bad, ...good].map(([, bytes]) => bytes)), fc.nat(), fc.uint8Array({ maxLength: 4 })).map(([bytes, at, insert]) => {
      const start = at % (bytes.length + 1);
      return Buffer.concat([bytes.subarray(0, start), insert, bytes.subarray(start)]);
    });
    fc.assert(
      fc.property(fc.oneof(damagedBytes, fc.uint8Array({ maxLength: 300 })), (bytes) => {
        const { experiment, findings } = validateExperimentBytes(bytes);
        expect(experiment === null).toBe(findings.some((finding) => finding.severity === 'error'));
        const { text, finding } = decodeExperiment(bytes);
        if (text !== null) expect(Buffer.from(text)).toEqual(Buffer.from(bytes));
        else {
          expect(findings).toEqual([finding]);
          const lines = Buffer.from(bytes).toString('latin1').split('\n');
          expect(finding.range.start.character).toBeLessThanOrEqual(lines[finding.range.start.line].length);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a tree is read without a finding exactly when the schema allows it', () => {
    fc.assert(
      fc.property(damaged, (text) => {
        const source = parseYaml(text);
        const root = source.document?.contents;
        if (!root || source.findings.length > 0) return;
        const { findings, value } = readTree(source, root);
        if (findings.length === 0) expect([...Value.Errors(experimentFileSchema, value)]).toEqual([]);
        // What the plain values no longer show: which keys were written twice, or were no words.
        else if (!findings.some(({ code }) => code === 'duplicate-key' || code === 'unreadable-key')) {
          expect(Value.Check(experimentFileSchema, source.document?.toJS())).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });
});
