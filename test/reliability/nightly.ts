/** Entry of `npm run test:kill`, built by it: many random ways to end a run, each followed by a resume. */
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { Random } from '../../src/learning/random';
import { type Phase, phases } from '../../src/run/contract';
import { type FaultPoint, faultPoints } from '../../src/run/faults';
import { at, once, phaseLeft, Rig } from './rig';

const given = (name: string, otherwise: string): string => {
  const place = process.argv.indexOf(`--${name}`);
  return place < 0 ? otherwise : process.argv[place + 1];
};
const rounds = Number(given('rounds', '100'));
const jobs = Number(given('jobs', String(availableParallelism())));
const seed = Number(given('seed', '1'));
const minutes = Number(given('minutes', '1e9'));
const summary = given('summary', '');
if (![rounds, jobs].every((value) => Number.isInteger(value) && value > 0) || !Number.isInteger(seed) || !(minutes > 0)) {
  process.stderr.write('npm run test:kill -- [--rounds 100] [--minutes M] [--jobs CORES] [--seed 1] [--summary FILE]\n');
  process.exit(2);
}

const rig = await Rig.create(given('built', 'dist'));
const random = new Random(seed);
const totals: Readonly<Record<FaultPoint, number>> = { write: Object.keys(rig.whole).length + 2, rename: Object.keys(rig.whole).length + 2, named: Object.keys(rig.whole).length, append: rig.events.length };
const left: Record<string, number> = {};
const count = (where: string): void => void (left[where] = (left[where] ?? 0) + 1);
const failures: string[] = [];
const begin = performance.now();
let done = 0;

/** Ends the run in one random way. @returns what was done, in words */
async function disturb(run: string, stream: Random): Promise<string> {
  const way = stream.next();
  const phase = phases[stream.integer(phases.length)];
  const iteration = phase === 'collecting' ? 1 : 1 + stream.integer(2);
  if (way < 0.5) {
    const share = stream.next();
    const { signal } = await rig.killInside(run, iteration, phase, share);
    if (signal === 'SIGKILL') count(phaseLeft(rig.at(run)) ?? 'between phases');
    return `kill -9 in ${phase} ${iteration} at ${share.toFixed(3)}`;
  }
  if (way < 0.9) {
    const point = faultPoints[stream.integer(faultPoints.length)];
    const fault = `${point} ${1 + stream.integer(totals[point])}`;
    if ((await rig.attempt(run, { fault })).signal === 'SIGKILL') count(`within ${point}`);
    return fault;
  }
  const [long, done]: readonly [Phase, number] = stream.next() < 0.5 ? ['modelling', 1 + stream.integer(700)] : ['searching', 1 + stream.integer(75)];
  const { code } = await rig.attempt(run, { react: once(at(iteration, long, done), (trainer) => trainer.kill('SIGTERM')) });
  if (code === 75) count('checkpoint at SIGTERM');
  return `SIGTERM in ${long} ${iteration} at ${done}`;
}

/** Up to three attempts are ended, then the run is resumed. */
async function round(number: number): Promise<void> {
  const run = `round-${number}`;
  const stream = random.fork('round', number);
  const story: string[] = [];
  for (let more = true; more; more = stream.next() < 0.3 && story.length < 3) story.push(await disturb(run, stream));
  const problems = await rig.problems(run);
  if (problems.length > 0) failures.push(`${run} (${story.join(', then ')}): ${problems.join('; ')}. Kept in ${rig.at(run)}`);
  else rig.remove(run);
  done++;
  if (problems.length > 0 || done % 50 === 0) process.stdout.write(`${done} rounds, ${failures.length} failed${problems.length > 0 ? `: ${failures.at(-1)}` : ''}\n`);
}

let next = 1;
const inTime = (): boolean => performance.now() - begin < minutes * 60_000;
await Promise.all(Array.from({ length: jobs }, async () => {
  while (next <= rounds && inTime()) await round(next++);
}));
const took = Math.round((performance.now() - begin) / 1000);
const lines = [
  `${done} rounds (seed ${seed}, ${jobs} at a time) in ${took} s on ${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.version}: ${failures.length} failed.`,
  '', '| the run was ended | times |', '|---|---|',
  ...Object.entries(left).toSorted(([a], [b]) => a.localeCompare(b)).map(([where, times]) => `| ${where} | ${times} |`), '',
];
process.stdout.write(lines.join('\n'));
if (summary !== '') writeFileSync(summary, lines.join('\n'));
if (failures.length === 0) rig.dispose();
process.exit(failures.length === 0 ? 0 : 1);
