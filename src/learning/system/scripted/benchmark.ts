import type { Controller } from '../../policy/controller';
import { at, observedCount } from '../benchmarkState';
import { steering } from '../benchmarkStep';

/** Velocity, gain and shift, in percent. */
export interface SteeringTarget {
  readonly velocity: number;
  readonly gain: number;
  readonly shift: number;
}

/**
 * The best constant steering found for setpoint 70. Its shift lies on the edge of the safe zone: 55.40 already falls
 * outside and costs five units more per step.
 */
export const bestHold: SteeringTarget = { velocity: 38.7, gain: 45.4, shift: 55.43 };

/** Goes to the target as fast as the steering allows, and stays. */
export function hold(target: SteeringTarget = bestHold): Controller {
  return {
    reset() {},
    act(states, _previous, actions) {
      for (let s = 0, a = 0; s < states.length; s += observedCount, a += 3) {
        actions[a] = clip((target.velocity - states[s + at.velocity]) / steering.velocity);
        actions[a + 1] = clip((target.gain - states[s + at.gain]) / steering.gain);
        actions[a + 2] = clip((target.shift - states[s + at.shift]) / steering.shift);
      }
    },
  };
}

/**
 * Drives velocity, gain and shift towards one value, with the raw difference as action. One unit of steering moves
 * the gain by ten, so it swings around the value instead of reaching it: the published "bad" (100) and "mediocre" (25)
 * behaviours are made so.
 *
 * @param value in percent
 */
export function driveTowards(value: number): Controller {
  return {
    reset() {},
    act(states, _previous, actions) {
      for (let s = 0, a = 0; s < states.length; s += observedCount, a += 3) {
        actions[a] = clip(value - states[s + at.velocity]);
        actions[a + 1] = clip(value - states[s + at.gain]);
        actions[a + 2] = clip(value - states[s + at.shift]);
      }
    },
  };
}

/** The oscillator's numbers, in percent (per step): found for setpoint 70 by optimisation on the simulator itself. */
const oscillator = { velocity: 38.347, gain: 45.846, bottom: 60.454, top: 82.402, rise: 5.28, fall: 3.955, slowBelowTop: 8.062 } as const;

/**
 * The reference line that nothing has passed: velocity and gain as in a good hold, while the shift swings in the
 * rhythm of the mis-calibration. It rises from the bottom, at half speed near the top, and falls from the top.
 */
export function shiftOscillator(): Controller {
  const approach = hold({ velocity: oscillator.velocity, gain: oscillator.gain, shift: 0 });
  return {
    reset() {},
    act(states, previous, actions) {
      approach.act(states, previous, actions);
      for (let s = 0, a = 0; s < states.length; s += observedCount, a += 3) {
        const shift = states[s + at.shift];
        const rising = shift <= oscillator.bottom || (shift < oscillator.top && previous[a + 2] > 0);
        const rise = shift >= oscillator.top - oscillator.slowBelowTop ? oscillator.rise / 2 : oscillator.rise;
        actions[a + 2] = (rising ? rise : -oscillator.fall) / steering.shift;
      }
    },
  };
}

function clip(action: number): number {
  return Math.min(1, Math.max(-1, action));
}
