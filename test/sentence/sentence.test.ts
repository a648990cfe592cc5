import { config } from '@vscode/l10n';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { readRecordings } from '../../src/import/recordings';
import { windowColumns } from '../../src/learning/data/window';
import { readBatch } from '../../src/learning/data/parquet';
import { coverageGrid } from '../../src/learning/evaluation/coverage';
import { countViolations } from '../../src/learning/evaluation/violations';
import { readPolicy } from '../../src/learning/policy/policyFile';
import { parseEvent } from '../../src/run/parseEvent';
import { inputOutputError } from '../../src/run/runError';
import { failureWords, warningWords } from '../../src/run/spokenEvents';
import { english, isSentence, joined, type Sentence, sentence, type SentenceValue, spoken } from '../../src/sentence/sentence';
import { sentencesOf, SpokenError } from '../../src/sentence/spokenError';
import { InvalidInput } from '../../src/trainer/invalidInput';
import { pseudoTranslations, withoutTranslated } from '../webview/pseudoLocale';

afterEach(() => config({ contents: {} }));

const values = fc.oneof(fc.string(), fc.double(), fc.integer());
const plain: fc.Arbitrary<Sentence> = fc.array(values, { maxLength: 3 }).map((some) => ({ text: `Of ${some.map((_, index) => `{${index}}`).join(', ')}.`, values: some }));
const nested = fc.tuple(plain, plain).map(([one, other]) => sentence('{0} is not {1}', joined([one, other], ' '), other));

test('where no language is set a sentence is said in English, and is so after it was kept', () => {
  fc.assert(fc.property(nested, (said) => {
    expect(spoken(said)).toBe(english(said));
    const kept = JSON.parse(JSON.stringify(said, (_, value: unknown) => (typeof value === 'number' ? String(value) : value))) as Sentence;
    expect(english(kept)).toBe(english(said));
  }));
});

test('what is read is a sentence when its values are, and it can be said in a million characters', () => {
  fc.assert(fc.property(nested, (said) => isSentence(JSON.parse(JSON.stringify(said, (_, value: unknown) => (typeof value === 'number' ? String(value) : value))))));
  for (const other of [null, 'text', { text: 1, values: [] }, { text: '', values: {} }, { text: '', values: [null] }, sentence('{0}', Infinity), sentence('', sentence('', Number.NaN))]) expect(isSentence(other)).toBe(false);
  const tenfold = (depth: number): SentenceValue => (depth === 0 ? 'word' : sentence('{0}'.repeat(10), tenfold(depth - 1)));
  expect(isSentence(tenfold(5))).toBe(true);
  expect(isSentence(tenfold(6))).toBe(false);
  expect(isSentence(tenfold(9))).toBe(false);
  expect(isSentence(sentence('x'.repeat(1_000_001)))).toBe(false);
});

test('an error says all of its causes, those of other programs in their own words', () => {
  const cause = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  const error = new InvalidInput(sentence('{0} cannot be read.', 'a.csv'), { cause: inputOutputError(cause, 'events.ndjson') });
  expect(sentencesOf(error).map(english)).toEqual(['a.csv cannot be read.', 'No space is left to write events.ndjson. Free some space, then resume the run.', 'ENOSPC: no space left on device']);
});

const plan = { columns: [{ name: 'level', heading: 'LT101' }], time: 'time', episode: null, gap: null, samplingTime: 1, filter: null };
const csv = (text: string): unknown => readRecordings([{ name: 'a.csv', bytes: new TextEncoder().encode(text) }], plan);
const description = { states: [{ name: 'x' }], actions: [] } as unknown as Parameters<typeof coverageGrid>[0];

/** Something goes wrong in it, and names what it went wrong with. */
const failures: readonly [string, readonly string[], () => unknown][] = [
  ['a cell with a comma', ['a.csv', 'LT101', '1,5'], () => csv('time,LT101\n0,1\n1,"1,5"\n')],
  ['a column that is not there', ['a.csv', 'time', 'LT101', 'level'], () => csv('time,level\n0,1\n')],
  ['a pause', ['a.csv', 'time'], () => csv('time,LT101\n0,1\n1,1\n9,1\n')],
  ['no rows', ['a.csv'], () => csv('time,LT101\n0,1\n')],
  ['a batch that is none', [], () => readBatch(new ArrayBuffer(8))],
  ['an input that is not there', ['z', 'x', 'a'], () => windowColumns(['z'], ['x'], ['a'])],
  ['a variable without cells', ['z', 'x'], () => coverageGrid(description, {}, ['z'])],
  ['a bound on nothing', ['z', 'x'], () => countViolations(['x'], { z: [0, 1] }, [])],
  ['a policy file that is cut off', [], () => readPolicy('{')],
  ['a full disk', ['policy.json'], () => { throw inputOutputError(Object.assign(new Error(), { code: 'ENOSPC' }), 'policy.json'); }],
];

async function failureOf(work: () => unknown): Promise<Error> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing went wrong');
}

describe('in a language with brackets, no word stands outside of them, in what went wrong with', () => {
  test.each(failures)('%s', async (_what, names, work) => {
    // the trainer speaks English, keeps the sentence, and the editor says it
    const error = await failureOf(work);
    expect(error).toBeInstanceOf(SpokenError);
    const [said] = sentencesOf(error);
    expect(error.message).toBe(english(said));
    const line = JSON.stringify({ seq: 1, attempt: 1, time: '2026-01-31T14:25:01.000Z', type: 'failed', code: 'x', message: error.message, causes: [], sentences: [said] });
    const event = parseEvent(line);
    if (event?.type !== 'failed') throw new Error('the event was not read');
    config({ contents: pseudoTranslations() });
    expect(withoutTranslated(failureWords(event).message, names)).not.toMatch(/\p{L}{2,}/u);
  });
});

test('what an earlier version wrote is said as it stands', () => {
  config({ contents: pseudoTranslations() });
  expect(failureWords({ message: 'It failed.', causes: ['Somehow.'] })).toEqual({ message: 'It failed.', causes: ['Somehow.'] });
  expect(warningWords({ message: 'Beware.' })).toBe('Beware.');
});

test('sentences that stand inside of one another without end make no event', () => {
  const endless = Array.from({ length: 50 }).reduce<unknown>((inner) => ({ text: '{0}', values: [inner] }), 'x');
  const line = (said: unknown): string => JSON.stringify({ seq: 1, attempt: 1, time: '2026-01-31T14:25:01.000Z', type: 'warning', code: 'x', message: 'x', iteration: 1, sentence: said });
  expect(parseEvent(line(sentence('{0}', 'x')))?.type).toBe('warning');
  expect(parseEvent(line(endless))).toBeNull();
});
