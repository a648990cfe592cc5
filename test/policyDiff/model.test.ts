import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RunCache } from '../../src/extension/dashboard/runCache';
import { deployedCost, effectsOf, fullSelection, iterationsOf, lastPromise, runPart, sourceOf } from '../../src/extension/policyDiff/model';
import { type Comparison, readComparison, readIterationPairs } from '../../src/messages/comparison';
import { changedFrames, comparisonFacts } from '../../src/messages/comparisonFacts';
import { iterationFiles } from '../../src/run/paths';
import { RunReader } from '../../src/run/reader';
import { trainSmallRun } from '../dashboard/trained';

let run: ReturnType<typeof trainSmallRun>;
let reader: RunReader;
let cache: RunCache;
beforeAll(() => {
  run = trainSmallRun();
  reader = RunReader.open(run.folder);
  cache = new RunCache(reader);
}, 60_000);
afterAll(() => run.remove());

const pairsOf = (iteration: number) => readIterationPairs(reader.readFile(iterationFiles.diff(iteration)));

test('an open selection becomes the recommended policy beside its predecessor', () => {
  const selection = fullSelection({ run: run.folder, iteration: 2 }, cache);
  expect(selection.policy).toBe(reader.predicted(2)?.recommended ?? 1);
  expect(selection.against).toEqual({ kind: 'predecessor' });
});

test('every iteration that was predicted can be compared, with as many policies as it has', () => {
  expect(iterationsOf(reader)).toEqual([1, 2].map((iteration) => ({ iteration, policies: reader.description.policies })));
});

describe('where a comparison comes from', () => {
  const selected = { iteration: 2, policy: 3 };

  test('what the run wrote is read, β of the first iteration too', () => {
    const predecessor = sourceOf({ run: run.folder, ...selected, against: { kind: 'predecessor' } }, reader);
    expect(predecessor).toEqual({ kind: 'iteration', path: iterationFiles.diff(2), sha256: reader.fold.files.get(iterationFiles.diff(2))?.sha256 });
    expect(sourceOf({ run: run.folder, iteration: 1, policy: 3, against: { kind: 'behaviour' } }, reader)).toMatchObject({ kind: 'iteration', path: iterationFiles.diff(1) });
  });

  test('any other pair is one that the command line understands and answers as the page reads it', () => {
    for (const against of [{ kind: 'behaviour' }, { kind: 'policy', run: run.folder, iteration: 1, policy: 2 }] as const) {
      const source = sourceOf({ run: run.folder, ...selected, against }, reader);
      if (source.kind !== 'command') throw new Error(`not made by the command line: ${source.kind}`);
      const { stdout, status } = spawnSync(process.execPath, [resolve(import.meta.dirname, '../../dist/ibrl.cjs'), ...source.words], { encoding: 'utf8', maxBuffer: 64 << 20 });
      expect(status).toBe(0);
      expect(readComparison(new TextEncoder().encode(stdout)).diff.actions.map(({ name }) => name)).toEqual(['dx', 'dy']);
    }
  }, 60_000);

  test('what is not there is told with its reason', () => {
    const against = { kind: 'predecessor' } as const;
    expect(sourceOf({ run: run.folder, iteration: 3, policy: 1, against }, reader)).toEqual({ kind: 'absent', reason: 'nothing-searched' });
    expect(sourceOf({ run: run.folder, iteration: 2, policy: 9, against }, reader)).toEqual({ kind: 'absent', reason: 'no-such-policy' });
  });
});

test('a promise is judged by the newest earlier iteration, and by reality once the policy is deployed', () => {
  const own = (iteration: number, policy: number): { real: number; promised: number } => {
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const of = (list: readonly { policy: number; costs: readonly number[] }[] | undefined): number => mean(list?.find((one) => one.policy === policy)?.costs ?? []);
    return { real: of(reader.evaluation(iteration)?.policies), promised: of(reader.predicted(iteration)?.policies) };
  };
  const first = own(1, 3);
  expect(lastPromise(cache, 1, 3)).toBeNull();
  expect(lastPromise(cache, 2, 3)).toEqual({ iteration: 1, policy: 3, error: first.real - first.promised });
  expect(lastPromise(cache, 2, 99)).toMatchObject({ iteration: 1, policy: null });
  expect(deployedCost(cache, 2, 3)).toEqual(own(2, 3));
});

test('only an actuator that moves a state by a known constant has an effect', () => {
  expect(effectsOf(reader.experimentText())).toEqual([
    { action: 'dx', variable: 'x', unit: '1', gain: 1 },
    { action: 'dy', variable: 'y', unit: '1', gain: 1 },
  ]);
  expect(effectsOf('this: [is no experiment')).toEqual([]);
});

test('a decided iteration does not wait for approval', () => {
  expect(runPart(cache, fullSelection({ run: run.folder, iteration: 2 }, cache))).toMatchObject({ state: 'done', awaiting: false, decision: 'approved', newest: 2 });
});

describe('facts', () => {
  const pair = (): Comparison => structuredClone(pairsOf(2)[0]);
  /** Of a pair whose every condition for a pass is met. */
  const good = (): Comparison => {
    const made = pair();
    if (made.predicted === null) throw new Error('not predicted');
    return {
      ...made,
      predicted: {
        ...made.predicted,
        before: { ...made.predicted.before, cost: { mean: 10, spread: 0.1 }, return: { mean: -10, spread: 0.1 } },
        after: { ...made.predicted.after, cost: { mean: 8, spread: 0.1 }, return: { mean: -8, spread: 0.1 }, margins: [{ variable: 'x', least: 0.2 }] },
        improvement: { mean: 2, spread: 0.5 },
      },
      diff: { ...made.diff, support: { before: [], after: [], share: { before: 0.9, after: 0.88 } } },
    };
  };

  test('are those of the file', () => {
    const made = pair();
    const facts = comparisonFacts(made);
    expect(facts.cost?.change).toBe((made.predicted?.after.cost.mean ?? 0) - (made.predicted?.before.cost.mean ?? 0));
    expect(facts.support).toEqual(made.diff.support?.share);
    expect(facts.steered.share).toBe(Math.max(...made.diff.actions.map((action) => changedFrames(action).length)) / made.diff.sample.row.length);
    expect(facts.margin?.after).toBe(Math.min(...(made.predicted?.after.margins.map(({ least }) => least ?? Infinity) ?? [])));
  });

  test('pass only where the cost falls for sure, the bounds are kept and support does not drop', () => {
    expect(comparisonFacts(good()).sign).toBe('pass');
    const spread = good();
    expect(comparisonFacts({ ...spread, predicted: spread.predicted && { ...spread.predicted, improvement: { mean: 2, spread: 1.1 } } })).toMatchObject({ direction: 'same', sign: 'warning' });
    expect(comparisonFacts({ ...good(), diff: { ...good().diff, support: { before: [], after: [], share: { before: 0.9, after: 0.84 } } } }).sign).toBe('warning');
    const crossed = good();
    expect(comparisonFacts({ ...crossed, predicted: crossed.predicted && { ...crossed.predicted, after: { ...crossed.predicted.after, margins: [{ variable: 'x', least: -0.01 }] } } })).toMatchObject({ bounds: { kind: 'crossed', variable: 'x', by: 0.01 }, sign: 'error' });
  });

  test('without a prediction there is no cost, and the next values speak for the bounds', () => {
    expect(comparisonFacts({ ...good(), predicted: null })).toMatchObject({ cost: null, direction: 'unknown', margin: { by: 'next-value' } });
  });

  test('say where an action changes only when it is mostly on one side', () => {
    const made = pair();
    const x = made.diff.sample.states['x'];
    const median = x.toSorted((a, b) => a - b)[Math.floor(x.length / 2)];
    const [first, ...others] = made.diff.actions;
    const steered = { ...first, before: x.map(() => 0), after: x.map((value) => (value > median ? 1 : 0)) };
    expect(comparisonFacts({ ...made, diff: { ...made.diff, actions: [steered, ...others.map((action) => ({ ...action, after: action.before }))] } }).steered.where).toEqual({ state: 'x', side: 'above', value: median });
    const everywhere = { ...steered, after: x.map((_, frame) => (frame % 2 === 0 ? 1 : 0)) };
    expect(comparisonFacts({ ...made, diff: { ...made.diff, actions: [everywhere] } }).steered.where).toBeNull();
  });
});

test('a damaged comparison is refused, whatever is wrong', () => {
  const text = reader.readText(iterationFiles.diff(2));
  const changed = (change: (file: { pairs: { diff: { sample: { row: number[] } }; cards: unknown }[]; version: number }) => void): Uint8Array => {
    const file = JSON.parse(text) as Parameters<typeof change>[0];
    change(file);
    return new TextEncoder().encode(JSON.stringify(file));
  };
  const damaged = [
    new Uint8Array(),
    new TextEncoder().encode(text.slice(0, -10)),
    changed((file) => void (file.version = 2)),
    changed((file) => void file.pairs[0].diff.sample.row.pop()),
    changed((file) => void (file.pairs[0].cards = null)),
  ];
  for (const bytes of damaged) expect(() => readIterationPairs(bytes)).toThrow(/comparison/);
});
