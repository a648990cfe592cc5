import type { Engine, Execution } from '../../../src/learning/engine/engine';
import { ReferenceEngine, type ReferenceExecution } from '../../../src/learning/engine/reference';
import { worstDeviation } from './engines';
import type { LoadedProgram } from './loadedProgram';

const reference = new ReferenceEngine();

/** The loss that a gradient is taken of: the weighted terms, summed over policies and members. */
export function lossOf(execution: Execution, { program, termWeights }: LoadedProgram): number {
  const terms = execution.readTerms();
  const cells = program.policies * program.members;
  return terms.reduce((sum, value, i) => sum + termWeights[Math.floor(i / cells)] * value, 0);
}

/**
 * How far the reference's gradient is from central differences of its loss, both in float64: the worst entry over the
 * largest one of its network.
 *
 * @param entries how many parameters of each trained network are moved, evenly spread
 */
export function worstGradientError(loaded: LoadedProgram, entries = Number.POSITIVE_INFINITY): number {
  const execution = reference.open(loaded.program);
  loaded.load(execution);
  execution.run('gradient');
  const trained = loaded.program.parameters.filter((block) => block.trainable).map(({ name }) => name);
  const gradients = trained.map((name) => execution.readExact(name, 'gradient'));
  return Math.max(...trained.map((name, index) => {
    const gradient = gradients[index];
    const largest = gradient.reduce((most, g) => Math.max(most, Math.abs(g)), 1e-6);
    const count = Math.min(entries, gradient.length);
    let worst = 0;
    for (let i = 0; i < count; i++) {
      const at = count === 1 ? 0 : Math.round((i * (gradient.length - 1)) / (count - 1));
      const error = Math.abs(centralDifference(execution, loaded, name, at) - gradient[at]) / largest;
      worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(worst, error);
    }
    return worst;
  }));
}

function centralDifference(execution: ReferenceExecution, loaded: LoadedProgram, name: string, at: number): number {
  const step = 1e-5;
  const values = execution.readExact(name);
  const lossAt = (shift: number) => {
    const moved = values.slice();
    moved[at] += shift;
    execution.writeParameters(name, moved);
    execution.run('forward');
    return lossOf(execution, loaded);
  };
  const difference = (lossAt(step) - lossAt(-step)) / (2 * step);
  execution.writeParameters(name, values);
  return difference;
}

/** The worst deviation of an engine from the reference over terms, series and gradients, each over its largest entry. */
export function worstDeviationFromReference(engine: Engine, loaded: LoadedProgram): number {
  const [expected, actual] = [reference, engine].map((each) => {
    const execution = each.open(loaded.program);
    loaded.load(execution);
    execution.run('gradient');
    return execution;
  });
  const { program } = loaded;
  const deviations = [worstDeviation(actual.readTerms(), expected.readTerms())];
  for (const { name } of program.series) deviations.push(worstDeviation(actual.readSeries(name), expected.readSeries(name)));
  for (const { name, trainable } of program.parameters) if (trainable) deviations.push(worstDeviation(actual.readParameters(name, 'gradient'), expected.readParameters(name, 'gradient')));
  actual.dispose();
  return Math.max(...deviations);
}
