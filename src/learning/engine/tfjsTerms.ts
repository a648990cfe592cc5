import { chooseDistances, isLess } from './diversityChoice';
import type { Program, Term, ValueId } from './program';
import type { Tensor, TensorFlow } from './tfjsOperations';

type SumTerm = Extract<Term, { kind: 'sum' }>;
type DiversityTerm = Extract<Term, { kind: 'diversity' }>;

/** What the rollouts left: values [cells × rows × starts], and a series' rows of all steps [cells × rows × starts], in their order. */
export interface Outcome {
  readonly value: (id: ValueId) => Tensor;
  readonly steps: (series: number) => readonly Tensor[];
}

/**
 * The terms of the loss, and the loss.
 *
 * @returns values [terms × policies × members] without weights; loss: their weighted sum as a scalar that has a gradient
 */
export function evaluateTerms(tf: TensorFlow, program: Program, termWeights: ArrayLike<number>, outcome: Outcome): { readonly values: Float64Array; readonly loss: Tensor } {
  const cells = program.policies * program.members;
  const values = new Float64Array(program.terms.length * cells);
  let loss: Tensor = tf.scalar(0);
  program.terms.forEach((term, index) => {
    const out = values.subarray(index * cells, (index + 1) * cells);
    const own = term.kind === 'diversity' ? diversity(tf, program, term, outcome, out) : sum(tf, program, term, outcome, out);
    if (own !== null) loss = tf.add(loss, tf.mul(own, termWeights[index]));
  });
  return { values, loss };
}

/** coefficient · Σ weight · value, of all members or of the least one at each start */
function sum(tf: TensorFlow, { policies, members, starts }: Program, term: SumTerm, { value }: Outcome, out: Float64Array): Tensor {
  const x = value(term.value);
  let weighted = tf.mul(tf.mul(x, value(term.weight)), term.coefficient).reshape([policies * members, starts]);
  if (term.members === 'minimum') weighted = tf.where(leastMembers(tf, x.dataSync(), policies, members, starts), weighted, 0);
  const cells = tf.sum(weighted, 1);
  const perCell = cells.dataSync();
  if (term.members === 'sum') out.set(perCell);
  else perCell.forEach((each, cell) => (out[Math.floor(cell / members) * members] += each));
  return tf.sum(cells);
}

/** Whether a member is the one with the least value, ties to the first: [cells × starts] */
function leastMembers(tf: TensorFlow, x: ArrayLike<number>, policies: number, members: number, starts: number): Tensor {
  const mask = new Uint8Array(policies * members * starts);
  for (let policy = 0; policy < policies; policy++)
    for (let b = 0; b < starts; b++) {
      let least = policy * members * starts + b;
      for (let m = 1; m < members; m++) {
        const at = (policy * members + m) * starts + b;
        if (isLess(x[at], x[least])) least = at;
      }
      mask[least] = 1;
    }
  return tf.tensor(mask, [policies * members, starts], 'bool');
}

/**
 * Minus the diversity of the first `count` policies. Which distances count is decided on numbers; only those have a
 * gradient.
 */
function diversity(tf: TensorFlow, { policies, members, starts, steps }: Program, term: DiversityTerm, outcome: Outcome, out: Float64Array): Tensor | null {
  const { count, epsilon, rowWeights } = term;
  if (count < 2) return null;
  const length = steps * rowWeights.length;
  const rollouts = tf.concat([...outcome.steps(term.series)], 1).reshape([policies, members, length, starts]);
  const squareWeights = tf.tensor(Array.from({ length }, (_, i) => rowWeights[i % rowWeights.length]), [1, 1, length, 1]);
  const weight = tf.slice(outcome.value(term.weight).reshape([policies, members, starts]), [0, 0, 0], [1, members, starts]);
  /** The distances of policy i to the first policies: [count] */
  const distancesFrom = (all: Tensor, i: number): Tensor => {
    const others = tf.slice(all, [0, 0, 0, 0], [count, members, length, starts]);
    const squares = tf.square(tf.sub(others, tf.slice(all, [i, 0, 0, 0], [1, members, length, starts])));
    const distances = tf.sqrt(tf.add(tf.sum(tf.mul(squares, squareWeights), 2), epsilon));
    return tf.sum(tf.mul(distances, weight), [1, 2]);
  };

  const numbers = tf.tensor(rollouts.dataSync(), rollouts.shape);
  const distance = Array.from({ length: count }, (_, i) => tf.tidy(() => [...distancesFrom(numbers, i).dataSync()]));
  const { values, pulls } = chooseDistances(distance, term);
  values.forEach((value, i) => (out[i * members] = value));
  let loss: Tensor | null = null;
  for (let i = 0; i < count; i++) {
    const strengths = new Array<number>(count).fill(0);
    for (const pull of pulls) if (pull.i === i) strengths[pull.j] = -pull.strength;
    if (strengths.every((strength) => strength === 0)) continue;
    const own = tf.sum(tf.mul(distancesFrom(rollouts, i), tf.tensor1d(strengths)));
    loss = loss === null ? own : tf.add(loss, own);
  }
  return loss;
}
