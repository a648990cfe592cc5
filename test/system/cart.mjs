/**
 * A simulator program for tests, in which things can go wrong: node cart.mjs [fault [file]], where the file
 * receives its process id, or that of what it has started. A cart, x′ = x + push, that starts at its seed's share of [0, 10]; reward −x.
 */
import { spawn } from 'node:child_process';
import { writeFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [another, fault] = /^(starts another)?(?:, )?(.*)$/.exec(process.argv[2] ?? 'none').slice(1);
const says = (answer) => process.stdout.write(`${typeof answer === 'string' ? answer : JSON.stringify(answer)}\n`);
const waits = () => setInterval(() => undefined, 1000);
let carts = [];

const child = another && spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
if (child) child.unref();
if (process.argv[3]) writeFileSync(process.argv[3], String((child ?? process).pid));
if (fault === 'talks first') says('Loading the model …');
if (fault === 'dies at once') process.exit(4);
if (fault === 'ignores the end') waits();

const unit = fault === 'another unit' ? 'cm' : 'm';
const range = fault === 'another range' ? [0, 11] : [0, 10];
const states = [{ name: 'x', unit, range }, { name: 'twice', unit: 'm', range: [0, 20] }];
const actions = [{ name: fault === 'another name' ? 'pull' : 'push', unit: 'm', range: [-1, 1] }];
const frames = () => carts.map((x) => (fault === 'another order' ? [2 * x, x] : [x, 2 * x]));

function answer({ id, do: what, seeds, actions: pushes }) {
  if (what === 'describe') return { id, states: fault === 'another order' ? states.toReversed() : states, actions };
  if (what === 'reset') {
    carts = seeds.map((seed) => (10 * seed) / 2 ** 32);
    return { id, states: frames() };
  }
  carts = carts.map((x, i) => x + pushes[i][0]);
  return { id, states: frames(), rewards: carts.map((x) => -x) };
}

const faults = {
  'hangs': waits,
  'dies': () => {
    writeSync(2, `${'·'.repeat(9000)}\nValueError: the pump is dry\n`);
    process.exit(3);
  },
  'is killed': () => process.kill(process.pid, 'SIGKILL'),
  'no JSON': () => says('level = 3'),
  'no text': () => says('\x1b[31mred'),
  'no object': () => says('[1, 2]'),
  'not a number': ({ id }) => says(`{"id": ${id}, "states": [[NaN, 0]], "rewards": [0]}`),
  'a text': ({ id }) => says({ id, states: [['3', 6]], rewards: [0] }),
  'too few rows': ({ id }) => says({ id, states: [], rewards: [] }),
  'too few columns': ({ id }) => says({ id, states: [[3]], rewards: [0] }),
  'no rewards': ({ id }) => says({ id, states: [[3, 6]] }),
  'another id': ({ id }) => says({ id: id - 1, states: [[3, 6]], rewards: [0] }),
  'an error': ({ id }) => says({ id, error: 'the action is too large for the pump' }),
  'two lines': (request) => says(`${JSON.stringify(answer(request))}\n{"more": 1}`),
  'tells its environment': ({ id }) => says({ id, error: Object.keys(process.env).toSorted().join(' ') }),
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const request = JSON.parse(line);
  if (request.do === 'step' && Object.hasOwn(faults, fault)) faults[fault](request);
  else says(answer(request));
});
