import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { config } from '@vscode/l10n';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { ExperimentError, type Finding } from '../../src/experiment/findings';
import { parseCondition, parseFormula } from '../../src/experiment/formula';
import { editsToRemove } from '../../src/experiment/removeValue';
import type { BatchSummary, ColumnSummary } from '../../src/experiment/rules/withData';
import { setValue } from '../../src/experiment/setValue';
import { validateExperiment, validateExperimentBytes } from '../../src/experiment/validate';
import { validateWithData } from '../../src/experiment/validateWithData';
import { yamlMessages } from '../../src/experiment/yamlSentences';
import { parseYaml } from '../../src/experiment/yamlSource';

const folder = join(import.meta.dirname, '../fixtures/experiments/bad');
const bad = readdirSync(folder).filter((name) => name.endsWith('.ibrl.yaml')).map((name): [string, Uint8Array] => [name, readFileSync(join(folder, name))]);

const bundles = join(import.meta.dirname, '../../l10n');
const german = Object.assign({}, ...['languageServer', 'validator'].map((area) => JSON.parse(readFileSync(join(bundles, `${area}.de.json`), 'utf8')) as object)) as Record<string, string>;
/** Every text in brackets that nothing else has. */
const pseudo = Object.fromEntries(Object.keys(german).map((english) => [english, `⟦${english}⟧`]));

afterEach(() => config({ contents: {} }));

function speaking<Result>(translations: Record<string, string>, work: () => Result): Result {
  config({ contents: translations });
  try {
    return work();
  } finally {
    config({ contents: {} });
  }
}

/** What people read of findings: sentences, and titles of fixes. */
function wordsOf(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ fix, message }) => (fix ? [message, fix.title] : [message]));
}

/** Words that went through no translation. Names between backticks and the places of settings are not words of a language. */
function untranslated(text: string): string[] {
  const inner = text.replace(/⟦[^⟦⟧]*⟧/g, '');
  if (inner !== text) return untranslated(inner);
  return text.replace(/`[^`]*`/g, '').match(/\p{L}{2,}/gu) ?? [];
}

const quoted = (text: string): string[] => [...text.matchAll(/`[^`]+`/g)].map(([name]) => (name === '`[unten, oben]`' ? '`[low, high]`' : name)).toSorted();
const withoutQuoted = (text: string): string => text.replace(/`[^`]*`/g, '');

const plant = `ibrl: 1
system: { kind: plant }
variables:
  level: { role: state, range: [0, 2], next: level + 0.1 * valve }
  stock: { role: state, range: [0, 9], next: stock - 0.5 * valve }
  heat: { role: state, range: [0, 100] }
  valve: { role: action, range: [-1, 1] }
data: { files: [a.csv], samplingTime: 10 }
reward: -(level - 1)^2
bounds: { level: [0.9, 1.1], stock: [1, 8] }
`;

const columns = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.nat(2), fc.nat(2)).map(([minimum, width, first]): ColumnSummary => ({ minimum, maximum: minimum + width, standardDeviation: width / 500, first: [minimum, minimum + Math.min(first, width)] }));
const batches = fc.record({ transitions: fc.nat(3000), episodes: fc.constant(3), longestEpisode: fc.nat(60), columns: fc.record({ level: columns, stock: columns, heat: columns, valve: columns }) });

const soft = plant.replace('bounds: {', 'bounds: { heat: [0, 1],') + 'safety: { constrain: false, violation: { weight: 1 }, soft: { weight: 1 } }\nmodels: { history: 30 }\nsearch: { horizon: 50 }\npolicies: { count: 64 }\n';
const validations = [plant, soft].map((text) => validateExperiment(text));

/** Whatever the second stage can say of a plant. */
function saidWithData(batch: BatchSummary): string[] {
  return validations.flatMap((validation) => wordsOf(validateWithData(validation, batch)));
}

const pieces = fc.constantFrom('x', 'y', 'previous.', 'previous', '.', '+', '-', '*', '**', '^', '2', '9', '(', ')', ',', 'min(', 'clamp(', 'where(', 'abs(', 'foo(', '==', '<', '=', '&&', 'or', '!', '`a b`', '$', '1e999');
const formulas = fc.array(pieces, { maxLength: 9 }).map((parts) => parts.join(''));

function saidOfFormula(text: string): string[] {
  const names = new Set(['x']);
  const read = [parseFormula(text, { names, previous: true }), parseFormula(text, { names, previous: false }), parseCondition(text, { names: null, previous: false })];
  return read.flatMap(({ problem }) => (problem ? [problem.message] : []));
}

const refusals: readonly [string, () => unknown][] = [
  ['a path that is none', () => setValue(plant, 'a b', '1')],
  ['a path beyond a list', () => setValue(plant, 'bounds.level.7', '1')],
  ['a path into a number', () => setValue(plant, 'data.samplingTime.x', '1')],
  ['a path in a text without mapping', () => setValue('- 1', 'seed', '1')],
  ['a path in an empty text', () => setValue('', 'seed', '1')],
  ['a value that is none', () => setValue(plant, 'seed', '')],
  ['a value that is no YAML', () => setValue(plant, 'seed', '[')],
  ['a text that is no YAML', () => setValue('seed: [', 'seed', '1')],
  ['a value behind an alias', () => setValue('a: &a { b: 1 }\nc: *a\n', 'c.b', '2')],
  ['the removal of what is not there', () => editsToRemove(parseYaml(plant), 'seed')],
  ['the removal of what an alias repeats', () => editsToRemove(parseYaml('a: &a { b: 1 }\nc: *a\n'), 'c.b')],
];

function refusalOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof ExperimentError) return error.message;
    throw error;
  }
  throw new Error('not refused');
}

describe('in a language with brackets, no word stands outside of them', () => {
  test.each(bad)('%s', (_name, bytes) => {
    const words = speaking(pseudo, () => wordsOf(validateExperimentBytes(bytes).findings));
    expect(words).not.toEqual([]);
    expect(words.map(untranslated).filter((rest) => rest.length > 0)).toEqual([]);
  });

  test('of the second stage', () => {
    fc.assert(fc.property(batches, (batch) => {
      expect(speaking(pseudo, () => saidWithData(batch)).flatMap(untranslated)).toEqual([]);
    }));
  });

  test('of formulas', () => {
    fc.assert(fc.property(formulas, (text) => {
      expect(speaking(pseudo, () => saidOfFormula(text)).flatMap(untranslated)).toEqual([]);
    }), { numRuns: 1000 });
  });

  test.each(refusals)('of %s', (_what, work) => {
    const words = speaking(pseudo, () => refusalOf(work));
    // a path stands bare at the beginning, between the brackets
    expect(words).toContain('⟦');
    expect(untranslated(words)).toEqual([]);
  });
});

describe('in German', () => {
  test.each(bad)('%s: other words at the same places, about the same names', (_name, bytes) => {
    const english = validateExperimentBytes(bytes).findings;
    const translated = speaking(german, () => validateExperimentBytes(bytes).findings);
    expect(translated.map(({ code, range, severity, fix }) => [code, severity, range, fix?.replacement])).toEqual(english.map(({ code, range, severity, fix }) => [code, severity, range, fix?.replacement]));
    const [before, after] = [wordsOf(english), wordsOf(translated)];
    before.forEach((text, index) => {
      expect(after[index]).not.toBe(text);
      expect(quoted(after[index]), after[index]).toEqual(quoted(text));
      expect(withoutQuoted(after[index])).not.toMatch(/\b(the|is|are|has|must|write|or|and|not|needs?|remove|there)\b/i);
    });
  });

  test('the second stage, formulas and refusals say the same of the same names', () => {
    const same = (say: () => string[]): void => {
      const [before, after] = [say(), speaking(german, say)];
      expect(after).toHaveLength(before.length);
      before.forEach((text, index) => {
        expect(after[index]).not.toBe(text);
        expect(quoted(after[index]), after[index]).toEqual(quoted(text));
      });
    };
    fc.assert(fc.property(batches, (batch) => same(() => saidWithData(batch))));
    fc.assert(fc.property(formulas, (text) => same(() => saidOfFormula(text))), { numRuns: 500 });
    for (const [, work] of refusals) same(() => [refusalOf(work)]);
  });

  test('every text names what the English one names, and ends as it does', () => {
    for (const [english, translated] of Object.entries(german)) {
      expect(quoted(translated), english).toEqual(quoted(english));
      expect(/[.?]$/.exec(translated)?.[0], english).toBe(/[.?]$/.exec(english)?.[0]);
    }
  });
});

test('without a language, the words are those of the keys', () => {
  expect(wordsOf(validateExperiment('ibrl: 1\nsystem: { kind: grid-2d }\nserach: {}\n').findings)).toEqual(['`serach` is not a key of an experiment. Did you mean `search`?', 'Write `search`']);
});

test('what the YAML library says is told in its own words where no language is set, whatever it puts in', () => {
  const said = (text: string): string => parseYaml(text).findings[0].message;
  expect(said('a: @b')).toBe('Plain value cannot start with reserved character @. Correct the YAML here.');
  expect(speaking(german, () => said('a: @b'))).toBe('Ein Wert ohne Anführungszeichen darf so nicht beginnen: das reservierte Zeichen @. Berichtigen Sie hier das YAML.');
  expect(speaking(german, () => said("a: 'b"))).toBe("Das schließende ' fehlt. Schließen Sie, was geöffnet wurde.");
  expect(yamlMessages.filter((text) => !Object.hasOwn(german, text))).toEqual([]);
});
