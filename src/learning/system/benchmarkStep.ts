import type { BenchmarkDraws } from './benchmarkDraws';
import { at, costMemory, rowSize } from './benchmarkState';
import { goldstoneValue, moveGoldstone, sine15 } from './goldstone';

/** What one full unit of steering does in one step, in percent points. */
export const steering = { velocity: 1, gain: 10, shift: ((sine15 / 0.9) * 100) / 5 } as const;

/** Weights of the ten remembered costs, oldest first: an action shows in the consumption five to nine steps later. */
const delay = [0.11111, 0.22222, 0.33333, 0.22222, 0.11111, 0, 0, 0, 0, 0];

/** Latent fatigue beyond this size feeds itself … */
const runaway = 1.2;
/** … until it is saturated. */
const saturated = 5;
/** Effective actions up to this size cure the latent fatigue at once. */
const curing = 0.05;

/** Whether the setpoint stays, or wanders in random sequences. */
export type SetpointProcess = 'fixed' | 'varying';

/**
 * Begins an episode in one row: start values, a setpoint sequence if it varies, then one step without steering. The
 * state after that step is the first that is observed.
 *
 * @param state rows of the benchmark, overwritten from `row` on
 * @param row index of the row's first number
 * @param setpoint 0 … 100, before the reset's own step
 */
export function beginBenchmark(state: Float64Array, row: number, setpoint: number, process: SetpointProcess, draws: BenchmarkDraws): void {
  state.fill(0, row, row + rowSize);
  state[row + at.setpoint] = setpoint;
  state[row + at.velocity] = 50;
  state[row + at.gain] = 50;
  state[row + at.shift] = 50;
  state[row + at.domain] = 1;
  state[row + at.response] = 1;
  if (process === 'varying') drawSequence(state, row, draws);
  stepBenchmark(state, row, 0, 0, 0, process, draws);
}

/**
 * One step of the Industrial Benchmark, in place, after the public Python reference (siemens/industrialbenchmark).
 *
 * @param state rows of the benchmark
 * @param row index of the row's first number
 * @param steerVelocity, steerGain, steerShift steering, clipped to [−1, 1]
 */
export function stepBenchmark(
  state: Float64Array,
  row: number,
  steerVelocity: number,
  steerGain: number,
  steerShift: number,
  process: SetpointProcess,
  draws: BenchmarkDraws,
): void {
  if (process === 'varying') moveSetpoint(state, row, draws);
  state[row + at.velocity] = clip(state[row + at.velocity] + steering.velocity * clip(steerVelocity, -1, 1), 0, 100);
  state[row + at.gain] = clip(state[row + at.gain] + steering.gain * clip(steerGain, -1, 1), 0, 100);
  state[row + at.shift] = clip(state[row + at.shift] + steering.shift * clip(steerShift, -1, 1), 0, 100);
  const setpoint = state[row + at.setpoint];
  state[row + at.effectiveShift] = clip((5 * state[row + at.shift]) / 100 - 0.02 * setpoint - 1.5, -1.5, 1.5);

  moveFatigue(state, row, draws);
  moveCosts(state, row);
  moveGoldstone(state, row, state[row + at.effectiveShift]);
  const misCalibration = -goldstoneValue(state[row + at.direction], state[row + at.effectiveShift]);
  state[row + at.misCalibration] = misCalibration;

  const hidden = state[row + at.delayedCost] - 25 * (misCalibration - 1);
  const consumption = hidden - draws.consumptionNoise() * (1 + 0.005 * hidden);
  state[row + at.consumption] = consumption;
  state[row + at.reward] = -(3 * state[row + at.fatigue] + consumption);
}

/** Draws a new setpoint sequence; the reference also draws one, unused, when it makes a plant with a fixed setpoint. */
export function drawSequence(state: Float64Array, row: number, draws: BenchmarkDraws): void {
  state[row + at.sequenceLength] = draws.sequenceLength();
  state[row + at.sequencePosition] = 0;
  const change = 2 * draws.sequenceSlope() - 1;
  state[row + at.sequenceChange] = draws.sequenceRest() < 0.1 ? 0 : change;
}

function moveSetpoint(state: Float64Array, row: number, draws: BenchmarkDraws): void {
  if (state[row + at.sequencePosition] === state[row + at.sequenceLength]) drawSequence(state, row, draws);
  const wanted = state[row + at.setpoint] + state[row + at.sequenceChange];
  if ((wanted > 100 || wanted < 0) && draws.sequenceTurn() > 0.5) state[row + at.sequenceChange] = -state[row + at.sequenceChange];
  state[row + at.setpoint] = clip(wanted, 0, 100);
  state[row + at.sequencePosition] += 1;
}

function moveFatigue(state: Float64Array, row: number, draws: BenchmarkDraws): void {
  const setpoint = state[row + at.setpoint];
  const velocity = state[row + at.velocity];
  const gain = state[row + at.gain];
  const effectiveVelocity = effectiveVelocityOf(velocity, gain, setpoint);
  const effectiveGain = effectiveGainOf(gain, setpoint);
  state[row + at.effectiveVelocity] = effectiveVelocity;
  state[row + at.effectiveGain] = effectiveGain;

  const gainBase = 2 * logistic(draws.gainExponential()) - 1;
  const velocityBase = 2 * logistic(draws.velocityExponential()) - 1;
  const gainUniform = draws.gainUniform();
  const velocityUniform = draws.velocityUniform();
  const gainNoise = gainBase + (1 - gainBase) * gainUniform * draws.gainBernoulli(clip(effectiveGain, 0.001, 0.999)) * effectiveGain;
  const velocityNoise =
    velocityBase + (1 - velocityBase) * velocityUniform * draws.velocityBernoulli(clip(effectiveVelocity, 0.001, 0.999)) * effectiveVelocity;

  const hiddenGain = nextLatent(state[row + at.hiddenGain], effectiveGain, gainNoise);
  const hiddenVelocity = nextLatent(state[row + at.hiddenVelocity], effectiveVelocity, velocityNoise);
  state[row + at.hiddenGain] = hiddenGain;
  state[row + at.hiddenVelocity] = hiddenVelocity;

  const amplification =
    Math.max(hiddenVelocity, hiddenGain) === saturated ? logistic(draws.saturatedFatigue()) : Math.max(velocityNoise, gainNoise);
  const base = Math.max(0, 30000 / (5 * velocity + 100) - 0.01 * gain * gain);
  state[row + at.baseFatigue] = base;
  state[row + at.fatigue] = (base * (1 + 2 * amplification)) / 3;
}

function nextLatent(latent: number, effective: number, noise: number): number {
  if (effective <= curing) return effective;
  return latent >= runaway ? Math.min(saturated, 1.1 * latent) : 0.9 * latent + noise / 3;
}

function moveCosts(state: Float64Array, row: number): void {
  const cost = Math.exp((2 * state[row + at.setpoint] + 4 * state[row + at.velocity] + 2.5 * state[row + at.gain]) / 100);
  const oldest = row + at.costs;
  if (state[row + at.started] === 0) state.fill(cost, oldest, oldest + costMemory);
  else for (let i = oldest; i < oldest + costMemory - 1; i++) state[i] = state[i + 1];
  state[oldest + costMemory - 1] = cost;
  state[row + at.started] = 1;
  let delayed = 0;
  for (let i = 0; i < costMemory; i++) delayed += delay[i] * state[oldest + i];
  state[row + at.operationalCost] = cost;
  state[row + at.delayedCost] = delayed;
}

/** What the fatigue feels of the velocity, 0 … 1: it rises with the gain and falls with the velocity (all in percent). */
export function effectiveVelocityOf(velocity: number, gain: number, setpoint: number): number {
  const least = velocityRatio(100, 0, setpoint);
  return (velocityRatio(velocity, gain, setpoint) - least) / (velocityRatio(0, 100, setpoint) - least);
}

/** What the fatigue feels of the gain, 0 … 1: it falls with the gain (all in percent). */
export function effectiveGainOf(gain: number, setpoint: number): number {
  const least = gainRatio(100, setpoint);
  return (gainRatio(gain, setpoint) - least) / (gainRatio(0, setpoint) - least);
}

function velocityRatio(velocity: number, gain: number, setpoint: number): number {
  return (gain + 2 + setpoint) / (velocity + 101 - setpoint);
}

function gainRatio(gain: number, setpoint: number): number {
  return 1 / (gain + 1 + setpoint);
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function clip(x: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, x));
}
