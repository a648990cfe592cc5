import { at, costMemory } from '../benchmarkState';

/** Where the reference's columns are in a row of the benchmark's state. */
export const rowColumns: ReadonlyMap<string, number> = new Map<string, number>([
  ['p', at.setpoint],
  ['v', at.velocity],
  ['g', at.gain],
  ['h', at.shift],
  ['f', at.fatigue],
  ['c', at.consumption],
  ['reward', at.reward],
  ['he', at.effectiveShift],
  ['ve', at.effectiveVelocity],
  ['ge', at.effectiveGain],
  ['hv', at.hiddenVelocity],
  ['hg', at.hiddenGain],
  ['fb', at.baseFatigue],
  ['coc', at.operationalCost],
  ['oc', at.delayedCost],
  ['dom', at.domain],
  ['resp', at.response],
  ['phi', at.direction],
  ['mc', at.misCalibration],
  ['seq_pos', at.sequencePosition],
  ['seq_n', at.sequenceLength],
  ['seq_ch', at.sequenceChange],
  ...Array.from({ length: costMemory }, (_, i): [string, number] => [`o${i}`, at.costs + i]),
]);
