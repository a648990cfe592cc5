/**
 * Where the Industrial Benchmark keeps what: one row of numbers for each episode, all rows in one array. The first
 * six are what an operator sees, in the order of the system's description; the rest is latent or an intermediate
 * result kept for comparison with reference data.
 */
export const at = {
  setpoint: 0,
  velocity: 1,
  gain: 2,
  shift: 3,
  fatigue: 4,
  consumption: 5,
  reward: 6,
  /** shift relative to what the setpoint asks for, clipped to [−1.5, 1.5] */
  effectiveShift: 7,
  effectiveVelocity: 8,
  effectiveGain: 9,
  /** latent fatigue of velocity and gain: beyond 1.2 they grow to 5 and stay */
  hiddenVelocity: 10,
  hiddenGain: 11,
  baseFatigue: 12,
  operationalCost: 13,
  delayedCost: 14,
  /** Goldstone state machine: domain −1 or 1, response −1 or 1, direction −6 … 6 */
  domain: 15,
  response: 16,
  direction: 17,
  misCalibration: 18,
  /** the last ten operational costs, oldest first */
  costs: 19,
  /** setpoint process: length of the present sequence, position in it, change of the setpoint per step */
  sequenceLength: 29,
  sequencePosition: 30,
  sequenceChange: 31,
  /** 0 until the first step has filled `costs`, then 1 */
  started: 32,
} as const;

/** Numbers in one episode's row. */
export const rowSize = 33;

/** Variables of the row's beginning that are observed. */
export const observedCount = 6;

/** Length of the memory of operational costs. */
export const costMemory = 10;
