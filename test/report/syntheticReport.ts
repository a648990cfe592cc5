import type { IterationSummary, PolicySummary, RunSummary, ScoreSummary, Violations } from '../../src/run/contract';
import type { IterationReliability } from '../../src/run/reliability';
import { sentence } from '../../src/sentence/sentence';
import type { ReportData, ReportTrajectories, SearchCurves } from '../../src/report/reportData';

/** Report data with every part filled in; the numbers are invented, smooth and the same in every call. */
export interface SyntheticOptions {
  readonly name?: string;
  readonly policies?: number;
  readonly iterations?: number;
  readonly violations?: Violations;
  readonly kind?: 'map' | 'series';
}

export const kept: Violations = { steps: 0, share: 0, worst: 0 };

export function syntheticReport({ name = 'Invented plant', policies = 4, iterations = 4, violations = kept, kind = 'series' }: SyntheticOptions = {}): ReportData {
  const numbers = Array.from({ length: iterations }, (_, index) => index + 1);
  const summary: RunSummary = {
    id: '20250101-120000-abcd',
    name,
    state: 'done',
    attempt: 1,
    iterations: numbers.map((iteration) => syntheticIteration(iteration, policies, violations)),
    pending: null,
    reliability: numbers.map(syntheticReliability),
    progress: null,
    warnings: [{ code: 'few-episodes', message: 'Iteration 1 has few episodes. Record more.', iteration: 1 }],
    nonFinite: 2,
    failure: null,
  };
  return {
    summary,
    asOf: '2025-01-01T12:34:56.789Z',
    discount: 1,
    evaluation: { episodes: 20, steps: 1000 },
    facts: [{ label: 'seed', value: '7' }, { label: 'engine', value: 'wasm, portable arithmetic, 2 threads' }],
    curves: numbers.map((iteration) => syntheticCurves(iteration, policies)),
    trajectories: numbers.flatMap((iteration) => Array.from({ length: policies }, (_, k) => (kind === 'map' ? syntheticPath(iteration, k + 1) : syntheticEpisode(iteration, k + 1)))),
    variables:
      kind === 'map'
        ? [{ name: 'x', unit: 'm', range: [0, 10], bounds: [0, 10] }, { name: 'y', unit: 'm', range: [0, 10], bounds: [0, 10] }]
        : [{ name: 'velocity', unit: '', range: [0, 100], bounds: [30, 50] }, { name: 'gain', unit: '', range: [0, 100], bounds: [40, 85] }, { name: 'fatigue', unit: '', range: [0, 300], bounds: null }],
    actions: {
      iteration: iterations, frames: 2000, actuators: [{
        name: 'steam', unit: 'kg/h', range: [0, 250], maxChange: 12.5,
        policies: Array.from({ length: policies }, (_, k) => ({ policy: k + 1, slew: { mean: 1.25 + k, p90: 4.5, max: 12.4 }, saturated: 0.125 })),
      }],
    },
    map: kind === 'map' ? { x: 'x', y: 'y', goal: { x: 3, y: 6, width: 1.5 } } : null,
    nonFinite: [{ iteration: 2, phase: 'searching', policy: 3, count: 2 }],
    health: [1, 2].map((iteration) => ({ iteration, sign: 'promise-missed', raised: iteration === 1, metrics: { gap: 0.8123 / iteration, noise: 0.01 } })),
    causes: [],
    unreadable: [],
  };
}

export function score(cost: number, episodeReturn: number): ScoreSummary {
  return { cost: { mean: cost, standardError: 0.6, p10: cost + 9 }, return: { mean: episodeReturn, standardError: 30, p10: episodeReturn - 800 } };
}

function syntheticIteration(iteration: number, count: number, violations: Violations): IterationSummary {
  const policy = (k: number): PolicySummary => {
    const cost = 202 - 6 * iteration + 7 * Math.sin(3 * k + iteration);
    return { policy: k, sha256: 'ab'.repeat(32), ...score(cost, -cost * 1000), promised: score(cost - 16 / iteration, (16 / iteration - cost) * 1000), violations, ensembleSpread: null };
  };
  const policies = Array.from({ length: count }, (_, index) => policy(index + 1));
  const sorted = [...policies].sort((a, b) => a.cost.mean - b.cost.mean);
  const pick = (one: PolicySummary): IterationSummary['best'] => ({ policy: one.policy, cost: one.cost.mean, return: one.return.mean });
  const mean = policies.reduce((sum, one) => sum + one.cost.mean / count, 0);
  return {
    iteration,
    by: 'episodes',
    episodes: 20,
    policies,
    references: { doNothing: score(209.4, -209400), behaviour: score(191, -191000), bestHold: score(185.2, -185200), shiftOscillator: score(170.8, -170800) },
    probe: { ...policy(0), policy: 0 },
    coverage: 0.1 + 0.05 * iteration,
    minLsed: 1 / iteration,
    mean: { cost: mean, return: -mean * 1000 },
    best: pick(sorted[0]),
    worst: pick(sorted[sorted.length - 1]),
    recommended: { ...pick(sorted[Math.min(1, sorted.length - 1)]), reason: 'Policy 2: promised more than the present controller.' },
    nonFinite: iteration === 2 ? 2 : 0,
  };
}

function syntheticReliability(iteration: number): IterationReliability {
  const by = (value: (steps: number) => number | null) => [1, 10, 25, 50, 100].map(value);
  const judged = (factor: number): IterationReliability['heldOut'] => ({
    horizons: [1, 10, 25, 50, 100].map((steps) => (steps === 100 ? { steps, windows: 0, reason: 'No run of 100 steps with its history lies within the recordings to judge on.', sentence: sentence('No run of {0} steps with its history lies within the recordings to judge on.', 100) } : { steps, windows: 64, reason: null })),
    variables: [
      { name: 'velocity', source: 'known', logarithmic: false, standardDeviation: 9, error: by(() => 0), naive: by((steps) => steps / 50), spread: by(() => 0), within: by(() => null) },
      { name: 'fatigue', source: 'learned', logarithmic: false, standardDeviation: 12, error: by((steps) => (steps === 100 ? null : (factor * Math.sqrt(steps)) / 20 / iteration)), naive: by((steps) => (steps === 100 ? null : Math.min(1.4, steps / 10))), spread: by((steps) => (steps === 100 ? null : steps / 200)), within: by((steps) => (steps === 100 ? null : 0.7)) },
    ],
  });
  return { iteration, heldOut: judged(1), new: judged(1.6) };
}

function syntheticCurves(iteration: number, policies: number): SearchCurves {
  const updates = Array.from({ length: 50 }, (_, index) => index * 5);
  const term = (name: string, at: (k: number, update: number) => number): SearchCurves['terms'][number] => ({
    name,
    values: Array.from({ length: policies + 1 }, (_, k) => updates.map((update) => at(k, update))),
  });
  return {
    iteration,
    updates,
    policies: [...Array.from({ length: policies }, (_, k) => k + 1), 0],
    terms: [
      term('return', (k, update) => 1 / iteration + 0.1 * k + Math.exp(-update / 60)),
      term('diversity', (k, update) => -0.5 - 0.1 * k - update / 500),
      term('gradientNorm', (k, update) => (k === 1 && update === 100 ? Number.NaN : 0.3 + 0.1 * Math.sin(update + k))),
    ],
  };
}

function syntheticPath(iteration: number, policy: number): ReportTrajectories {
  const steps = Array.from({ length: 26 }, (_, step) => step);
  const reach = Math.min(1, 0.25 * iteration);
  return {
    iteration, policy, episode: 1, steps,
    values: {
      x: steps.map((step) => 8.5 - 5.5 * reach * (step / 25) + 0.6 * Math.sin(policy + step / 4)),
      y: steps.map((step) => 8.2 - 2.2 * reach * (step / 25) + (policy - 2.5) * Math.sin((step / 25) * Math.PI)),
    },
  };
}

function syntheticEpisode(iteration: number, policy: number): ReportTrajectories {
  const steps = Array.from({ length: 250 }, (_, step) => step * 4);
  return {
    iteration, policy, episode: 1, steps,
    values: {
      velocity: steps.map((step) => 40 + 6 * Math.sin(step / 60 + policy) + policy * 0.5),
      gain: steps.map((step) => 60 + 10 * Math.cos(step / 90 + policy * iteration)),
      fatigue: steps.map(() => 20),
    },
  };
}
