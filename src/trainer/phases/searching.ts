import { episodeCost } from '../../learning/evaluation/scores';
import type { PolicyDefinition } from '../../learning/policy/definition';
import { policyInputs } from '../../learning/policy/definition';
import { initialiseNetwork } from '../../learning/policy/initialise';
import type { Network } from '../../learning/policy/network';
import { readPolicy, writePolicy } from '../../learning/policy/policyFile';
import type { Random } from '../../learning/random';
import { PolicySearch, type SearchRecord } from '../../learning/search/policySearch';
import type { TermName } from '../../learning/search/rolloutProgram';
import { encodeFloat32File } from '../../run/float32File';
import { iterationFiles } from '../../run/paths';
import { sentence } from '../../sentence/sentence';
import { SpokenError } from '../../sentence/spokenError';
import type { IterationContext, RunContext } from '../context';
import { GradientLog } from './gradientLog';
import { tellSearchHealth } from './health';
import type { Models } from './modelsFile';
import { rolloutPlan } from './planning';

/** The searched policies of an iteration; the probe is the last. */
export interface Policies {
  readonly definitions: readonly PolicyDefinition[];
  /** of the policies' files */
  readonly sha256: readonly string[];
}

/** How often the gradients of the loss's terms are held against each other in one search. */
const GRADIENT_CHECKS = 10;
/** Parameters of a policy that begins beside another are scaled by 1 + so much · N(0, 1), so that the two can part. */
const JITTER = 0.05;

/** Where policy k of an iteration is written; the probe is the one behind the last policy. */
export function policyFile(context: RunContext, iteration: number, index: number): string {
  return index < context.experiment.policies.count ? iterationFiles.policy(iteration, index + 1) : iterationFiles.probe(iteration);
}

/**
 * Searches K policies and the probe on the models. The probe shares starts and models and has no part in diversity, so
 * that it tells how good the recordings are.
 * @param earlier the policies before, for warm start; null: none
 * @param parents of each policy and the probe among them, see `parentsOf`
 */
export function searchPolicies(context: IterationContext, models: Models, earlier: Policies | null, parents: readonly number[]): Policies {
  const { experiment, output, iteration, batch, engine, random, frame, description } = context;
  const { search: settings, safety, diversity, policies } = experiment;
  output.begin(iteration, 'searching');
  const snapshot = output.takeSnapshots(iteration, 'searching')['search'] ?? null;
  const streams = random.fork('search', iteration);
  const common = rolloutPlan(context, models);
  const warm = policies.warmStart && earlier !== null;
  const initial = Array.from({ length: policies.count + 1 }, (_, index) => (warm ? startFrom(earlier.definitions[parents[index]].network, parents[index] !== index, streams.fork('jitter', index)) : initialiseNetwork(common.policy.sizes, 'tanh', streams.fork('initial', index === policies.count ? 'probe' : index))));
  const alpha = diversity.weight[iteration - 1];
  const { members } = models;
  const search = new PolicySearch(
    engine,
    {
      ...common, members: members.length, horizon: settings.horizon, trainable: true, pessimism: settings.pessimism,
      starts: settings.members === 'all' ? settings.starts.count : Math.ceil(settings.starts.count / members.length),
      terms: {
        objective: safety.objective.weight > 0, soft: safety.soft.weight > 0, violation: safety.violation.weight > 0 && Object.keys(frame.bounds).length > 0,
        diversity: policies.count > 1 && alpha > 0 ? diversity : null,
      },
    },
    batch, settings, { objective: safety.objective.weight, soft: safety.soft.weight, violation: safety.violation.weight, diversity: alpha },
    initial, members.map((member) => member.network), models.behaviour.network, streams, snapshot,
  );

  const curves = new Curves(search.terms, settings.updates, policies.count + 1, snapshot?.arrays['curves'] ?? null);
  const checkEvery = Math.max(1, Math.ceil(settings.updates / GRADIENT_CHECKS));
  const log = new GradientLog(search.terms, Math.ceil(settings.updates / checkEvery), snapshot?.arrays['gradients'] ?? null);
  while (!search.finished) {
    const gradients = search.terms.length > 1 && search.update % checkEvery === 0 ? search.termGradients() : null;
    if (gradients) log.add(search.update / checkEvery, gradients);
    const record = search.step();
    curves.add(record);
    const metrics = { ...meanTerms(record, policies.count), gradientNorm: mean(record.gradientNorms.slice(0, policies.count)) };
    const relations = gradients ? Object.fromEntries([...Object.entries(gradients.norms).map(([term, norm]) => [`gradientNorm ${term}`, norm]), ...Object.entries(gradients.cosines).map(([pair, cosine]) => [`cosine ${pair}`, cosine])]) : {};
    output.progress(iteration, 'searching', record.update, settings.updates, { ...metrics, ...relations }, gradients !== null);
    output.betweenUpdates(() => {
      const own = search.snapshot();
      return { iteration, phase: 'searching', done: search.update, snapshots: { search: { numbers: own.numbers, arrays: { ...own.arrays, curves: curves.data, gradients: log.data } } } };
    });
  }
  search.nonFinite.forEach((count, index) => {
    if (count > 0) output.event({ type: 'non-finite', iteration, phase: 'searching', policy: index === policies.count ? 0 : index + 1, update: search.update, count });
  });

  const definitions = search.result().map((network): PolicyDefinition => ({
    network, history: policies.history, states: description.states.map((variable) => variable.name), inputs: policyInputs(policies.inputs, description, frame.scales), actions: description.actions, constraints: frame.constraints,
  }));
  requireMovement(initial, definitions);
  tellSearchHealth(context, log, curves.end('return'));
  const sha256 = definitions.map((definition, index) => output.file(policyFile(context, iteration, index), writePolicy(definition), iteration));
  output.file(iterationFiles.curves(iteration), curves.file(policies.count), iteration);
  output.end(iteration, 'searching');
  search.dispose();
  return { definitions, sha256 };
}

/**
 * Which policy of the iteration before each policy begins from: itself, but for the `replaceWorst` that cost most in
 * their own deployment, which begin from the one that cost least. The probe is always its own.
 */
export function parentsOf({ experiment, iteration, batch }: IterationContext): number[] {
  const { count, replaceWorst } = experiment.policies;
  const parents = Array.from({ length: count + 1 }, (_, index) => index);
  const deployed = batch.episodes.filter((episode) => episode.iteration === iteration - 1);
  if (iteration === 1 || replaceWorst === 0 || deployed.length === 0) return parents;
  // of a plant's policies not all may have been at work
  if (parents.slice(0, count).some((index) => !deployed.some((episode) => episode.policy === index + 1))) return parents;
  const costs = parents.slice(0, count).map((index) => mean(deployed.filter((episode) => episode.policy === index + 1).map(episodeCost)));
  const byCost = parents.slice(0, count).sort((a, b) => costs[a] - costs[b] || a - b);
  for (const worst of byCost.slice(count - replaceWorst)) parents[worst] = byCost[0];
  return parents;
}

function startFrom(network: Network, beside: boolean, random: Random): Network {
  return beside ? { ...network, parameters: network.parameters.map((value) => value * (1 + JITTER * random.normal())) } : network;
}

/** The policies of an iteration that was searched before. */
export function policiesOf(context: RunContext, iteration: number, sha256Of: (path: string) => string): Policies {
  const paths = Array.from({ length: context.experiment.policies.count + 1 }, (_, index) => policyFile(context, iteration, index));
  return { definitions: paths.map((path) => readPolicy(Buffer.from(context.output.read(path)).toString())), sha256: paths.map(sha256Of) };
}

/** A search that changes nothing is a defect, however good its numbers look. */
function requireMovement(before: readonly Network[], after: readonly PolicyDefinition[]): void {
  after.forEach(({ network }, index) => {
    if (network.parameters.every((value, i) => value === before[index].parameters[i])) throw new SpokenError(sentence('Policy search did not move policy {0}: every step was skipped or had no gradient. Look at the counted non-finite gradients.', index + 1));
  });
}

/** Every term of every policy at every update, [updates × policies × terms]. */
class Curves {
  readonly data: Float32Array;

  constructor(private readonly terms: readonly TermName[], private readonly updates: number, private readonly policies: number, before: Float32Array | null) {
    this.data = before ?? new Float32Array(updates * policies * terms.length);
  }

  add({ update, terms }: SearchRecord): void {
    this.terms.forEach((term, t) => {
      for (let policy = 0; policy < this.policies; policy++) this.data[((update - 1) * this.policies + policy) * this.terms.length + t] = terms[term]?.[policy] ?? 0;
    });
  }

  /** A term of each policy, mean over the last tenth of the updates. */
  end(term: TermName): number[] {
    const from = Math.floor(0.9 * this.updates);
    const at = (update: number, policy: number) => this.data[(update * this.policies + policy) * this.terms.length + this.terms.indexOf(term)];
    return Array.from({ length: this.policies }, (_, policy) => mean(Array.from({ length: this.updates - from }, (_unused, i) => at(from + i, policy))));
  }

  /** @param count policies; the probe, which is numbered 0, is the last row */
  file(count: number): Uint8Array {
    const notes = { updates: Array.from({ length: this.updates }, (_, update) => update + 1), policies: Array.from({ length: this.policies }, (_, index) => (index === count ? 0 : index + 1)) };
    return encodeFloat32File({ names: this.terms, shape: [this.updates, this.policies, this.terms.length], notes }, this.data);
  }
}

function meanTerms(record: SearchRecord, count: number): Record<string, number> {
  return Object.fromEntries(Object.entries(record.terms).map(([term, values]) => [term, mean(values.slice(0, count))]));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
