import type { EvaluatedPolicy, Evaluation, Predicted } from '../../src/run/contract';
import { encodeFloat32File } from '../../src/run/float32File';
import { iterationFiles } from '../../src/run/paths';
import { RunWriter } from '../../src/run/writer';

export const experimentText = `ibrl: 1
name: A small world
system:
  kind: grid-2d
  start: far
bounds:
  x: [0, 10]
  y: [0, 9]
search:
  discount: 0.99
iterations: 2
seed: 7
`;

/** Makes a finished run of two iterations with two policies in the given folder, by the writer that real runs use. */
export function recordRun(folder: string, text = experimentText): void {
  const versions = { ibrl: '0.1.0', node: '20.0.0' };
  const writer = RunWriter.create(
    folder,
    { id: 'small-run', name: 'A small world', seed: 7, iterations: 2, policies: 2, source: '/home/somebody/plant.ibrl.yaml', experimentText: text, dataSha256: {} },
    { engine: 'wasm', arithmetic: 'portable', threads: 2, versions },
  );
  writer.append({ type: 'warning', code: 'few-episodes', message: 'There are few episodes.', iteration: 1 });
  for (const update of [5, 6]) writer.append({ type: 'non-finite', iteration: 1, phase: 'searching', policy: 2, update, count: 1 });
  for (const iteration of [1, 2]) {
    writer.writeFile(iterationFiles.curves(iteration), encodeFloat32File({ names: ['loss', 'return'], shape: [3, 2, 2], notes: {} }, Float32Array.from({ length: 12 }, (_, i) => i)), iteration);
    writer.writeFile(iterationFiles.predicted(iteration), JSON.stringify(predicted(iteration)), iteration);
    writer.writeFile(iterationFiles.trajectories(iteration), trajectories(), iteration);
    writer.writeFile(iterationFiles.evaluation(iteration), JSON.stringify(evaluation(iteration)), iteration);
  }
  writer.end('done', 0);
}

function trajectories(): Uint8Array {
  const data = Float32Array.from({ length: 2 * 3 * 3 }, (_, i) => i / 2);
  return encodeFloat32File({ names: ['x', 'y', 'reward'], shape: [2, 3, 3], notes: { policies: [1, 2] } }, data);
}

function policies(iteration: number): EvaluatedPolicy[] {
  return [1, 2].map((policy) => ({
    policy,
    sha256: 'a'.repeat(64),
    costs: [-0.1 * iteration, -0.2 * iteration],
    returns: [iteration, 2 * iteration],
    violations: { steps: 0, share: 0, worst: 0 },
  }));
}

function evaluation(iteration: number): Evaluation {
  const references = { doNothing: { costs: [0, 0], returns: [0, 0] }, behaviour: { costs: [-0.05, -0.05], returns: [0.5, 0.5] } };
  return { format: 'ibrl-evaluation', version: 1, iteration, steps: 25, policies: policies(iteration), probe: null, references, coverage: 0.2, minLsed: 0.4, recommended: 1 };
}

function predicted(iteration: number): Predicted {
  return { format: 'ibrl-predicted', version: 1, iteration, steps: 25, policies: policies(iteration), probe: null, behaviour: null, recommended: 1, recommendation: null };
}
