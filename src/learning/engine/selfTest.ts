import { type Sentence, sentence } from '../../sentence/sentence';
import type { Engine } from './engine';
import { type Program, ProgramBuilder } from './program';

/** float32 against float64 on the small program of the test */
const TOLERANCE = 1e-5;

/**
 * Tries an engine on a small program: terms, gradients and parameters after a step of Adam must be those of the reference,
 * and those of `twin` bit for bit.
 *
 * @param twin an engine of the same arithmetic, if there is one to compare with
 * @returns null, or a sentence that says what is wrong
 */
export function selfTest(engine: Engine, reference: Engine, twin: Engine | null): Sentence | null {
  const program = testProgram();
  const actual = resultsOf(engine, program);
  const expected = resultsOf(reference, program);
  if (actual.some((values, index) => !agree(values, expected[index]))) return sentence('its results are not those of the reference');
  if (twin === null) return null;
  const same = resultsOf(twin, program);
  return actual.every((values, index) => values.every((value, i) => Object.is(value, same[index][i]))) ? null : sentence('its results are not those of {0} to the last bit', twin.name);
}

function agree(actual: ArrayLike<number>, expected: ArrayLike<number>): boolean {
  let largest = 0;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]));
    const difference = Math.abs(actual[i] - expected[i]);
    if (!(difference <= worst)) worst = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return worst <= TOLERANCE * largest;
}

function resultsOf(engine: Engine, program: Program): (Float32Array | Float64Array)[] {
  const execution = engine.open(program);
  let state = 1;
  const noise = (count: number, size: number) => Float32Array.from({ length: count }, () => size * ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 31 - 1));
  try {
    for (const { id, operation } of program.values) {
      if (operation.kind !== 'input') continue;
      const { rows, name } = program.inputs[operation.input];
      execution.write(id, name === 'weight' ? new Float32Array(program.starts).fill(1 / program.starts) : noise(rows * program.starts, 1));
    }
    for (const { name } of program.parameters) execution.writeParameters(name, noise(execution.readParameters(name).length, 0.6));
    execution.run('update', { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-6, step: 1, clip: 1 });
    return [execution.readTerms(), execution.readParameters('policy', 'gradient'), execution.readParameters('policy', 'firstMoment'), execution.readParameters('policy')];
  } finally {
    execution.dispose();
  }
}

/** Layers of odd widths, a window, smooth functions, and a diversity: two policies, 40 starts in two strips, 3 steps. */
function testProgram(): Program {
  const builder = new ProgramBuilder({ policies: 2, members: 1, starts: 40, steps: 3 });
  const weight = builder.input('weight', 1);
  const start = builder.input('start', 6);
  const policy = builder.parameters('policy', [6, 19, 2], 'policy', true);
  const model = builder.parameters('model', [8, 21, 3], 'member', false);
  const frames = builder.carry('frames', 3, 2, start);
  const total = builder.carry('total', 1, 1, null);
  builder.beginSteps();
  const history = builder.window(frames, 2);
  const action = builder.network([history], policy, 'tanh');
  const change = builder.apply('tanh', builder.network([history, action], model, 'tanh'));
  const one = builder.constant([1]);
  const size = builder.apply('affine', builder.apply('square', change), one, one);
  const mixed = builder.apply('divide', builder.apply('add', builder.apply('log', size), builder.apply('exp', change)), builder.apply('sqrt', size));
  builder.advance(frames, builder.apply('affine', change, builder.constant([0.3]), builder.window(frames, 1)));
  builder.advance(total, builder.apply('affine', builder.window(total, 1), builder.constant([0.9]), builder.sumRows(mixed)));
  builder.beginEpilogue();
  builder.term('total', builder.window(total, 1), weight, -1);
  builder.diversity({ name: 'diversity', series: frames, weight, rowWeights: [0.3, 0.2, 0.1], epsilon: 1e-6, cap: 1e30, count: 2, measure: 'min-lsed' });
  return builder.build();
}
