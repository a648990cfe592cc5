import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeExperiment } from '../../../src/experiment/describeExperiment';
import type { Experiment } from '../../../src/experiment/experiment';
import { validateExperiment } from '../../../src/experiment/validate';
import { joinBatches } from '../../../src/learning/data/batch';
import { readBatch } from '../../../src/learning/data/parquet';
import { recordedActions, sampleFrames } from '../../../src/learning/diff/sample';
import { readPolicy } from '../../../src/learning/policy/policyFile';
import { createPolicyController } from '../../../src/learning/policy/policyController';
import { recommendPolicy } from '../../../src/learning/evaluation/recommendation';
import type { PolicyDiff } from '../../../src/learning/diff/policyDiff';
import type { Predicted } from '../../../src/run/contract';
import { parameterCount } from '../../../src/learning/policy/network';
import { RunReader } from '../../../src/run/reader';
import { RunError } from '../../../src/run/runError';
import { parseReliability } from '../../../src/run/reliability';
import { english } from '../../../src/sentence/sentence';
import type { Comparison, IterationDiff } from '../../../src/trainer/phases/diffing';
import { readModels } from '../../../src/trainer/phases/readModels';
import { run, SMALL, TestFolder } from '../../trainer/processes';

/** A real run, compared and replayed by the real command. */
const folder = new TestFolder();
const program = resolve(import.meta.dirname, '../../../dist/ibrl.cjs');

function ibrl(...words: string[]): string {
  return execFileSync(process.execPath, [program, ...words], { cwd: folder.path, encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'pipe'] });
}

function refused(...words: string[]): string {
  const { status, stderr } = spawnSync(process.execPath, [program, ...words], { cwd: folder.path, encoding: 'utf8' });
  expect(status).toBe(2);
  return stderr;
}

const json = <Content>(...words: string[]): Content => JSON.parse(ibrl(...words, '--json')) as Content;

beforeAll(async () => {
  const { code } = await run(['train', folder.experiment(SMALL), '--run', folder.at('first')]);
  expect(code).toBe(0);
});
afterAll(() => folder.clean());

describe('a run', () => {
  const predicted = (iteration: number): Predicted => RunReader.open(folder.at('first')).predicted(iteration) as Predicted;
  const diffs = (iteration: number): IterationDiff => JSON.parse(RunReader.open(folder.at('first')).readText(`iterations/00${iteration}/diff.json`)) as IterationDiff;

  test('promises for β as many rollouts as for each policy', () => {
    for (const iteration of [1, 2]) {
      const { policies, behaviour } = predicted(iteration);
      expect(behaviour?.returns).toHaveLength(policies[0].returns.length);
      expect(behaviour?.returns).not.toEqual(policies[0].returns);
    }
  });

  test('recommends what the rule gives for the numbers that it wrote down', () => {
    for (const iteration of [1, 2]) {
      const { policies, behaviour, recommended, recommendation } = predicted(iteration);
      const support = diffs(iteration).pairs.map((pair) => pair.diff.support?.share.after ?? 0);
      const again = recommendPolicy(policies.map(({ policy, returns, violations }, i) => ({ policy, returns, violations: violations.steps, supported: support[i] })), behaviour?.returns ?? [], 2, 16);
      expect([recommended, recommendation?.reason, recommendation?.sentence, recommendation?.policies]).toEqual([again.policy, english(again.reason), again.reason, again.policies]);
      expect(RunReader.open(folder.at('first')).evaluation(iteration)?.recommended).toBe(recommended);
    }
  });

  test('is at one step as wrong on held-out rows as the residual spread that it wrote down, and judges new recordings alone', () => {
    for (const iteration of [1, 2]) {
      const read = (name: string) => RunReader.open(folder.at('first')).readText(`iterations/00${iteration}/${name}`);
      const { residualSpread } = JSON.parse(read('models.json')) as { residualSpread: Record<string, number> };
      const { variables } = parseReliability(read('reliability.json'));
      expect(variables.map(({ name }) => name)).toEqual(['x', 'y', 'reward']);
      for (const { name, error, standardDeviation } of variables) expect(((error[0] ?? 0) * standardDeviation) / residualSpread[name]).toBeCloseTo(1, 3);
      // two policies, 25 steps each
      expect(parseReliability(read('reliability-new.json')).horizons[0].windows).toBe(50);
    }
  });

  test('shows with each iteration what is recommended, why, and how that did', () => {
    const shown = ibrl('show', 'first');
    for (const iteration of [1, 2]) expect(shown).toContain(`Recommended: ${predicted(iteration).recommendation?.reason}`);
    for (const { recommended, references, policies } of RunReader.open(folder.at('first')).summary().iterations) {
      expect(recommended.return).toBe(recommended.policy === null ? references['behaviour'].return.mean : policies[recommended.policy - 1].return.mean);
    }
  });

  test('tells in diff.json of each policy the cards, and what is predicted of it and of what it is compared with', () => {
    for (const { predicted: promise, cards, sentences, diff } of diffs(2).pairs) {
      expect(promise?.trajectories).toHaveLength(3);
      expect(cards.before).toContain('Predicted over 25 steps');
      expect(cards).toEqual({ before: english(sentences.before), after: english(sentences.after) });
      expect(diff.actions.every(({ range, unit, slew }) => range.length === 2 && unit !== '' && slew.after.max > 0)).toBe(true);
    }
    expect(diffs(1).pairs[0].cards.before).toContain('Behaviour policy β');
  });
});

test('a run that waits for approval tells what is recommended before anybody decides', async () => {
  const { code } = await run(['train', folder.experiment(SMALL), '--run', folder.at('careful'), '--set', 'deployment.approval=manual', '--set', 'safety.constrain=false', '--set', 'bounds.x=[8, 9]']);
  expect(code).toBe(0);
  const { policies, recommendation } = RunReader.open(folder.at('careful')).predicted(1) as Predicted;
  expect(ibrl('show', 'careful')).toContain(`Recommended of iteration 1, before its deployment: ${recommendation?.reason}`);
  // nothing holds the bounds, and starts lie on either side of them
  expect(recommendation?.policies.map(({ violations, verdict }) => [violations, verdict])).toEqual(policies.map(({ violations }) => [violations.steps, 'predicted-violation']));
  expect(policies.every(({ violations }) => violations.steps > 0)).toBe(true);
});

test('models that do not suit their experiment are refused with their place, whatever was changed in them', () => {
  const view = RunReader.open(folder.at('first'));
  const { experiment } = validateExperiment(view.experimentText());
  const description = describeExperiment(experiment as Experiment);
  const text = view.readText('iterations/001/models.json');
  expect(readModels(JSON.parse(text), experiment as Experiment, description, 'models.json').models.members.length).toBeGreaterThan(0);
  const unforetold = JSON.parse(text) as { members: { targets: { predict: string }[] }[] };
  unforetold.members[0].targets[0].predict = 'reward';
  expect(() => readModels(unforetold, experiment as Experiment, description, 'models.json'), 'a variable without a forecast').toThrow('models.json: members is not what this experiment needs');
  const foreign = fc.constantFrom(null, -1, 0, 0.5, 1e15, '', 'x', '__proto__', [], {}, [[]], [null], true);
  let refusals = 0;
  fc.assert(fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 6 }), foreign, fc.boolean(), (way, value, drop) => {
    const root = { models: JSON.parse(text) as unknown };
    let [at, key]: [Record<string, unknown>, string] = [root, 'models'];
    for (const step of way) {
      const inner = at[key];
      const keys = typeof inner === 'object' && inner !== null ? Object.keys(inner) : [];
      if (keys.length === 0) break;
      [at, key] = [inner as Record<string, unknown>, keys[step % keys.length]];
    }
    if (drop) delete at[key];
    else at[key] = value;
    try {
      const { models, frame } = readModels(JSON.parse(JSON.stringify(root.models ?? null)), experiment as Experiment, description, 'models.json');
      for (const { network } of [...models.members, models.behaviour]) expect(network.parameters).toHaveLength(parameterCount(network.sizes));
      expect(frame.scales.states.map(({ name }) => name)).toEqual(description.states.map(({ name }) => name));
    } catch (error) {
      expect(error).toBeInstanceOf(RunError);
      expect((error as RunError).message).toMatch(/^models\.json.* is not .*The file is damaged|^models\.json has version/);
      refusals++;
    }
  }), { numRuns: 300 });
  expect(refusals).toBeGreaterThan(100);
});

describe('diff', () => {
  test('of a policy and its parent, by name or by file, is that of the iteration’s diff.json', () => {
    const [pair] = (JSON.parse(RunReader.open(folder.at('first')).readText('iterations/002/diff.json')) as IterationDiff).pairs;
    const parent = pair.against.kind === 'policy' ? pair.against.policy : 0;
    const named = json<Comparison>('diff', `first:1/${parent}`, 'first:2/1');
    expect({ diff: named.diff, predicted: named.predicted, cards: named.cards }).toEqual({ diff: pair.diff, predicted: pair.predicted, cards: pair.cards });
    expect(json<Comparison>('diff', `first/iterations/001/policies/policy-${parent}.json`, 'first/iterations/002/policies/policy-1.json').diff).toEqual(named.diff);
  });

  test('of a policy with itself is nothing', () => {
    const { diff, predicted } = json<Comparison>('diff', 'first:2/1', 'first:2/1');
    for (const { change } of diff.actions) expect(change.max).toBe(0);
    expect(predicted?.improvement).toEqual({ mean: 0, spread: 0 });
  });

  test('is kept, and made again with the same text where what was kept is damaged', () => {
    const cached = () => readdirSync(folder.at('first/cache'));
    const before = new Set(cached());
    const once = ibrl('diff', 'first:1/behaviour', 'first:1/2', '--json');
    const news = cached().filter((name) => !before.has(name));
    expect(news).toHaveLength(1);
    const file = join(folder.at('first/cache'), news[0]);
    const kept = readFileSync(file, 'utf8');
    expect(ibrl('diff', 'first:1/behaviour', 'first:1/2', '--json')).toBe(once);
    writeFileSync(file, kept.slice(0, 1000));
    expect(ibrl('diff', 'first:1/behaviour', 'first:1/2', '--json')).toBe(once);
    expect(readFileSync(file, 'utf8')).toBe(kept);
  });

  test('is not shown, kept or not, where something that it rests on is no longer what the run wrote', () => {
    for (const changed of ['experiment.yaml', 'iterations/002/models.json', 'iterations/001/batch.parquet', 'iterations/002/policies/policy-1.json']) {
      const file = folder.at(`first/${changed}`);
      const before = readFileSync(file);
      appendFileSync(file, '\n');
      expect(refused('diff', 'first:1/1', 'first:2/1')).toContain(`${changed} is not what the run wrote`);
      writeFileSync(file, before);
    }
  });

  test('tells in words each actuator with range, changes and slew, support, the prediction, and the cards line by line', () => {
    const text = ibrl('diff', 'first:2/behaviour', 'first:2/1');
    for (const words of ['dx', '-1 to 1', 'most a sample', 'moves in a sample', 'supported by the recordings', 'Predicted return, after − before', '- Behaviour policy β', '+ Policy']) expect(text).toContain(words);
    expect(ibrl('diff', 'first:2/behaviour', 'first:2/1', '--card', 'after')).toMatch(/^Policy\nNetwork: /);
  });

  test('compares a copied file on the recordings that are named, and asks for some', () => {
    copyFileSync(folder.at('first/iterations/002/policies/probe.json'), folder.at('copy.json'));
    expect(refused('diff', 'copy.json', 'copy.json')).toContain('--on RUN:ITERATION');
    expect(json<Comparison>('diff', 'copy.json', 'copy.json', '--on', 'first:1').diff).toEqual(json<Comparison>('diff', 'first:2/probe', 'first:2/probe', '--on', 'first:1').diff);
  });

  test('refuses what is no policy, and β away from its recordings', () => {
    expect(refused('diff', 'nothing', 'first:2/1')).toContain('There is no nothing.');
    expect(refused('diff', 'first:9/1', 'first:2/1')).toContain('no iterations/009/policies/policy-1.json');
    expect(refused('diff', 'first:1/behaviour', 'first:2/behaviour')).toContain('other recordings');
    writeFileSync(folder.at('broken.json'), '{');
    expect(refused('diff', 'broken.json', 'first:2/1')).toContain('not JSON');
    expect(refused('diff', 'first:1/1', 'first:2/1', '--card', 'both')).toMatch(/^error: .*It must be before or after\./);
  });

  test('refuses a policy of another system, whichever side it is on', () => {
    const file = readFileSync(folder.at('first/iterations/002/policies/policy-1.json'), 'utf8');
    writeFileSync(folder.at('other.json'), file.replaceAll('"dy"', '"turn"'));
    for (const sides of [['other.json', 'first:2/1'], ['first:2/1', 'other.json'], ['other.json', 'first:2/behaviour']]) {
      expect(JSON.parse(refused('diff', ...sides, '--on', 'first:2', '--json'))).toMatchObject({ error: { code: 'other-system', message: expect.stringContaining('one for x, y, dx, turn') as string } });
    }
  });
});

test('without warm start each policy stands beside the earlier one whose actions differ least from its own', async () => {
  expect((await run(['train', folder.experiment(SMALL), '--run', folder.at('cold'), '--set', 'policies.warmStart=false', '--set', 'policies.count=3'])).code).toBe(0);
  const reader = RunReader.open(folder.at('cold'));
  const [first, joined] = await Promise.all(['000', '001'].map((name) => readBatch(new Uint8Array(reader.readFile(`iterations/${name}/batch.parquet`)).buffer)));
  const batch = joinBatches(first, joined);
  const actionsOf = (iteration: number) => [1, 2, 3].map((policy) => recordedActions(createPolicyController(readPolicy(reader.readText(`iterations/00${iteration}/policies/policy-${policy}.json`))), batch, sampleFrames(batch)));
  const [earlier, later] = [actionsOf(1), actionsOf(2)];
  const nearest = later.map((own) => {
    const changes = earlier.map((other) => own.reduce((sum, value, i) => sum + Math.abs(value - other[i]), 0));
    return changes.indexOf(Math.min(...changes)) + 1;
  });
  const { pairs } = JSON.parse(reader.readText('iterations/002/diff.json')) as IterationDiff;
  expect(pairs.map(({ against }) => against)).toEqual(nearest.map((policy) => ({ kind: 'policy', iteration: 1, policy })));
  expect(nearest).not.toEqual([1, 2, 3]);
});

test('a policy that acts within other ranges is compared on recorded frames only', () => {
  const policy = JSON.parse(readFileSync(folder.at('first/iterations/002/policies/policy-1.json'), 'utf8')) as { actions: { range: number[] }[] };
  policy.actions[0].range = [-0.5, 1];
  writeFileSync(folder.at('narrow.json'), JSON.stringify(policy));
  const { diff, predicted } = json<Comparison>('diff', 'first:2/1', 'narrow.json', '--on', 'first:2');
  expect(predicted).toBeNull();
  expect(diff.actions[0].change.max).toBeGreaterThan(0);
});

describe('replay', () => {
  interface Replayed {
    readonly files: readonly { readonly episodes: number; readonly frames: number }[];
    readonly diff: PolicyDiff;
  }
  const recording = 'first/iterations/001/batch.parquet';

  test('shows that a deployed policy would have done what it did, and another one not', () => {
    const { diff, files } = json<Replayed>('replay', 'first:1/1', recording);
    expect(files).toEqual([{ file: recording, episodes: 2, frames: 52 }]);
    const changes = (episode: number): number[] => diff.sample.episode.flatMap((own, i) => (own === episode ? [Math.abs(diff.actions[0].after[i] - diff.actions[0].before[i])] : []));
    expect(changes(0)).toEqual(Array.from({ length: 25 }, () => 0));
    expect(Math.max(...changes(1))).toBeGreaterThan(0);
    expect(diff.support?.after).toHaveLength(50);
    expect(diff.margins.map(({ variable }) => variable)).toEqual(['x', 'y']);
  });

  test('reads CSV as it reads what runs write', async () => {
    const { stateNames, actionNames, episodes } = await readBatch(new Uint8Array(readFileSync(folder.at(recording))).buffer);
    episodes.forEach(({ frames, states, actions }, index) => {
      // a logger writes the action that is set, which leads to the next row
      const rows = Array.from({ length: frames }, (_, row) => [...states.slice(2 * row, 2 * row + 2), ...actions.slice(2 * Math.min(frames - 1, row + 1), 2 * Math.min(frames - 1, row + 1) + 2)].join(','));
      writeFileSync(folder.at(`log-${index}.csv`), [[...stateNames, ...actionNames].join(','), ...rows, ''].join('\n'));
    });
    const [fromLog, fromRun] = [['log-0.csv', 'log-1.csv'], [recording]].map((files) => json<Replayed>('replay', 'first:2/1', ...files).diff);
    // what led to a first frame is not in a log: it is taken to be what was held
    const chosen = ({ actions, margins, support, sample }: PolicyDiff) => ({ actions: actions.map(({ before, after, change }) => ({ before, after, change })), margins, support, sample });
    expect(chosen(fromLog)).toEqual(chosen(fromRun));
  });

  test('writes every frame to a file', () => {
    ibrl('replay', 'first:2/1', recording, '--out', 'frames.csv');
    const lines = readFileSync(folder.at('frames.csv'), 'utf8').trim().split('\n');
    expect([lines.length, lines[0]]).toEqual([51, 'episode,step,x,y,dx recorded,dx would be,dy recorded,dy would be,supported']);
  });

  test('needs no run: a policy file alone tells actions, ranges and margins', () => {
    copyFileSync(folder.at('first/iterations/002/policies/policy-1.json'), folder.at('alone.json'));
    const text = ibrl('replay', 'alone.json', recording);
    for (const words of ['dx', '-1 to 1', 'moves in a sample', 'x, nearest to a bound', 'Support is not known']) expect(text).toContain(words);
  });

  test('refuses recordings of another system, and files of another kind', () => {
    writeFileSync(folder.at('other.csv'), 'level,pump\n1,2\n3,4\n');
    expect(refused('replay', 'first:2/1', 'other.csv')).toContain('other.csv cannot be used');
    expect(refused('replay', 'first:2/1', 'alone.txt')).toContain('Give a batch.parquet of a run, or a CSV file');
    expect(refused('replay', 'first:2/1', 'missing.parquet')).toContain('missing.parquet cannot be read');
  });
});
