import type { Controller } from '../../policy/controller';
import { at, observedCount } from '../benchmarkState';

/** Mean and standard deviation of the observed variables that the rule standardises with, in their order. */
const means = [55, 48.75, 50.53, 49.45, 37.51, 166.33];
const deviations = [28.72, 12.31, 29.91, 29.22, 31.17, 139.44];

/** Frames that are remembered: the present one and five before it. */
const memory = 6;

/**
 * The published "optimized" behaviour of the Industrial Benchmark, linear in standardised observations z_k of k steps
 * ago: a_v = −z₅(v) − 0.91, a_g = 2 z₃(f) − z₀(p) + 1.43, a_h = −3.48 z₃(h) − z₄(h) + 2 z₀(p) + 0.81, clipped to
 * [−1, 1]. Before an episode's first frame that frame is repeated.
 */
export function optimized(): Controller {
  let frames = new Float64Array(0);
  let stride = 0;
  let step = 0;

  const standardised = (frame: number, row: number, variable: number): number =>
    (frames[frame * stride + row + variable] - means[variable]) / deviations[variable];

  return {
    reset(episodes) {
      stride = episodes * observedCount;
      frames = new Float64Array(memory * stride);
      step = 0;
    },
    act(states, _previous, actions) {
      const now = step % memory;
      if (step === 0) for (let frame = 0; frame < memory; frame++) frames.set(states, frame * stride);
      else frames.set(states, now * stride);
      step++;
      const three = (now + memory - 3) % memory;
      const four = (now + memory - 4) % memory;
      const five = (now + memory - 5) % memory;
      for (let row = 0, a = 0; row < stride; row += observedCount, a += 3) {
        const setpoint = standardised(now, row, at.setpoint);
        actions[a] = clip(-standardised(five, row, at.velocity) - 0.91);
        actions[a + 1] = clip(2 * standardised(three, row, at.fatigue) - setpoint + 1.43);
        actions[a + 2] = clip(-3.48 * standardised(three, row, at.shift) - standardised(four, row, at.shift) + 2 * setpoint + 0.81);
      }
    },
  };
}

function clip(action: number): number {
  return Math.min(1, Math.max(-1, action));
}
