import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { SystemDescription } from '../../src/experiment/experiment';
import { ProgramSystem } from '../../src/learning/system/programSimulator';
import { SimulatorProgramError } from '../../src/learning/system/simulatorProgramError';
import { endProgram, programEnvironment, ProgramProcess } from '../../src/trainer/simulation/programProcess';

const here = import.meta.dirname;
const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ibrl-program-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cart: SystemDescription = {
  kind: 'program',
  states: ['x', 'twice'].map((name, i) => ({ name, unit: 'm', range: [0, 10 + 10 * i], source: 'learned', predict: 'change', logFloor: null, next: null })),
  actions: [{ name: 'push', unit: 'm', range: [-1, 1], maxChange: null }],
  behaviours: ['do-nothing', 'random'],
  reward: { scale: null, formula: { kind: 'told' }, default: 'learned' },
};

const running: ProgramProcess[] = [];
afterEach(() => running.splice(0).forEach((program) => program.close()));

function start(command: readonly string[], options: { readonly folder?: string; readonly timeoutSeconds?: number; readonly environment?: Record<string, string>; readonly whileWaiting?: () => void } = {}) {
  const pid = new Int32Array(new SharedArrayBuffer(4));
  const program = new ProgramProcess({ folder: here, timeoutSeconds: 10, dist, environment: process.env, whileWaiting: () => undefined, command, pid, ...options });
  running.push(program);
  return { program, pid };
}

const cartProgram = (fault = 'none') => [process.execPath, join(here, 'cart.mjs'), fault];
const startCart = (fault?: string, timeoutSeconds = 10) => new ProgramSystem(cart, start(cartProgram(fault), { timeoutSeconds }).program, null);

/** What goes wrong, as its code and sentence with causes. */
function wrong(act: () => unknown): { code: string; text: string } {
  try {
    act();
  } catch (error) {
    if (error instanceof SimulatorProgramError) return { code: error.code, text: `${error.message} ${error.cause instanceof Error ? error.cause.message : ''}` };
    throw error;
  }
  return expect.fail('nothing went wrong');
}

function isAlive(id: number): boolean {
  expect(id).toBeGreaterThan(0);
  try {
    process.kill(id, 0);
  } catch {
    return false;
  }
  const stat = `/proc/${id}/stat`;
  return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, 'latin1'));
}

test('episodes are stepped together, and each depends on its own seed and actions only', () => {
  const system = startCart();
  const together = system.simulator(3);
  together.reset([1 << 30, -1, 0]);
  expect(together.states[0]).toBe(2.5);
  expect(together.states[2]).toBeCloseTo(10, 6);
  together.step([0.5, -1, 0.25]);
  expect([together.states[0], together.states[4], together.states[5]]).toEqual([3, 0.25, 0.5]);
  expect([...together.rewards]).toEqual([together.states[0], together.states[2], together.states[4]].map((x) => -x));
  const alone = system.simulator(1);
  alone.reset([1 << 30]);
  alone.step([0.5]);
  expect([...alone.states]).toEqual([3, 6]);
});

test('actions are clipped to their ranges, and what is not a number is not sent', () => {
  const simulator = startCart().simulator(1);
  simulator.reset([0]);
  simulator.step([17]);
  expect(simulator.states[0]).toBe(1);
  expect(() => simulator.step([Number.NaN])).toThrow(/NaN/);
});

test('a simulator that was not the last to be reset may not step', () => {
  const system = startCart();
  const [first, second] = [system.simulator(1), system.simulator(2)];
  first.reset([1]);
  second.reset([1, 2]);
  expect(() => first.step([0])).toThrow(/Reset this simulator/);
});

test('the program may have its variables in another order', () => {
  const simulator = startCart('another order').simulator(1);
  simulator.reset([1 << 30]);
  expect([...simulator.states]).toEqual([2.5, 5]);
});

test('a reward by formula is computed from the new state, the action and the state before', () => {
  const told = (states: Float64Array, actions: Float64Array, previous: Float64Array, out: Float64Array) => out.set([100 * states[0] + 10 * actions[0] + previous[0]]);
  const simulator = new ProgramSystem(cart, start(cartProgram()).program, told).simulator(1);
  simulator.reset([1 << 30]);
  simulator.step([0.5]);
  expect(simulator.rewards[0]).toBe(300 + 5 + 2.5);
});

test.each([
  ['another unit', /unit of x is "cm" in the simulator program and "m" in the experiment/],
  ['another range', /range of x is \[0,11\] in the simulator program and \[0,10\]/],
  ['another name', /has the actions pull, the experiment push/],
])('a program with %s disagrees with the experiment', (fault, sentence) => {
  const { code, text } = wrong(() => startCart(fault));
  expect(code).toBe('program-disagrees');
  expect(text).toMatch(sentence);
});

test.each([
  ['dies', 'program-ended', /cart\.mjs dies, asked to step, ended by itself \(exit code 3\).*It last wrote to stderr: ·.*ValueError: the pump is dry/s],
  ['is killed', 'program-ended', /ended by itself \(SIGKILL\)/],
  ['no JSON', 'program-nonsense', /not JSON: level = 3\. Only answers belong on stdout/],
  ['no text', 'program-nonsense', /not JSON: ·\[31mred\. Only/],
  ['no object', 'program-nonsense', /\[1, 2\] instead of a JSON object/],
  ['not a number', 'program-nonsense', /answered step with NaN/],
  ['a text', 'program-nonsense', /states hold "3"/],
  ['too few rows', 'program-nonsense', /one row for each of 1 episodes/],
  ['too few columns', 'program-nonsense', /states are \[3\]: a list of 2 numbers/],
  ['no rewards', 'program-nonsense', /rewards are not told/],
  ['another id', 'program-nonsense', /"id": 2 instead of 3/],
  ['an error', 'program-refused', /refused to step: the action is too large for the pump/],
])('a program that answers a step with trouble ends in a sentence: %s', (fault, code, sentence) => {
  const simulator = startCart(fault).simulator(1);
  simulator.reset([1]);
  const trouble = wrong(() => simulator.step([0]));
  expect(trouble.code).toBe(code);
  expect(trouble.text).toMatch(sentence);
  expect(trouble.text.length).toBeLessThan(5000);
});

test('a second line to one question is noticed before the next answer is believed', () => {
  const simulator = startCart('two lines').simulator(1);
  simulator.reset([1]);
  simulator.step([0]);
  const { code, text } = wrong(() => {
    for (let step = 0; step < 1000; step++) simulator.step([0]);
  });
  expect(code).toBe('program-nonsense');
  expect(text).toMatch(/nobody asked for|"id"/);
});

test('a program that hangs is ended after its time limit, and stays failed', () => {
  const { program, pid } = start(cartProgram('hangs'), { timeoutSeconds: 0.3 });
  const simulator = new ProgramSystem(cart, program, null).simulator(1);
  simulator.reset([1]);
  const id = pid[0];
  const trouble = wrong(() => simulator.step([0]));
  expect(trouble.code).toBe('program-silent');
  expect(trouble.text).toMatch(/cart\.mjs hangs, asked to step, did not answer within 0\.3 s/);
  expect(wrong(() => simulator.step([0])).code).toBe('program-silent');
  program.close();
  running.length = 0;
  expect(isAlive(id)).toBe(false);
});

test('a program that cannot be started, or says something before it is asked, is named', () => {
  expect(wrong(() => new ProgramSystem(cart, start(['no-such-simulator']).program, null)).text).toMatch(/no-such-simulator could not be started in .*no such program or folder/);
  expect(wrong(() => new ProgramSystem(cart, start(cartProgram(), { folder: join(folder, 'gone') }).program, null)).code).toBe('program-not-started');
  expect(wrong(() => startCart('dies at once')).text).toMatch(/exit code 4/);
  expect(wrong(() => startCart('talks first')).code).toBe('program-nonsense');
});

test('closing ends the program, also one that does not notice the end of its stdin', () => {
  for (const fault of ['none', 'ignores the end']) {
    const { program, pid } = start(cartProgram(fault));
    const system = new ProgramSystem(cart, program, null);
    system.simulator(1).reset([1]);
    const id = pid[0];
    expect(isAlive(id)).toBe(true);
    program.close();
    running.length = 0;
    expect(isAlive(id)).toBe(false);
    expect(pid[0]).toBe(0);
    endProgram(pid);
  }
});

test.each(['starts another', 'starts another, hangs', 'starts another, dies'])('what a program has started ends with it: %s', async (fault) => {
  const note = join(folder, fault);
  const { program } = start([...cartProgram(fault), note], { timeoutSeconds: 0.3 });
  const simulator = new ProgramSystem(cart, program, null).simulator(1);
  simulator.reset([1]);
  const child = Number(readFileSync(note, 'utf8'));
  expect(isAlive(child)).toBe(true);
  if (fault === 'starts another') running.splice(0).forEach((one) => one.close());
  else wrong(() => simulator.step([0]));
  while (isAlive(child)) await new Promise(setImmediate);
});

test('who waits may leave', () => {
  let asked = false;
  const { program } = start(cartProgram('hangs'), { whileWaiting: () => {
    if (asked) throw new Error('left');
  } });
  const simulator = new ProgramSystem(cart, program, null).simulator(1);
  simulator.reset([1]);
  asked = true;
  expect(() => simulator.step([0])).toThrow('left');
});

test('the command goes through no shell, and the environment is trimmed', () => {
  const environment = { PATH: process.env['PATH'] ?? '', HOME: folder, MY_TOKEN: 'secret', ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '--no-warnings' };
  expect(Object.keys(programEnvironment(environment)).toSorted()).toEqual(['HOME', 'PATH', 'PYTHONUNBUFFERED']);
  const { program } = start(cartProgram('tells its environment'), { environment });
  const simulator = new ProgramSystem(cart, program, null).simulator(1);
  simulator.reset([1]);
  expect(wrong(() => simulator.step([0])).text).not.toMatch(/MY_TOKEN|ELECTRON_RUN_AS_NODE|NODE_OPTIONS/);
  const note = join(folder, 'pid; touch shell');
  new ProgramSystem(cart, start([...cartProgram(), note, ';', 'touch', join(folder, 'shell')]).program, null).simulator(1).reset([1]);
  expect(Number(readFileSync(note, 'utf8'))).toBeGreaterThan(0);
  expect(existsSync(join(folder, 'shell'))).toBe(false);
});
