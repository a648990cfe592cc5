import { expect, test } from 'vitest';
import { RunClock } from '../../src/extension/catalogue/runClock';
import { phases, type EventBody, type RunEvent } from '../../src/run/contract';

/** Events of a run whose every phase takes a second. @param ends how many phases have ended */
function events(ends: number): RunEvent[] {
  let [seq, second] = [0, 0];
  const stamped = (body: EventBody): RunEvent => ({ seq: ++seq, attempt: 1, time: new Date(second * 1000).toISOString(), ...body });
  const made = [stamped({ type: 'attempt-started', engine: 'wasm', arithmetic: 'portable', threads: 1, versions: { ibrl: '0', node: '0' } })];
  for (let i = 0; i < ends; i++) {
    const [iteration, phase] = [1 + Math.floor(i / phases.length), phases[i % phases.length]];
    made.push(stamped({ type: 'phase-started', iteration, phase }));
    second++;
    made.push(stamped({ type: 'phase-ended', iteration, phase }));
  }
  return made;
}

function clockAfter(ends: number): RunClock {
  const clock = new RunClock();
  for (const event of events(ends)) clock.add(event);
  return clock;
}

test('nothing is said of the remaining time before the first models are fitted', () => {
  expect(clockAfter(1).timing(2, true, 1_000).remainingMs).toBeNull();
});

test('once an iteration has shown its times, the rest is estimated from them', () => {
  expect(clockAfter(6).timing(2, true, 6_000).remainingMs).toBe(5_000);
  expect(clockAfter(9).timing(2, true, 9_000).remainingMs).toBe(3_000);
});

test('the pause before a run was resumed counts neither as worked nor as what is left', () => {
  const clock = clockAfter(6);
  const stamped = (seq: number, second: number, body: EventBody): RunEvent => ({ seq, attempt: 2, time: new Date(second * 1000).toISOString(), ...body });
  clock.add(stamped(90, 6, { type: 'phase-started', iteration: 2, phase: 'modelling' }));
  clock.add(stamped(91, 7, { type: 'attempt-ended', state: 'stopped', exitCode: 0 }));
  clock.add(stamped(92, 1_000, { type: 'attempt-started', engine: 'wasm', arithmetic: 'portable', threads: 1, versions: { ibrl: '0', node: '0' } }));
  clock.add(stamped(93, 1_000, { type: 'phase-started', iteration: 2, phase: 'modelling' }));
  clock.add(stamped(94, 1_001, { type: 'phase-ended', iteration: 2, phase: 'modelling' }));
  expect(clock.timing(2, true, 1_001_000)).toMatchObject({ elapsedMs: 8_000, remainingMs: 4_000 });
});

test('shares of the phases sum to one and follow what was measured', () => {
  const { shares } = clockAfter(6).timing(2, true, 6_000);
  expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  expect(shares.every(({ share }) => Math.abs(share - 1 / 6) < 1e-9)).toBe(true);
});

test('the time of a run that ended does not go on', () => {
  const clock = clockAfter(6);
  clock.add({ seq: 99, attempt: 1, time: new Date(7_000).toISOString(), type: 'attempt-ended', state: 'done', exitCode: 0 });
  expect(clock.timing(1, false, 1e9).elapsedMs).toBe(7_000);
});
