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
import type { Batch } from '../../src/learning/data/batch';
import { DataError } from '../../src/learning/data/dataError';
import { splitBatch } from '../../src/learning/data/split';
import { Random } from '../../src/learning/random';

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

describe('fixes', () => {
  const head = 'ibrl: 1\nsystem: { kind: grid-2d }\n';
  const fixesOf = (text: string) => validateExperiment(text).findings.map(({ fix }) => fix?.replacement ?? null);

  test('a word keeps its quotes, so that JSON stays JSON', () => {
    const text = '{"ibrl":1,"system":{"kind":"grid2d"},"serach":{"horizon":25}}';
    expect(fixesOf(text)).toEqual(['"grid-2d"', '"search"']);
    expect(fixesOf(`${head}search: { 'horizn': 25 }\n`)).toEqual(["'horizon'"]);
    expect(fixesOf(`${head}search: { horizon: "25" }\n`)).toEqual(['25']);
  });

  test('a line that is added ends as the others do', () => {
    expect(fixesOf('system: { kind: grid-2d }\r\n')).toEqual(['ibrl: 1\r\n']);
    expect(fixesOf('system: { kind: grid-2d }\n')).toEqual(['ibrl: 1\n']);
  });

  test('a word before the end of a line has one, however lines end', () => {
    for (const end of ['\n', '\r\n']) {
      const lines = (...text: string[]): string => [...head.trimEnd().split('\n'), ...text].join(end) + end;
      expect(fixesOf(lines('serach:', '  horizon: 25'))).toEqual(['search']);
      expect(fixesOf(lines('diversity: { over: [yy] }', 'search: { members: al', '  }'))).toEqual(['y', 'all']);
      expect(fixesOf(['ibrl: 1', 'system:', '  kind: grid2d', ''].join(end))).toEqual(['grid-2d']);
    }
  });

  test.each([
    ['a comment would go', `${head}bounds:\n  x:\n    - 8 # high\n    - 2\n`],
    ['an anchor would go', `${head}bounds: { x: [&a 8, 2], y: [1, *a] }\n`],
    ['a tag stays', 'ibrl: !!str 1\nsystem: { kind: grid-2d }\n'],
    ['a tag in a list stays', `${head}bounds: { x: [2,!!str  8] }\n`],
    ['a carriage return stays', `${head}search:\n  members: al\r\n  horizon:\r 3\n`],
    ['the right key is there already', `${head}search: { horizon: 25, horizn: 5 }\n`],
    ['the right name is there already', `${head}bounds: { x: [2, 8], xx: [2, 8] }\npolicies: { inputs: [x, xx, y] }\n`],
    ['the number would be wrong too', `${head}policies: { count: "2.5" }\nsearch: { horizon: "-3" }\n`],
    ['the name that is near cannot be one', 'ibrl: 1\nsystem: { kind: program, command: [a] }\nvariables:\n  le{vel: { role: state, range: [0, 2], next: level + valve }\n  valve: { role: action, range: [-1, 1] }\n'],
  ])('there is none where %s', (_why, text) => {
    const fixes = fixesOf(text);
    expect(fixes.length).toBeGreaterThan(0);
    expect(fixes.filter((fix) => fix !== null && fix !== 'all')).toEqual([]);
  });
});

test('one episode is refused exactly where it cannot be split into what trains and what checks', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 60 }), fc.integer({ min: 1, max: 40 }), fc.double({ min: 0.01, max: 0.5, noNaN: true }), fc.integer({ min: 1, max: 2 }), fc.nat(), (steps, history, holdout, episodes, seed) => {
      const text = (data: number, deployed: number) =>
        `ibrl: 1\nsystem: { kind: grid-2d }\ndata: { generate: { episodes: ${data}, steps: ${steps} } }\nmodels: { history: ${history}, holdout: ${holdout} }\npolicies: { count: 1 }\ndeployment: { episodes: ${deployed}, steps: ${steps} }\n`;
      const batch: Batch = { stateNames: [], actionNames: [], episodes: Array.from({ length: episodes }, () => ({ iteration: 1, policy: 1, frames: steps + 1, states: new Float64Array(), actions: new Float64Array(), rewards: new Float64Array() })) };
      let split = true;
      try {
        splitBatch(batch, holdout, history, new Random(seed));
      } catch (error) {
        if (!(error instanceof DataError)) throw error;
        split = false;
      }
      for (const one of [text(episodes, 2), text(2, episodes)]) {
        expect(validateExperiment(one).findings.some(({ code }) => code === 'episode-too-short')).toBe(!split);
      }
    }),
  );
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

  test('a fix removes its finding and leaves YAML behind', () => {
    const misspelt = fc.tuple(someFile, fc.nat(), fc.constantFrom('', 'x', '\r', '\uFEFF', '\u00A0'), fc.constantFrom('', '"', "'", '!!str ', '\r')).map(([text, at, insert, around]) => {
      const words = [...text.matchAll(/[\w-]{3,}/g)];
      if (words.length === 0) return text;
      const word = words[at % words.length];
      const half = word.index + (word[0].length >> 1);
      const close = around.trim() === around ? around : '';
      return text.slice(0, word.index) + around + text.slice(word.index, half) + insert + text.slice(half + 1, word.index + word[0].length) + close + text.slice(word.index + word[0].length);
    });
    const alike = (findings: readonly Finding[], one: Finding) => findings.filter(({ code, message }) => code === one.code && message === one.message);
    /** how much text is left behind a finding: what is found once in a formula may be there again further on */
    const left = (text: string, { range }: Finding) => text.split('\n').slice(range.start.line).join('\n').length - range.start.character;
    fc.assert(
      fc.property(fc.oneof(misspelt, damaged), (text) => {
        const { findings } = validateExperiment(text);
        for (const finding of findings) {
          if (!finding.fix) continue;
          const mended = apply(text, finding.fix);
          const fixed = validateExperiment(mended).findings;
          const same = alike(fixed, finding);
          expect(same.length).toBeLessThanOrEqual(alike(findings, finding).length);
          if (same.length === alike(findings, finding).length) expect(Math.min(...same.map((one) => left(mended, one)))).toBeLessThan(Math.min(...alike(findings, finding).map((one) => left(text, one))));
          expect(fixed.filter(({ code }) => code === 'yaml-syntax' || code === 'alias-unresolved')).toEqual([]);
        }
      }),
      { numRuns: 1000 },
    );
  });

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
