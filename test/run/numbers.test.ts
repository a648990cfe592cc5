import { statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { config } from '@vscode/l10n';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeRun } from '../../src/cli/runTable';
import type { EpisodeScores, Evaluation, Predicted } from '../../src/run/contract';
import { encodeFloat32File, Float32File } from '../../src/run/float32File';
import { iterationFiles } from '../../src/run/paths';
import { RunReader } from '../../src/run/reader';
import { parseEvaluation, parsePredicted } from '../../src/run/parseFiles';
import { reasonWords } from '../../src/run/spokenEvents';
import { sentence } from '../../src/sentence/sentence';
import { spreadOf, summariseIteration } from '../../src/run/summary';
import { RunWriter } from '../../src/run/writer';
import { facts, newRun, temporaryFolder } from './helpers';

describe('a file of numbers', () => {
  test('any range reads back the bits that were written', () => {
    const path = join(temporaryFolder(), 'curves.f32');
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 9 }), { minLength: 1, maxLength: 5 }), fc.nat(20), fc.nat(), fc.nat(), (names, rows, from, to) => {
        const data = Float32Array.from({ length: rows * names.length }, (_, i) => (i % 7 === 3 ? Number.NaN : Math.sin(i) * 10 ** (i % 30)));
        writeFileSync(path, encodeFloat32File({ names, shape: [rows, names.length], notes: { axis: 'updates' } }, data));
        const file = Float32File.open(path);
        const [start, end] = [from % (data.length + 1), to % (data.length + 1)].toSorted((a, b) => a - b);
        expect(file.read(start, end - start)).toEqual(data.slice(start, end));
        expect(file.header).toEqual({ names, shape: [rows, names.length], notes: { axis: 'updates' } });
        expect(() => file.read(end, data.length - end + 1)).toThrow(RangeError);
        file.close();
      }),
      { numRuns: 50 },
    );
  });

  test('the data begins at a multiple of eight', () => {
    for (const name of ['a', 'ab', 'abc', 'äöü']) {
      const bytes = encodeFloat32File({ names: [name], shape: [2, 1], notes: {} }, Float32Array.of(1, 2));
      expect((bytes.length - 8) % 8).toBe(0);
    }
  });

  test('another file, or one cut short, is refused', () => {
    const path = join(temporaryFolder(), 'curves.f32');
    const bytes = encodeFloat32File({ names: ['a'], shape: [3, 1], notes: {} }, Float32Array.of(1, 2, 3));
    for (let cut = 0; cut < bytes.length; cut++) {
      writeFileSync(path, bytes);
      truncateSync(path, cut);
      expect(() => Float32File.open(path)).toThrow(/not a file of numbers|speaks of/);
    }
  });

  test('one that is cut off while it is open is not read as if it were whole', () => {
    const path = join(temporaryFolder(), 'curves.f32');
    writeFileSync(path, encodeFloat32File({ names: ['a'], shape: [3, 1], notes: {} }, Float32Array.of(1, 2, 3)));
    const file = Float32File.open(path);
    truncateSync(path, statSync(path).size - 1);
    expect([...file.read(0, 2)]).toEqual([1, 2]);
    expect(() => file.read(2, 1)).toThrow(/shorter than when it was opened/);
    file.close();
  });

  test('data that does not fit the shape is not written', () => {
    expect(() => encodeFloat32File({ names: ['a'], shape: [3, 1], notes: {} }, Float32Array.of(1))).toThrow(RangeError);
  });
});

const none = { steps: 0, share: 0, worst: 0 };
const sha256 = '0'.repeat(64);
const scores = (...costs: number[]): EpisodeScores => ({ costs, returns: costs.map((cost) => -10 * cost) });

const evaluation: Evaluation = {
  format: 'ibrl-evaluation',
  version: 1,
  iteration: 1,
  steps: 10,
  policies: [
    { policy: 1, sha256, ...scores(1, 2, 3), violations: none },
    { policy: 2, sha256, ...scores(4, 5, 9), violations: { steps: 3, share: 0.1, worst: 0.5 } },
  ],
  probe: { policy: 0, sha256, ...scores(7), violations: none },
  references: { doNothing: scores(8, 8) },
  coverage: 0.25,
  minLsed: 0.5,
  recommended: 2,
};
const predicted: Predicted = {
  format: 'ibrl-predicted',
  version: 1,
  iteration: 1,
  steps: 10,
  policies: [{ policy: 2, sha256, ...scores(3, 5), violations: none }],
  probe: null,
  behaviour: null,
  recommended: 2,
  recommendation: null,
};

describe('a summary', () => {
  test('mean, standard error and worst decile are those computed by hand', () => {
    // 1 2 3 4 5: variance 2.5, error sqrt(2.5 / 5); the 90 % quantile lies 0.6 of the way from 4 to 5
    expect(spreadOf([3, 1, 2, 5, 4], 'higher')).toEqual({ mean: 3, standardError: Math.sqrt(0.5), p10: 4.6 });
    expect(spreadOf([3, 1, 2, 5, 4], 'lower').p10).toBeCloseTo(1.4, 12);
    expect(spreadOf([2], 'lower')).toEqual({ mean: 2, standardError: 0, p10: 2 });
  });

  test('an iteration tells each policy with its promise, and picks best, worst and recommended', () => {
    const summary = summariseIteration(evaluation, predicted, 4);
    expect(summary.policies.map((policy) => policy.cost.mean)).toEqual([2, 6]);
    expect(summary.policies[0].cost).toEqual({ mean: 2, standardError: Math.sqrt(1 / 3), p10: 2.8 });
    expect(summary.policies[0].promised).toBeNull();
    expect(summary.policies[1].promised).toMatchObject({ cost: { mean: 4, standardError: 1 }, return: { mean: -40 } });
    expect(summary.policies[1].violations).toEqual({ steps: 3, share: 0.1, worst: 0.5 });
    expect(summary.mean).toEqual({ cost: 4, return: -40 });
    expect(summary.best).toEqual({ policy: 1, cost: 2, return: -20 });
    expect(summary.worst).toEqual({ policy: 2, cost: 6, return: -60 });
    expect(summary.recommended.policy).toBe(2);
    expect(summary.references['doNothing'].cost).toEqual({ mean: 8, standardError: 0, p10: 8 });
    expect(summary.probe?.return.mean).toBe(-70);
    expect([summary.coverage, summary.minLsed, summary.nonFinite]).toEqual([0.25, 0.5, 4]);
  });

  test('what the models tell has the spread that was written down as its error: rollouts are no independent episodes', () => {
    const spread = (cost: number) => ({ ensembleSpread: { cost, return: 10 * cost } });
    const byModels: Evaluation = {
      ...evaluation, by: 'models',
      policies: evaluation.policies.map((policy) => ({ ...policy, ...spread(0.25 * policy.policy) })),
      references: { behaviour: scores(4, 6), behaviourByModels: { ...scores(4, 6), ...spread(2) } },
    };
    const summary = summariseIteration(parseEvaluation(JSON.stringify(byModels)), predicted, 0);
    expect(summary.policies.map(({ cost, return: returned }) => [cost.standardError, returned.standardError])).toEqual([[0.25, 2.5], [0.5, 5]]);
    expect(summary.policies.map(({ promised }) => promised)).toEqual([null, null]);
    expect(['behaviour', 'behaviourByModels'].map((name) => summary.references[name].cost.standardError)).toEqual([1, 2]);
    expect(summary.policies[0].cost).toMatchObject({ mean: 2, p10: 2.8 });
    expect(summary.episodes).toBe(3);
  });

  test('where the present controller is to be kept, the recommendation is worth what the recorded behaviour did', () => {
    const recommendation = { reason: 'Keep the present controller: policy 1 is not surely better.', sentence: sentence('Keep the present controller: {0}.', 'policy 1 is not surely better'), policies: [] };
    const kept = summariseIteration({ ...evaluation, recommended: null, references: { behaviour: scores(4, 6) } }, { ...predicted, recommended: null, recommendation }, 0);
    expect(kept.recommended).toEqual({ policy: null, cost: 5, return: -50, reason: recommendation.reason, sentence: recommendation.sentence });
    expect(summariseIteration({ ...evaluation, recommended: null, references: {} }, null, 0).recommended).toEqual({ policy: null, cost: null, return: null, reason: null });
  });

  test('why a policy is recommended can be said in another language, and stands as it was written where a run of an earlier version did not say how', () => {
    const read = (more: object) => reasonWords(parsePredicted(JSON.stringify({ ...predicted, recommendation: { reason: 'Keep it.', policies: [], ...more } })).recommendation ?? { reason: null });
    config({ contents: { 'Keep {0}.': '{0} behalten.' } });
    expect(read({ sentence: sentence('Keep {0}.', 'it') })).toBe('it behalten.');
    expect(read({})).toBe('Keep it.');
    expect(() => read({ sentence: { text: 'Keep it.' } })).toThrow(expect.objectContaining({ code: 'invalid-file' }));
    config({ contents: {} });
  });

  test('a reader makes it from the files of the run, and refuses files that hold no numbers', () => {
    const folder = join(temporaryFolder(), 'run');
    const writer = RunWriter.create(folder, newRun, facts);
    writer.writeFile(iterationFiles.predicted(1), JSON.stringify(predicted), 1);
    writer.writeFile(iterationFiles.evaluation(1), JSON.stringify(evaluation), 1);
    writer.append({ type: 'non-finite', iteration: 1, phase: 'searching', policy: 1, update: 3, count: 4 });
    writer.append({ type: 'warning', code: 'coverage', message: 'little was seen', iteration: 1 });
    const reader = RunReader.open(folder);
    expect(reader.summary()).toMatchObject({ id: newRun.id, state: 'running', nonFinite: 4, warnings: [{ code: 'coverage' }] });
    expect(reader.summary().iterations).toEqual([summariseIteration(evaluation, predicted, 4)]);
    const shown = describeRun(reader);
    expect(shown).toContain('3 episodes of each policy; ± is the standard error');
    expect(shown, 'one number says nothing about its error').toMatch(/^probe +7\.000 +7\.000 +-70\.00 +-70\.00 /m);
    writer.writeFile(iterationFiles.evaluation(1), JSON.stringify({ ...evaluation, policies: [{ ...evaluation.policies[0], costs: [null, 1, 2] }] }), 1);
    writer.close();
    reader.refresh();
    expect(() => reader.summary()).toThrow(/policies\[0\]\.costs\[0\] is not a number/);
  });
});
