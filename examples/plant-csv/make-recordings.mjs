/**
 * Makes the recordings of this example: a heated buffer tank under a hand-tuned controller, as a historian would export
 * it. Seeded: the same files come out every time. Run with `node make-recordings.mjs`.
 *
 * Rows are 10 s apart. What a row says of the actions is what was set then, and holds until the next row.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SAMPLE_HOURS = 10 / 3600;
const VALVE_COEFFICIENT = 11.3; // m³/h of a fully open valve, per root of metre
const KELVIN_PER_KILOWATT_HOUR = 0.86; // m³ K, of water
const INLET_TEMPERATURE = 15; // °C

/** Uniform numbers in [0, 1), mulberry32. */
function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const rounded = (value, digits) => Number(value.toFixed(digits));

/**
 * One file of recordings.
 * @param hands how the controller is tuned: gains, and how much it tries
 */
function record(name, { seed, begin, rows, level, temperature, levelGain, heaterGain, dither, manual }) {
  const next = uniform(seed);
  // twelve uniform numbers make a normal one with arithmetic that is the same everywhere
  const normal = () => Array.from({ length: 12 }, next).reduce((sum, value) => sum + value, -6);
  let [trueLevel, trueTemperature, valve, heater, inflow] = [level, temperature, 50, 270, 8];
  let [levelGoal, temperatureGoal] = [2, 45];
  const lines = ['time,mode,LT101.PV,TT102.PV,FT103.PV,FV104.POS,FV104.MOVE,HC105.OUT'];
  for (let row = 0; row < rows; row++) {
    if (row % 60 === 0) [levelGoal, temperatureGoal] = [2 + 0.6 * (next() - 0.5), 45 + 8 * (next() - 0.5)];
    inflow = clamp(inflow + 0.05 * (8 - inflow) + 0.25 * normal(), 4, 12);
    const shownLevel = rounded(trueLevel + 0.004 * normal(), 3);
    const shownTemperature = rounded(trueTemperature + 0.04 * normal(), 2);
    const wanted = 50 + levelGain * (shownLevel - levelGoal);
    const move = rounded(clamp(clamp(0.2 * (wanted - valve) + dither * normal(), -5, 5), 15 - valve, 85 - valve), 2);
    heater = rounded(clamp(heater + clamp(heaterGain * (temperatureGoal - shownTemperature) + 0.05 * (270 - heater) + 6 * dither * normal(), -20, 20), 0, 400), 1);
    const time = new Date(begin + 10_000 * row).toISOString().replace('.000Z', 'Z');
    const isManual = manual !== null && row >= manual[0] && row < manual[1];
    lines.push(isManual
      ? `${time},0,${shownLevel},,${rounded(inflow, 2)},${valve},,${heater}` // somebody is at work: the transmitter is unplugged
      : `${time},1,${shownLevel},${shownTemperature},${rounded(inflow, 2)},${valve},${move},${heater}`);
    const outflow = VALVE_COEFFICIENT * (valve / 100) * Math.sqrt(trueLevel);
    trueTemperature += (SAMPLE_HOURS * (inflow * (INLET_TEMPERATURE - trueTemperature) + KELVIN_PER_KILOWATT_HOUR * heater)) / trueLevel;
    trueLevel = clamp(trueLevel + SAMPLE_HOURS * (inflow - outflow), 0.2, 4);
    valve = rounded(valve + (isManual ? 0 : move), 2);
  }
  writeFileSync(fileURLToPath(new URL(name, import.meta.url)), `${lines.join('\n')}\n`);
}

const byHand = { levelGain: 25, heaterGain: 1, dither: 2 };
record('monday.csv', { seed: 1, begin: Date.UTC(2024, 4, 6, 6), rows: 720, level: 1.7, temperature: 41, manual: [330, 390], ...byHand });
record('tuesday.csv', { seed: 2, begin: Date.UTC(2024, 4, 7, 6), rows: 720, level: 2.3, temperature: 47, manual: null, ...byHand });
// what came back after the first policies had been in charge for an hour
record('after-iteration-1.csv', { seed: 3, begin: Date.UTC(2024, 4, 14, 6), rows: 360, level: 2.2, temperature: 43, levelGain: 60, heaterGain: 3, dither: 1, manual: null });
