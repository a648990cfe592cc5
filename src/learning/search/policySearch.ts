import type { SearchSettings } from '../../experiment/experiment';
import { sentence } from '../../sentence/sentence';
import { SpokenError } from '../../sentence/spokenError';
import type { Batch } from '../data/batch';
import type { Engine, Execution, GradientNorms } from '../engine/engine';
import { cosineRate, type Snapshot, snapshotArray, snapshotNumbers } from '../model/snapshot';
import { joinedParameters, type Network, parameterCount } from '../policy/network';
import type { Random } from '../random';
import { type RolloutPlan, type RolloutProgram, rolloutProgram, type TermName } from './rolloutProgram';
import { discountInput, drawStarts, StartWriter } from './starts';

/** Weights α of the loss terms; the return's is 1. */
export type TermWeights = Readonly<Record<Exclude<TermName, 'return'>, number>>;

/** What is known of the loss after an update. */
export interface SearchRecord {
  readonly update: number;
  /** by term, then policy; without weights */
  readonly terms: Readonly<Partial<Record<TermName, readonly number[]>>>;
  /** gradient norm of each policy before clipping */
  readonly gradientNorms: readonly number[];
}

/** How the terms' gradients relate, summed over the deployed policies. */
export interface TermGradients {
  readonly norms: Readonly<Partial<Record<TermName, number>>>;
  /** “return diversity” → cosine of the angle between the two weighted gradients; 0 where one of them is 0 */
  readonly cosines: Readonly<Record<string, number>>;
}

/**
 * Policy search: K policies at once (and the probe behind them) by Adam on the loss of virtual rollouts, from starts that
 * all policies share and that are drawn anew for every update.
 */
export class PolicySearch {
  update = 0;
  /** updates that were skipped for a gradient that was not finite, by policy */
  readonly nonFinite: Float64Array;
  private readonly inARow: Float64Array;
  private readonly rollout: RolloutProgram;
  private readonly execution: Execution;
  private readonly starts: StartWriter;
  private readonly alphas: Float32Array;
  private readonly parameters: number;
  private readonly termValues: Float64Array;
  private readonly gradientNorms: GradientNorms;

  /**
   * @param plan of K policies and the probe, trainable
   * @param initial their networks
   * @param members one network for each
   */
  constructor(
    engine: Engine,
    private readonly plan: RolloutPlan,
    private readonly batch: Batch,
    private readonly settings: SearchSettings,
    weights: TermWeights,
    private readonly initial: readonly Network[],
    members: readonly Network[],
    behaviour: Network | null,
    private readonly random: Random,
    snapshot: Snapshot | null = null,
  ) {
    this.rollout = rolloutProgram(plan);
    this.execution = engine.open(this.rollout.program);
    this.starts = new StartWriter(this.rollout, batch, plan.description, plan.scales);
    this.parameters = initial.length * parameterCount(initial[0].sizes);
    this.termValues = this.execution.readTerms();
    this.gradientNorms = this.execution.readGradientNorms();
    this.alphas = Float32Array.from(this.rollout.terms, (name) => (name === 'return' ? 1 : weights[name]));
    this.nonFinite = new Float64Array(initial.length);
    this.inARow = new Float64Array(initial.length);
    this.execution.writeParameters('policy', joinedParameters(initial));
    this.execution.writeParameters('transition model', joinedParameters(members));
    if (behaviour && plan.behaviour) this.execution.writeParameters('behaviour', behaviour.parameters);
    this.execution.writeTermWeights(this.alphas);
    this.execution.write(this.rollout.discount, discountInput(settings.discount, plan.horizon, plan.starts));
    if (snapshot) this.restore(snapshot);
  }

  get finished(): boolean {
    return this.update >= this.settings.updates;
  }

  get terms(): readonly TermName[] {
    return this.rollout.terms;
  }

  /** One update of all policies. @throws Error when a policy's gradient was not finite three times in a row */
  step(): SearchRecord {
    this.drawStarts();
    this.update++;
    this.execution.run('update', {
      learningRate: cosineRate(this.settings.learningRate, (this.update - 1) / this.settings.updates),
      beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: this.update, clip: this.settings.clip,
    });
    const { norm, finite } = this.execution.readGradientNorms(this.gradientNorms);
    finite.forEach((isFinite, policy) => {
      this.nonFinite[policy] += isFinite ? 0 : 1;
      this.inARow[policy] = isFinite ? 0 : this.inARow[policy] + 1;
      if (this.inARow[policy] >= 3) throw new SpokenError(sentence("Policy search failed: the gradient of policy {0} was not finite three times in a row. Lower search.learningRate or search.horizon, or look at the model's errors.", policy + 1));
    });
    return { update: this.update, terms: this.readTerms(), gradientNorms: [...norm] };
  }

  /** Gradients of each weighted term alone, at the present policies and the starts of the coming update. */
  termGradients(): TermGradients {
    this.drawStarts();
    const gradients = this.rollout.terms.map((_, index) => {
      this.execution.writeTermWeights(this.alphas.map((alpha, i) => (i === index ? alpha : 0)));
      this.execution.run('gradient');
      return this.execution.readParameters('policy', 'gradient').subarray(0, (this.parameters / this.initial.length) * this.plan.count);
    });
    this.execution.writeTermWeights(this.alphas);
    const norms: Partial<Record<TermName, number>> = {};
    const cosines: Record<string, number> = {};
    this.rollout.terms.forEach((name, i) => {
      norms[name] = Math.sqrt(dot(gradients[i], gradients[i]));
      for (let j = 0; j < i; j++) {
        const length = (norms[name] as number) * (norms[this.rollout.terms[j]] as number);
        cosines[`${this.rollout.terms[j]} ${name}`] = length > 0 ? dot(gradients[i], gradients[j]) / length : 0;
      }
    });
    return { norms, cosines };
  }

  /** The networks as they are now, probe last. */
  result(): Network[] {
    const all = this.execution.readParameters('policy');
    const count = all.length / this.initial.length;
    return this.initial.map((network, index) => ({ ...network, parameters: all.slice(index * count, (index + 1) * count) }));
  }

  snapshot(): Snapshot {
    const { execution } = this;
    return {
      numbers: { progress: [this.update], nonFinite: [...this.nonFinite], inARow: [...this.inARow] },
      arrays: { parameters: execution.readParameters('policy'), firstMoment: execution.readParameters('policy', 'firstMoment'), secondMoment: execution.readParameters('policy', 'secondMoment') },
    };
  }

  dispose(): void {
    this.execution.dispose();
  }

  private restore(snapshot: Snapshot): void {
    [this.update] = snapshotNumbers(snapshot, 'progress');
    this.nonFinite.set(snapshotNumbers(snapshot, 'nonFinite'));
    this.inARow.set(snapshotNumbers(snapshot, 'inARow'));
    this.execution.writeParameters('policy', snapshotArray(snapshot, 'parameters', this.parameters));
    this.execution.writeParameters('policy', snapshotArray(snapshot, 'firstMoment', this.parameters), 'firstMoment');
    this.execution.writeParameters('policy', snapshotArray(snapshot, 'secondMoment', this.parameters), 'secondMoment');
  }

  private drawStarts(): void {
    const { starts, members } = this.settings;
    this.starts.write(this.execution, drawStarts(this.batch, starts.count, starts, this.random.fork('starts', this.update)), members);
  }

  private readTerms(): SearchRecord['terms'] {
    const values = this.execution.readTerms(this.termValues);
    const { policies, members } = this.rollout.program;
    return Object.fromEntries(
      this.rollout.terms.map((name, index) => [
        name,
        Array.from({ length: policies }, (_, policy) => {
          let sum = 0;
          for (let member = 0; member < members; member++) sum += values[(index * policies + policy) * members + member];
          return sum;
        }),
      ]),
    );
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
